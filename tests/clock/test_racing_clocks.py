"""Two clocks on one database: whatever is due happens exactly once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update

from casework.case import Case, Status
from casework.conversation import HolderKind
from casework.desk import cases as desk
from casework.desk import joining
from casework.desk.clock import SILENCE
from casework.effects import ANSWER_WAIT
from casework.errors import ForbiddenTransition
from casework.events import Kind
from casework.ports import Transaction
from handoff_console.clock import Clockwork
from handoff_console.following import BATCH
from storage.engine import SqlStore
from storage.tables import conversations
from tests.clock.conftest import Platform
from tests.clock.street import MINUTE, NOW, Street

MANY = 12
ClockOn = Callable[[SqlStore], Clockwork]


async def exhaust(clock: Clockwork, now: datetime) -> int:
    """Tick until it finds nothing; what another clock is doing may be found but not done."""
    done = 0
    while await clock.tick(now):
        done += 1
    return done


async def race(clock_on: ClockOn, first: SqlStore, second: SqlStore, now: datetime) -> int:
    """Both clocks work at once; then a third looks for what they overlooked. Counts the steps;
    one of them may have done many things."""
    done = await asyncio.gather(exhaust(clock_on(first), now), exhaust(clock_on(second), now))
    assert await exhaust(clock_on(first), now) == 0
    return sum(done)


async def test_drafts_are_filed_and_told_once(
    clock_on: ClockOn, street: Street, store: SqlStore, other_store: SqlStore
) -> None:
    drafts = [await street.draft(str(chat), NOW) for chat in range(MANY)]
    assert await race(clock_on, store, other_store, NOW + SILENCE) == MANY
    for draft in drafts:
        assert await street.kinds(draft.number) == [Kind.CASE_DRAFTED, Kind.CASE_FILED]
        assert len(await street.said(draft)) == 1


async def test_unanswered_results_lapse_once(
    clock_on: ClockOn, street: Street, store: SqlStore, other_store: SqlStore
) -> None:
    done = [await street.resolved(await street.filed(str(c), NOW), NOW) for c in range(MANY)]
    assert await race(clock_on, store, other_store, NOW + ANSWER_WAIT)
    for case in done:
        assert (await street.kinds(case.number)).count(Kind.CASE_LAPSED) == 1
        assert len(await street.said(case)) == 2
        assert (await street.case(case.number)).status is Status.CONFIRMED


async def test_each_warning_and_breach_once(
    clock_on: ClockOn, street: Street, store: SqlStore, other_store: SqlStore
) -> None:
    cases = [await street.filed(str(chat), NOW) for chat in range(MANY)]
    for days in (1.75, 3.5, 5, 7):
        assert await race(clock_on, store, other_store, NOW + timedelta(days=days))
    for case in cases:
        assert (await street.kinds(case.number))[2:] == [
            Kind.CASE_ACCEPT_LATE,
            Kind.CASE_ESCALATED,
            Kind.CASE_WARNED,
            Kind.CASE_BREACHED,
        ]
        assert len(await street.said(case)) == 1


async def test_three_clocks_that_were_away_do_each_thing_once(
    clock_on: ClockOn, street: Street, store: SqlStore, other_store: SqlStore
) -> None:
    """Everything of a case's life at once, and nothing of it twice."""
    late = [await street.filed(f"late-{chat}", NOW) for chat in range(MANY)]
    done = [await street.resolved(await street.filed(f"{c}", NOW), NOW) for c in range(MANY)]
    stores = (store, other_store, store)
    now = NOW + ANSWER_WAIT + timedelta(days=1)
    await asyncio.gather(*(exhaust(clock_on(each), now) for each in stores))
    for case in late:
        kinds = (await street.kinds(case.number))[2:]
        assert kinds == [Kind.CASE_ACCEPT_LATE, Kind.CASE_ESCALATED, Kind.CASE_BREACHED]
        assert len(await street.said(case)) == 1
    for case in done:
        assert (await street.kinds(case.number)).count(Kind.CASE_LAPSED) == 1
    now += timedelta(days=30)
    await asyncio.gather(*(exhaust(clock_on(each), now) for each in stores))
    for case in done:
        assert (await street.kinds(case.number)).count(Kind.CASE_ARCHIVED) == 1
    moves = [await store.read(lambda tx, n=c.number: tx.moves.of_case(n)) for c in (*late, *done)]  # type: ignore[misc]
    assert {tuple(move.verb for move in each) for each in moves} == {
        ("file", "escalate"),
        ("file", "resolve", "lapse", "archive"),
    }


