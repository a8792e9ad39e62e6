"""The evening digest: what belongs in whose, in which order, and when the next one is due.

A digest is for people who did not hear the residents: it counts, it names categories and places
at estate level, and it never names a resident, repeats their words or ranks anybody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.case import OPEN, Status
from casework.digest_facts import CaseFact, Facts, Happened, TalkFact
from casework.digest_parts import (
    Danger,
    Digest,
    Due,
    NamedCase,
    New,
    Outcome,
    SameIssue,
    Shared,
    State,
    Waiting,
)
from casework.events import Kind
from casework.organisation import Organisation

LOCAL = ZoneInfo("Asia/Shanghai")
WINDOW = timedelta(days=1)  # what "today" reaches back to, before the moment it was due
HISTORY = timedelta(days=30)  # same issues and ratings are looked for this far back
FEWEST_RESIDENTS = 3  # an issue fewer residents have is not shown as one
FEWEST_RATINGS = 10  # an average of fewer says nothing
MOST_NAMED = 3  # cases, or issues, named one by one
MOST_CATEGORIES = 5
SERIOUS = frozenset({"R2", "R3"})


def next_due(after: datetime, at: time, zone: ZoneInfo = LOCAL) -> datetime:
    """The first moment later than ``after`` at which the local clock shows ``at``."""
    day = after.astimezone(zone).date()
    due = datetime.combine(day, at, tzinfo=zone)
    if due <= after:
        due = datetime.combine(day + timedelta(days=1), at, tzinfo=zone)
    return due


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city decides. ``door`` finds where a place name stops naming an estate and starts
    naming a door; ``restricted`` are categories counted but never shown by name or place."""

    door: re.Pattern[str]
    restricted: frozenset[str] = frozenset()
    other: str = "other"


def compose(facts: Facts, organisation: Organisation, unit_id: str | None, rules: Rules) -> Digest:
    """The digest for a unit and everything below it; None covers all."""
    area = _Area(organisation, unit_id, rules, facts.now)
    cases = [case for case in facts.cases if area.has(case.unit_id) and area.counts(case)]
    talks = [
        t for t in facts.talks if (t.unit_id is None or area.has(t.unit_id)) and area.counts(t)
    ]
    happened = [each for each in facts.happened if area.has(each.unit_id) and area.counts(each)]
    # Of all areas: a conversation may have gone on to another one since.
    guarded = {t.conversation_id for t in facts.talks if t.crisis in SERIOUS}
    hidden = {
        case.number
        for case in cases
        if case.restricted
        or case.crisis in SERIOUS
        or case.conversation_id in guarded
        or case.category in rules.restricted
    }
    danger = _danger(cases, talks, hidden, area)
    named = {each.number for each in danger.first} if danger else set()
    parts = (
        danger,
        _due(cases, hidden | named, area),
        _waiting(talks, facts.now),
        _new([case for case in cases if case.filed_at >= facts.since], hidden, rules),
        _shared([case for case in cases if case.number not in hidden], area),
        _outcome(cases, happened, facts.now),
    )
    unit = organisation.units.get(unit_id or "")
    return Digest(
        day=facts.now.astimezone(LOCAL).date(),
        unit=unit.name if unit else None,
        parts=tuple(part for part in parts if part is not None),
    )


@dataclass(frozen=True, slots=True)
class _Area:
    organisation: Organisation
    unit_id: str | None
    rules: Rules
    now: datetime

    @property
    def tonight(self) -> datetime:
        """The end of the local day."""
        return next_due(self.now, time(0))

    def has(self, unit_id: str) -> bool:
        if self.unit_id is None:
            return True
        return any(unit.id == self.unit_id for unit in self.organisation.chain(unit_id))

    def counts(self, fact: CaseFact | TalkFact | Happened) -> bool:
        """Whether it may be counted here: restricted ones never below the street (§6.5 no. 11)."""
        if not fact.restricted or self.unit_id is None:
            return True
        unit = self.organisation.units.get(self.unit_id)
        return unit is not None and unit.kind in {"county", "street"}

    def place(self, case: CaseFact) -> str:
        """The estate, else the community, else the lowest unit known."""
        named = estate(case.place, self.rules.door)
        if named is not None:
            return named
        chain = list(self.organisation.chain(case.unit_id))
        above = [unit for unit in chain if unit.kind != "grid"] or chain
        return above[0].name if above else ""

    def name_first(self, cases: Iterable[CaseFact], hidden: set[str]) -> tuple[NamedCase, ...]:
        """The first few that may be named, in the order given."""
        shown = [case for case in cases if case.number not in hidden][:MOST_NAMED]
        return tuple(
            NamedCase(case.number, case.category, self.place(case), self._state(case))
            for case in shown
        )

    def _state(self, case: CaseFact) -> State:
        if case.due_at is None or case.due_at >= self.tonight:
            return State.OPEN
        return State.LATE if case.due_at <= self.now else State.TODAY


