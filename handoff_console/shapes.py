"""The JSON of the console, as OpenAPI describes it and the page reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from storage.types import keepable

CrisisLevel = Literal["none", "R1", "R2", "R3"]
Language = Literal["zh", "zh-Hant", "en"]


Words = Annotated[str, AfterValidator(keepable)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
"""A day that is sent to us. Nothing here is of another century; reckoning with it has room."""
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
"""A moment that is sent to us, with its zone: without one it would be a guess."""
Epoch = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Shape(BaseModel):
    """A piece of JSON."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True)


class UnitShape(Shape):
    """An area of responsibility."""

    id: str
    name: str
    kind: str


class OfficerShape(Shape):
    """An officer; never with anything secret."""

    id: str
    username: str
    name: str
    role: str
    unit: UnitShape | None


class HolderShape(Shape):
    """Who may speak to the resident now."""

    kind: Literal["bot", "queue", "officer"]
    officer_id: str | None
    name: str | None


class ConversationRow(Shape):
    """A conversation as lists show it."""

    id: str
    channel: str
    title: str
    preview: str
    holder: HolderShape
    epoch: int
    category: str | None
    category_name: str | None
    crisis: CrisisLevel
    urgent: bool
    waiting_since: datetime | None
    last_at: datetime
    last_seq: int
    unread: int
    unheard: int
    language: Language
    case_numbers: list[str]


class Counts(Shape):
    """How many conversations each view holds."""

    queue: int
    mine: int
    all: int


class ConversationPage(Shape):
    """One page of a view; ``next`` is the cursor of the page behind it."""

    items: list[ConversationRow]
    next: str | None
    counts: Counts


class ButtonShape(Shape):
    """A quick reply."""

    title: str
    payload: str


class MediaShape(Shape):
    """A kept file."""

    id: str
    kind: Literal["photo", "voice", "video", "file"]
    name: str
    mime: str
    size: int
    url: str


class TurnShape(Shape):
    """One line of a conversation."""

    id: str
    seq: int
    speaker: Literal["resident", "bot", "officer"] = Field(alias="from")
    officer_name: str | None
    text: str
    buttons: list[ButtonShape]
    media: list[MediaShape]
    location: tuple[float, float] | None
    edited: bool
    transcript: str | None
    at: datetime
    delivery: Literal["pending", "sent", "failed"] | None
    delivery_error: str | None


class SlotShape(Shape):
    """One thing known or wanted, with the words it came from."""

    name: str
    label: str
    required: bool
    value: Any
    display: str
    text: str | None
    turn_id: str | None
    start: int | None
    end: int | None
    private: bool


class IdentityShape(Shape):
    """How the resident wants to appear. ``notice`` is what that asks of whoever reads it."""

    mode: Literal["real", "confidential", "anonymous"]
    name: str
    notice: str | None


class ConsentShape(Shape):
    """The version of the notice the resident was told last; ``sensitive``: agreed to apart."""

    version: str
    at: datetime | None
    sensitive: bool


class DossierShape(Shape):
    """What is known of a complaint."""

    category: str | None
    category_name: str | None
    secondary: str | None
    status: Literal["empty", "collecting", "complete", "filed"]
    slots: list[SlotShape]
    missing: list[str]
    handoff_reason: str | None
    identity: IdentityShape
    consent: ConsentShape | None


class PresenceShape(Shape):
    """Who else is here."""

    officer_id: str
    name: str
    activity: Literal["viewing", "typing"]


class NoteShape(Shape):
    """An internal remark."""

    id: str
    officer_name: str
    text: str
    at: datetime


class OwnerShape(Shape):
    """Who answers for a case."""

    officer_id: str
    name: str
    unit_name: str


class CaseRow(Shape):
    """A case as lists show it."""

    number: str
    category: str
    category_name: str
    status: str
    status_name: str
    version: int
    title: str
    urgent: bool
    owner: OwnerShape
    due_at: datetime | None
    next_at: datetime | None
    supervision: str
    source: str
    opened_at: datetime
    conversation_id: str
    rating: int | None
    placed: bool
    restricted: bool


class ConversationDetail(Shape):
    """A conversation with everything beside it; the newest turns when there are many."""

    conversation: ConversationRow
    turns: list[TurnShape]
    dossier: DossierShape
    cases: list[CaseRow]
    notes: list[NoteShape]
    present: list[PresenceShape]


class CasePage(Shape):
    """One page of cases; ``unplaced`` is how many open ones wait for their grid."""

    items: list[CaseRow]
    next: str | None
    unplaced: int


class ActorShape(Shape):
    """Who did it."""

    kind: Literal["resident", "bot", "officer", "system"]
    name: str


class EventShape(Shape):
    """A past-tense fact. ``data`` holds ids and numbers; ``turn`` is there for a new line."""

    seq: int
    kind: str
    at: datetime
    actor: ActorShape
    summary: str
    conversation_id: str | None
    case_number: str | None
    data: dict[str, Any]


class PlacingShape(Shape):
    """Whether the grid is known, why not, what the resident said, and whether this officer may
    say which it is."""

    placed: bool
    why: str | None
    text: str
    location: tuple[float, float] | None
    may: bool


class TieShape(Shape):
    """Another case; ``may`` tells whether this officer may open it."""

    number: str
    status_name: str
    may: bool


class TiesShape(Shape):
    """The same issue of other residents, and other matters of this one.

    ``leading`` is the case this one follows. ``residents`` counts those whose case follows this
    one and who are told what is done with it; ``joined`` are the cases of theirs that this
    officer may open.
    """

    leading: TieShape | None
    residents: int
    joined: list[TieShape]
    linked: list[TieShape]


class GroupShape(Shape):
    """A bound residents' group."""

    id: str
    title: str
    chat: str
    bound_at: datetime


class SectionShape(Shape):
    """A part of a digest."""

    key: str
    title: str
    lines: list[str]


class DigestShape(Shape):
    """What a group's admins would get now."""

    text: str
    sections: list[SectionShape]
