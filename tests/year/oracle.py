"""What the clock should have done with a case, worked out once more from what people did.

Written from the rules, not from ``casework.clocks``: instants of the class at each start, put off
by each pause, and after every hour whatever is due of what is left.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.case import Case, Status
from casework.deadlines import instants, put_off
from casework.events import ActorKind, Kind
from casework.moves import Move
from casework.organisation import Unit
from config.load import Book

HOUR = timedelta(hours=1)
RUNG = {"grid": 0, "community": 1, "street": 2, "county": 3}
RUNNING = {Status.TRIAGE, Status.DISPATCHED, Status.WORKING, Status.REWORK}
ENDED = {Status.CONFIRMED, Status.WITHDRAWN, Status.REFERRED}
CLOCK_EVENTS = {
    Kind.CASE_ACCEPT_LATE: "accept",
    Kind.CASE_WARNED: "warn",
    Kind.CASE_BREACHED: "breach",
    Kind.CASE_ESCALATED: "level",
    Kind.CASE_INFORMED: "resume",
    Kind.CASE_LAPSED: "lapse",
    Kind.CASE_ARCHIVED: "archive",
}
BY_CLOCK = {"escalate": "level", "inform": "resume", "lapse": "lapse", "archive": "archive"}
ORDER = ("accept", "warn", "level", "breach", "resume", "lapse", "archive")


class Happened(NamedTuple):
    """Something time did, as it was recorded."""

    kind: Kind
    at: datetime


@dataclass
class Expected:
    """One case as it goes along."""

    case: Case
    book: Book
    units: dict[str, Unit]
    status: Status = Status.DRAFT
    left: dict[str, datetime] = field(default_factory=dict)
    levels: list[datetime] = field(default_factory=list)
    began: datetime | None = None
    paused: datetime | None = None
    asked: datetime | None = None

    def pending(self) -> tuple[datetime, str] | None:
        """What is due next, and when."""
        found: dict[str, datetime] = {}
        if self.status in RUNNING:
            wanted = {"warn", "breach"}
            if self.status in {Status.DISPATCHED, Status.REWORK}:
                wanted.add("accept")
            found = {name: at for name, at in self.left.items() if name in wanted}
            if self.levels:
                found["level"] = self.levels[0]
        elif self.status is Status.AWAIT_INFO:
            found = {"resume": self.left["resume"]}
        elif self.status is Status.DONE_WAIT:
            found = {"lapse": self.left["lapse"]}
        elif self.status in ENDED:
            found = {"archive": self.left["archive"]}
        if not found:
            return None
        at, name = min((at, ORDER.index(name)) for name, at in found.items())
        return at, ORDER[name]

    def do(self, move: Move) -> None:
        """What people, or the clock, did with the case."""
        handler = {
            "file": self._start,
            "reopen": self._start,
            "accept": self._accept,
            "request_info": self._pause,
            "inform": self._resume,
            "extend": self._ask,
            "grant": self._grant,
            "resolve": self._resolve,
        }.get(move.verb)
        if handler is not None:
            handler(move)
        if move.verb in {"assign", "escalate", "return", "hand_over"}:
            rung = RUNG[self.units[move.org_id].kind]
            self.levels = self.levels[-(2 - rung) :] if rung < 2 else []
            self.left.pop("accept", None)
        self.status = move.after
        if self.status in ENDED and move.before not in ENDED:
            self.left["archive"] = move.at + timedelta(days=10)

    def mark(self, name: str) -> None:
        """The clock has said it."""
        self.left.pop(name, None)
        if name == "breach":
            self.left.pop("warn", None)

    def _start(self, move: Move) -> None:
        cls = self.book.deadline(self.case)
        found = instants(cls, move.at, self.book.calendar)
        rung = RUNG[self.units[move.org_id].kind]
        self.began = move.at
        self.levels = list(found.level_due_at[min(rung, 2) : 2])
        self.left = {
            "accept": found.accept_by,
            "warn": found.warn_at,
            "breach": found.due_at,
        }

    def _accept(self, move: Move) -> None:
        self.left.pop("accept", None)

    def _pause(self, move: Move) -> None:
        self.paused = move.at
        self.left["resume"] = move.at + timedelta(days=5)

    def _resume(self, move: Move) -> None:
        assert self.paused is not None
        cls, by = self.book.deadline(self.case), move.at - self.paused

        def put(at: datetime) -> datetime:
            began, calendar = self.paused, self.book.calendar
            assert began is not None
            return put_off(at, by, length=cls.answer, began=began, calendar=calendar)

        self.left = {name: put(at) for name, at in self.left.items() if name != "resume"}
        self.levels = [put(at) for at in self.levels]

    def _ask(self, move: Move) -> None:
        self.asked = move.until

    def _grant(self, move: Move) -> None:
        assert self.asked is not None
        assert self.began is not None
        share = self.book.deadline(self.case).warn_at
        self.left |= {
            "breach": self.asked,
            "warn": self.began + (self.asked - self.began) * share,
        }
        self.levels = []

    def _resolve(self, move: Move) -> None:
        self.left = {"lapse": move.at + timedelta(days=7)}


def whole_hour(at: datetime) -> datetime:
    """The tick that finds it: the first whole hour at or behind the moment."""
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + HOUR


def disagreements(
    case: Case,
    moves: list[Move],
    happened: list[Happened],
    units: dict[str, Unit],
    book: Book,
    until: datetime,
) -> list[str]:
    """What the clock missed, did twice, or did at another hour than the one it was due in."""
    expected, wrong = Expected(case, book, units), []
    people = [move for move in moves if not _by_clock(move)]
    moved = {
        name: [m for m in moves if _by_clock(m) and BY_CLOCK[m.verb] == name] for name in ORDER
    }
    clock = [
        (each.at, (name := CLOCK_EVENTS[each.kind]), moved[name].pop(0) if moved[name] else None)
        for each in happened
    ]
    here = case.opened_at
    while True:
        due = expected.pending()
        # What was due while the case stood still is found when it goes on.
        tick = max(whole_hour(due[0]), here) if due is not None else None
        if people and (tick is None or people[0].at <= tick):
            here = max(here, people[0].at)
            expected.do(people.pop(0))
            continue
        if due is None or tick is None or tick > until:
            break
        name = due[1]
        if not clock or clock[0][0] != tick or clock[0][1] != name:
            found = f"{clock[0][1]} at {clock[0][0]}" if clock else "nothing"
            return [f"{case.number}: {name} due {due[0]}, tick {tick}: the clock did {found}"]
        here, _, move = clock.pop(0)
        if move is not None:
            expected.do(move)
        else:
            expected.mark(name)
    wrong += [f"{case.number}: {name} at {at} was not due" for at, name, _ in clock]
    return wrong


def _by_clock(move: Move) -> bool:
    return move.actor is ActorKind.SYSTEM and move.verb in BY_CLOCK
