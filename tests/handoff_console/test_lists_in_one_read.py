"""Calendars, appointments, slips and groups are read by as many statements as one of them is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from casework.booking import Appointment, BookingKind, Calendar
from casework.case import Supervision
from casework.collective import State
from casework.desk import collective as group_desk
from casework.desk import receiving
from casework.ports import Transaction
from casework.supervision import Slip
from config.group_texts import group_book
from handoff_console.auth import Viewer
from handoff_console.booking_lists import appointments_seen, calendars_seen
from handoff_console.render_supervision import Reader, slip_shape
from storage.unit_of_work import SqlTransaction
from storage.views import sight_of
from storage.views_booking import kept_calendars
from storage.views_collective import counts, list_groups, progress_among
from storage.views_supervision import list_slips
from tests.handoff_console.street import Street
from tests.handoff_console.test_large_organisation import Watched

HOUR = timedelta(hours=1)


def _desk(at: int, number: str, now: datetime) -> Calendar:
    return Calendar(
        id=f"desk{at}",
        kind=BookingKind.JOINT_DESK,
        title="集中办理",
        unit_id=("street", "hill")[at % 2],
        opened_by="bob",
        opened_at=now,
        first_day=date(2026, 11, 23),
        weekdays=(0, 1, 2),
        spans=((540, 660),),
        slot_minutes=30,
        case_number=number,
    )


def _appointment(at: int, number: str, talk: str, now: datetime) -> Appointment:
    starts = now + (24 + at) * HOUR
    return Appointment(
        id=f"a{at}",
        calendar_id=f"desk{at}",
        kind=BookingKind.JOINT_DESK,
        conversation_id=talk,
        starts_at=starts,
        ends_at=starts + HOUR,
        serial=1,
        booked_at=now,
        case_number=number,
    )


def _slip(at: int, number: str, now: datetime) -> Slip:
    return Slip(
        id=f"slip{at}",
        number=f"督〔2026〕{at}号",
        case_number=number,
        org_id="street",
        level=Supervision.ORDINARY,
        reason="overdue",
        action="请三天内办好",
        issued_by="bob",
        issued_at=now,
        due_at=now + 48 * HOUR,
        next_at=now + 48 * HOUR,
    )


async def _one_more(street: Street, at: int) -> str:
    """A group case with a joint desk, an appointment there, and a slip about it; its number."""
    talk = await street.talk(f"房产证办不下来{at}")
    number = await street.case(talk)
    now, book = street.time(), group_book(street.deps.book)

    def work(tx: Transaction) -> None:
        case = tx.cases.get(number)
        tx.cases.save(replace(case, category="housing_developer"), now)
        group_desk.make(tx, number, tx.people.officer("bob"), book, now)
        tx.booking.add_calendar(_desk(at, number, now))
        tx.booking.add(_appointment(at, number, talk, now))
        tx.slips.add(_slip(at, number, now))

    await street.store.write(work)
    return number


def _lists(tx: SqlTransaction, street: Street) -> dict[str, Callable[[], int]]:
    officer = tx.people.officer("bob")
    sight = sight_of(tx.people.unit(officer.unit_id or ""), officer)
    viewer, now = Viewer(officer, None, sight, "", ""), street.time()
    reader = Reader.of(tx, viewer, street.deps.book, now)

    def calendars() -> int:
        return len(calendars_seen(tx, viewer, kept_calendars(tx, sight), now))

    def appointments() -> int:
        return len(appointments_seen(tx, viewer, now, now + 90 * HOUR))

    def slips() -> int:
        found = list_slips(tx, sight, officer.unit_id, "open")
        return len([slip_shape(line, reader) for line in found])

    def groups() -> int:
        return len(list_groups(tx, sight, [State.ACTIVE]))

    return {each.__name__: each for each in (calendars, appointments, slips, groups)}


async def _statements(street: Street) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows each list has, and how many statements it took."""

    def work(tx: SqlTransaction) -> tuple[dict[str, int], dict[str, int]]:
        rows, statements = {}, {}
        for name, read in _lists(tx, street).items():
            with Watched(tx) as watched:
                rows[name] = read()
            statements[name] = len(watched.statements)
        return rows, statements

    return await street.store.write(work)


async def test_a_list_of_five_takes_no_more_statements_than_of_one(lone_street: Street) -> None:
    await _one_more(lone_street, 0)
    few, before = await _statements(lone_street)
    assert set(few.values()) == {1}
    for at in range(1, 5):
        await _one_more(lone_street, at)
    many, after = await _statements(lone_street)
    assert (many["appointments"], many["slips"], many["groups"]) == (5, 5, 5)
    assert many["calendars"] > 2
    assert after == before


async def test_what_is_read_together_is_what_is_read_one_by_one(street: Street) -> None:
    numbers = [await _one_more(street, at) for at in range(4)]
    book, now = group_book(street.deps.book), street.time()

    def live(tx: Transaction) -> None:
        """One done, one with others outside, one dissolved."""
        done, wider, gone = (tx.collectives.of(number, lock=True) for number in numbers[:3])
        assert done is not None
        assert wider is not None
        assert gone is not None
        bob, day = tx.people.officer("bob"), now.date()
        group_desk.household_done(tx, numbers[0], numbers[0], "证已发", day, bob, book, now)
        tx.collectives.save(replace(wider, others=40, others_done=7))
        tx.collectives.save(replace(gone, state=State.DECLINED))

    def compare(tx: SqlTransaction) -> None:
        groups = [each for number in numbers if (each := tx.collectives.of(number)) is not None]
        assert counts(tx, groups) == {each.leading: tx.collectives.count(each) for each in groups}
        cases = [tx.cases.get(number) for number in numbers]
        alone = {each.number: group_desk.progress(tx, each) for each in cases}
        assert progress_among(tx, numbers) == {n: count for n, count in alone.items() if count}
        found = tx.booking.calendars()
        assert found
        for officer in (tx.people.officer(each) for each in ("alice", "bob", "root")):
            kept = {each.id for each in found if receiving.may_keep(tx, each, officer)}
            assert receiving.kept_among(tx, found, officer) == kept

    await street.store.write(live)
    await street.store.read(compare)
