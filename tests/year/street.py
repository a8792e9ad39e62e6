"""A made-up street, its people, and what happens in it in a year, drawn from a seed.

Everything goes through the real verbs, on a real store, at whole hours; the clock runs after what
people did in that hour.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from casework.case import CLOSED, Case, SlotValue, Status
from casework.conversation import Conversation
from casework.desk import cases as desk
from casework.desk import leaving
from casework.desk.assigning import Whereabouts
from casework.desk.moving import act
from casework.effects import Given
from casework.errors import CaseworkError, ForbiddenTransition, Incomplete, NotAllowed
from casework.organisation import Employment, Officer, Place, Role, Unit
from casework.ports import Transaction
from casework.roster import Absence, Shift
from config.load import Book
from handoff_console.case_clock import CaseClock
from storage.engine import SqlStore

STARTS = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMMUNITIES, GRIDS = 4, 5  # grids in each community
STREET = "street"
CATEGORIES = (
    ("property_management", 30),
    ("neighbour_dispute", 18),
    ("environment_noise", 14),
    ("public_facility", 14),
    ("wage_arrears", 10),
    ("labour_other", 5),
    ("consumer", 4),
    ("housing_developer", 3),
    ("family_marriage", 1),
    ("other", 1),
)
LEAVERS = ("c1g1a", "c2b", "c3g4b", "streetc", "c0g0a")
NIGHT = range(15, 23)  # hours in UTC: 23 to 7 in China


def units() -> list[Unit]:
    """A county, a street, its communities and grids."""
    found = [Unit("county", "county", "清河县"), Unit(STREET, "street", "和平街道", "county")]
    for c in range(COMMUNITIES):
        found.append(Unit(f"c{c}", "community", f"第{c}社区", STREET))
        found += [Unit(f"c{c}g{g}", "grid", f"第{c}社区第{g}网格", f"c{c}") for g in range(GRIDS)]
    return found


def officers() -> list[Officer]:
    """Two in each grid (one part-time), two in each community, three at the street."""
    found: list[Officer] = []

    def add(name: str, role: Role, unit: str, employment: Employment) -> None:
        found.append(Officer(name, name, name, role, unit, employment=employment))

    for unit in units():
        if unit.kind == "grid":
            add(f"{unit.id}a", Role.GRID, unit.id, Employment.FULL_TIME)
            add(f"{unit.id}b", Role.GRID, unit.id, Employment.PART_TIME)
        if unit.kind == "community":
            add(f"{unit.id}a", Role.COMMUNITY, unit.id, Employment.FULL_TIME)
            add(f"{unit.id}b", Role.COMMUNITY, unit.id, Employment.DEPUTY)
    for each in "abc":
        add(f"street{each}", Role.STREET, STREET, Employment.FULL_TIME)
    add("watch", Role.SUPERVISOR, STREET, Employment.FULL_TIME)
    return found


Action = Callable[[Transaction, "Year", datetime], None]


@dataclass(order=True)
class Planned:
    """Something somebody does at an hour."""

    at: datetime
    turn: int
    action: Action = field(compare=False)


class Year:
    """One year of a street."""

    def __init__(self, store: SqlStore, book: Book, seed: int, a_day: float) -> None:
        self.store, self.book = store, book
        self.rng = random.Random(seed)
        self.a_day = a_day
        self.numbers: list[str] = []
        self.refused = 0
        self._agenda: list[Planned] = []
        self._turn = 0
        self._clock = CaseClock(store, book)
        self._grids = [unit.id for unit in units() if unit.kind == "grid"]

    async def build(self) -> None:
        """The street as it is on the first of January, with a year's duty and holidays."""

        def work(tx: Transaction) -> None:
            tx.people.add_units(units())
            tx.people.add_officers(officers())
            tx.places.save(Place(f"{grid}号院", grid) for grid in self._grids)
            tx.rosters.add_shifts(self._shifts())
            tx.rosters.add_absences(self._absences())

        await self.store.write(work)
        for at, gone in enumerate(LEAVERS):
            self.later(STARTS + (at + 1) * 9 * DAY, leaves(gone))

    def _shifts(self) -> list[Shift]:
        nights = [Shift(f"n{day}", STREET, f"street{'abc'[day % 3]}", 1080, 540, weekday=day)
                  for day in range(7)]  # fmt: skip
        return [*nights, Shift("w0", "c0", "c0b", 0, 1439, weekday=6)]

    def _absences(self) -> list[Absence]:
        found = []
        for at, officer in enumerate(officers()):
            if officer.id == "streeta" or officer.role is Role.SUPERVISOR:
                continue  # somebody always stays
            first = date(2026, 1, 5) + timedelta(days=self.rng.randrange(340))
            last = first + timedelta(days=self.rng.randrange(3, 14))
            stand_in = f"{officer.id[:-1]}a" if officer.id[-1] != "a" else None
            found.append(Absence(f"a{at}", officer.id, first, last, stand_in))
        return found

    def later(self, at: datetime, action: Action) -> None:
        """Have it done at the next whole hour from ``at`` on."""
        whole = at.replace(minute=0, second=0, microsecond=0)
        self._turn += 1
        heapq.heappush(self._agenda, Planned(whole + HOUR * (whole < at), self._turn, action))

    def spread(self, median_hours: float) -> timedelta:
        """A time as people take it: mostly about the median, now and then much longer."""
        return timedelta(hours=max(0.2, self.rng.lognormvariate(0, 0.9) * median_hours))

    async def run(self, days: int, hourly: Callable[[datetime], object] | None = None) -> None:
        """Let the days pass, hour by hour."""
        for hours in range(days * 24):
            now = STARTS + hours * HOUR
            due = self._due(now) + self._arrivals(now)
            if due:
                await self.store.write(lambda tx, due=due, now=now: self._hour(tx, due, now))  # type: ignore[misc]
            while await self._clock.step(now):
                pass
            if hourly is not None:
                hourly(now)

    def _due(self, now: datetime) -> list[Action]:
        found = []
        while self._agenda and self._agenda[0].at <= now:
            found.append(heapq.heappop(self._agenda).action)
        return found

    def _arrivals(self, now: datetime) -> list[Action]:
        share = self.a_day / 24 * (0.2 if now.hour in NIGHT else 1.4)
        many = int(share) + (self.rng.random() < share % 1)
        return [arrive for _ in range(many)]

    def _hour(self, tx: Transaction, actions: list[Action], now: datetime) -> None:
        for action in actions:
            try:
                action(tx, self, now)
            except (ForbiddenTransition, NotAllowed, Incomplete):
                self.refused += 1  # the world moved on before they came to it


