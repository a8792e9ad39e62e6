"""Rates with honest formulas (domain reference §4.3), each with what it was counted from.

They judge how matters are dealt with in an area, never a person. Who says nothing is shown beside
and never counted as satisfied; fewer than ten cases are no rate; there is no league table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from casework.effects import RESOLUTIONS

ENOUGH = 10
"""With fewer cases than these a rate is called 样本不足 and not given."""
REPEATED_WITHIN = timedelta(days=30)
WEIGHTS: Mapping[int, float] = {5: 1.0, 4: 1.0, 3: 0.8, 2: 0.0, 1: 0.0}
"""满意 1, 基本满意 0.8, 不满意 0 (Beijing's three answers); our five stars stand for them."""
HALF = 0.5
"""What a result is worth of which the resident first said 没解决 and later 解决了."""
MOST = 0.9
"""The share of cases that are closed within the time that is named."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What rates are made of: how many of the cases that were filed in an area and a period.

    - ``contact_due``: whose resident was to be spoken to by now; ``contact_in_time``.
    - ``results``: that were told a result; ``answered``: about which the resident said something;
      ``solved_at_once``: who never had to say no; ``solved_at_last``: who said yes after a no.
    - ``stars``: how many gave so many; ``unrated``: closed without any.
    - ``answer_due``: whose first answer, a result or a lawful route, was due by now or has been
      given; ``answer_in_time``: given by the day of its own round.
    - ``returned``: given back (退单) at least once; ``handed_on``: times that one was assigned.
    - ``closed``; ``first_time``: of these, in one round; ``placed``: of these, at a known place;
      ``repeated``: of these, the same matter at the same place was filed again within
      ``REPEATED_WITHIN``.
    - ``contacted``: spoken to at all.
    - ``levels`` and ``resolutions``: closed ones, by the kind of unit and by how they ended.
    """

    cases: int = 0
    contact_due: int = 0
    contact_in_time: int = 0
    results: int = 0
    answered: int = 0
    solved_at_once: int = 0
    solved_at_last: int = 0
    stars: Mapping[int, int] = field(default_factory=dict)
    unrated: int = 0
    answer_due: int = 0
    answer_in_time: int = 0
    returned: int = 0
    handed_on: int = 0
    closed: int = 0
    first_time: int = 0
    placed: int = 0
    repeated: int = 0
    anonymous: int = 0
    contacted: int = 0
    levels: Mapping[str, int] = field(default_factory=dict)
    resolutions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spans:
    """Lengths of time from filing, None for fewer than are enough: until half were spoken to, and
    until nine in ten were closed. Each is the one at ``rank`` in the order of all."""

    first_contact: timedelta | None = None
    closed_within: timedelta | None = None


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


def rates(counts: Counts, spans: Spans) -> Rates:
    """The rates of an area, from what was counted there."""
    ended = {code: many for code, many in counts.resolutions.items() if code in RESOLUTIONS}
    return Rates(
        cases=counts.cases,
        rates=_rates(counts),
        figures=(
            Figure("first_contact", _seconds(spans.first_contact), counts.contacted),
            Figure("closed_within", _seconds(spans.closed_within), counts.closed),
            Figure("handed_on", _mean(counts.handed_on, counts.cases), counts.cases),
        ),
        levels=dict(sorted(counts.levels.items())),
        resolutions=dict(sorted(ended.items())),
    )


def _rates(counts: Counts) -> tuple[Rate, ...]:
    rated = sum(counts.stars.values())
    worth = sum(WEIGHTS[stars] * many for stars, many in counts.stars.items())
    # 解决率: the resident's last word; a no that became a yes counts for half.
    solved = counts.solved_at_once + HALF * counts.solved_at_last
    silent = counts.results - counts.answered
    return (
        _rate("response", counts.contact_in_time, counts.contact_due),
        _rate("solved", solved, counts.answered, silent),
        _rate("solved_strictly", counts.solved_at_once, counts.answered),
        _rate("satisfied", worth, rated, counts.unrated),
        _rate("on_time", counts.answer_in_time, counts.answer_due),
        _rate("returned", counts.returned, counts.cases),
        _rate("first_time", counts.first_time, counts.closed),
        _rate("repeated", counts.repeated, counts.placed),
        _rate("anonymous", counts.anonymous, counts.cases),
    )


def rank(of: int, share: float) -> int | None:
    """Where, in the order of ``of`` values from 0 on, the least one stands that ``share`` of them
    do not exceed; None for fewer than are enough."""
    return None if of < ENOUGH else math.ceil(of * share) - 1


def _rate(key: str, sum_of: float, of: int, beside: int = 0) -> Rate:
    return Rate(key, sum_of / of if of >= ENOUGH else None, of, beside)


def _mean(sum_of: int, of: int) -> float | None:
    return sum_of / of if of else None


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()
