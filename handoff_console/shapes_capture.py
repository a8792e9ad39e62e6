"""The JSON of 随手报."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from casework.capture import (
    NAME_LENGTH,
    NUMBER_LENGTH,
    PLACE_LENGTH,
    TEXT_LENGTH,
    Consent,
)
from casework.case import Source
from handoff_console.shapes import OwnerShape, Shape, UnitShape, Words
from handoff_console.shapes_crisis import ChoiceShape

Lat = Annotated[float, Field(ge=-90, le=90)]
Lng = Annotated[float, Field(ge=-180, le=180)]


class CommonShape(Shape):
    """A big button, and the lines that are mostly said of it."""

    title: str
    category: str
    kind: str | None
    lines: list[str]


class MatterShape(Shape):
    """A category or a kind of one, and the words it is found by."""

    category: str
    kind: str | None
    name: str
    words: list[str]


class CaptureForm(Shape):
    """What the page offers, and how much it may send."""

    sources: list[ChoiceShape]
    consents: list[ChoiceShape]
    common: list[CommonShape]
    matters: list[MatterShape]
    most_files: int
    max_file_bytes: int
    text_length: int


class NearPlaceShape(Shape):
    """A place to choose, with the grid it lies in."""

    id: str
    name: str
    unit_id: str
    unit_name: str
    metres: int | None


class WhereShape(Shape):
    """Where a phone is: its grid, if one is certain, and the places around it."""

    unit: UnitShape | None
    near: list[NearPlaceShape]


class PlacesShape(Shape):
    """Places by name."""

    items: list[NearPlaceShape]


class CaptureBody(Shape):
    """What the officer registers; photos come beside it."""

    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    source: Source
    category: Annotated[str, Field(max_length=32)]
    kind: Annotated[str, Field(max_length=32)] | None = None
    text: Annotated[Words, Field(max_length=TEXT_LENGTH)]
    place: Annotated[Words, Field(max_length=PLACE_LENGTH)] = ""
    unit_id: Annotated[Words, Field(max_length=32)] | None = None
    lat: Lat | None = None
    lng: Lng | None = None
    name: Annotated[Words, Field(max_length=NAME_LENGTH)] = ""
    phone: Annotated[Words, Field(max_length=NAME_LENGTH)] = ""
    consent: Consent | None = None
    outside_number: Annotated[Words, Field(max_length=NUMBER_LENGTH)] = ""


class CapturedShape(Shape):
    """The case that came of it. ``may_open``: this officer may see it; it may lie elsewhere.

    ``before`` are cases registered earlier under the same number of 12345.
    """

    number: str
    title: str
    owner: OwnerShape
    unit_name: str
    placed: bool
    due_at: datetime | None
    may_open: bool
    before: list[str]


class OriginShape(Shape):
    """How a case came to us. ``by``, ``at``, ``consent_name`` and ``outside_number`` only where an
    officer registered it; then there is no chat (``no_chat``), and whoever has it calls.
    ``sweep``: 同类排查 may be asked for."""

    source: Source
    source_name: str | None
    by: str | None = None
    at: datetime | None = None
    consent_name: str | None = None
    outside_number: str | None = None
    no_chat: bool = False
    sweep: bool = False
