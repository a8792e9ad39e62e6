"""How well the extractors fill slots: found, exact, and how much they invent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nlu.understanding import Json, Understanding

_NUMBERS: Final = ("amount_yuan", "period_months", "people_n")
_WORDS: Final = {
    "company": ("employer", "respondent"),
    "employer": ("employer", "respondent"),
    "location": ("place", "project"),
    "place": ("place", "project"),
    "phone": ("phone",),
}
_VAGUE_WORDS: Final = {"amount_yuan": "amount", "period_months": "period", "people_n": "people"}


@dataclass(slots=True)
class SlotScores:
    """Counts per slot: given a value, exact, invented where nothing was said.

    A file may label the slots of some categories only. What is found on a line of another category
    is counted as invented all the same; ``invented_where_labelled`` leaves those lines out.
    """

    seen: int = 0
    given: dict[str, int] = field(default_factory=dict)
    exact: dict[str, int] = field(default_factory=dict)
    absent: dict[str, int] = field(default_factory=dict)
    invented: dict[str, int] = field(default_factory=dict)
    labelled: set[str] = field(default_factory=set)
    """Categories of which at least one line carries a slot."""
    lines: dict[str, int] = field(default_factory=dict)
    liars: dict[str, int] = field(default_factory=dict)
    """Per category: lines, and those on which a number was invented."""

    def as_json(self) -> Json:
        """Recall of each slot and the share of lines in which it was invented; then all numbers."""
        figures: Json = {}
        for slot in sorted(set(self.given) | set(self.absent)):
            given, absent = self.given.get(slot, 0), self.absent.get(slot, 0)
            entry: Json = {"given": given}
            if given:
                entry["exact"] = round(self.exact.get(slot, 0) / given, 4)
            if absent:
                entry["invented"] = round(self.invented.get(slot, 0) / absent, 4)
            figures[slot] = entry
        figures["numbers"] = self._numbers()
        return figures

    def _numbers(self) -> Json:
        """Amounts, periods and people together; invented is a share of lines, not of slots."""
        given = sum(self.given.get(slot, 0) for slot in _NUMBERS)
        figures: Json = {"given": given}
        if given:
            exact = sum(self.exact.get(slot, 0) for slot in _NUMBERS)
            figures["exact"] = round(exact / given, 4)
        for name, labels in (
            ("invented", set(self.lines)),
            ("invented_where_labelled", self.labelled),
        ):
            lines = sum(self.lines.get(label, 0) for label in labels)
            if lines:
                liars = sum(self.liars.get(label, 0) for label in labels)
                figures[name] = round(liars / lines, 4)
        return figures

    def add(self, counts: dict[str, int], slot: str, hit: bool = True) -> None:
        """Count one for ``slot`` when ``hit``."""
        counts[slot] = counts.get(slot, 0) + hit


def score_slots(scores: SlotScores, entry: Mapping[str, Any], heard: Understanding) -> None:
    """Add one line to ``scores``."""
    gold, ignored = entry["slots"], set(entry.get("slots_ignore", ()))
    label = str(entry.get("label", ""))
    scores.seen += 1
    if gold:
        scores.labelled.add(label)
    before = sum(scores.invented.values())
    for slot in _NUMBERS:
        if slot not in ignored:
            _score_number(scores, slot, gold, heard)
    scores.add(scores.lines, label)
    scores.add(scores.liars, label, sum(scores.invented.values()) > before)
    for slot, names in _WORDS.items():
        if slot in gold:
            scores.add(scores.given, slot)
            scores.add(scores.exact, slot, _found(str(gold[slot]), names, heard))


def _score_number(
    scores: SlotScores, slot: str, gold: Mapping[str, Any], heard: Understanding
) -> None:
    said = heard.first(slot)
    value = gold.get(slot)
    if value is not None:
        scores.add(scores.given, slot)
        right = said is not None and isinstance(said.value, int | float)
        scores.add(scores.exact, slot, right and abs(float(said.value) - value) < 0.05)  # type: ignore[union-attr,arg-type]
    elif slot not in gold and _VAGUE_WORDS[slot] not in gold:
        scores.add(scores.absent, slot)
        scores.add(scores.invented, slot, said is not None and not said.vague)


def _found(gold: str, names: tuple[str, ...], heard: Understanding) -> bool:
    """The words named, or most of them, are among the entities."""
    plain = gold.replace(" ", "").lower()
    for entity in heard.entities:
        text = (
            str(entity.value if entity.entity == "phone" else entity.text).replace(" ", "").lower()
        )
        if entity.entity in names and (
            plain in text or (text in plain and len(text) >= 0.6 * len(plain))
        ):
            return True
    return False
