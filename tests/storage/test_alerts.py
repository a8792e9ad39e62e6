"""The call chain on every store: passed-in time, honest words, one call a step."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from casework.alerts import Alert, Checklist, Procedure
from casework.case import SlotValue
from casework.desk import alerts as desk
from casework.desk import cases as case_desk
from casework.desk import tasks as task_desk
from casework.desk.alerts import Danger, Response
from casework.desk.conversations import hand_off, receive, take_over
from casework.errors import Incomplete, NotAllowed, NotFound, VersionConflict
from casework.events import Event, Kind
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Store, Transaction
from casework.turn import Line, Speaker
from config.load import Book
from handoff_console.crisis_clock import CrisisClock
from storage.engine import SqlStore, open_store
from tests.storage.people import NOON, SECOND, conversation, line

MINUTE = timedelta(minutes=1)
HE = Officer("he", "he", "何敏", Role.STREET, "s")
LI = Officer("li", "li", "李工", Role.COMMUNITY, "c")
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
ADMIN = Officer("admin", "admin", "管理员", Role.ADMIN, "s")
ORDER = ["he", "li", "zhou", "admin"]


class PlainWords:
    """Words that tell which were said."""

    def seen(self, alert: Alert, officer_name: str, *, may_call: bool) -> Line:
        return Line(f"seen {alert.level} {officer_name} {may_call}")

    def nobody(self, alert: Alert) -> Line:
        return Line(f"nobody {alert.kind}")

    def still_there(self) -> Line:
        return Line("still there?")

    def for_officer(self, alert: Alert) -> str:
        return f"alert {alert.level}"


HOW = Response(Procedure(call_value="call"), lambda _: PlainWords())


async def street(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("s", "street", "青禾街道"))
        tx.people.add_unit(Unit("c", "community", "柳岸社区", "s"))
        tx.people.add_unit(Unit("g", "grid", "第一网格", "c"))
        tx.people.add_place(Place("翠湖花园", "g"))
        for officer in (HE, LI, ZHOU, ADMIN):
            tx.people.add_officer(officer)

    await store.write(work)


async def raised(
    store: Store,
    *,
    kind: str = "self_harm",
    child: bool = False,
    contact: str | None = None,
    restricted: bool = False,
    own_chat: str = "",
) -> Alert:
    """Somebody in the first grid is in danger at noon."""
    await street(store)
    for _ in range(2 if own_chat else 0):  # the same code pressed twice
        await store.write(lambda tx: tx.alerts.link_chat("he", "telegram", own_chat, NOON))
    opened = await conversation(store)

    def work(tx: Transaction) -> Alert:
        found, turn, _ = receive(tx, line("救命", "1"))
        tx.turns.mark_handled(turn.id, NOON)
        slots = {"place": SlotValue("翠湖花园")}
        if contact:
            slots[desk.SAFE_CONTACT] = SlotValue(contact)
        opening = case_desk.Opening("other", slots, crisis="R3", restricted=restricted)
        case = case_desk.draft(tx, found, opening, NOON)
        asked = replace(found, has_cases=True, unit_id=case.unit_id, restricted=restricted)
        asked = replace(asked, crisis="R3")
        handed = hand_off(tx, asked, "crisis", NOON)
        alert = desk.raise_alert(tx, handed, Danger("R3", kind, case.number, child), HOW, NOON)
        tx.conversations.save(handed, found.epoch)
        return alert

    assert opened.epoch == 1
    return await store.write(work)


async def tick(store: Store, alert_id: str, now: datetime) -> bool:
    alert = await store.read(lambda tx: tx.alerts.get(alert_id))
    version = alert.version
    return await store.write(lambda tx: desk.call_next(tx, alert_id, version, HOW, now))


async def acknowledge(store: Store, alert: Alert, officer: Officer, now: datetime) -> Alert:
    return await store.write(lambda tx: desk.acknowledge(tx, alert.id, officer, HOW, now))


async def get(store: Store, alert: Alert) -> Alert:
    return await store.read(lambda tx: tx.alerts.get(alert.id))


async def said(store: Store, alert: Alert) -> list[str]:
    turns = await store.read(lambda tx: tx.turns.after(alert.conversation_id, 0))
    return [turn.text for turn in turns if turn.speaker is not Speaker.RESIDENT]


async def events(store: Store, *kinds: Kind) -> list[Event]:
    found = await store.read(lambda tx: tx.events.after(0, 10_000))
    return [event for event in found if event.kind in kinds]


def called(alert: Alert) -> list[str]:
    return [call.officer_id for call in alert.called]


@pytest.mark.parametrize(
    ("seconds", "reached"),
    [(0, 1), (59, 1), (60, 2), (119, 2), (120, 3), (180, 4), (239, 4), (240, 4), (1000, 4)],
)
async def test_each_has_a_minute(store: Store, seconds: int, reached: int) -> None:
    """A clock that ticks every second until then."""
    alert = await raised(store)
    for each in range(min(seconds, 300) + 1):
        await tick(store, alert.id, NOON + each * SECOND)
    found = await get(store, alert)
    assert called(found) == ORDER[:reached]
    assert (found.exhausted_at is not None) is (seconds >= 240)


async def test_nobody_answers_and_the_resident_is_told_so_once(store: Store) -> None:
    alert = await raised(store)
    for minute in range(1, 8):
        await tick(store, alert.id, NOON + minute * MINUTE)
    assert await said(store, alert) == ["nobody self_harm"]
    assert len(await events(store, Kind.ALERT_EXHAUSTED)) == 1
    assert [e.data["officer"] for e in await events(store, Kind.ALERT_CALLED)] == ORDER


async def test_acknowledging_stops_the_chain_and_names_the_officer(store: Store) -> None:
    alert = await raised(store)
    await tick(store, alert.id, NOON + MINUTE)
    for officer in (LI, HE):
        await acknowledge(store, alert, officer, NOON + 70 * SECOND)
    found = await get(store, alert)
    assert (found.acknowledged_by, found.next_at) == ("li", None)
    assert await said(store, alert) == ["seen R3 李工 True"]
    assert not await tick(store, alert.id, NOON + 10 * MINUTE)
    assert len(await events(store, Kind.ALERT_ACKNOWLEDGED)) == 1


@pytest.mark.parametrize(
    ("kind", "contact", "may_call"),
    [
        ("self_harm", None, True),
        ("violence", None, False),
        ("violence", "call", True),
        ("violence", "message", False),
        ("self_harm", "none", False),
    ],
)
async def test_no_call_is_promised_where_it_may_betray_somebody(
    store: Store, kind: str, contact: str | None, may_call: bool
) -> None:
    alert = await raised(store, kind=kind, contact=contact)
    await store.write(lambda tx: desk.acknowledge(tx, alert.id, HE, HOW, NOON))
    assert await said(store, alert) == [f"seen R3 何敏 {may_call}"]


async def test_taking_the_conversation_over_acknowledges_without_a_word(store: Store) -> None:
    alert = await raised(store)

    def work(tx: Transaction) -> None:
        taken = take_over(tx, alert.conversation_id, ZHOU, NOON + SECOND)
        desk.taken_over(tx, taken, ZHOU, NOON + SECOND)

    await store.write(work)
    found = await get(store, alert)
    assert (found.acknowledged_by, found.remind_at) == ("zhou", None)
    assert await said(store, alert) == []


async def test_silence_is_answered_once_until_they_speak_and_twice_at_most(store: Store) -> None:
    alert = await raised(store)
    moment = NOON

    async def remind(now: datetime) -> None:
        version = (await get(store, alert)).version
        await store.write(lambda tx: desk.remind(tx, alert.id, version, HOW, now))

    for silence in range(4):
        for second in (30, 61, 200, 500):
            await remind(moment + second * SECOND)
        assert len(await said(store, alert)) == min(silence + 1, 2)
        moment += 20 * MINUTE

        def spoke(tx: Transaction, at: datetime = moment) -> None:
            found = tx.conversations.get(alert.conversation_id, lock=True)
            desk.heard(tx, found, HOW, at)

        await store.write(spoke)
    assert set(await said(store, alert)) == {"still there?"}


async def test_an_officer_in_the_conversation_ends_the_bots_reminders(store: Store) -> None:
    alert = await raised(store)
    await store.write(lambda tx: take_over(tx, alert.conversation_id, HE, NOON + SECOND))
    version = (await get(store, alert)).version
    await store.write(lambda tx: desk.remind(tx, alert.id, version, HOW, NOON + 2 * MINUTE))
    assert await said(store, alert) == []


async def test_whoever_had_to_stop_writing_hears_nothing_until_they_write(store: Store) -> None:
    alert = await raised(store, kind="violence")

    def hush(tx: Transaction) -> None:
        found = tx.conversations.get(alert.conversation_id, lock=True)
        desk.fall_silent(tx, found, NOON + SECOND)
        desk.heard(tx, found, HOW, NOON + SECOND)  # of the very same line

    await store.write(hush)
    await store.write(lambda tx: desk.acknowledge(tx, alert.id, HE, HOW, NOON + MINUTE))
    version = (await get(store, alert)).version
    await store.write(lambda tx: desk.remind(tx, alert.id, version, HOW, NOON + 9 * MINUTE))
    assert await said(store, alert) == []


async def test_a_false_alarm_stays_with_people_and_says_nothing_more(store: Store) -> None:
    alert = await raised(store)

    def fine(tx: Transaction) -> None:
        desk.fine(tx, tx.conversations.get(alert.conversation_id, lock=True), NOON + SECOND)

    await store.write(fine)
    for minute in range(1, 8):
        await tick(store, alert.id, NOON + minute * MINUTE)
    found = await get(store, alert)
    assert found.fine_at == NOON + SECOND
    assert found.closed_at is None
    assert called(found) == ORDER  # R3: people look all the same
    assert await said(store, alert) == []


async def test_danger_heard_again_makes_it_worse_and_calls_nobody_twice(store: Store) -> None:
    alert = await raised(store)

    def again(tx: Transaction) -> Alert:
        found = tx.conversations.get(alert.conversation_id, lock=True)
        return desk.raise_alert(tx, found, Danger("R2", "self_harm"), HOW, NOON + SECOND)

    worse = await store.write(again)
    assert (worse.id, worse.level, called(worse)) == (alert.id, "R3", ["he"])


async def test_a_restricted_alert_calls_only_who_may_see_it(store: Store) -> None:
    alert = await raised(store, kind="violence", restricted=True)
    for minute in range(1, 8):
        await tick(store, alert.id, NOON + minute * MINUTE)
    assert called(await get(store, alert)) == ["he", "zhou", "admin"]


async def test_officers_are_told_in_their_own_chats(store: Store) -> None:
    alert = await raised(store, own_chat="9001")
    due = await store.write(lambda tx: tx.outbox.lease_due("telegram", NOON, NOON + MINUTE, 9))
    assert [(message.chat, message.text) for message in due] == [("9001", "alert R3")]
    assert called(alert) == ["he"]


async def test_follow_ups_a_supervisor_and_the_report_for_a_child(store: Store) -> None:
    alert = await raised(store, kind="witness", child=True)
    tasks = await store.read(lambda tx: tx.tasks.open_of_alert(alert.id))
    day = timedelta(days=1)
    assert {(t.kind, t.officer_id, t.due_at - NOON) for t in tasks} == {
        ("report_child", "li", timedelta(hours=1)),
        ("supervise", "he", day),
        ("follow_up_1d", "zhou", day),
        ("follow_up_3d", "zhou", 3 * day),
        ("follow_up_7d", "zhou", 7 * day),
    }
    assert [t.due_at for t in tasks] == sorted(t.due_at for t in tasks)
    await store.write(lambda tx: desk.acknowledge(tx, alert.id, HE, HOW, NOON))
    handed = await store.read(lambda tx: tx.tasks.open_of_alert(alert.id))
    assert {t.kind: t.officer_id for t in handed} == {
        "report_child": "li",
        "supervise": "he",
        "follow_up_1d": "he",
        "follow_up_3d": "he",
        "follow_up_7d": "he",
    }


async def test_a_task_ends_with_a_code_and_only_once(store: Store) -> None:
    alert = await raised(store)
    tasks = await store.read(lambda tx: tx.tasks.open_of_alert(alert.id))
    first = next(task for task in tasks if task.kind == "follow_up_1d")
    with pytest.raises(Incomplete):
        await store.write(lambda tx: task_desk.finish(tx, first.id, ZHOU, "she cried", NOON))
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: task_desk.finish(tx, first.id, LI, "well", NOON))
    elsewhere = replace(HE, id="far", unit_id="another street")
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: task_desk.finish(tx, first.id, elsewhere, "well", NOON))
    done = await store.write(lambda tx: task_desk.finish(tx, first.id, HE, "well", NOON))
    assert (done.done_by, done.outcome) == ("he", "well")
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: task_desk.finish(tx, first.id, HE, "well", NOON))


async def test_closing_sets_the_next_contact_and_ends_the_alert(store: Store) -> None:
    alert = await raised(store)
    tomorrow = NOON + timedelta(days=1)
    given = Checklist("yes", "family", tomorrow)
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: desk.close(tx, alert.id, HE, given, NOON))
    await store.write(lambda tx: desk.acknowledge(tx, alert.id, HE, HOW, NOON))
    with pytest.raises(Incomplete):
        await store.write(lambda tx: desk.close(tx, alert.id, HE, Checklist("yes"), NOON))
    closed = await store.write(lambda tx: desk.close(tx, alert.id, HE, given, NOON))
    assert (closed.safe, closed.with_whom, closed.closed_by) == ("yes", "family", "he")
    tasks = await store.read(lambda tx: tx.tasks.open_of_alert(alert.id))
    assert [t.due_at for t in tasks if t.kind == "next_contact"] == [tomorrow]
    assert await store.read(lambda tx: tx.alerts.next_due()) is None
    talk = await store.read(lambda tx: tx.conversations.get(alert.conversation_id))
    assert talk.crisis == "none"


async def test_a_store_keeps_alerts_by_version(store: Store) -> None:
    alert = await raised(store)
    stored = await get(store, alert)
    assert stored == alert
    assert await store.read(lambda tx: tx.alerts.open_of(alert.conversation_id)) == stored
    assert await store.read(lambda tx: tx.alerts.due(NOON, 9)) == []
    assert await store.read(lambda tx: tx.alerts.due(NOON + MINUTE, 9)) == [stored]
    assert await store.read(lambda tx: tx.alerts.next_due()) == NOON + MINUTE
    saved = await store.write(lambda tx: tx.alerts.save(stored))
    assert saved.version == stored.version + 1
    with pytest.raises(VersionConflict):
        await store.write(lambda tx: tx.alerts.save(stored))
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.alerts.get("nothing"))


async def race(clocks: Sequence[CrisisClock], now: datetime) -> int:
    done = await asyncio.gather(*(clock.step(now) for clock in clocks))
    return sum(done)


async def test_two_clocks_make_one_call_a_step(postgres_url: str, book: Book) -> None:
    """Each clock with its own pool, as in two processes; a restart is a new clock."""
    from storage import schema  # noqa: PLC0415 - only here is a second store opened

    await schema.upgrade(postgres_url)
    stores: list[SqlStore] = [open_store(postgres_url) for _ in range(2)]
    alert = await raised(stores[0])
    now = NOON
    for step in range(2, 6):
        now += MINUTE
        clocks = [CrisisClock(store, book) for store in stores for _ in range(2)]
        while await race(clocks, now):
            pass
        found = await get(stores[1], alert)
        assert called(found) == ORDER[: min(step, 4)]
    assert len(await events(stores[0], Kind.ALERT_CALLED)) == 4
    assert len(await events(stores[0], Kind.ALERT_EXHAUSTED)) == 1
    assert len([text for text in await said(stores[0], alert) if "没有工作人员回应" in text]) == 1
    for store in stores:
        await store.close()
