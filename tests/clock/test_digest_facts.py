"""What a digest is made from is read right, and nothing more than that."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from casework.conversation import Conversation
from casework.desk import cases as desk
from casework.desk.conversations import hand_off, open_conversation
from casework.digest_facts import Facts, Happened, TalkFact
from casework.events import Event, Kind
from casework.ports import Transaction
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from storage.views_digest import digest_facts
from tests.clock.street import MINUTE, NOW, Street

DAY = timedelta(days=1)


async def facts(store: SqlStore) -> Facts:
    return await store.read(lambda tx: digest_facts(tx, NOW, NOW - DAY))


async def test_cases_come_without_a_residents_words(street: Street, store: SqlStore) -> None:
    filed = await street.filed("7", NOW - 2 * DAY)
    (case,) = (await facts(store)).cases
    assert (case.number, case.place, case.unit_id) == (filed.number, "锦绣花园", "e1")
    assert (case.filed_at, case.due_at) == (filed.filed_at, filed.due_at)
    shown = str(asdict(replace(case, conversation_id="")))
    assert [word for word in ("张伟", "138", "501", "电梯") if word in shown] == []


async def test_drafts_and_what_is_long_over_are_left_out(street: Street, store: SqlStore) -> None:
    await street.draft("1", NOW)
    old = await street.resolved(await street.filed("2", NOW - 90 * DAY), NOW - 80 * DAY)
    await store.write(lambda tx: desk.rate(tx, old.number, street.book, NOW - 70 * DAY, score=5))
    still_open = await street.filed("3", NOW - 90 * DAY)
    lately = await street.resolved(await street.filed("4", NOW - 90 * DAY), NOW - 3 * DAY)
    await store.write(lambda tx: desk.rate(tx, lately.number, street.book, NOW - 2 * DAY, score=4))
    found = {case.number: case.rating for case in (await facts(store)).cases}
    assert found == {still_open.number: None, lately.number: 4}


async def test_what_happened_since(street: Street, store: SqlStore) -> None:
    before = await street.resolved(await street.filed("1", NOW - 3 * DAY), NOW - 2 * DAY)
    await store.write(
        lambda tx: desk.act_as_resident(
            tx, before.number, "reopen", street.book, NOW - MINUTE, reason="没有"
        )
    )
    now = await street.resolved(await street.filed("2", NOW - 3 * DAY), NOW - DAY)
    assert set((await facts(store)).happened) == {
        Happened(Kind.CASE_REOPENED, before.number, "e1"),
        Happened(Kind.CASE_RESOLVED, now.number, "e1"),
    }


async def test_the_days_events_are_found_in_whatever_order(street: Street, store: SqlStore) -> None:
    """A platform that was away delivers old lines late: numbers and times then disagree."""
    number = (await street.resolved(await street.filed("1", NOW - 9 * DAY), NOW)).number
    for count in range(1, 9):

        def work(tx: Transaction, count: int = count) -> None:
            kind = (Kind.TURN_RECEIVED, Kind.CASE_REOPENED)[count % 2]
            at = NOW - 2 * DAY + count * 3 % 8 * timedelta(hours=5)
            tx.events.append(Event(kind, at, case_number=number))

        await store.write(work)
    events = await store.read(lambda tx: tx.events.after(0, 1000))
    for hours in range(0, 50, 3):
        since = NOW - timedelta(hours=hours)

        def read(tx: SqlTransaction, since: datetime = since) -> int:
            return len(digest_facts(tx, NOW, since).happened)

        wanted = {Kind.CASE_REOPENED, Kind.CASE_RESOLVED}
        counted = [e for e in events if e.kind in wanted and e.at >= since]
        assert await store.read(read) == len(counted)


async def test_who_waits_and_who_is_in_danger(street: Street, store: SqlStore) -> None:
    def work(tx: Transaction) -> None:
        def talk(chat: str, **values: object) -> Conversation:
            opened = open_conversation(tx, "webchat", chat, "", NOW - 5 * DAY)
            known = replace(opened, **values)  # type: ignore[arg-type]
            tx.conversations.save(known, opened.epoch)
            return known

        def raise_crisis(conversation: Conversation, age: timedelta) -> None:
            tx.events.append(Event(Kind.CRISIS_RAISED, NOW - age, conversation_id=conversation.id))

        talk("calm")
        waits = talk("waits", unit_id="e1")
        tx.conversations.save(hand_off(tx, waits, "asked", NOW - MINUTE), waits.epoch)
        talk("long ago", crisis="R3")
        raise_crisis(talk("yesterday", crisis="R2"), 2 * DAY)
        raise_crisis(talk("today", crisis="R3", unit_id="w1"), MINUTE)
        danger = talk("with the queue", crisis="R2")
        tx.conversations.save(hand_off(tx, danger, "crisis", NOW - 2 * DAY), danger.epoch)
        raise_crisis(talk("a worry", crisis="R1"), MINUTE)

    await store.write(work)
    chats = await store.read(
        lambda tx: {
            chat: talk.id
            for chat in ("waits", "long ago", "yesterday", "today", "with the queue")
            if (talk := tx.conversations.of_chat("webchat", chat)) is not None
        }
    )
    expected = {
        TalkFact(chats["waits"], "e1", "none", alarmed=True, waiting_since=NOW - MINUTE),
        TalkFact(chats["long ago"], None, "R3", alarmed=False, waiting_since=None),
        TalkFact(chats["yesterday"], None, "R2", alarmed=False, waiting_since=None),
        TalkFact(chats["today"], "w1", "R3", alarmed=True, waiting_since=None),
        TalkFact(chats["with the queue"], None, "R2", alarmed=True, waiting_since=NOW - 2 * DAY),
    }
    assert set((await facts(store)).talks) == expected
