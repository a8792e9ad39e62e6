"""Mediation: who was asked, what each said, when they met and how it ended. Pure.

Nobody is made to mediate, and saying no costs nothing (人民调解法§17); it is free (§4). The other
side never learns who complained unless the resident agreed to be named: that is asked apart,
because mediation means that both sides meet. Where there is danger, violence at home or a crime
there is nothing to mediate (domain reference §3.8, §4.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from casework.case import CLOSED, Case, Status
from casework.case import Source as CameFrom
from casework.errors import Incomplete, NotAllowed


class Source(StrEnum):
    """How it came to mediation: 诉调, 警调, 访调, 检调, 主动, 申请 (mechanism S1-4)."""

    COURT = "court"
    POLICE = "police"
    PETITION = "petition"
    PROCURACY = "procuracy"
    PROACTIVE = "proactive"
    APPLICATION = "application"


class Answer(StrEnum):
    """What somebody says to mediation; who thinks it over is not asked again."""

    YES = "yes"
    NO = "no"
    LATER = "later"


class Phase(StrEnum):
    """Where a mediation stands. READY: both agreed, and the case cannot be moved yet."""

    ASKING = "asking"
    READY = "ready"
    UNDER_WAY = "under_way"
    AGREED = "agreed"
    NO_AGREEMENT = "no_agreement"
    STOPPED = "stopped"
    DECLINED = "declined"


LIVE = frozenset({Phase.ASKING, Phase.READY, Phase.UNDER_WAY})
ENDED = frozenset({Phase.AGREED, Phase.NO_AGREEMENT, Phase.STOPPED})
"""Begun and over; one that was declined never began."""

HOW_ASKED = ("visit", "phone", "message", "letter")
REASONS: Mapping[Phase, tuple[str, ...]] = {
    Phase.NO_AGREEMENT: ("too_far_apart", "facts_disputed", "no_show", "time_over"),
    Phase.STOPPED: ("resident_withdrew", "other_withdrew", "danger", "crime", "court", "moved_on"),
}
"""Why it ended without an agreement."""
_FOR_GOOD = frozenset({"danger", "crime"})  # after these nobody proposes another
FORMS = ("written", "oral")


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting. ``apart``: the mediator speaks with each side alone (背对背), so that nobody
    learns who the other is. ``present`` are codes, ``minutes`` the mediator's words."""

    at: datetime
    place: str = ""
    online: bool = False
    apart: bool = False
    present: tuple[str, ...] = ()
    minutes: str = ""
    held: bool | None = None
    reminded: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both signed or said. It takes effect on ``effective_on``: a written one when it is
    signed, an oral one when both have agreed (人民调解法§29, §30)."""

    form: str
    effective_on: date
    number: str = ""
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mediation:
    """A mediation of one case, from its being proposed.

    ``proposed_by`` is None when the resident asked for it. ``resident`` and ``other`` are what the
    two sides said; ``other_by`` asked the other side at ``other_at``, ``other_how``. ``named`` is
    whether the other side may know who complained: not until they said so. ``since_year`` is when
    the trouble began. ``until`` ends the month it should take. ``asked_seq`` is the line in which
    the resident was last asked something about it.
    """

    id: str
    case_number: str
    conversation_id: str
    source: Source
    proposed_at: datetime
    proposed_by: str | None = None
    mediator_id: str | None = None
    since_year: int | None = None
    phase: Phase = Phase.ASKING
    resident: Answer | None = None
    resident_at: datetime | None = None
    named: bool | None = None
    named_at: datetime | None = None
    other: Answer | None = None
    other_by: str | None = None
    other_at: datetime | None = None
    other_how: str | None = None
    started_at: datetime | None = None
    until: datetime | None = None
    sessions: tuple[Session, ...] = ()
    reason: str | None = None
    agreement: Agreement | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    asked_seq: int = 0

    @property
    def question(self) -> str | None:
        """What the resident is being asked: ``wanted``, ``named`` or nothing."""
        if self.phase is not Phase.ASKING:
            return "named" if self.phase in LIVE and self.named is None else None
        if self.resident is not Answer.YES:
            return "wanted"
        return "named" if self.named is None else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A city's mediation. ``never`` are categories, or ``category.kind``, that are not mediated;
    ``never_from`` how a case came in of which nobody complained, so that nobody can be asked.

    ``specialties`` maps a category to the post of the mediators for it; ``chief`` is the post of
    whoever gets what is older than ``long_years``. ``answers`` are the values of the ``slot`` in
    which a complaint says whether mediation is wanted.
    """

    specialties: Mapping[str, str] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    never_from: frozenset[CameFrom] = frozenset()
    chief: str = "chief_mediator"
    liaison: str = "confirmation_liaison"
    long_years: int = 3
    lasts: timedelta = timedelta(days=30)
    slot: str = "mediation_ok"
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def told_before(self, case: Case) -> Answer | None:
        """What the resident answered when the complaint was taken; a yes or a no only."""
        held = case.slots.get(self.slot)
        return self.answers.get(str(held.value)) if held is not None else None


