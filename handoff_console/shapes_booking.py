"""The JSON of calendars, appointments and receptions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from handoff_console.shapes import Day, Moment, Shape, Words
from handoff_console.shapes_crisis import ChoiceShape

Kind = Literal["reception", "adviser", "mediator", "joint_desk"]
MeetingMode = Literal["place", "remote", "home"]
Minute = Annotated[int, Field(ge=0, le=24 * 60)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Short = Annotated[Words, Field(max_length=40)]


class SpanShape(Shape):
    """Hours of a day, in minutes since midnight."""

    opens: Minute
    closes: Minute


class ProgressShape(Shape):
    """Of the households a joint desk is for: 已办 ``done`` / ``households``."""

    done: int
    households: int


class CalendarShape(Shape):
    """Times that can be booked. ``mine``: this officer may change it. ``expected`` counts those
    who have booked and not come yet."""

    id: str
    kind: Kind
    kind_name: str
    title: str
    unit_id: str
    unit_name: str
    host_id: str | None
    host_name: str | None
    named: bool
    place: str
    mode: MeetingMode
    materials: list[str]
    weekdays: list[int]
    days: list[date]
    closed_days: list[date]
    first_day: date
    last_day: date | None
    spans: list[SpanShape]
    slot_minutes: int
    capacity: int
    day_cap: int | None
    case_number: str | None
    expected: int
    progress: ProgressShape | None
    mine: bool


class CalendarList(Shape):
    """Calendars of the officer's area and those they are the host of; what a new one may be."""

    items: list[CalendarShape]
    kinds: list[ChoiceShape]
    modes: list[ChoiceShape]
    may_open: bool


class CalendarBody(Shape):
    """A calendar to be opened. Weekly on ``weekdays`` (0 is Monday), and on ``days`` whatever they
    are. A joint desk needs the ``case_number`` it is for."""

    kind: Kind
    title: Annotated[Words, Field(min_length=1, max_length=80)]
    unit_id: Annotated[Words, Field(min_length=1, max_length=32)]
    host_id: Annotated[Words, Field(max_length=32)] | None = None
    named: bool = False
    place: Annotated[Words, Field(max_length=120)] = ""
    mode: MeetingMode = "place"
    materials: Annotated[list[Short], Field(max_length=12)] = Field(default_factory=list)
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = Field(default_factory=list)
    days: Annotated[list[Day], Field(max_length=60)] = Field(default_factory=list)
    first_day: Day | None = None
    last_day: Day | None = None
    spans: Annotated[list[SpanShape], Field(min_length=1, max_length=4)]
    slot_minutes: Annotated[int, Field(ge=5, le=480)] = 30
    capacity: Annotated[int, Field(ge=1, le=200)] = 1
    day_cap: Annotated[int, Field(ge=1, le=2000)] | None = None
    categories: Annotated[list[Short], Field(max_length=15)] = Field(default_factory=list)
    case_number: Annotated[Words, Field(max_length=24)] | None = None


class DayBody(Shape):
    """The day on which nobody can be received."""

    day: Day


class CalledOffShape(Shape):
    """How many residents will be told."""

    told: int


class AppointmentShape(Shape):
    """A resident's place. ``name`` is what they gave, empty where they gave none; the case only
    where this officer may see it."""

    id: str
    calendar_id: str
    title: str
    kind: Kind
    kind_name: str
    place: str
    host_name: str | None
    starts_at: datetime
    ends_at: datetime
    serial: int
    name: str
    standing: str
    standing_name: str
    case_number: str | None
    case_title: str
    category: str | None
    recorded: bool


class AppointmentList(Shape):
    """A day's appointments, by time; ``categories`` for the record."""

    day: date
    items: list[AppointmentShape]
    categories: list[ChoiceShape]


class CameBody(Shape):
    """Whether the resident came."""

    came: bool


class FreeShape(Shape):
    """When an appointment could be instead, soonest first."""

    items: list[datetime]


class MoveBody(Shape):
    """The time agreed on."""

    starts_at: Moment


class ReceptionBody(Shape):
    """What came of receiving somebody: of an appointment, or of a walk-in at a calendar. A decision
    with a date needs a case, whose officer gets it as a task. ``done``: at a joint desk, this
    household's part is done and counts as such."""

    appointment_id: Annotated[Words, Field(max_length=32)] | None = None
    calendar_id: Annotated[Words, Field(max_length=32)] | None = None
    category: Annotated[Words, Field(max_length=32)]
    people: Annotated[int, Field(ge=1, le=500)] = 1
    decision: Annotated[Words, Field(min_length=1, max_length=2000)]
    case_number: Annotated[Words, Field(max_length=24)] | None = None
    due_at: Moment | None = None
    done: bool = False


class ReceptionShape(Shape):
    """A record."""

    id: str
    day: date
    leader_name: str
    category: str
    category_name: str
    people: int
    decision: str
    case_number: str | None
    due_at: datetime | None


class ReceptionList(Shape):
    """Records of a time. ``parties`` (批次) and ``people`` (人次) are counted apart."""

    items: list[ReceptionShape]
    parties: int
    people: int
