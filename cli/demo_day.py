"""A day on the demo street: cases, a notice, a mediation and the rest, so that no page is empty.

Everything is done by the verbs officers use, at moments before the start, in one transaction; the
numbers are those of the first cases of a new database, always the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import yaml

from casework.booking import BookingKind, Calendar
from casework.booking_slots import key_of
from casework.capture import Capture, Consent
from casework.case import Case, Source
from casework.desk import booking, collective, mediation, mediation_meetings, receiving
from casework.desk import supervision as watching
from casework.desk import whistle as whistling
from casework.desk.assigning import Whereabouts
from casework.desk.bookable import free_slots
from casework.desk.capture import capture
from casework.desk.moving import act
from casework.effects import Given
from casework.mediation import Answer, Session
from casework.mediation import Source as Asked
from casework.organisation import Officer
from casework.resolving import Doubt
from casework.whistle import Notice
from casework.working_calendar import CHINA
from config.group_texts import group_book
from config.load import Book
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_case_lists import CaseFilter, list_cases

_ALL = Sight(officer_id="", root=None, restricted=True)
MEETING = timedelta(hours=15)  # of the next day, in China


def day_data() -> dict[str, Any]:
    """The day as it stands in config/demo_day.yaml."""
    text = resources.files("config").joinpath("demo_day.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def live_a_day(
    tx: SqlTransaction, steps: list[dict[str, Any]], book: Book, start: datetime
) -> None:
    """Do the steps, oldest first, on a database without cases; nothing on any other, where nobody
    knows what has become of the street since."""
    if list_cases(tx, _ALL, CaseFilter(), None, 1):
        return
    day = _Day(tx, book)
    for step in sorted(steps, key=lambda each: -int(each["ago"])):
        day.done(step, start - timedelta(minutes=step["ago"]))


class _Day:
    """What has been done so far, by the keys the steps give."""

    def __init__(self, tx: SqlTransaction, book: Book) -> None:
        self._tx = tx
        self._book = book
        self._people = {each.username: each for each in tx.people.organisation().officers.values()}
        self._numbers: dict[str, str] = {}
        self._calendars: dict[str, Calendar] = {}
        self._does: Mapping[str, Callable[[dict[str, Any], Officer, datetime], None]] = {
            "case": self._case,
            "verb": self._verb,
            "whistle": self._whistle,
            "slip": self._slip,
            "group": self._group,
            "household": self._household,
            "mediation": self._mediation,
            "calendar": self._calendar,
            "booking": self._booking,
        }

    def done(self, step: dict[str, Any], now: datetime) -> None:
        """Do one step."""
        self._does[step["do"]](step, self._people[step["by"]], now)

    def _at(self, step: dict[str, Any]) -> Case:
        return self._tx.cases.get(self._numbers[step["key"]])

    def _case(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        grid, consent = step.get("grid"), step.get("consent")
        given = Capture(
            client_id=f"demo-{step['key']}",
            source=Source(step["source"]),
            category=step["category"],
            kind=step["kind"],
            text=step["text"],
            place=step["place"],
            unit_id=grid,
            name=step.get("name", ""),
            consent=Consent(consent) if consent else None,
            outside_number=step.get("outside_number", ""),
        )
        form = self._book.forms[given.category].of(given.kind)
        where = Whereabouts(grid) if grid else Whereabouts(None, Doubt.UNKNOWN.value)
        made = capture(self._tx, given, officer, form, where, self._book, now)
        self._numbers[step["key"]] = made.case.number

    def _verb(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        number, to = self._numbers[step["key"]], step.get("to")
        given = Given(
            text=step.get("text", ""),
            code=step.get("code"),
            officer_id=self._people[to].id if to else None,
            until=now + timedelta(days=step["days"]) if "days" in step else None,
        )
        act(self._tx, number, step["verb"], officer, now, self._book, given=given)

    def _whistle(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        arrive_by = now + timedelta(hours=step["hours"])
        called = tuple(step["departments"])
        notice = Notice(called, step["place"], step["matter"], arrive_by)
        practice, number = self._book.whistling, self._numbers[step["key"]]
        whistling.blow(self._tx, number, notice, officer, practice, self._book, now)

    def _slip(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        order = watching.Order(step["org"], step["reason"], step["action"])
        watch, number = self._book.watch.slips, self._numbers[step["key"]]
        watching.issue(self._tx, number, order, officer, watch, self._book, now)

    def _group(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        number, book = self._numbers[step["key"]], group_book(self._book)
        collective.make(self._tx, number, officer, book, now)
        for member in step["members"]:
            collective.add(self._tx, number, self._numbers[member], officer, book, now)

    def _household(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        number, member = self._numbers[step["key"]], self._numbers[step["member"]]
        today, book = now.astimezone(CHINA).date(), group_book(self._book)
        what = step["text"]
        collective.household_done(self._tx, number, member, what, today, officer, book, now)

    def _mediation(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        tx, number, book = self._tx, self._numbers[step["key"]], self._book
        wanted = self._people[step["mediator"]].id
        proposal = mediation.Proposal(Asked.PROACTIVE, wanted)
        mediation.propose(tx, number, proposal, officer, book, now)
        mediation.answer(tx, number, Answer.YES, now, officer=officer)
        mediation.name(tx, number, True, now, officer=officer)
        other = mediation.OtherSide(Answer.YES, step["how"], now)
        mediation.other_side(tx, number, other, officer, book, now)
        tomorrow = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        at = tomorrow + timedelta(days=1) + MEETING
        session = Session(at, place=step["meeting"])
        mediation_meetings.plan(tx, number, session, officer, book, now)

    def _calendar(self, step: dict[str, Any], officer: Officer, now: datetime) -> None:
        given = Calendar(
            id="",
            kind=BookingKind(step["kind"]),
            title=step["title"],
            unit_id=step["unit"],
            spans=tuple((first, last) for first, last in step["spans"]),
            slot_minutes=step["minutes"],
            opened_by=officer.id,
            opened_at=now,
            first_day=now.astimezone(CHINA).date(),
            weekdays=tuple(step["weekdays"]),
            host_id=self._people[step["host"]].id,
            named=True,
            place=step["place"],
            materials=tuple(step["materials"]),
        )
        made = receiving.open_calendar(self._tx, given, officer, now)
        self._calendars[step["key"]] = made

    def _booking(self, step: dict[str, Any], _officer: Officer, now: datetime) -> None:
        calendar, booker = self._calendars[step["calendar"]], self._book.booker
        slot = next(free_slots(self._tx, [calendar], booker, now), None)
        if slot is None:  # a long holiday: nobody is received
            return
        conversation = self._tx.conversations.get(self._at(step).conversation_id, lock=True)
        key, name = key_of(slot), step["name"]
        booking.book(self._tx, conversation, key, booker, now, name=name)
