"""Whether a candidate may take the incumbent's place: both score the same lines, side by side.

A figure is *worse* when the candidate's is lower, and stays lower in four of five resamples of
the lines (a paired bootstrap): on a small set a line or two lost is noise, on a large one a point
is not. A danger no longer heard always counts. docs/decisions/0011-learning-from-officers.md
tells why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nlu.crisis import LEVELS
from nlu.engine import Engine
from nlu.evaluate import Scored, heard_in, per_class, read_lines, score
from nlu.feedback import Correction
from nlu.intents import CORE_CATEGORIES

GOLDEN: Final = Path(__file__).parent / "golden"
"""Our own test set. No model learns from it."""
COMPLAINTS, LETTERS, ACTS = "complaints", "letters", "acts"
CRISIS, RECENT = "crisis", "recent"
RESAMPLES: Final = 1000
DOUBT: Final = 0.8
"""The share of resamples in which a figure must be lower to count as worse."""
LEAST_LINES: Final = 5
"""A set of fewer lines is shown but decides nothing."""
CALIBRATION_SLACK: Final = 0.03
"""So much may the calibration error grow."""
A_LOT: Final = 0.1
"""A class whose F1 falls by this much, and by two lines or more, is named."""
SEED: Final = 20261122
BINS: Final = 10

Floats = NDArray[np.float64]
Measure = Callable[["_Side", Floats], Floats]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of both models. ``lower_in`` is the share of resamples that put the candidate
    behind (None where every loss counts, or none does)."""

    lines: str
    name: str
    before: float
    after: float
    lower_in: float | None
    worse: bool

    @property
    def change(self) -> float:
        """How much better the candidate is; negative is worse, errors included."""
        gain = self.after - self.before
        return -gain if self.name in _ERRORS else gain


@dataclass(frozen=True, slots=True)
class Fall:
    """A class that fell by a lot: its F1 before and after."""

    lines: str
    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """All figures; the candidate passes when none is worse."""

    figures: tuple[Figure, ...]
    falls: tuple[Fall, ...]

    @property
    def worse(self) -> tuple[Figure, ...]:
        """The figures that speak against the candidate, the greatest loss first."""
        return tuple(sorted((f for f in self.figures if f.worse), key=lambda f: f.change))

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.worse


_CALIBRATION, _FALSE_ALARMS = "calibration_error", "false_alarms"
_ERRORS: Final = frozenset({_CALIBRATION, _FALSE_ALARMS})


@dataclass(frozen=True, slots=True)
class _Side:
    """One model's answers to a set of lines."""

    scored: tuple[Scored, ...]

    def said(self, name: str) -> Floats:
        return np.array([one.said == name for one in self.scored], float)

    def gold(self, name: str) -> Floats:
        return np.array([one.gold == name for one in self.scored], float)


def golden_texts(folder: Path = GOLDEN) -> list[str]:
    """Every golden line, to keep them out of what is learned."""
    files = sorted(folder.glob("*.jsonl"))
    return [entry["text"] for path in files for entry in read_lines(path)]


def judge(
    candidate: Engine,
    incumbent: Engine,
    recent: Sequence[Correction] = (),
    folder: Path = GOLDEN,
) -> Verdict:
    """Score both on the golden lines and on ``recent``. Raises EvaluationError or OSError."""
    figures: list[Figure] = []
    falls: list[Fall] = []
    for name in (COMPLAINTS, LETTERS, ACTS, CRISIS):
        entries = read_lines(folder / f"{name}.jsonl")
        now, then = (_Side(_scored(engine, entries)) for engine in (candidate, incumbent))
        figures += _danger(then, now) if name == CRISIS else _plain(name, then, now)
        falls += _fallen(name, then, now)
    if recent:
        now, then = (_Side(_corrected(engine, recent)) for engine in (candidate, incumbent))
        figures += [_share("accuracy", RECENT, _right, then, now)]
        figures += [_share("macro_f1", RECENT, _macro_of(_classes(then)), then, now)]
        falls += _fallen(RECENT, then, now)
    return Verdict(tuple(figures), tuple(falls))


def _scored(engine: Engine, entries: Sequence[dict[str, Any]]) -> tuple[Scored, ...]:
    return tuple(score(each, heard_in(engine.understand(each["text"]))) for each in entries)