def estate(place: str | None, door: re.Pattern[str]) -> str | None:
    """A place's name up to where it would tell the door; None when nothing is left of it."""
    named = door.split(place or "", maxsplit=1)[0].strip(" \t-—·,，、#(（")
    return named if len(named) > 1 else None


def _danger(
    cases: Sequence[CaseFact], talks: Sequence[TalkFact], hidden: set[str], area: _Area
) -> Danger | None:
    crises = {t.conversation_id for t in talks if t.crisis in SERIOUS and t.alarmed}
    urgent = [
        case
        for case in cases
        if case.status in OPEN
        and (case.urgent or case.crisis in SERIOUS)
        and case.conversation_id not in crises
    ]
    if not crises and not urgent:
        return None
    urgent.sort(key=lambda case: (case.due_at or case.filed_at, case.number))
    return Danger(len(crises), len(urgent), area.name_first(urgent, hidden))


def _due(cases: Sequence[CaseFact], hidden: set[str], area: _Area) -> Due | None:
    tonight = area.tonight
    ranked = _by_due(cases, tonight + timedelta(days=1))
    if not ranked:
        return None
    overdue = sum(1 for due_at, _ in ranked if due_at <= area.now)
    today = sum(1 for due_at, _ in ranked if area.now < due_at < tonight)
    pressing = [case for due_at, case in ranked if due_at < tonight]
    first = area.name_first(pressing, hidden)
    return Due(overdue, today, len(ranked) - overdue - today, first)


def _by_due(cases: Iterable[CaseFact], before: datetime) -> list[tuple[datetime, CaseFact]]:
    """Open cases due before a moment, the earliest first."""
    found = [
        (case.due_at, case)
        for case in cases
        if case.status in OPEN and case.due_at is not None and case.due_at < before
    ]
    return sorted(found, key=lambda pair: (pair[0], pair[1].number))


def _waiting(talks: Iterable[TalkFact], now: datetime) -> Waiting | None:
    since = [talk.waiting_since for talk in talks if talk.waiting_since is not None]
    return Waiting(len(since), max(now - min(since), timedelta())) if since else None


def _new(cases: Sequence[CaseFact], hidden: set[str], rules: Rules) -> New | None:
    if not cases:
        return None
    counts = Counter(case.category for case in cases if case.number not in hidden)
    counts.pop(rules.other, None)
    shown = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CATEGORIES]
    return New(len(cases), tuple(shown), len(cases) - sum(count for _, count in shown))


def _shared(cases: Iterable[CaseFact], area: _Area) -> Shared | None:
    residents: dict[tuple[str, str], set[str]] = {}
    for case in cases:
        place = estate(case.place, area.rules.door)
        if place is not None and case.status is not Status.WITHDRAWN:
            residents.setdefault((place, case.category), set()).add(case.conversation_id)
    issues = [
        SameIssue(place, category, len(who))
        for (place, category), who in residents.items()
        if len(who) >= FEWEST_RESIDENTS
    ]
    issues.sort(key=lambda issue: (-issue.residents, issue.place, issue.category))
    return Shared(tuple(issues[:MOST_NAMED])) if issues else None


def _outcome(
    cases: Iterable[CaseFact], happened: Sequence[Happened], now: datetime
) -> Outcome | None:
    def count(kind: Kind) -> int:
        return len({each.number for each in happened if each.kind is kind})

    ratings = [
        case.rating
        for case in cases
        if case.rating is not None
        and case.closed_at is not None
        and case.closed_at >= now - HISTORY
    ]
    enough = len(ratings) >= FEWEST_RATINGS
    outcome = Outcome(
        resolved=count(Kind.CASE_RESOLVED),
        confirmed=count(Kind.CASE_CONFIRMED),
        lapsed=count(Kind.CASE_LAPSED),
        reopened=count(Kind.CASE_REOPENED),
        average=sum(ratings) / len(ratings) if enough else None,
        answers=len(ratings),
    )
    told = outcome.resolved or outcome.confirmed or outcome.lapsed or outcome.reopened
    return outcome if told else None
