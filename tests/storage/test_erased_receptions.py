"""What was said at a reception goes with its case, or with the talk it belonged to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.booking import Appointment, BookingKind, Calendar, Standing
from casework.case import Case
from casework.desk import cases as desk
from casework.desk import privacy
from casework.desk.conversations import receive
from casework.ports import Store, Transaction
from casework.receptions import Reception
from tests.storage.people import NOON, cast, conversation, line
from tests.storage.test_erasing import DAY, RULES, YEARS, erase, expire, told


async def received(store: Store, case: Case | None) -> Reception:
    """Somebody was received about this case, or about none; their name and a decision stand."""
    opened = case.conversation_id if case else (await conversation(store)).id

    def work(tx: Transaction) -> Reception:
        visit = Appointment(
            id="v",
            calendar_id="k",
            kind=BookingKind.RECEPTION,
            conversation_id=opened,
            starts_at=NOON,
            ends_at=NOON + DAY,
            serial=1,
            booked_at=NOON,
            case_number=case.number if case else None,
            name="李芳",
        )
        record = Reception(
            id="r",
            unit_id="g",
            leader_id="zhou",
            day=NOON.date(),
            category="other",
            people=1,
            decision="李芳家的水管三天修好",
            recorded_by="zhou",
            recorded_at=NOON,
            appointment_id="v",
            conversation_id=opened,
            case_number=visit.case_number,
        )
        calendar = Calendar(
            "k", BookingKind.RECEPTION, "日", "g", (), 60, "zhou", NOON, NOON.date()
        )
        tx.booking.add_calendar(calendar)
        tx.booking.add(visit)
        tx.booking.add_reception(record)
        return record

    return await store.write(work)


async def left_of(store: Store) -> tuple[str, str]:
    def read(tx: Transaction) -> tuple[str, str]:
        record = tx.booking.reception_of("v")
        assert record is not None
        return tx.booking.get("v").name, record.decision

    return await store.read(read)


async def test_what_was_decided_at_a_reception_goes_with_its_case(store: Store) -> None:
    case = await told(store)
    await received(store, case)
    await erase(store, case, NOON)
    assert (await left_of(store))[1] != ""  # the case is open: what it stands on stays
    await store.write(lambda tx: desk.act_as_resident(tx, case.number, "withdraw", RULES, NOON))
    assert await expire(store, case, NOON + DAY)
    assert await left_of(store) == ("", "")


async def test_retention_takes_the_names_of_those_who_were_received(store: Store) -> None:
    case = await told(store)
    await received(store, case)
    await store.write(lambda tx: desk.act_as_resident(tx, case.number, "withdraw", RULES, NOON))
    assert await expire(store, case, NOON + timedelta(days=1100))
    assert await left_of(store) == ("", "")


async def test_a_reception_about_nothing_registered_is_forgotten_with_the_talk(
    store: Store,
) -> None:
    await cast(store)
    await received(store, None)
    opened = await conversation(store)

    def say_something(tx: Transaction) -> None:
        _, turn, _ = receive(tx, line("我叫李芳", "1"))
        tx.turns.mark_handled(turn.id, NOON)

    await store.write(say_something)
    late = NOON + timedelta(days=40)
    assert await store.write(lambda tx: privacy.expire_talk(tx, opened.id, YEARS, late))
    assert await left_of(store) == ("", "")


@pytest.mark.parametrize("withdraw", [True, False])
async def test_whoever_wants_nothing_kept_is_not_expected_any_more(
    store: Store, *, withdraw: bool
) -> None:
    """What is about a case that is still worked on stays; everything else is given up."""
    case = await told(store)
    await received(store, case)
    await erase(store, case, NOON, withdraw=withdraw)
    kept = await store.read(lambda tx: tx.booking.get("v"))
    assert kept.name == ""
    assert kept.standing is (Standing.CANCELLED if withdraw else Standing.BOOKED)
    assert (kept.next_at is None) or not withdraw


async def test_an_appointment_about_nothing_registered_goes_with_the_talk(store: Store) -> None:
    case = await told(store)

    def visit(tx: Transaction) -> None:
        day = Calendar("k", BookingKind.RECEPTION, "日", "g", (), 60, "zhou", NOON, NOON.date())
        tx.booking.add_calendar(day)
        made = Appointment(
            "v", "k", day.kind, case.conversation_id, NOON, NOON + DAY, 1, NOON, name="李芳"
        )
        tx.booking.add(made)

    await store.write(visit)
    await erase(store, case, NOON)
    gone = await store.read(lambda tx: tx.booking.get("v"))
    assert (gone.standing, gone.name, gone.next_at) == (Standing.CANCELLED, "", None)
