"""The JSON of mediations, promises and judicial confirmations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from handoff_console.shapes import Day, Moment, Shape, Words
from handoff_console.shapes_crisis import ChoiceShape

Code = Annotated[Words, Field(max_length=32)]
AnswerCode = Literal["yes", "no", "later"]


class MediatorShape(Shape):
    """Somebody who may mediate the case."""

    id: str
    name: str
    room: str
    posts: list[str]


class SessionShape(Shape):
    """A meeting; ``index`` counts from 0. ``held`` is null until somebody wrote it down."""

    index: int
    at: datetime
    place: str
    online: bool
    apart: bool
    present: list[str]
    minutes: str
    held: bool | None


class AgreementShape(Shape):
    """What was agreed on paper or by word of mouth."""

    form: str
    form_name: str
    number: str
    effective_on: date
    file_id: str | None


class PromiseShape(Shape):
    """Who promised what until the end of which day, and whether it was kept."""

    id: str
    party: str
    party_name: str
    what: str
    due_on: date
    asked_at: datetime | None
    kept: bool | None
    answered_by: str | None
    escalated: bool
    overdue: bool


class ConfirmationShape(Shape):
    """The judicial confirmation: ``apply_by`` and ``court_by`` are the ends of the law's periods,
    ``days_left`` whole days until the one that runs."""

    stage: str
    stage_name: str
    liaison: str
    apply_by: date
    days_left: int | None
    court: str
    filed_on: date | None
    court_by: date | None
    late: bool
    number: str
    ruled_on: date | None
    file_id: str | None


class MediationShape(Shape):
    """One mediation. ``named`` is null until the resident was asked; anything but true means that
    the other side may not learn who complained."""

    id: str
    source: str
    source_name: str
    phase: str
    phase_name: str
    mediator_id: str | None
    mediator: str | None
    proposed_at: datetime
    proposed_by: str | None
    since_year: int | None
    long_running: bool
    resident: str | None
    resident_at: datetime | None
    named: bool | None
    other: str | None
    other_by: str | None
    other_at: datetime | None
    other_how: str | None
    started_at: datetime | None
    until: datetime | None
    ended_at: datetime | None
    reason_name: str | None
    sessions: list[SessionShape]
    agreement: AgreementShape | None
    promises: list[PromiseShape]
    confirmation: ConfirmationShape | None


class MediationPanel(Shape):
    """All of a case's mediations, the newest first, and what this officer may do. ``refused`` is
    why none may be proposed, in words; the lists name the codes that may be given."""

    items: list[MediationShape]
    may_propose: bool
    may_handle: bool
    refused: str | None
    mediators: list[MediatorShape]
    sources: list[ChoiceShape]
    how_asked: list[ChoiceShape]
    present: list[ChoiceShape]
    parties: list[ChoiceShape]
    no_agreement: list[ChoiceShape]
    stopped: list[ChoiceShape]


class ProposalBody(Shape):
    """Without ``mediator_id`` the best is suggested; ``since_year`` is when the trouble began."""

    source: Literal["court", "police", "petition", "procuracy", "proactive"]
    mediator_id: Code | None = None
    since_year: Annotated[int, Field(ge=1949, le=2100)] | None = None


class ResidentBody(Shape):
    """What the resident told an officer: wanted or not, and whether they may be named."""

    answer: AnswerCode | None = None
    named: bool | None = None


class OtherBody(Shape):
    """What the other side said, how and when an officer asked them."""

    answer: AnswerCode
    how: Code
    asked_at: Moment


class MediatorBody(Shape):
    """Who is to mediate."""

    mediator_id: Code


class SessionBody(Shape):
    """A meeting to come."""

    at: Moment
    place: Annotated[Words, Field(max_length=120)] = ""
    online: bool = False
    apart: bool = False


class MinutesBody(Shape):
    """What came of a meeting."""

    held: bool
    present: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    minutes: Annotated[Words, Field(max_length=4000)] = ""


class PromiseBody(Shape):
    """Who does what until the end of which day."""

    party: Literal["respondent", "resident", "third"]
    what: Annotated[Words, Field(min_length=1, max_length=300)]
    due_on: Day


class AgreementBody(Shape):
    """An agreement with its promises."""

    form: Literal["written", "oral"]
    number: Annotated[Words, Field(max_length=80)] = ""
    effective_on: Day
    file_id: Code | None = None
    promises: Annotated[tuple[PromiseBody, ...], Field(max_length=20)] = ()


class MediationEndBody(Shape):
    """How it ended without an agreement."""

    phase: Literal["no_agreement", "stopped"]
    reason: Code


class KeptBody(Shape):
    """Whether a promise was kept."""

    kept: bool


class FiledBody(Shape):
    """Both applied to this court on this day."""

    court: Annotated[Words, Field(min_length=1, max_length=80)]
    on: Day


class RulingBody(Shape):
    """The court's ruling."""

    stage: Literal["confirmed", "dismissed"]
    number: Annotated[Words, Field(min_length=1, max_length=80)]
    on: Day
    file_id: Code | None = None


class KeptFileShape(Shape):
    """A file that was kept with the case."""

    file_id: str


class MediationRow(Shape):
    """A mediation in a list; ``next_at`` is the next day on which somebody has to do something,
    ``next_what`` what; ``at_hour``: it is a meeting, and the hour counts."""

    id: str
    case_number: str
    title: str
    phase: str
    phase_name: str
    mediator: str | None
    next_at: datetime | None
    next_what: str
    at_hour: bool


class MediationList(Shape):
    """Mediations that are not settled, by their next day."""

    items: list[MediationRow]


class ShareShape(Shape):
    """``part`` of ``whole``; ``percent`` only where there are enough to say."""

    part: int
    whole: int
    percent: float | None


class SourceRates(Shape):
    """The rates of one source."""

    source: str
    source_name: str
    diverted: ShareShape
    success: ShareShape


class MediationRates(Shape):
    """Diverted of eligible, agreed of ended, by source, for what was proposed in these days."""

    since: date
    until: date
    enough: int
    items: list[SourceRates]
