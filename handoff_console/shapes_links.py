"""The JSON of codes on walls."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from casework.links import LinkKind, Standing
from handoff_console.shapes import Day, Shape, UnitShape, Words
from handoff_console.shapes_crisis import ChoiceShape


class LinkShape(Shape):
    """A code. ``opened`` is how often it was opened in the last thirty days, by nobody knows whom;
    ``web`` and ``telegram`` are where it leads."""

    id: str
    kind: LinkKind
    kind_name: str
    name: str
    respondent: str
    place: str
    unit: UnitShape
    made_at: datetime
    made_by: str | None
    valid_until: datetime | None
    revoked_at: datetime | None
    standing: Standing
    opened: int
    web: str
    telegram: str | None


class SheetShape(Shape):
    """The words beside a printed code."""

    heading: str
    steps: list[str]
    private: str
    human: str


class LinkList(Shape):
    """The codes of the officer's area, the newest first, and what a new one may hang at; ``more``
    when there are others."""

    items: list[LinkShape]
    more: bool
    kinds: list[ChoiceShape]
    sheet: SheetShape


class LinkBody(Shape):
    """A new code: at a place that is known (``place_id``), or in a unit and described in words."""

    kind: LinkKind
    name: Annotated[Words, Field(min_length=1, max_length=80)]
    respondent: Annotated[Words, Field(max_length=80)] = ""
    place: Annotated[Words, Field(max_length=120)] = ""
    place_id: Annotated[Words, Field(max_length=32)] | None = None
    unit_id: Annotated[Words, Field(max_length=32)] | None = None
    last_day: Day | None = None
