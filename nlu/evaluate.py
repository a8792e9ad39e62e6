"""Score an engine on a file of labelled lines: categories, acts or crisis levels, and slots.

A line is ``{"text", "label"}`` (category or act), ``{"text", "act"}`` or ``{"text", "level"}``;
``secondary``, ``slots``, ``slots_ignore`` and ``context`` are used where present.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nlu.engine import Engine
from nlu.intents import CATEGORIES, CORE_CATEGORIES
from nlu.slot_scores import SlotScores, score_slots
from nlu.understanding import Json, Understanding

_ACT_NAMES: Final = {"thanks": "thank", "anonymous_request": "anonymous", "other_topic": "inform"}
SHORT: Final = 40
LONG: Final = 150


class EvaluationError(ValueError):
    """The file cannot be scored; the message names the line."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One line: what it should be and what the engine said."""

    gold: str
    said: str
    confidence: float
    secondary: str | None
    first_three: tuple[str, ...]
    length: int


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Precision, recall and F1 of one class, and how often it occurs."""

    name: str
    precision: float
    recall: float
    f1: float
    n: int


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file. Raises EvaluationError with the line number."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            raise EvaluationError(f"{path}:{number}: not JSON") from None
        if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
            raise EvaluationError(f'{path}:{number}: each line needs a "text"')
        if not {"label", "act", "level"} & set(entry):
            raise EvaluationError(f'{path}:{number}: each line needs a "label", "act" or "level"')
        found.append(entry)
    if not found:
        raise EvaluationError(f"{path}: no lines to score")
    return found


def evaluate(
    engine: Engine,
    entries: Sequence[dict[str, Any]],
    *,
    with_context: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Json:
    """All figures as one JSON object."""
    scored: list[Scored] = []
    slots = SlotScores()
    for done, entry in enumerate(entries):
        heard = engine.understand(entry["text"], entry.get("context") if with_context else None)
        scored.append(_scored(entry, heard))
        if "slots" in entry:
            score_slots(slots, entry, heard)
        if progress is not None:
            progress(done + 1)
    figures: Json = {"lines": len(scored), **_figures(scored)}
    if "level" in entries[0]:
        figures["alarms"] = _alarms(scored)
    if slots.seen:
        figures["slots"] = slots.as_json()
    return figures


def _scored(entry: dict[str, Any], heard: Understanding) -> Scored:
    length = len(entry["text"])
    if "level" in entry:
        return Scored(entry["level"], heard.crisis, 1.0, None, (heard.crisis,), length)
    if "act" in entry:
        gold = "inform" if entry["act"].startswith("give_") else entry["act"]
        first = heard.act_ranking[0]
        three = tuple(act.name for act in heard.act_ranking[:3])
        return Scored(_ACT_NAMES.get(gold, gold), first.name, first.confidence, None, three, length)
    if entry["label"] in CATEGORIES:
        three = tuple(category.name for category in heard.category_ranking[:3])
    else:
        three = tuple(ranked.name for ranked in heard.ranking[:3])
    said, secondary = heard.intent, entry.get("secondary")
    return Scored(entry["label"], said.name, said.confidence, secondary, three, length)


def _figures(scored: Sequence[Scored]) -> Json:
    classes = per_class([(one.gold, one.said) for one in scored])
    credited = [(one.gold, one.gold if one.said == one.secondary else one.said) for one in scored]
    figures: Json = {
        "accuracy": _share(one.gold == one.said for one in scored),
        "macro_f1": macro_f1(classes),
        "macro_f1_with_secondary": macro_f1(per_class(credited)),
        "first_three": _share(one.gold in one.first_three for one in scored),
        "calibration_error": calibration_error(scored),
    }
    core = [figure for figure in classes if figure.name in CORE_CATEGORIES]
    if core:
        figures["core_f1"] = macro_f1(core)
    for name, some in (
        ("short", [one for one in scored if one.length < SHORT]),
        ("long", [one for one in scored if one.length > LONG]),
    ):
        if some:
            figures[f"macro_f1_{name}"] = macro_f1(per_class([(o.gold, o.said) for o in some]))
    figures["classes"] = {
        figure.name: {
            "precision": round(figure.precision, 4),
            "recall": round(figure.recall, 4),
            "f1": round(figure.f1, 4),
            "n": figure.n,
        }
        for figure in classes
    }
    return figures


def per_class(pairs: Sequence[tuple[str, str]]) -> list[ClassFigures]:
    """Figures of each class that occurs in the gold, in name order."""
    gold = Counter(pair[0] for pair in pairs)
    said = Counter(pair[1] for pair in pairs)
    right = Counter(pair[0] for pair in pairs if pair[0] == pair[1])
    figures = []
    for name in sorted(gold):
        precision = right[name] / said[name] if said[name] else 0.0
        recall = right[name] / gold[name]
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        figures.append(ClassFigures(name, precision, recall, f1, gold[name]))
    return figures


def macro_f1(classes: Sequence[ClassFigures]) -> float:
    """The plain mean of the classes' F1."""
    return round(sum(figure.f1 for figure in classes) / len(classes), 4)


def calibration_error(scored: Sequence[Scored], bins: int = 10) -> float:
    """Expected calibration error: how far confidence is from being right, weighted by bin."""
    total = 0.0
    for low in range(bins):
        inside = [one for one in scored if min(int(one.confidence * bins), bins - 1) == low]
        if inside:
            right = sum(one.gold == one.said for one in inside)
            total += abs(right - sum(one.confidence for one in inside))
    return round(total / len(scored), 4)


def _alarms(scored: Sequence[Scored]) -> Json:
    """Recall of each level counts the same level or a graver one; a false alarm is none → any."""
    order = ("none", "R1", "R2", "R3")
    figures: Json = {}
    for level in order[1:]:
        some = [one for one in scored if one.gold == level]
        if some:
            figures[f"recall_{level}"] = _share(
                order.index(o.said) >= order.index(level) for o in some
            )
    grave = [one for one in scored if one.gold in {"R2", "R3"}]
    if grave:
        figures["recall_R2_R3_as_grave"] = _share(one.said in {"R2", "R3"} for one in grave)
    calm = [one for one in scored if one.gold == "none"]
    if calm:
        figures["false_alarms"] = _share(one.said != "none" for one in calm)
    return figures


def _share(hits: Iterator[bool]) -> float:
    found = list(hits)
    return round(sum(found) / len(found), 4)
