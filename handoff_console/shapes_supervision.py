"""The JSON of supervision slips and sponsors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from handoff_console.shapes import CaseRow, Day, OfficerShape, Shape, UnitShape, Words
from handoff_console.shapes_crisis import ChoiceShape

Level = Literal["none", "ordinary", "yellow", "red"]
HandLevel = Literal["ordinary", "red"]
Code = Annotated[Words, Field(min_length=1, max_length=32)]
SlipWords = Annotated[Words, Field(max_length=1000)]
Workdays = Annotated[int, Field(ge=1, le=250)] | None


class AnswerShape(Shape):
    """What the organisation said; ``accepted`` is null until it was judged."""

    text: str
    officer_name: str
    at: datetime
    accepted: bool | None


class SlipShape(Shape):
    """督办单. ``may_open``: this officer may open the case; ``late``: nobody answered in time."""

    id: str
    number: str
    case_number: str
    title: str
    may_open: bool
    org_id: str
    org_name: str
    level: HandLevel
    level_name: str
    reason: str
    reason_name: str
    action: str
    issued_by: str
    issued_at: datetime
    due_at: datetime
    state: Literal["asked", "answered", "closed"]
    late: bool
    answers: list[AnswerShape]
    reported_to: str | None
    reported_at: datetime | None
    closed_at: datetime | None
    may_answer: bool
    may_judge: bool


class SlipList(Shape):
    """Slips this officer may see; ``mine`` counts those their own unit has to answer."""

    items: list[SlipShape]
    mine: int


class SponsorShape(Shape):
    """Who answers for the case, by name or (``unit_name``) for the area it lies in."""

    id: str
    officer_id: str
    officer_name: str
    unit_name: str | None
    since: datetime
    last_entry_at: datetime | None
    mine: bool


class DutyEntryShape(Shape):
    """One line of the log."""

    duty: str
    duty_name: str
    day: date
    note: str
    officer_name: str
    at: datetime


class PanelShape(Shape):
    """Supervision of one case: how it is watched, its slips, its sponsors and their log; and what
    this officer may do. ``orgs`` may be asked by slip, ``leaders`` may be named."""

    number: str
    level: Level
    level_name: str
    backlog: bool
    slips: list[SlipShape]
    sponsors: list[SponsorShape]
    entries: list[DutyEntryShape]
    may_watch: bool
    may_name: bool
    may_enter: bool
    reasons: list[ChoiceShape]
    duties: list[ChoiceShape]
    orgs: list[UnitShape]
    leaders: list[OfficerShape]
    workdays: dict[HandLevel, int]


class SupervisedList(Shape):
    """Supervised cases that are not closed: red, then yellow, then ordinary."""

    items: list[CaseRow]


class AreaShape(Shape):
    """A leader answers for an area."""

    id: str
    unit: UnitShape
    officer_id: str
    officer_name: str
    since: datetime


class ListedShape(Shape):
    """A case on the officer's list. ``silent_days`` without an entry; ``silent``: too many."""

    case: CaseRow
    listed_at: datetime
    through_area: bool
    last_entry_at: datetime | None
    silent_days: int
    silent: bool


class SponsoredShape(Shape):
    """What this officer answers for, and (for who names sponsors) who answers for which area."""

    areas: list[AreaShape]
    cases: list[ListedShape]
    around: list[AreaShape]
    may_name: bool


class LevelBody(Shape):
    """How closely a case is watched from now on, and why."""

    level: HandLevel
    reason: Code


class SlipBody(Shape):
    """What is asked of which organisation, why, and in how many workdays (none: as configured)."""

    org_id: Code
    reason: Code
    action: SlipWords
    level: HandLevel = "ordinary"
    workdays: Workdays = None


class AnswerBody(Shape):
    """The organisation's answer."""

    text: SlipWords


class AgainBody(Shape):
    """What is asked once more."""

    action: SlipWords
    workdays: Workdays = None


class SponsorBody(Shape):
    """Who answers, for an area or for a case: one of the two."""

    officer_id: Code
    unit_id: Code | None = None
    number: Annotated[Words, Field(min_length=1, max_length=24)] | None = None


class EntryBody(Shape):
    """What a sponsor did, on which day."""

    duty: Code
    day: Day
    note: Annotated[Words, Field(max_length=500)] = ""
