"""A case's own moments, once each: warned, up the ladder, overdue, again after reopening."""

from datetime import datetime, timedelta
from itertools import product

from casework.case import Supervision
from casework.desk import cases as desk
from casework.events import Kind
from casework.organisation import Officer, Role
from config.load import Book
from handoff_console.clock import Clockwork
from storage.engine import SqlStore
from tests.clock.street import GINA, NOW, STAN, Street

WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)


async def drain(clock: Clockwork, now: datetime) -> int:
    """Tick until nothing is left; how many things were done."""
    done = 0
    while await clock.tick(now):
        done += 1
        assert done < 100
    return done


async def test_each_moment_of_a_weeks_clock_once(clock: Clockwork, street: Street) -> None:
    """Not signed for by a quarter, up a level at half, soon due at 70 %, overdue at the end."""
    case = await street.filed("7", NOW)
    steps = [
        (0.25, Kind.CASE_ACCEPT_LATE, GINA, Supervision.NONE),
        (0.5, Kind.CASE_ESCALATED, STAN, Supervision.NONE),
        (0.7, Kind.CASE_WARNED, STAN, Supervision.YELLOW),
        (1.0, Kind.CASE_BREACHED, STAN, Supervision.RED),
    ]
    known = await street.kinds(case.number)
    for share, kind, owner, watched in steps:
        moment = NOW + WEEK * share
        assert await drain(clock, moment - TICK) == 0
        assert await drain(clock, moment) == 1
        known.append(kind)
        assert await street.kinds(case.number) == known
        seen = await street.case(case.number)
        assert (seen.owner_id, seen.supervision) == (owner.id, watched)
    assert await drain(clock, NOW + 3 * WEEK) == 0
    assert (seen.warned_at, seen.breached_at) == (NOW + WEEK * 0.7, NOW + WEEK)
    assert (seen.org_id, seen.unit_id, seen.due_at) == ("street", "e1", NOW + WEEK)
    (told,) = await street.said(case)
    for word in (case.number, STAN.name, "和平街道"):
        assert word in told


async def test_the_ladder_goes_by_the_community_where_somebody_is_there(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    cora = Officer("cora", "cora", "柯然", Role.COMMUNITY, "east")
    await store.write(lambda tx: tx.people.add_officer(cora))
    case = await street.filed("7", NOW)
    for share, owner, org in ((0.5, "cora", "east"), (0.8, "stan", "street")):
        await drain(clock, NOW + WEEK * share - TICK)
        before = await street.case(case.number)
        await drain(clock, NOW + WEEK * share)
        seen = await street.case(case.number)
        assert (seen.owner_id, seen.org_id) == (owner, org) != (before.owner_id, before.org_id)
    assert (await street.kinds(case.number)).count(Kind.CASE_ESCALATED) == 2
    moves = await store.read(lambda tx: tx.moves.of_case(case.number))
    assert [(each.verb, each.owner_before, each.owner_id) for each in moves] == [
        ("file", "gina", "gina"),
        ("escalate", "gina", "cora"),
        ("escalate", "cora", "stan"),
    ]


async def test_at_the_top_a_case_waits_for_its_answer_where_it_is(
    clock: Clockwork, street: Street
) -> None:
    case = await street.filed("7", NOW, category="consumer")
    assert (case.owner_id, case.org_id, case.unit_id) == (STAN.id, "street", "e1")
    await drain(clock, case.due_at or NOW)
    assert Kind.CASE_ESCALATED not in await street.kinds(case.number)


async def test_a_clock_that_was_away_says_overdue_and_not_soon(
    clock: Clockwork, street: Street
) -> None:
    case = await street.filed("7", NOW)
    assert await drain(clock, NOW + 2 * WEEK) == 1
    kinds = await street.kinds(case.number)
    assert kinds[-1] is Kind.CASE_BREACHED
    assert Kind.CASE_WARNED not in kinds
    assert kinds.count(Kind.CASE_ESCALATED) == 1


async def test_a_reopened_case_has_its_time_again(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.resolved(await street.filed("7", NOW), NOW + timedelta(days=1))
    first, second = NOW + timedelta(days=30), NOW + timedelta(days=60)

    async def reopen(now: datetime) -> None:
        await store.write(
            lambda tx: desk.act_as_resident(
                tx, case.number, "reopen", street.book, now, reason="又坏了"
            )
        )

    await reopen(first)
    assert (await street.case(case.number)).due_at == first + WEEK
    await drain(clock, first + WEEK - TICK)
    assert Kind.CASE_BREACHED not in await street.kinds(case.number)
    assert await drain(clock, first + WEEK) == 1
    await street.resolved(case, first + WEEK)
    await reopen(second)
    again = await street.case(case.number)
    assert (again.due_at, again.round, again.breached_at) == (second + WEEK, 3, None)
    assert await drain(clock, second + WEEK) == 1
    assert (await street.kinds(case.number)).count(Kind.CASE_BREACHED) == 2


async def test_the_owner_is_named_in_the_event(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.filed("7", NOW)
    await drain(clock, NOW + WEEK)
    events = await store.read(lambda tx: tx.events.of_case(case.number))
    assert events[-1].data == {"owner": STAN.id, "org": "street"}


async def test_urgent_cases_run_on_their_own_time(clock: Clockwork, street: Street) -> None:
    urgent = await street.filed("7", NOW, urgent=True)
    calm = await street.filed("8", NOW)
    await drain(clock, NOW + timedelta(hours=17))
    assert Kind.CASE_WARNED in await street.kinds(urgent.number)
    await drain(clock, NOW + timedelta(hours=24))
    assert (await street.kinds(urgent.number))[-1] is Kind.CASE_BREACHED
    assert await street.kinds(calm.number) == [Kind.CASE_DRAFTED, Kind.CASE_FILED]


async def test_every_category_is_warned_about_in_its_own_time(
    clock: Clockwork, street: Street, book: Book
) -> None:
    due: dict[timedelta, int] = {}
    for chat, (category, urgent) in enumerate(product(book.categories, (False, True))):
        case = await street.filed(str(chat), NOW, category=category, urgent=urgent)
        length = book.deadline(case)
        margin = length.answer.about * length.warn_at
        due[margin] = due.get(margin, 0) + 1
    assert len(due) > 2
    done = 0
    for margin in sorted(due):
        await drain(clock, NOW + margin - TICK)
        assert await street.events(Kind.CASE_WARNED) == done
        await drain(clock, NOW + margin)
        done += due[margin]
        assert await street.events(Kind.CASE_WARNED) == done
