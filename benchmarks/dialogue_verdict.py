"""Whether a conversation came out as its script expects.

A script is one line of JSON: ``id``, ``title``, ``turns`` (a text, or an object with ``text``,
``location``, ``photo`` or ``after_days``) and ``expect``: ``category``, ``slots``,
``must_not_ask_again``, ``handoff``, ``crisis`` and ``cases`` (not counting withdrawn ones).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.load import Book
from nlu.normalize import normalize

RETOLD = frozenset({"issue", "demand", "details"})
"""Scripts retell these in words of their own; that there is one is all that can be compared."""
MOST_ASKED = 3
"""Twice when it was passed over, once more where something was said in between."""
ALIKE = 0.6
"""Texts with so much of the shorter in common, in order, say the same: 早上七点来钟, 今早七点."""
NEIGHBOURS = frozenset({"family_marriage", "neighbour_dispute"})
"""Violence behind a wall is either; what counts there is how the danger is met."""


@dataclass(slots=True)
class Outcome:
    """What is known at the end, and after each turn what was asked and which slots were held."""

    category: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    handed: bool = False
    crisis: str = "none"
    cases: int = 0
    asked: list[frozenset[str]] = field(default_factory=list)
    held: list[frozenset[str]] = field(default_factory=list)
    questions: int = 0

    def heard(self, spoken: Sequence[str], slots: Iterable[str], words: Mapping[str, Any]) -> None:
        """Note one turn: the texts said after it, and the slots given or refused by then."""
        text = "\n".join(spoken)
        asked = {name for words_, names in words.items() if words_ in text for name in names}
        self.questions += bool(asked)
        self.asked.append(frozenset(asked))
        self.held.append(frozenset(slots))


def read_scripts(path: Path) -> list[dict[str, Any]]:
    """The scripts of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def question_words(book: Book) -> dict[str, tuple[str, ...]]:
    """Every wording of every question, with the slots it asks for."""
    asked = {
        variant: question.slots
        for form in book.forms.values()
        for question in form.questions
        for variant in question.variants
    }
    return {**asked, book.words.text("ask_category"): ("category",)}


def verdict(expect: Mapping[str, Any], outcome: Outcome) -> list[str]:
    """What is not as expected; empty when all is."""
    wrong = []
    categories = {expect["category"]}
    if expect["crisis"] == "R3" and categories & NEIGHBOURS:
        categories |= NEIGHBOURS
    if outcome.category not in categories and expect["cases"]:
        wrong.append(f"category {outcome.category}")
    for name, value in expect["slots"].items():
        if not same(name, value, outcome.slots.get(name)):
            wrong.append(f"{name} {outcome.slots.get(name)!r}, not {value!r}")
    wrong += [
        f"asked again: {name}" for name in expect["must_not_ask_again"] if again(name, outcome)
    ]
    if outcome.handed != expect["handoff"]:
        wrong.append(f"handoff {outcome.handed}")
    if outcome.crisis != expect["crisis"]:
        wrong.append(f"crisis {outcome.crisis}")
    if outcome.cases != expect["cases"]:
        wrong.append(f"cases {outcome.cases}")
    return wrong


def again(name: str, outcome: Outcome) -> bool:
    """Asked for after it was given or refused, or again and again."""
    times = [at for at, asked in enumerate(outcome.asked) if name in asked]
    return any(name in outcome.held[at] for at in times) or len(times) > MOST_ASKED


def same(name: str, expected: Any, found: Any) -> bool:
    """Numbers, choices and telephones are equal; of texts one holds the other, nearly."""
    if found is None or found in ("", []):
        return False
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        return isinstance(found, int | float) and abs(found - expected) < 0.01
    if not isinstance(expected, str):
        return list(found) == list(expected)
    if name in RETOLD:
        return True
    wanted, held = _flat(expected), _flat(str(found))
    if name == "phone" or expected in {"书面", "口头", "无", "实名", "保密", "匿名"}:
        return wanted == held
    shorter = min(len(wanted), len(held))
    return wanted in held or held in wanted or _common(wanted, held) >= ALIKE * shorter


def _flat(text: str) -> str:
    return "".join(char for char in normalize(text).text if char.isalnum())


def _common(one: str, other: str) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for char in one:
        above = row[:]
        for at, beside in enumerate(other):
            row[at + 1] = above[at] + 1 if char == beside else max(above[at + 1], row[at])
    return row[-1]
