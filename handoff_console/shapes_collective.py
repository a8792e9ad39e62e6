"""The JSON of group cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from handoff_console.shapes import Day, Shape, Words

CollectiveState = Literal["none", "proposed", "active", "declined"]


class ProgressShape(Shape):
    """已办 x / n: of ``households`` known of ``done`` are done; ``reporters`` came to us."""

    households: int
    done: int
    reporters: int


class CollectiveRow(Shape):
    """A group case in the list."""

    number: str
    title: str
    unit_name: str
    state: CollectiveState
    at: datetime
    count: ProgressShape


class CollectiveList(Shape):
    """Group cases whose leading case this officer may see, the newest first."""

    items: list[CollectiveRow]


class SheetLineShape(Shape):
    """One line of the task sheet: what, who, by when, from which money; late when overdue."""

    id: str
    what: str
    who: str
    unit_id: str | None
    officer_id: str | None
    due_on: date | None
    money: str
    done_on: date | None
    late: bool


class HouseholdShape(Shape):
    """One case of the group. ``what`` was done is told to those who may open it."""

    number: str
    status_name: str
    done: bool
    done_on: date | None
    what: str
    may: bool


class CollectiveShape(Shape):
    """A case as a group. ``number`` is the leading case's. ``households`` are for named roles and
    is None for everybody else; ``untold`` is how many have still to hear the last summary."""

    number: str
    state: CollectiveState
    count: ProgressShape
    others: int
    others_done: int
    summary: str
    told: int
    untold: int
    items: list[SheetLineShape]
    households: list[HouseholdShape] | None
    may_make: bool
    may_keep: bool
    may_post: bool


class CaseBody(Shape):
    """Another case of the group."""

    number: Annotated[Words, Field(min_length=1, max_length=24)]


class DoneBody(Shape):
    """A household is done: on which day, and what was done; the household is told."""

    number: Annotated[Words, Field(min_length=1, max_length=24)]
    day: Day
    what: Annotated[Words, Field(max_length=200)]


class OthersBody(Shape):
    """Households known of that have not come to us, and how many of them are done."""

    others: Annotated[int, Field(ge=0, le=100_000)]
    others_done: Annotated[int, Field(ge=0, le=100_000)]


class PostBody(Shape):
    """What all reporters are told."""

    text: Annotated[Words, Field(max_length=1000)]


class SheetLineBody(Shape):
    """A line of the task sheet; with an id of a unit or officer the name may be left out."""

    what: Annotated[Words, Field(max_length=300)]
    who: Annotated[Words, Field(max_length=80)] = ""
    unit_id: Annotated[Words, Field(max_length=32)] | None = None
    officer_id: Annotated[Words, Field(max_length=32)] | None = None
    due_on: Day | None = None
    money: Annotated[Words, Field(max_length=200)] = ""


class DoneDayBody(Shape):
    """The day something was done; none: it is not done after all."""

    day: Day | None = None
