"""Whatever residents, hosts and clocks do, in any order: no place is taken twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casework.booking import TAKES_A_PLACE, Appointment, BookingKind, Calendar, Standing
from casework.booking_slots import key, key_of, slot_at
from casework.desk import bookable, booking_due, receiving
from casework.desk import booking as desk
from casework.desk.conversations import open_conversation
from casework.errors import NotAllowed
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.working_calendar import CHINA
from config.load import load_book
from storage.memory import MemoryStore
from tests.dialogue.office import done

BOOK = load_book()
START = datetime(2026, 9, 24, 8, tzinfo=CHINA)  # the days before the national holiday
CHATS = tuple("abcde")
KINDS = (BookingKind.RECEPTION, BookingKind.ADVISER)
CAPACITY, DAY_CAP = 2, 3
HOURS = st.integers(0, 40)


class Booking(RuleBasedStateMachine):
    """A street, two calendars of each of two kinds, five residents."""

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.now = START

    @initialize()
    def street(self) -> None:
        def work(tx: Transaction) -> None:
            tx.people.add_unit(Unit("s", "street", "青禾街道"))
            host = Officer("he", "he", "何敏", Role.STREET, "s")
            tx.people.add_officer(host)
            for kind in (*KINDS, *KINDS):
                given = Calendar(
                    "", kind, "接访", "s", ((540, 720),), 60, "", START, START.date(),
                    capacity=CAPACITY, day_cap=DAY_CAP, weekdays=(0, 1, 2, 3, 4), place="接待室",
                )  # fmt: skip
                receiving.open_calendar(tx, given, host, START)

        self.write(work)

    def write(self, work: object) -> object:
        return done(self.store.write(work))  # type: ignore[arg-type]

    def all(self) -> list[Appointment]:
        def work(tx: Transaction) -> list[Appointment]:
            ids = [each.id for each in tx.booking.calendars()]
            ends = datetime.max.replace(tzinfo=CHINA)
            return tx.booking.between(ids, START - timedelta(days=1), ends)

        found: list[Appointment] = done(self.store.read(work))
        return found

    @rule(
        chat=st.sampled_from(CHATS), kind=st.sampled_from(KINDS), which=HOURS, moves=st.booleans()
    )
    def books(self, chat: str, kind: BookingKind, which: int, moves: bool) -> None:
        def work(tx: Transaction) -> None:
            talk = open_conversation(tx, "terminal", chat, "", self.now)
            calendars = bookable.calendars_for(tx, talk, kind)
            slots = list(bookable.free_slots(tx, calendars, BOOK.booker, self.now))
            mine = bookable.standing(tx, talk.id, self.now, kind)
            moving = mine[0].id if mine and moves else None
            wanted = slots[which % len(slots)]
            made = desk.book(tx, talk, key_of(wanted), BOOK.booker, self.now, moving=moving)
            if not mine or moves:
                assert made.appointment is not None
                assert made.appointment.starts_at == wanted.starts_at
            else:
                assert made.appointment == mine[0]

        self.write(work)

    @rule(
        chat=st.sampled_from(CHATS),
        kind=st.sampled_from(KINDS),
        day=st.sampled_from((0, 4, 4, 4, 40)),
        hour=st.sampled_from((9, 10, 10, 12)),
    )
    def insists(self, chat: str, kind: BookingKind, day: int, hour: int) -> None:
        """A button of long ago, or of a time there never was."""

        def work(tx: Transaction) -> None:
            talk = open_conversation(tx, "terminal", chat, "", self.now)
            calendar = tx.booking.calendars(kind=kind.value)[0]
            local = datetime.combine(START.date() + timedelta(days=day), time(hour), CHINA)
            desk.book(tx, talk, key(calendar.id, local), BOOK.booker, self.now)

        self.write(work)

    @rule(which=HOURS)
    def cancels(self, which: int) -> None:
        found = [each for each in self.all() if each.stands(self.now)]
        if not found:
            return
        each = found[which % len(found)]

        def work(tx: Transaction) -> None:
            talk = tx.conversations.get(each.conversation_id, lock=True)
            before = room(tx)
            assert desk.cancel(tx, talk, each.id, BOOK.booking.rule, self.now) is not None
            assert room(tx) == before + 1

        def room(tx: Transaction) -> int:
            first = datetime.combine(each.starts_at.astimezone(CHINA).date(), time(), CHINA)
            taken = tx.booking.taken([each.calendar_id], first, first + timedelta(days=1))
            return -sum(taken.values())

        self.write(work)

    @rule(which=HOURS, came=st.booleans())
    def is_received(self, which: int, came: bool) -> None:
        found = self.all()
        if not found:
            return
        each = found[which % len(found)]

        def work(tx: Transaction) -> None:
            host = tx.people.officer("he")
            try:
                receiving.say_who_came(tx, each.id, host, BOOK.booking.rule, self.now, came=came)
            except NotAllowed:
                over = {Standing.CANCELLED, Standing.CALLED_OFF}
                assert each.standing in over or self.now.date() < each.starts_at.date()

        self.write(work)

    @rule(days=st.integers(0, 10))
    def a_day_is_called_off(self, days: int) -> None:
        day = self.now.date() + timedelta(days=days)

        def work(tx: Transaction) -> None:
            calendar = tx.booking.calendars()[0]
            host = tx.people.officer("he")
            receiving.close_day(tx, calendar.id, day, host, self.now)

        self.write(work)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

        def work(tx: Transaction) -> None:
            for each in tx.booking.due(self.now, 100):
                booking_due.do_due(tx, each.id, BOOK.appointments, BOOK.booker, self.now)
            assert tx.booking.due(self.now, 100) == []

        self.write(work)

    @invariant()
    def no_place_is_taken_twice(self) -> None:
        taking = [each for each in self.all() if each.standing in TAKES_A_PLACE]
        slots = Counter((each.calendar_id, each.starts_at) for each in taking)
        assert max(slots.values(), default=0) <= CAPACITY
        days = Counter(
            (each.calendar_id, each.starts_at.astimezone(CHINA).date()) for each in taking
        )
        assert max(days.values(), default=0) <= DAY_CAP

    @invariant()
    def nobody_has_two_of_a_kind(self) -> None:
        expected = Counter(
            (each.conversation_id, each.kind)
            for each in self.all()
            if each.standing is Standing.BOOKED
        )
        assert max(expected.values(), default=0) <= 1

    @invariant()
    def every_time_is_one_of_its_calendar(self) -> None:
        def work(tx: Transaction) -> None:
            calendars = {each.id: each for each in tx.booking.calendars()}
            for each in self.all():
                if each.stands(self.now):
                    slot = slot_at(calendars[each.calendar_id], each.starts_at, BOOK.calendar)
                    assert slot is not None
                    assert each.starts_at.date() not in BOOK.calendar.holidays

        done(self.store.read(work))


TestAnyBooking = Booking.TestCase
TestAnyBooking.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