async def test_each_digest_once(
    clock_on: ClockOn,
    street: Street,
    store: SqlStore,
    other_store: SqlStore,
    platform: Platform,
) -> None:
    for chat in range(MANY):
        await street.bind("street", NOW, chat=f"-{chat}")
    assert await race(clock_on, store, other_store, NOW + MINUTE) == MANY
    assert await street.events(Kind.DIGEST_SENT) == MANY
    queued = await store.write(
        lambda tx: tx.outbox.lease_due("telegram", NOW + MINUTE, NOW + 2 * MINUTE, 99)
    )
    assert sorted(message.chat for message in queued) == sorted(platform.admins)


async def test_a_take_over_while_the_clock_files(
    clock_on: ClockOn, street: Street, store: SqlStore, other_store: SqlStore
) -> None:
    """The clock filed first, or the officer has the draft; the bot never speaks into it."""
    drafts = [await street.draft(str(chat), NOW, channel="webchat") for chat in range(MANY)]
    clock = clock_on(other_store)
    takes = [street.take(draft, NOW + SILENCE) for draft in drafts]
    await asyncio.gather(exhaust(clock, NOW + SILENCE), *takes)
    for draft in drafts:
        case = await street.case(draft.number)
        events = await street.kinds(draft.number)
        talk = await store.read(
            lambda tx, known=draft.conversation_id: tx.conversations.get(known)  # type: ignore[misc]
        )
        assert talk.holder.kind is HolderKind.OFFICER
        turns = await store.read(
            lambda tx, known=draft.conversation_id: tx.turns.after(known, 0)  # type: ignore[misc]
        )
        spoken = [turn for turn in turns if turn.speaker.value == "bot"]
        assert len(spoken) == (case.status is Status.DISPATCHED) == (Kind.CASE_FILED in events)
        assert all(turn.epoch < talk.epoch for turn in spoken)


async def test_the_residents_own_word_while_the_clock_files(
    clock_on: ClockOn, street: Street, store: SqlStore, other_store: SqlStore
) -> None:
    drafts = [await street.draft(str(chat), NOW) for chat in range(MANY)]

    async def submit(number: str) -> None:
        try:
            await store.write(lambda tx: desk.file(tx, number, street.book, NOW + SILENCE))
        except ForbiddenTransition:
            return

    clock = clock_on(other_store)
    await asyncio.gather(
        exhaust(clock, NOW + SILENCE), *(submit(draft.number) for draft in reversed(drafts))
    )
    for draft in drafts:
        assert (await street.kinds(draft.number)).count(Kind.CASE_FILED) == 1


async def join(street: Street, case: Case, leading: Case) -> None:
    rule = street.book.nearby

    def work(tx: Transaction) -> Case | None:
        return joining.join(tx, case.number, leading.number, rule, NOW)

    assert await street.store.write(work) is not None


async def test_joined_cases_follow_once_and_are_told_once(
    clock_on: ClockOn, street: Street, store: SqlStore, other_store: SqlStore
) -> None:
    leading = await street.filed("leading", NOW)
    joined = [await street.filed(str(chat), NOW) for chat in range(2 * BATCH + 1)]
    for case in joined:
        await join(street, case, leading)
    assert not await clock_on(store).tick(NOW)
    await street.resolved(leading, NOW)
    await race(clock_on, store, other_store, NOW + MINUTE)
    for case in joined:
        followed = [kind for kind in await street.kinds(case.number) if kind is Kind.CASE_RESOLVED]
        told = [line for line in await street.said(case) if "修好了" in line]
        assert (len(followed), len(told)) == (1, 1)
        assert (await street.case(case.number)).status is Status.DONE_WAIT


async def test_one_that_cannot_follow_does_not_hold_up_the_others(
    clock_on: ClockOn, street: Street, store: SqlStore
) -> None:
    leading = await street.filed("leading", NOW)
    joined = [await street.filed(str(chat), NOW) for chat in range(3)]
    for case in joined:
        await join(street, case, leading)
    await street.resolved(leading, NOW)
    broken = joined[0].conversation_id
    await store.write(
        lambda tx: tx.connection.execute(
            update(conversations).where(conversations.c.id == broken).values(holder_kind="nobody")
        )
    )
    await exhaust(clock_on(store), NOW + MINUTE)
    for case in joined[1:]:
        assert (await street.case(case.number)).status is Status.DONE_WAIT
    assert (await street.case(joined[0].number)).status is Status.DISPATCHED
