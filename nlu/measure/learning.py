"""The learning curve: what a model learns from a part of the sentences. Needs scikit-learn.

A fifth of the sentences of each intent is held out and never learned from, but at the last step,
which learns from all. Word lists and crisis lines are whole at every step.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from nlu.classifier import Classifier
from nlu.engine import EmbeddedEngine
from nlu.evaluate import figures_of, score_lines
from nlu.intents import INTENTS
from nlu.training_data import Example, TrainingData
from nlu.understanding import Json

HELD_OUT: Final = 5  # one of so many
OWN: Final = "own sentences, held out"
STEPS: Final = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
SEEDS: Final = 3
_ROUND: Final = re.compile(r"_(\d+)$")

Lines = Sequence[dict[str, Any]]
Train = Callable[[TrainingData], Classifier]


@dataclass(frozen=True, slots=True)
class Part:
    """What one training learns from: its name, its sentences, and what it is scored on of ours."""

    name: str
    learn: tuple[Example, ...]
    held_out: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A figure at a number of sentences: the mean over trainings, the least and the most."""

    sentences: int
    trainings: int
    mean: float
    low: float
    high: float


@dataclass(slots=True)
class Curve:
    """The figures of every training, in order."""

    title: str
    runs: list[tuple[Part, dict[str, Json]]] = field(default_factory=list)

    def measured(self) -> list[str]:
        """The names of what was scored, own sentences first."""
        return list(dict.fromkeys(name for _, figures in self.runs for name in figures))

    def steps(self) -> list[str]:
        """The names of the steps, in order."""
        return list(dict.fromkeys(part.name for part, _ in self.runs))

    def point(self, name: str, step: str, figure: str = "macro_f1") -> Point | None:
        """``figure`` on ``name`` at one step, its trainings together; None if it was not scored."""
        found = [
            (len(part.learn), value)
            for part, figures in self.runs
            if part.name == step and isinstance(value := figures.get(name, {}).get(figure), float)
        ]
        if not found:
            return None
        values = [value for _, value in found]
        sentences = round(sum(size for size, _ in found) / len(found))
        mean = sum(values) / len(values)
        return Point(sentences, len(found), mean, min(values), max(values))

    def line(self, name: str) -> list[Point]:
        """Macro-F1 on ``name`` by step."""
        points = [self.point(name, step) for step in self.steps()]
        return [point for point in points if point is not None]

    def as_json(self) -> Json:
        """All figures, without the classes'."""
        return {
            "title": self.title,
            "runs": [
                {
                    "step": part.name,
                    "sentences": len(part.learn),
                    "held_out": len(part.held_out),
                    "figures": {
                        name: {key: one[key] for key in one if key != "classes"}
                        for name, one in figures.items()
                    },
                }
                for part, figures in self.runs
            ],
        }


def by_share(data: TrainingData, steps: Sequence[float], seeds: int = SEEDS) -> list[Part]:
    """Growing parts of each intent. Small parts are drawn ``seeds`` times, larger ones less often.

    ``steps`` are shares of all sentences. Up to 0.8 the fifth held out is left alone; above it
    nothing is held out.
    """
    parts = []
    for step in sorted(steps):
        draws = seeds if step < 0.3 else min(2, seeds) if step < 0.7 else 1
        for seed in range(draws):
            learn, rest = _drawn(data, step, seed)
            name = f"{step:.0%}".replace("%", " %")
            parts.append(Part(name, learn, rest if step <= 1 - 1 / HELD_OUT else ()))
    return parts


def by_round(data: TrainingData) -> list[Part]:
    """The rounds the sentences were written in, added up; ``intents/<intent>_<round>.yml``.

    Sentences of a file without a number are there from the start.
    """
    told = {example: _round_of(example) for example in data.examples}
    learnable, held_out = _halves(data)
    parts = []
    for last in sorted(set(told.values()) - {0}) or [0]:
        learn = tuple(one for one in learnable if told[one] <= last)
        parts.append(Part(f"round {last}", learn, held_out))
    return parts


def learn_all(
    data: TrainingData,
    parts: Sequence[Part],
    files: Mapping[str, Lines],
    train: Train,
    curve: Curve,
    report: Callable[[int, Part], None],
) -> Curve:
    """Train on each part and score it. ``report`` is told the number and part about to begin."""
    for at, part in enumerate(parts):
        report(at, part)
        engine = EmbeddedEngine(train(replace(data, examples=part.learn)))
        figures: dict[str, Json] = {}
        if part.held_out:
            own = [{"text": one.text, "label": one.intent} for one in part.held_out]
            figures[OWN] = figures_of(score_lines(engine, own)[0])
        for name, lines in files.items():
            figures[name] = figures_of(score_lines(engine, lines)[0])
        curve.runs.append((part, figures))
    return curve


def _halves(data: TrainingData) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """What may be learned from and the fifth that is held out, in file order."""
    held = {
        example
        for name in INTENTS
        for at, example in enumerate(_shuffled(data.of(name), "held out"))
        if at % HELD_OUT == 0
    }
    learn = tuple(one for one in data.examples if one not in held)
    return learn, tuple(one for one in data.examples if one in held)


def _drawn(
    data: TrainingData, step: float, seed: int
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    if step >= 1:
        return data.examples, ()
    learnable, held_out = _halves(data)
    if step > 1 - 1 / HELD_OUT:
        learnable, held_out = data.examples, ()
    chosen = set(_chosen(data, learnable, step, seed))
    return tuple(one for one in learnable if one in chosen), held_out


def _chosen(
    data: TrainingData, learnable: Sequence[Example], step: float, seed: int
) -> Iterator[Example]:
    """The same share of every intent, at least one sentence of each."""
    for name in INTENTS:
        some = [one for one in learnable if one.intent == name]
        wanted = max(round(len(data.of(name)) * step), 1)
        yield from _shuffled(some, f"seed {seed}")[:wanted]


def _shuffled(examples: Sequence[Example], salt: str) -> list[Example]:
    """An order fixed by the texts: a sentence added elsewhere does not deal the others anew."""
    return sorted(examples, key=lambda one: hashlib.sha256(f"{salt}\n{one.text}".encode()).digest())


def _round_of(example: Example) -> int:
    found = _ROUND.search(example.path.stem)
    return int(found[1]) if found else 0