def arrive(tx: Transaction, year: Year, now: datetime) -> None:
    """A resident tells something, and it is filed: by their word, or by the clock."""
    rng = year.rng
    names, weights = zip(*CATEGORIES, strict=True)
    category = rng.choices(names, weights)[0]
    chat = f"r{len(year.numbers)}"
    conversation = Conversation(chat, "web", chat, now, now, has_cases=True)
    tx.conversations.add(conversation)
    grid, known = rng.choice(year._grids), rng.random() < 0.97
    where = Whereabouts(grid) if known else Whereabouts(doubt="unknown")
    slots = {
        "place": SlotValue(f"{grid}号院" if known else "那边"),
        "issue": SlotValue("电梯坏了"),
        "people_n": SlotValue(rng.choice((1, 1, 1, 1, 3, 12))),
    }
    opening = desk.Opening(
        category,
        slots,
        title="电梯坏了",
        urgent=rng.random() < 0.06,
        restricted=category == "family_marriage" and rng.random() < 0.3,
        where=where,
    )
    case = desk.draft(tx, conversation, opening, now)
    year.numbers.append(case.number)
    if rng.random() < 0.95:
        desk.file(tx, case.number, year.book, now)
        filed = now
    else:
        filed = now + HOUR  # left as it is: the clock files it
    plan(year, case.number, filed)


