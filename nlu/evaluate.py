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
from typing import Any, Final, Literal

from nlu.crisis import LEVELS
from nlu.engine import Engine
from nlu.intents import CATEGORIES, CORE_CATEGORIES, INTENTS
from nlu.slot_scores import SlotScores, score_slots
from nlu.understanding import Json, Ranked, Understanding

_ACT_NAMES: Final = {"thanks": "thank", "anonymous_request": "anonymous", "other_topic": "inform"}
Kind = Literal["level", "act", "label"]
KINDS: Final[tuple[Kind, ...]] = ("level", "act", "label")
"""What a line can be labelled with; where there are several, the first counts."""
SHORT: Final = 40
"""Characters: a text below this is short …"""
LONG: Final = 150
"""… and one above this is long."""
SURE: Final = 0.8
"""An error above this confidence is a sure one: no question would be asked."""


class EvaluationError(ValueError):
    """The file cannot be scored; the message names the line."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What any engine made of one line, as far as it is scored; each ranking the surest first."""

    intent: Ranked
    ranking: tuple[Ranked, ...]
    categories: tuple[Ranked, ...]
    acts: tuple[Ranked, ...]
    """Acts only: a complaint counts as ``inform``."""
    crisis: str = "none"


@dataclass(frozen=True, slots=True)
class Scored:
    """One line: what it should be and what the engine said."""

    gold: str
    said: str
    confidence: float
    secondary: str | None
    first_three: tuple[str, ...]
    length: int

    @property
    def right(self) -> bool:
        """Whether the engine said what the line is."""
        return self.gold == self.said


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Precision, recall and F1 of one class, and how often it occurs."""

    name: str
    precision: float
    recall: float
    f1: float
    n: int

    def as_json(self) -> Json:
        """Rounded to four places."""
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**{name: round(share, 4) for name, share in shares.items()}, "n": self.n}


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file. Raises EvaluationError with the line number."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            raise EvaluationError(f"{path}:{number}: not JSON") from None
        wrong = _wrong_with(entry)
        if wrong is None and found and kind_of(entry) != kind_of(found[0]):
            wrong = f'a line with "{kind_of(entry)}" among lines with "{kind_of(found[0])}"'
        if wrong is not None:
            raise EvaluationError(f"{path}:{number}: {wrong}")
        found.append(entry)
    if not found:
        raise EvaluationError(f"{path}: no lines to score")
    return found


def kind_of(entry: dict[str, Any]) -> Kind:
    """What the line is labelled with."""
    return next(kind for kind in KINDS if kind in entry)


def _wrong_with(entry: object) -> str | None:
    """Why the line cannot be scored, or None."""
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        return 'each line needs a "text"'
    kind = next((kind for kind in KINDS if kind in entry), None)
    if kind is None or not isinstance(entry[kind], str):
        return 'each line needs a "label", "act" or "level"'
    if kind == "level" and entry[kind] not in LEVELS:
        return f"unknown level {entry[kind]!r}; one of: {' '.join(LEVELS)}"
    if kind == "label" and entry[kind] not in INTENTS:
        return f"unknown label {entry[kind]!r}; one of: {' '.join(INTENTS)}"
    return None


def evaluate(
    engine: Engine,
    entries: Sequence[dict[str, Any]],
    *,
    with_context: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Json:
    """All figures as one JSON object."""
    scored, slots = score_lines(engine, entries, with_context=with_context, progress=progress)
    return figures_of(scored, slots, alarms=kind_of(entries[0]) == "level")


def score_lines(
    engine: Engine,
    entries: Sequence[dict[str, Any]],
    *,
    with_context: bool = False,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Scored], SlotScores]:
    """Each line beside what ``engine`` said of it, and the counts of its slots."""
    scored: list[Scored] = []
    slots = SlotScores()
    for done, entry in enumerate(entries):
        said = engine.understand(entry["text"], entry.get("context") if with_context else None)
        scored.append(score(entry, heard_in(said)))
        if "slots" in entry:
            score_slots(slots, entry, said)
        if progress is not None:
            progress(done + 1)
    return scored, slots


def figures_of(
    scored: Sequence[Scored], slots: SlotScores | None = None, *, alarms: bool = False
) -> Json:
    """The figures of scored lines; ``alarms`` adds those of crisis levels."""
    figures: Json = {"lines": len(scored), **_figures(scored)}
    if alarms:
        figures["alarms"] = _alarms(scored)
    if slots is not None and slots.seen:
        figures["slots"] = slots.as_json()
    return figures


def heard_in(said: Understanding) -> Heard:
    """What is scored of an :class:`Understanding`."""
    return Heard(said.intent, said.ranking, said.category_ranking, said.act_ranking, said.crisis)


def score(entry: dict[str, Any], heard: Heard) -> Scored:
    """Lay what was heard beside the labels of ``entry``."""
    length = len(entry["text"])
    if "level" in entry:
        return Scored(entry["level"], heard.crisis, 1.0, None, (heard.crisis,), length)
    if "act" in entry:
        gold = "inform" if entry["act"].startswith("give_") else entry["act"]
        first = heard.acts[0]
        three = tuple(act.name for act in heard.acts[:3])
        return Scored(_ACT_NAMES.get(gold, gold), first.name, first.confidence, None, three, length)
    ranked = heard.categories if entry["label"] in CATEGORIES else heard.ranking
    three = tuple(one.name for one in ranked[:3])
    said, secondary = heard.intent, entry.get("secondary")
    return Scored(entry["label"], said.name, said.confidence, secondary, three, length)


def _figures(scored: Sequence[Scored]) -> Json:
    classes = per_class([(one.gold, one.said) for one in scored])
    credited = [(one.gold, one.gold if one.said == one.secondary else one.said) for one in scored]
    with_secondary = per_class(credited)
    wrong = [one for one in scored if not one.right]
    figures: Json = {
        "accuracy": _share(one.right for one in scored),
        "macro_f1": macro_f1(classes),
        "macro_f1_with_secondary": macro_f1(with_secondary),
        "first_three": _share(one.gold in one.first_three for one in scored),
        "calibration_error": calibration_error(scored),
        "errors": len(wrong),
        "sure_errors": sum(one.confidence > SURE for one in wrong),
    }
    core = [figure for figure in classes if figure.name in CORE_CATEGORIES]
    if core:
        figures["core_f1"] = macro_f1(core)
        credited_core = [figure for figure in with_secondary if figure.name in CORE_CATEGORIES]
        figures["core_f1_with_secondary"] = macro_f1(credited_core)
    for name, some in (
        ("short", [one for one in scored if one.length < SHORT]),
        ("long", [one for one in scored if one.length > LONG]),
    ):
        if some:
            figures[f"lines_{name}"] = len(some)
            figures[f"accuracy_{name}"] = _share(one.right for one in some)
            figures[f"macro_f1_{name}"] = macro_f1(per_class([(o.gold, o.said) for o in some]))
    figures["classes"] = {figure.name: figure.as_json() for figure in classes}
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
            right = sum(one.right for one in inside)
            total += abs(right - sum(one.confidence for one in inside))
    return round(total / len(scored), 4)


def _alarms(scored: Sequence[Scored]) -> Json:
    """Recall of each level counts the same level or a graver one; a false alarm is none → any."""
    figures: Json = {}
    for level in LEVELS[1:]:
        some = [one for one in scored if one.gold == level]
        if some:
            figures[f"recall_{level}"] = _share(
                LEVELS.index(o.said) >= LEVELS.index(level) for o in some
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
