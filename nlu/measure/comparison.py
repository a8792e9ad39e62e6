"""Two engines on the same lines in one run: figures, confusions, speed, weight."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nlu.evaluate import Scored, figures_of, kind_of
from nlu.measure.shapes import area_of_risk, coverage_at, lead, mistakes
from nlu.training_data import TrainingData
from nlu.understanding import Json

OURS: Final = "jiesu"
THEIRS: Final = "rasa"
CONNECTIONS: Final = (1, 4, 16)
LENGTHS: Final = (20, 300)  # characters
LONGEST: Final = 200
TEXTS: Final = 40
TOLERATED: Final = 0.1
"""How many of the lines answered may be wrong, where coverage is told as one figure."""


@dataclass(slots=True)
class Side:
    """One engine: where it listens, what it answered, how fast it is and what it weighs."""

    name: str
    url: str
    scored: dict[str, list[Scored]] = field(default_factory=dict)
    fallbacks: dict[str, int] = field(default_factory=dict)
    speed: list[Json] = field(default_factory=list)
    facts: Json = field(default_factory=dict)
    """Ready time, memory, model size, training: whatever is known."""


def texts_of_length(data: TrainingData, length: int, count: int = TEXTS) -> list[str]:
    """Texts of about ``length`` characters made of our sentences, the same ones each time.

    Ours seldom go beyond LONGEST characters: longer texts are several of them one after another.
    """
    parts = -(-length // LONGEST)
    nearest = sorted(
        (one.text for one in data.examples),
        key=lambda text: (abs(len(text) - length / parts), hashlib.sha256(text.encode()).digest()),
    )
    return ["".join(nearest[at * parts : (at + 1) * parts])[:length] for at in range(count)]


def figures_beside(
    files: Mapping[str, Sequence[dict[str, Any]]], ours: Side, theirs: Side
) -> dict[str, Json]:
    """For each file both engines' figures, our lead, and the mistakes each makes most often."""
    told: dict[str, Json] = {}
    for name, entries in files.items():
        told[name] = {
            "lines": len(entries),
            "kind": kind_of(entries[0]),
            **{side.name: _figures(side, name) for side in (ours, theirs)},
            "lead": lead(ours.scored[name], theirs.scored[name]),
        }
    return told


def _figures(side: Side, name: str) -> Json:
    scored = side.scored[name]
    return {
        **figures_of(scored),
        "mean_risk": area_of_risk(scored),
        "answered_at_10_percent_risk": coverage_at(scored, TOLERATED),
        "fallbacks": side.fallbacks.get(name, 0),
        "mistakes": mistakes(scored),
    }


def whole(files: Mapping[str, Json], ours: Side, theirs: Side, same_data: bool | None) -> Json:
    """Everything measured as one JSON object; never a line's text."""
    return {
        "same_data": same_data,
        "files": dict(files),
        "speed": {side.name: side.speed for side in (ours, theirs)},
        "process": {side.name: side.facts for side in (ours, theirs)},
    }


def ratio(ours: object, theirs: object) -> float | None:
    """How many times ``ours`` is ``theirs``, or None where one of them is unknown."""
    if not isinstance(ours, int | float) or not isinstance(theirs, int | float) or not theirs:
        return None
    return ours / theirs