def plan(year: Year, number: str, at: datetime) -> None:
    """What people will do about a case from now on."""
    rng = year.rng
    fate = rng.random()
    accept_at = at + year.spread(3)
    if fate < 0.06:  # nobody looks at it for long
        accept_at = at + year.spread(200)
    elif fate < 0.11:
        year.later(at + year.spread(6), officer_does(number, "return", Given(code="not_here")))
        year.later(at + year.spread(20), assign(number))
    elif fate < 0.13:
        year.later(at + year.spread(30), resident_does(number, "withdraw"))
    elif fate < 0.14:
        year.later(at + year.spread(30), resident_does(number, "escalate"))
    year.later(accept_at, officer_does(number, "accept"))
    done_at = accept_at + year.spread(24)
    if rng.random() < 0.10:
        asked_at = accept_at + year.spread(4)
        year.later(asked_at, officer_does(number, "request_info", Given("照片")))
        if rng.random() < 0.6:
            year.later(asked_at + year.spread(30), resident_does(number, "inform"))
        done_at += 3 * DAY
    if rng.random() < 0.05:
        year.later(accept_at + year.spread(20), extend(number))
    if rng.random() < 0.03:
        year.later(accept_at + year.spread(20), officer_does(number, "escalate"))
    year.later(done_at, officer_does(number, "resolve", Given("修好了", "explained")))
    year.later(done_at + year.spread(40), answer(number))
    year.later(at + 40 * DAY, officer_does(number, "resolve", Given("修好了", "explained")))


def officer_does(number: str, verb: str, given: Given = Given()) -> Action:  # noqa: B008
    """The case's owner does something."""

    def action(tx: Transaction, year: Year, now: datetime) -> None:
        owner = tx.people.officer(tx.cases.get(number).owner_id)
        act(tx, number, verb, owner, now, year.book, given=given)

    return action


def resident_does(number: str, verb: str, reason: str = "") -> Action:
    """The resident does something."""

    def action(tx: Transaction, year: Year, now: datetime) -> None:
        desk.act_as_resident(tx, number, verb, year.book, now, reason=reason)

    return action


def leaves(officer_id: str) -> Action:
    """Somebody goes for good."""

    def action(tx: Transaction, year: Year, now: datetime) -> None:
        leaving.leave(tx, officer_id, year.book, now)

    return action


def assign(number: str) -> Action:
    """Whoever got it back says whose it is."""

    def action(tx: Transaction, year: Year, now: datetime) -> None:
        case = tx.cases.get(number)
        if case.status is not Status.TRIAGE:
            return
        grid = year.rng.choice(year._grids)
        owner = tx.people.officer(case.owner_id)
        act(tx, number, "assign", owner, now, year.book, given=Given(officer_id=f"{grid}a"))

    return action


def extend(number: str) -> Action:
    """The owner asks for more time; a supervisor says yes or no the day after."""

    def action(tx: Transaction, year: Year, now: datetime) -> None:
        case = tx.cases.get(number)
        if case.due_at is None:
            return
        until = case.due_at + timedelta(days=year.rng.randrange(1, 10))
        officer_does(number, "extend", Given("等配件", until=until))(tx, year, now)
        verdict = "grant" if year.rng.random() < 0.7 else "deny"
        year.later(now + DAY, watch_does(number, verdict, Given("可以")))

    return action


def watch_does(number: str, verb: str, given: Given) -> Action:
    """The supervisor does something."""

    def action(tx: Transaction, year: Year, now: datetime) -> None:
        act(tx, number, verb, tx.people.officer("watch"), now, year.book, given=given)

    return action


def answer(number: str) -> Action:
    """The resident, or somebody who calls them, says whether it is solved; many say nothing."""

    def action(tx: Transaction, year: Year, now: datetime) -> None:
        case: Case = tx.cases.get(number)
        fate = year.rng.random()
        if case.status not in CLOSED | {Status.DONE_WAIT} or fate > 0.62:
            return
        if fate < 0.45:
            resident_does(number, "confirm")(tx, year, now)
        elif fate < 0.50:
            watch_does(number, "call_back", Given("说修好了"))(tx, year, now)
        else:
            resident_does(number, "reopen", "没修好")(tx, year, now)
            plan(year, number, now)

    return action


__all__ = ["DAY", "HOUR", "STARTS", "CaseworkError", "Year"]