def _corrected(engine: Engine, recent: Sequence[Correction]) -> tuple[Scored, ...]:
    """The category head alone: that these lines are complaints is known from their cases."""
    found = []
    for each in recent:
        first = engine.understand(each.text).category_ranking[0]
        found.append(Scored(each.category, first.name, first.confidence, None, (), len(each.text)))
    return tuple(found)


def _plain(name: str, then: _Side, now: _Side) -> list[Figure]:
    figures = [_share("macro_f1", name, _macro_of(_classes(then)), then, now)]
    if name == COMPLAINTS:
        figures.append(_share("core_f1", name, _macro_of(CORE_CATEGORIES), then, now))
        slack = CALIBRATION_SLACK
        figures.append(_share(_CALIBRATION, name, _calibration, then, now, slack))
    return figures


def _danger(then: _Side, now: _Side) -> list[Figure]:
    """Not one line of danger may be lost; false alarms count as every other figure."""
    figures = []
    for level in LEVELS[1:]:
        before, after = (_heard(side, level) for side in (then, now))
        figures.append(Figure(CRISIS, f"recall_{level}", before, after, None, after < before))
    calm = [at for at, one in enumerate(then.scored) if one.gold == LEVELS[0]]
    quiet, alarmed = (_Side(tuple(side.scored[at] for at in calm)) for side in (then, now))
    figures.append(_share(_FALSE_ALARMS, CRISIS, lambda s, w: 1 - _right(s, w), quiet, alarmed))
    return figures


def _heard(side: _Side, level: str) -> float:
    """The share of the level's lines taken for that level or a graver one."""
    some = [one for one in side.scored if one.gold == level]
    return sum(LEVELS.index(one.said) >= LEVELS.index(level) for one in some) / (len(some) or 1)


def _share(
    name: str, lines: str, measure: Measure, then: _Side, now: _Side, slack: float = 0.0
) -> Figure:
    """The figure on all lines, and in how many resamples of them the candidate is behind."""
    count = len(then.scored)
    whole = np.ones((1, count))
    before, after = (float(measure(side, whole)[0]) for side in (then, now))
    drawn = np.random.default_rng(SEED).multinomial(
        count, np.full(count, 1 / count), size=RESAMPLES
    )
    gains = measure(now, drawn.astype(float)) - measure(then, drawn.astype(float))
    if name in _ERRORS:
        gains = -gains
    lower_in = float(np.mean(gains < -1e-9))
    loss = after - before if name in _ERRORS else before - after
    worse = count >= LEAST_LINES and loss > slack + 1e-9 and lower_in >= DOUBT
    return Figure(lines, name, before, after, lower_in, worse)


def _right(side: _Side, weights: Floats) -> Floats:
    right = np.array([one.right for one in side.scored], float)
    return np.asarray(weights @ right / weights.sum(axis=1))


def _macro_of(classes: Sequence[str]) -> Measure:
    """Mean F1 of those of ``classes`` that a resample holds."""

    def measure(side: _Side, weights: Floats) -> Floats:
        total = np.zeros(len(weights))
        present = np.zeros(len(weights))
        for name in classes:
            gold, said = side.gold(name), side.said(name)
            both = weights @ gold
            f1 = 2 * (weights @ (gold * said)) / np.maximum(both + weights @ said, 1)
            total += np.where(both > 0, f1, 0)
            present += both > 0
        return np.asarray(total / np.maximum(present, 1))

    return measure


def _calibration(side: _Side, weights: Floats) -> Floats:
    """How far confidence is from being right, over ten bins."""
    gap = np.array([one.right - one.confidence for one in side.scored])
    bins = np.array([min(int(one.confidence * BINS), BINS - 1) for one in side.scored])
    parts = [np.abs(weights @ (gap * (bins == at))) for at in range(BINS)]
    return np.asarray(sum(parts) / weights.sum(axis=1))


def _classes(side: _Side) -> tuple[str, ...]:
    return tuple(sorted({one.gold for one in side.scored}))


def _fallen(lines: str, then: _Side, now: _Side) -> list[Fall]:
    sides = [
        {f.name: f for f in per_class([(one.gold, one.said) for one in side.scored])}
        for side in (then, now)
    ]
    falls = []
    for name, before in sides[0].items():
        after = sides[1][name]
        lost = round((before.recall - after.recall) * before.n)
        if before.f1 - after.f1 >= A_LOT and lost >= 2:
            falls.append(Fall(lines, name, before.f1, after.f1))
    return sorted(falls, key=lambda fall: fall.after - fall.before)
