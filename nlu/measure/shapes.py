"""The shapes behind the pictures: confusions, risk by coverage, confidence beside truth."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nlu.evaluate import LONG, SHORT, Scored, macro_f1, per_class
from nlu.intents import CATEGORIES
from nlu.understanding import Json

OTHERS: Final = "(any other)"
"""The column of what was said but never is the truth in the file."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each truth (row) was taken for each class (column)."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Lines of about the same confidence: how sure on average, and how often right."""

    confidence: float
    right: float
    n: int


def confusion(scored: Sequence[Scored]) -> Confusion:
    """Counts by truth and answer, the classes in the order of the contract."""
    gold = {one.gold for one in scored}
    rows = (
        *(name for name in CATEGORIES if name in gold),
        *sorted(gold.difference(CATEGORIES)),
    )
    seen = Counter((one.gold, one.said if one.said in gold else OTHERS) for one in scored)
    strange = any(said == OTHERS for _, said in seen)
    columns = (*rows, OTHERS) if strange else rows
    counts = tuple(tuple(seen[row, column] for column in columns) for row in rows)
    return Confusion(rows, columns, counts)


def mistakes(scored: Sequence[Scored]) -> dict[str, list[Json]]:
    """The most frequent mistakes on all lines, on short and on long ones, where there are any."""
    parts = {
        "all": scored,
        "short": [one for one in scored if one.length < SHORT],
        "long": [one for one in scored if one.length > LONG],
    }
    found = {name: _most_frequent(some) for name, some in parts.items()}
    return {name: some for name, some in found.items() if some}


def _most_frequent(scored: Sequence[Scored], most: int = 10) -> list[Json]:
    counts = Counter((one.gold, one.said) for one in scored if not one.right)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [{"is": gold, "said": said, "n": count} for (gold, said), count in ordered[:most]]


def risk_by_coverage(scored: Sequence[Scored]) -> list[tuple[float, float]]:
    """(share of lines answered, share of those that are wrong), the surest lines first.

    Lines of one confidence are answered together: no threshold parts them.
    """
    ordered = sorted(scored, key=lambda one: -one.confidence)
    points: list[tuple[float, float]] = []
    wrong = 0
    for at, one in enumerate(ordered, start=1):
        wrong += not one.right
        if at == len(ordered) or ordered[at].confidence < one.confidence:
            points.append((at / len(ordered), wrong / at))
    return points


def area_of_risk(scored: Sequence[Scored]) -> float:
    """The mean risk over all coverages; 0 is best."""
    area, before = 0.0, 0.0
    for coverage, risk in risk_by_coverage(scored):
        area += (coverage - before) * risk
        before = coverage
    return round(area, 4)


def coverage_at(scored: Sequence[Scored], risk: float) -> float:
    """The largest share of lines that can be answered with at most ``risk`` of them wrong."""
    held = [coverage for coverage, wrong in risk_by_coverage(scored) if wrong <= risk]
    return round(max(held, default=0.0), 4)


def reliability(scored: Sequence[Scored], bins: int = 10) -> list[Bin]:
    """Lines by confidence in ``bins`` of equal width; empty ones are left out."""
    found = []
    for low in range(bins):
        inside = [one for one in scored if min(int(one.confidence * bins), bins - 1) == low]
        if inside:
            sure = sum(one.confidence for one in inside) / len(inside)
            right = sum(one.right for one in inside) / len(inside)
            found.append(Bin(sure, right, len(inside)))
    return found


def lead(first: Sequence[Scored], other: Sequence[Scored], draws: int = 1000) -> Json:
    """How far ``first`` is ahead in macro-F1, and between what the lead lies in 95 % of draws.

    Both engines answered the same lines in the same order; the lines are drawn anew, with
    repeats, as often as there are lines (paired bootstrap, always the same draws).
    """
    pairs = [((a.gold, a.said), (b.gold, b.said)) for a, b in zip(first, other, strict=True)]
    chance = random.Random(20261122)  # noqa: S311  # no secret
    leads = sorted(_lead(chance.choices(pairs, k=len(pairs))) for _ in range(draws))
    low, high = leads[int(draws * 0.025)], leads[int(draws * 0.975)]
    return {"macro_f1": round(_lead(pairs), 4), "low": round(low, 4), "high": round(high, 4)}


def _lead(pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]]) -> float:
    first, other = zip(*pairs, strict=True)
    return macro_f1(per_class(first)) - macro_f1(per_class(other))
