"""Whistles as time passes, on every store: reminders, reports upward, ends; each once."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from casework.case import Status
from casework.desk import privacy
from casework.desk import whistle as desk
from casework.desk.moving import act
from casework.desk.whistle_due import on_time
from casework.effects import Given
from casework.events import Kind
from casework.outbox import Delivery
from casework.ports import Store, Transaction
from casework.roster import Absence
from casework.tasks import WHISTLE_NO_SHOW, Task
from casework.whistle import Outcome
from casework.working_calendar import CHINA
from handoff_console.whistle_clock import WhistleClock
from storage.engine import SqlStore
from tests.storage.glances import stepped
from tests.storage.people import NOON
from tests.storage.whistling import (
    CHEN,
    HE,
    HOUR,
    NOTICE,
    ZHANG,
    blow,
    book,
    case_of,
    events,
    street,
)


async def run(store: Store, *, until: float) -> None:
    """The clock, every quarter of an hour up to so many hours after the signature."""
    clock = WhistleClock(store, book())
    for quarter in range(int(until * 4) + 1):
        while await stepped(store, clock, NOON + quarter * HOUR / 4):
            pass


async def due(store: Store, at: datetime) -> None:
    """The clock, after it had been away until then."""
    clock = WhistleClock(store, book())
    while await stepped(store, clock, at):
        pass


async def tasks_of(store: Store) -> list[Task]:
    ids = [each.data["task"] for each in await events(store, Kind.TASK_SET)]
    return await store.read(lambda tx: [tx.tasks.get(each) for each in ids])


async def test_departments_and_helpers_are_told_in_their_own_chats(store: Store) -> None:
    (number,) = await street(store)

    def link(tx: Transaction) -> None:
        for chat, officer in (("900", "zhang"), ("901", "zhou"), ("902", "sun")):
            tx.alerts.link_chat(officer, "telegram", chat, NOON)

    await store.write(link)
    made = await blow(store, number)
    at = NOON + timedelta(minutes=1)
    sent = await store.write(lambda tx: tx.outbox.lease_due("telegram", at, at + HOUR, 10))
    told = {each.chat: each.text for each in sent}
    assert set(told) == {"42", "900", "901"}
    assert told["900"] == told["901"]
    assert made.number in told["900"]
    assert "李芳" not in told["900"]
    await store.write(lambda tx: tx.outbox.settle(sent, Delivery.SENT, at))
    await run(store, until=4)
    later = NOON + 5 * HOUR
    more = await store.write(lambda tx: tx.outbox.lease_due("telegram", later, later + HOUR, 10))
    assert {each.chat for each in more} == {"900"}  # reminded; the street has no chat of its own


async def test_half_time_reminds_and_the_moment_reports_each_once(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    await store.write(
        lambda tx: desk.check_in(
            tx, made.id, "d1", desk.Hand("张伟", ZHANG), book().whistling, NOON + HOUR
        )
    )
    await run(store, until=20)
    reminded = await events(store, Kind.WHISTLE_REMINDED)
    assert [(e.data["department"], e.at) for e in reminded] == [("d2", NOON + 2 * HOUR)]
    absent = await events(store, Kind.WHISTLE_NO_SHOW)
    assert [(e.data["department"], e.at) for e in absent] == [("d2", NOON + 4 * HOUR)]
    (task,) = await tasks_of(store)
    assert (task.kind, task.officer_id, task.case_number) == (WHISTLE_NO_SHOW, "he", number)


async def test_what_the_street_called_is_reported_to_the_county(store: Store) -> None:
    (number,) = await street(store)
    await blow(store, number, HE)
    await run(store, until=5)
    (task,) = await tasks_of(store)
    assert task.officer_id == "sun"


async def test_a_department_that_says_why_is_not_reported(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number, notice=replace(NOTICE, departments=("d1",)))
    refusal = desk.Refusal("统一行动", "明早九点来")
    await store.write(
        lambda tx: desk.decline(
            tx, made.id, "d1", desk.Hand("张伟", ZHANG), refusal, book().whistling, NOON + HOUR
        )
    )
    await run(store, until=6)
    assert await events(store, Kind.WHISTLE_REMINDED, Kind.WHISTLE_NO_SHOW) == []


async def test_what_nobody_ends_ends_by_itself_and_the_case_goes_on(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    await run(store, until=24 * 8)
    over = await store.read(lambda tx: tx.whistles.get(made.id))
    assert over.outcome is Outcome.LAPSED
    assert (await case_of(store, number)).status is Status.WORKING
    assert len(await events(store, Kind.WHISTLE_NUDGED)) == 1
    assert len(await events(store, Kind.CASE_WHISTLE_ENDED)) == 1
    assert len(await events(store, Kind.WHISTLE_NO_SHOW)) == 2


async def test_a_case_that_goes_on_leaves_its_whistle_behind(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    given = Given("已经解决", code="answered")
    await store.write(lambda tx: act(tx, number, "resolve", CHEN, NOON + HOUR, book(), given=given))
    await run(store, until=6)
    over = await store.read(lambda tx: tx.whistles.get(made.id))
    assert over.outcome is Outcome.OVERTAKEN
    assert await events(store, Kind.WHISTLE_REMINDED, Kind.WHISTLE_NO_SHOW) == []
    assert (await case_of(store, number)).status is Status.DONE_WAIT


async def test_what_is_forgotten_of_a_case_is_forgotten_of_its_notice(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    given = Given("已经解决", code="answered")
    await store.write(lambda tx: act(tx, number, "resolve", CHEN, NOON + HOUR, book(), given=given))

    def expire(tx: Transaction) -> bool:
        closed = replace(tx.cases.get(number), status=Status.CONFIRMED, closed_at=NOON, forget=True)
        tx.cases.save(closed, NOON)
        kept = book().privacy
        names, later = book().categories, NOON + 9 * HOUR
        return privacy.expire_case(tx, number, kept.record, kept.retention, names, later)

    assert await store.write(expire)
    bare = await store.read(lambda tx: tx.whistles.get(made.id))
    assert (bare.matter, bare.place, bare.number) == ("", "", made.number)


async def test_two_clocks_report_once(sql_store: SqlStore) -> None:
    (number,) = await street(sql_store)
    made = await blow(sql_store, number)

    def due(tx: Transaction) -> bool:
        return on_time(tx, made.id, made.version, book().whistling, book(), NOON + 5 * HOUR)

    done = await asyncio.gather(*(sql_store.write(due) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]
    assert len(await events(sql_store, Kind.WHISTLE_NO_SHOW)) == 2
    assert len(await tasks_of(sql_store)) == 1


async def test_who_is_away_is_not_asked_to_look_into_it(store: Store) -> None:
    (number,) = await street(store)
    whistle = await blow(store, number)
    today = whistle.arrive_by.astimezone(CHINA).date()
    gone = Absence("a", "he", today, today)
    await store.write(lambda tx: tx.rosters.add_absences([gone]))
    await due(store, whistle.arrive_by)
    (task,) = await store.read(lambda tx: tx.tasks.open_of_officer("sun"))
    assert task.case_number == number


async def test_when_the_signer_is_gone_the_owner_is_told_to_end_it(store: Store) -> None:
    (number,) = await street(store)
    whistle = await blow(store, number)
    left = replace(CHEN, active=False)
    await store.write(lambda tx: tx.people.save_officer(left))
    await due(store, whistle.arrive_by + 24 * HOUR)
    (nudged,) = await events(store, Kind.WHISTLE_NUDGED)
    assert nudged.data["officer"] == (await case_of(store, number)).owner_id


async def test_who_need_not_end_it_any_more_is_not_told_to(store: Store) -> None:
    """A clock that was away for a week."""
    (number,) = await street(store)
    whistle = await blow(store, number)
    await due(store, whistle.arrive_by + timedelta(days=7))
    assert await events(store, Kind.WHISTLE_NUDGED) == []


async def test_who_takes_everything_back_calls_nobody_any_more(store: Store) -> None:
    """Not only when the moment has come: nobody sets out to a place for nothing."""
    (number,) = await street(store)
    made = await blow(store, number)

    def erase(tx: Transaction) -> None:
        talk = tx.conversations.get(made.conversation_id, lock=True)
        wish = privacy.Erasure(None, book().privacy.record, book().categories, withdraw=True)
        fresh = privacy.erase(tx, talk, wish, NOON + HOUR)
        tx.conversations.save(fresh, talk.epoch)

    await store.write(erase)
    over = await store.read(lambda tx: tx.whistles.get(made.id))
    assert (over.outcome, over.ended_at, over.matter) == (Outcome.OVERTAKEN, NOON + HOUR, "")
