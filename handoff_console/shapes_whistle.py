"""The JSON of 吹哨报到. A department's shapes hold nothing of the case behind the notice."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from casework.desk.whistle import NAME_LENGTH
from casework.whistle import MATTER_LENGTH, OPINION_LENGTH, PLACE_LENGTH, Outcome, Stand
from handoff_console.shapes import Moment, Shape, Words

Key = Annotated[Words, Field(min_length=1, max_length=32)]
Name = Annotated[Words, Field(max_length=NAME_LENGTH)]
Opinion = Annotated[Words, Field(max_length=OPINION_LENGTH)]


class NameShape(Shape):
    """Something that has a name."""

    id: str
    name: str


class NoticeBody(Shape):
    """What is signed. ``version``: refuse when the case has changed since."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    departments: Annotated[list[Key], Field(max_length=60)]
    place: Annotated[Words, Field(max_length=PLACE_LENGTH)]
    matter: Annotated[Words, Field(max_length=MATTER_LENGTH)]
    arrive_by: Moment
    helpers: Annotated[list[Key], Field(default_factory=list, max_length=20)]


class HandBody(Shape):
    """Who does it for the department; the caller unless somebody else is named."""

    name: Name = ""


class CheckInBody(HandBody):
    """报到; where the telephone is only tells how far from the place."""

    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None


class OpinionBody(HandBody):
    """处理意见."""

    opinion: Opinion


class RefusalBody(HandBody):
    """Why a department cannot come, and what it does instead."""

    reason: Opinion
    instead: Opinion


class EndBody(Shape):
    """How it ended; the words are told to the resident."""

    outcome: Outcome
    result: Annotated[Words, Field(max_length=1000)]


class MarkShape(Shape):
    """Who, and when."""

    name: str
    at: datetime


class DepartmentCallShape(Shape):
    """A department's part. ``near`` is whether the check-in was made at the place, None where
    nobody can tell; ``late`` whether it came after the moment."""

    unit: NameShape
    stand: Stand
    acknowledged: MarkShape | None
    arrived: MarkShape | None
    near: bool | None
    distance: int | None
    late: bool
    answered: MarkShape | None
    opinion: str
    declined: MarkShape | None
    reason: str
    instead: str
    reminded_at: datetime | None
    reported_at: datetime | None


class WhistleShape(Shape):
    """A notice as whoever works on the case sees it. ``may_act``: write down what a department
    did; ``may_end``: nothing more is waited for."""

    id: str
    number: str
    unit: NameShape
    signer: str
    signed_at: datetime
    arrive_by: datetime
    place: str
    matter: str
    helpers: list[str]
    calls: list[DepartmentCallShape]
    ended_at: datetime | None
    outcome: Outcome | None
    result: str
    may_act: bool
    may_end: bool


class DraftShape(Shape):
    """What a new notice begins with; nothing in it names the resident."""

    place: str
    matter: str
    earliest: datetime
    latest: datetime
    departments: list[NameShape]
    helpers: list[NameShape]


class CaseWhistles(Shape):
    """The notices of a case, the newest first; ``draft`` where this officer may sign one now."""

    items: list[WhistleShape]
    draft: DraftShape | None


class OtherShape(Shape):
    """Another department that is called too, and whether it comes."""

    name: str
    stand: Stand


class CalledShape(Shape):
    """A notice as a called department sees it; ``contact`` is the signer's telephone at work."""

    id: str
    number: str
    unit: NameShape
    signer: str
    contact: str
    signed_at: datetime
    arrive_by: datetime
    place: str
    matter: str
    mine: list[DepartmentCallShape]
    others: list[OtherShape]
    ended_at: datetime | None


class CalledList(Shape):
    """What calls the caller's department: open ones first, the earliest to come on top.
    ``department``: whether the caller can be called at all."""

    items: list[CalledShape]
    department: bool
    me: str


class CalledFigures(Shape):
    """How a department answered. ``rate`` is on time of those asked and not excused, in percent;
    None where there are too few to say (样本不足)."""

    unit: NameShape
    asked: int
    on_time: int
    late: int
    excused: int
    no_show: int
    rate: int | None


class CallingFigures(Shape):
    """How a unit called: how many, how they ended, and in percent how many with a result."""

    unit: NameShape
    signed: int
    open: int
    ended: dict[Outcome, int]
    rate: int | None


class WhistleFigures(Shape):
    """Both sides, by name: organisations, never persons, and no order of merit."""

    since: datetime
    least: int
    called: list[CalledFigures]
    calling: list[CallingFigures]
