"""Words about a mediation: nobody is woken who sleeps, and nobody is asked who has no chat."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework.case import Case, Status
from casework.channels import DESK
from casework.desk import promises
from casework.desk.conversations import open_conversation, receive
from casework.desk.mediating import speak
from casework.events import Kind
from casework.ports import Store, Transaction
from casework.promises import Party, Promise
from casework.turn import Inbound, Line
from config.load import Book
from tests.storage.mediating import DAY, ZHOU
from tests.storage.people import NOON, cast

NIGHT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)  # ten at night in China
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past seven
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("ago", "sent"), [(31 * MINUTE, MORNING), (30 * MINUTE, NIGHT)])
async def test_at_night_only_who_has_just_written_hears_of_a_mediation(
    store: Store, book: Book, ago: timedelta, sent: datetime
) -> None:
    await cast(store)

    def work(tx: Transaction) -> datetime | None:
        talk, turn, _ = receive(tx, Inbound("telegram", "u1", "7", NIGHT - ago, "漏水"))
        tx.turns.mark_handled(turn.id, NIGHT - ago)
        case = Case("20261122-1", talk.id, "neighbour_dispute", NIGHT, "zhou", "g")
        assert speak(tx, case, Line("调解定在明天"), book, NIGHT, ZHOU)
        return tx.outbox.next_due("telegram")

    assert await store.write(work) == sent


async def test_nobody_is_asked_who_has_no_chat(store: Store, book: Book) -> None:
    """A matter that an officer wrote down: what cannot be asked is not said to have been."""
    await cast(store)
    later = NOON + 10 * DAY

    def work(tx: Transaction) -> None:
        talk = open_conversation(tx, DESK, "1", "", NOON)
        case = Case("20261122-1", talk.id, "neighbour_dispute", NOON, "zhou", "g", filed_at=NOON)
        tx.cases.add(replace(case, status=Status.WORKING))
        due_on = (NOON + 9 * DAY).date()
        party = Party.RESPONDENT
        tx.promises.add(Promise("p", case.number, talk.id, party, "修好防水", due_on, NOON))
        assert promises.do_due(tx, "p", book, later)
        assert tx.turns.after(talk.id, 0) == []

    await store.write(work)
    events = await store.read(lambda tx: tx.events.of_case("20261122-1"))
    assert [event.kind for event in events] == [Kind.PROMISE_CHASED]
    assert events[-1].data["officer"] == "zhou"
    promise = await store.read(lambda tx: tx.promises.get("p"))
    assert promise.task_id is not None  # its owner finds out
    assert await store.read(lambda tx: tx.promises.due(later + 30 * DAY, 9)) == []
