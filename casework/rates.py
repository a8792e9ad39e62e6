"""Rates with honest formulas (domain reference §4.3), each with what it was counted from.

They judge how matters are dealt with in an area, never a person. Who says nothing is shown beside
and never counted as satisfied; fewer than ten cases are no rate; there is no league table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.effects import RESOLUTIONS

ENOUGH = 10
"""With fewer cases than these a rate is called 样本不足 and not given."""
REPEATED_WITHIN = timedelta(days=30)
WEIGHTS: Mapping[int, float] = {5: 1.0, 4: 1.0, 3: 0.8, 2: 0.0, 1: 0.0}
"""满意 1, 基本满意 0.8, 不满意 0 (Beijing's three answers); our five stars stand for them."""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What rates are made of: one case that was filed in the period, without a word of anybody's.

    ``resolved_at`` is when the first result was told, ``answered_at`` when the first result or
    lawful route was. ``due_at`` is when the answer of the last round was due; of a case that came
    back, ``breached_at`` is when the first was found overdue. ``answers`` are what the resident
    said about each result: True solved, False not. ``level`` is where it was settled; ``subject``
    the place and the kind of matter, None where no place is known.
    """

    filed_at: datetime
    contact_by: datetime | None
    contacted_at: datetime | None
    due_at: datetime | None
    resolved_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    answers: tuple[bool, ...]
    rating: int | None
    returned: int
    assigned: int
    rounds: int
    level: str
    resolution: str | None
    anonymous: bool
    subject: str | None
    breached_at: datetime | None = None
    needs_contact: bool = True


@dataclass(frozen=True, slots=True)
class Rate:
    """``share`` (0 to 1) of ``of`` cases; None when they are too few. ``beside`` counts those that
    were left out because nobody answered."""

    key: str
    share: float | None
    of: int
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A length of time in seconds, or a mean; None when there is nothing to take it from."""

    key: str
    value: float | None
    of: int


@dataclass(frozen=True, slots=True)
class Rates:
    """Everything about one area in one period. ``levels`` and ``resolutions`` count cases."""

    cases: int
    rates: tuple[Rate, ...]
    figures: tuple[Figure, ...]
    levels: Mapping[str, int]
    resolutions: Mapping[str, int]


def rates(records: Sequence[CaseRecord], now: datetime) -> Rates:
    """The rates of these cases as they stand at ``now``."""
    closed = [each for each in records if each.closed_at is not None]
    return Rates(
        cases=len(records),
        rates=(
            _response(records, now),
            _solved(records),
            _strictly_solved(records),
            _satisfied(records),
            _on_time(records, now),
            _share("returned", records, lambda each: each.returned > 0),
            _share("first_time", closed, lambda each: each.rounds == 1),
            _repeated(records),
            _share("anonymous", records, lambda each: each.anonymous),
        ),
        figures=_figures(records),
        levels=_counted(each.level for each in closed),
        resolutions=_counted(each.resolution for each in closed if each.resolution in RESOLUTIONS),
    )


def _share(
    key: str, records: Sequence[CaseRecord], fits: Callable[[CaseRecord], bool], beside: int = 0
) -> Rate:
    return _rate(key, sum(map(fits, records)), len(records), beside)


def _rate(key: str, sum_of: float, of: int, beside: int = 0) -> Rate:
    return Rate(key, sum_of / of if of >= ENOUGH else None, of, beside)


def _response(records: Sequence[CaseRecord], now: datetime) -> Rate:
    """响应率: spoken to within the class's time; whose time has not come yet are not counted."""
    asked = [each for each in records if each.needs_contact and each.contact_by is not None]
    due = [each for each in asked if each.contacted_at or (each.contact_by or now) <= now]

    def in_time(each: CaseRecord) -> bool:
        by = each.contact_by
        return each.contacted_at is not None and by is not None and each.contacted_at <= by

    return _share("response", due, in_time)


def _answered(records: Iterable[CaseRecord]) -> list[CaseRecord]:
    return [each for each in records if each.answers]


def _solved(records: Sequence[CaseRecord]) -> Rate:
    """解决率: the resident's last word. Who said 没解决 before and 解决了 later counts for half, as
    does whoever calls a thing partly solved."""
    answered, done = _answered(records), [each for each in records if each.resolved_at]

    def worth(each: CaseRecord) -> float:
        if not each.answers[-1]:
            return 0.0
        return 1.0 if all(each.answers) else 0.5

    return _rate("solved", sum(map(worth, answered)), len(answered), len(done) - len(answered))


def _strictly_solved(records: Sequence[CaseRecord]) -> Rate:
    """Only those who never had to say no."""
    answered = _answered(records)
    return _share("solved_strictly", answered, lambda each: all(each.answers))


def _satisfied(records: Sequence[CaseRecord]) -> Rate:
    """满意率, of those who gave stars; the others stand beside."""
    rated = [each for each in records if each.rating is not None]
    silent = sum(each.closed_at is not None and each.rating is None for each in records)
    worth = sum(WEIGHTS[each.rating] for each in rated if each.rating is not None)
    return _rate("satisfied", worth, len(rated), silent)


def _on_time(records: Sequence[CaseRecord], now: datetime) -> Rate:
    """按时办结率: first answered by the day promised; open ones count from that day on."""
    due = [
        each
        for each in records
        if each.due_at is not None and (each.answered_at is not None or each.due_at <= now)
    ]

    def in_time(each: CaseRecord) -> bool:
        if each.answered_at is None:
            return False
        if each.rounds > 1:  # its day has been set anew since
            return each.breached_at is None or each.breached_at > each.answered_at
        return each.answered_at <= (each.due_at or now)

    return _share("on_time", due, in_time)


def _repeated(records: Sequence[CaseRecord]) -> Rate:
    """复发率: the same matter at the same place again within thirty days of being closed. What has
    no known place cannot be at the same one."""
    by_subject: dict[str, list[CaseRecord]] = {}
    for each in sorted(records, key=lambda each: each.filed_at):
        if each.subject is not None:
            by_subject.setdefault(each.subject, []).append(each)
    closed, again = 0, 0
    for alike in by_subject.values():
        for at, each in enumerate(alike):
            if each.closed_at is None:
                continue
            closed += 1
            until = each.closed_at + REPEATED_WITHIN
            again += any(each.closed_at <= later.filed_at <= until for later in alike[at + 1 :])
    return _rate("repeated", again, closed)


def _figures(records: Sequence[CaseRecord]) -> tuple[Figure, ...]:
    contacts = [
        (each.contacted_at - each.filed_at).total_seconds() for each in records if each.contacted_at
    ]
    closings = [
        (each.closed_at - each.filed_at).total_seconds() for each in records if each.closed_at
    ]
    handed = sum(each.assigned for each in records)
    return (
        Figure("first_contact", _quantile(contacts, 0.5), len(contacts)),
        Figure("closed_within", _quantile(closings, 0.9), len(closings)),
        Figure("handed_on", handed / len(records) if records else None, len(records)),
    )


def _quantile(values: list[float], share: float) -> float | None:
    """The least value that ``share`` of them do not exceed; None for fewer than are enough."""
    if len(values) < ENOUGH:
        return None
    values.sort()
    return values[math.ceil(len(values) * share) - 1]


def _counted(values: Iterable[str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        if value is not None:
            found[value] = found.get(value, 0) + 1
    return dict(sorted(found.items()))
