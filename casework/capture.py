"""随手报: what an officer registers on the street, or for somebody who came, wrote or called 12345.

The same register, routing and deadlines as for a resident's own words (civic mechanisms S1-12,
S2-13): only where it came from differs. What is known about the resident is optional and kept only
with a note of how they agreed; on patrol there is no resident at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from casework.case import SlotValue, Source
from casework.errors import Incomplete, NotAllowed
from casework.geometry import Point
from casework.intake import KIND, Form
from casework.organisation import Officer, Role
from casework.turn import Media

SOURCES = (Source.PATROL, Source.VISIT, Source.WALK_IN, Source.LETTER, Source.HOTLINE)
"""In the order they are offered."""

FACE_TO_FACE = frozenset({Source.PATROL, Source.VISIT, Source.WALK_IN})
"""Nobody is still waiting to be spoken to: the officer stands there."""

READERS = frozenset({Role.AUDITOR, Role.VOLUNTEER})
"""Who may not register anything."""

TEXT_LENGTH, PLACE_LENGTH, NAME_LENGTH, NUMBER_LENGTH = 500, 80, 40, 40
MOST_FILES = 6
SUBJECT_LENGTH = 30  # characters of a title behind the name of the category


class Consent(StrEnum):
    """How the resident agreed that their name and number are kept (个人信息保护法§13, §14)."""

    SPOKEN = "spoken"
    SIGNED = "signed"
    WRITTEN = "written"
    PASSED_ON = "passed_on"


ASSUMED = {Source.LETTER: Consent.WRITTEN, Source.HOTLINE: Consent.PASSED_ON}
"""Who wrote their name into a letter, or told it to 12345, gave it themselves."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What the officer hands in. ``client_id`` is the page's own id of it: the same again is the
    same case. ``unit_id`` is the grid the officer said it lies in; without it, ``point`` and
    ``place`` tell. ``outside_number`` is the number 12345 or the letter register gave it."""

    client_id: str
    source: Source
    category: str
    text: str
    kind: str | None = None
    place: str = ""
    unit_id: str | None = None
    point: Point | None = None
    media: tuple[Media, ...] = ()
    name: str = ""
    phone: str = ""
    consent: Consent | None = None
    outside_number: str = ""


@dataclass(frozen=True, slots=True)
class Captured:
    """What is kept beside the case: who registered it under which id, and when."""

    officer_id: str
    client_id: str
    case_number: str
    at: datetime
    consent: Consent | None = None
    outside_number: str | None = None


def may_capture(officer: Officer) -> bool:
    """Whether this officer may register anything."""
    return officer.active and officer.role not in READERS


def require(given: Capture, officer: Officer) -> None:
    """Raise NotAllowed or Incomplete for what cannot be registered.

    On patrol nobody is named; elsewhere a name or number needs a note of how they agreed.
    """
    if not may_capture(officer):
        raise NotAllowed
    if given.source not in SOURCES:
        raise Incomplete("source")
    if not given.text.strip():
        raise Incomplete("text")
    if not (given.place.strip() or given.unit_id or given.point):
        raise Incomplete("place")
    if given.source is Source.HOTLINE and not given.outside_number.strip():
        raise Incomplete("outside_number")
    if named(given) and consent_of(given) is None:
        raise Incomplete("consent")


def named(given: Capture) -> bool:
    """Whether a resident is named, by name or number."""
    return given.source is not Source.PATROL and bool(given.name.strip() or given.phone.strip())


def consent_of(given: Capture) -> Consent | None:
    """How the named resident agreed; None where nobody is named."""
    return (given.consent or ASSUMED.get(given.source)) if named(given) else None


def slots_of(given: Capture, turn_id: str) -> dict[str, SlotValue]:
    """The complaint as slots; all of them come from the one line the officer wrote."""
    text = given.text.strip()
    found = {"issue": SlotValue(text, text, turn_id, 0, len(text))}
    if given.kind:
        found[KIND] = SlotValue(given.kind, "", turn_id)
    if given.place.strip():
        found["place"] = SlotValue(given.place.strip(), "", turn_id)
    if given.point is not None:
        found["location"] = SlotValue(list(given.point), "", turn_id)
    if given.media:
        found["evidence"] = SlotValue([media.id for media in given.media], "", turn_id)
    if named(given):
        about = {"name": given.name.strip(), "phone": given.phone.strip()}
        found |= {name: SlotValue(value, "", turn_id) for name, value in about.items() if value}
    return found


def title(given: Capture, form: Form) -> str:
    """What lists call it: the kind or category, and where. Never the words, which may name
    somebody."""
    subject = given.place.strip()[:SUBJECT_LENGTH]
    called = form.kind_name or form.name
    return f"{called} · {subject}" if subject else called


class Captures(Protocol):
    """What officers registered."""

    def add(self, captured: Captured) -> None: ...

    def find(self, officer_id: str, client_id: str) -> Captured | None:
        """What this officer's page sent under this id."""
        ...

    def of_case(self, number: str) -> Captured | None: ...

    def of_outside(self, outside_number: str) -> list[Captured]:
        """What came under this number of another office, oldest first."""
        ...

    def forget(self, number: str) -> None:
        """Take away what leads from the case to the resident elsewhere."""
        ...