class Excluded(NotAllowed):
    """This matter is not mediated: danger, violence, a crime, a restricted complaint, or nobody to
    come to terms with."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class NotNow(NotAllowed):
    """A mediation, a promise or a confirmation does not stand where this is done: somebody else
    was first, or something comes before. ``why`` is ``settled``, ``unasked`` (the resident has not
    said yes), ``unnamed`` (nor that they may be named) or ``elsewhere`` (who mediates)."""

    def __init__(self, why: str = "settled") -> None:
        super().__init__(why)
        self.why = why


class AlreadyAnswered(NotAllowed):
    """The resident said no to mediation; they are not asked again."""


def excluded(case: Case, rule: Rule, *, danger: bool = False) -> str | None:
    """Why this case is not mediated: ``danger``, ``restricted``, ``kind`` or ``nobody`` (who
    complained); None when it may be.

    ``danger``: people are being called about this resident now.
    """
    if danger or case.crisis in {"R2", "R3"}:
        return "danger"
    if case.restricted:
        return "restricted"
    kind = f"{case.category}.{case.kind}" if case.kind else case.category
    if rule.never & {case.category, kind}:
        return "kind"
    return "nobody" if case.source in rule.never_from else None


def may_propose(
    case: Case, known: Sequence[Mediation], rule: Rule, *, by_resident: bool, danger: bool = False
) -> None:
    """Raise unless a mediation may be proposed for this case now.

    Excluded; AlreadyAnswered when the resident said no, unless it is they who ask now; NotNow
    while one is under way or when the case is over.
    """
    stopped = next((each.reason for each in known if each.reason in _FOR_GOOD), None)
    why = excluded(case, rule, danger=danger) or stopped
    if why is not None:
        raise Excluded(why)
    if case.status in CLOSED or case.status is Status.DRAFT or any(m.phase in LIVE for m in known):
        raise NotNow
    if not by_resident and any(refused_by_resident(each) for each in known):
        raise AlreadyAnswered


def refused_by_resident(mediation: Mediation) -> bool:
    """Whether the resident wanted none, or no more of it."""
    return mediation.resident is Answer.NO or mediation.reason == "resident_withdrew"


def long_running(mediation: Mediation, rule: Rule, now: datetime) -> bool:
    """Whether the trouble is so old that the chief mediator gets it (mechanism S1-10)."""
    return mediation.since_year is not None and now.year - mediation.since_year >= rule.long_years


def resident_answers(mediation: Mediation, answer: Answer, now: datetime) -> Mediation:
    """The resident's answer, which may change as long as it has not begun.

    A no ends the proposal and nothing else. Raises NotNow when it is over or has begun.
    """
    if mediation.phase not in {Phase.ASKING, Phase.READY}:
        raise NotNow
    changed = replace(mediation, resident=answer, resident_at=now)
    if answer is Answer.NO:
        return replace(changed, phase=Phase.DECLINED, ended_at=now)
    return _settled(changed)


def resident_names(mediation: Mediation, named: bool, now: datetime) -> Mediation:
    """Whether the other side may know who it is. Raises NotNow when it is over.

    Once the other side was told, taking it back makes nobody forget: it counts from now on.
    """
    if mediation.phase not in LIVE:
        raise NotNow
    return replace(mediation, named=named, named_at=now)


def other_answers(
    mediation: Mediation, answer: Answer, how: str, officer_id: str, asked_at: datetime
) -> Mediation:
    """What the other side said, who asked them, how and when.

    Raises NotNow before the resident has said yes: the other side is not pressed first; and
    Incomplete for an unknown way of asking.
    """
    if mediation.phase not in {Phase.ASKING, Phase.READY} or mediation.resident is not Answer.YES:
        raise NotNow("unasked")
    if how not in HOW_ASKED:
        raise Incomplete("how")
    changed = replace(
        mediation, other=answer, other_by=officer_id, other_at=asked_at, other_how=how
    )
    if answer is Answer.NO:
        return replace(changed, phase=Phase.DECLINED, ended_at=asked_at)
    return _settled(changed)


def _settled(mediation: Mediation) -> Mediation:
    both = mediation.resident is Answer.YES and mediation.other is Answer.YES
    return replace(mediation, phase=Phase.READY if both else Phase.ASKING)


def started(mediation: Mediation, rule: Rule, now: datetime) -> Mediation:
    """It begins. Raises NotNow unless both have agreed, Incomplete without a mediator."""
    if mediation.phase is not Phase.READY:
        raise NotNow
    if mediation.mediator_id is None:
        raise Incomplete("mediator_id")
    return replace(mediation, phase=Phase.UNDER_WAY, started_at=now, until=now + rule.lasts)


def agreed(mediation: Mediation, agreement: Agreement, by: str, now: datetime) -> Mediation:
    """Both agreed. Raises NotNow unless it is under way, Incomplete naming what is wrong."""
    if agreement.form not in FORMS:
        raise Incomplete("form")
    if agreement.form == "written" and not agreement.number.strip():
        raise Incomplete("number")
    return replace(_over(mediation, Phase.AGREED, by, now), agreement=agreement)


def ended(
    mediation: Mediation, phase: Phase, reason: str, by: str | None, now: datetime
) -> Mediation:
    """No agreement, or stopped. Raises NotNow unless it is under way, Incomplete("reason")."""
    if reason not in REASONS.get(phase, ()):
        raise Incomplete("reason")
    return replace(_over(mediation, phase, by, now), reason=reason)


def _over(mediation: Mediation, phase: Phase, by: str | None, now: datetime) -> Mediation:
    if mediation.phase is not Phase.UNDER_WAY:
        raise NotNow
    return replace(mediation, phase=phase, ended_at=now, ended_by=by)


class Mediations(Protocol):
    """Mediations of all cases."""

    def add(self, mediation: Mediation) -> None: ...

    def save(self, mediation: Mediation) -> None: ...

    def get(self, mediation_id: str, *, lock: bool = False) -> Mediation:
        """Raises NotFound."""
        ...

    def of_case(self, number: str, *, lock: bool = False) -> list[Mediation]:
        """The case's mediations, the newest first."""
        ...

    def open_questions(self, conversation_id: str) -> list[Mediation]:
        """Those of a resident's cases that are not over, the newest first."""
        ...

    def load(self, officer_ids: Iterable[str]) -> dict[str, int]:
        """How many mediations that are not over each of these mediators has."""
        ...

    def of_mediator(self, officer_id: str) -> list[str]:
        """Ids of those of this mediator that are not over."""
        ...

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of mediations whose next moment has come, the earliest first."""
        ...

    def forget(self, case_number: str) -> None:
        """Take away the words of a case's mediations and promises; what was counted stays."""
        ...
