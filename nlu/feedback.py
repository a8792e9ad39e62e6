"""Officers' corrections made ready to learn from: masked, told once, the newest held back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from nlu.extract import extract
from nlu.intents import CATEGORIES
from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.training_data import Example, TrainingData

WEIGHT: Final = 2
"""How often a correction is learned: a resident's own words weigh more than ours, and the model
was wrong about them. Measured in docs/decisions/0011-learning-from-officers.md."""
RECENT_SHARE: Final = 0.25
LEAST_RECENT: Final = 5
"""So many are held back where that leaves at least as many to learn from."""
SHORTEST: Final = 4  # characters; a shorter line tells nothing without its question
ALIKE: Final = 0.8
"""Bigram Jaccard above which a line to learn from gives a held-back line away."""
NEAR_GOLDEN: Final = 0.5
"""The same for golden lines."""
TOKENS: Final = {"phone": "号码", "phone_other": "号码", "name": "某某", "respondent": "某某"}
NUMBER: Final = "号码"
_LONG_NUMBER: Final = re.compile(r"[0-9０-９](?:[ -]?[0-9０-９]){6,}[Xx]?")


@dataclass(frozen=True, slots=True)
class Correction:
    """A complaint and the category an officer gave its case. ``case`` is the case's number."""

    case: str
    text: str
    category: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """``learn`` is for training, ``recent`` is never trained on; both masked, oldest first."""

    learn: tuple[Correction, ...]
    recent: tuple[Correction, ...]

    @property
    def digest(self) -> str:
        """A sha256 over what is learned, the same on every machine."""
        lines = sorted(f"{each.category}\t{each.text}" for each in self.learn)
        return hashlib.sha256("\n".join([str(WEIGHT), *lines]).encode()).hexdigest()


def masked(text: str) -> str:
    """The text with telephone numbers, persons' names and every long number as neutral words.

    Names are found by what stands around them (我叫…, 老板姓…): one that nothing points at stays.
    """
    line = normalize(text)
    spans = [e for e in extract(line, words(line.text)) if e.entity in TOKENS]
    end = len(text)
    for span in sorted(spans, key=lambda each: each.start, reverse=True):
        if span.end <= end:  # overlapping finds: the later one stands already
            text = text[: span.start] + TOKENS[span.entity] + text[span.end :]
            end = span.start
    return _LONG_NUMBER.sub(NUMBER, text)


def divide(corrections: Iterable[Correction], golden: Sequence[str] = ()) -> Feedback:
    """What to learn and what to hold back.

    Of a case only the last correction counts, of the same words only the newest. The newest
    quarter is held back (at least five where there are ten); whatever resembles one of those,
    or a ``golden`` line, is not learned.
    """
    known = _told_once(_last_of_each_case(corrections))
    count = min(len(known) // 2, max(LEAST_RECENT, round(len(known) * RECENT_SHARE)))
    learn, recent = known[: len(known) - count], known[len(known) - count :]
    held_back = [bigrams(each.text) for each in recent]
    measured = [bigrams(text) for text in golden]
    return Feedback(
        tuple(
            each
            for each in learn
            if not _gives_away(each.text, held_back, ALIKE)
            and not _gives_away(each.text, measured, NEAR_GOLDEN)
        ),
        tuple(recent),
    )


def with_feedback(data: TrainingData, learn: Sequence[Correction]) -> TrainingData:
    """The training data with each correction WEIGHT times, apart from what stands there already."""
    known = {(example.text, example.intent) for example in data.examples}
    added = [
        Example(each.text, each.category, (), Path("feedback"), number)
        for number, each in enumerate(learn, start=1)
        if (each.text, each.category) not in known
        for _ in range(WEIGHT)
    ]
    return replace(data, corrections=(*data.corrections, *added))


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits of the normalised text."""
    plain = "".join(filter(str.isalnum, normalize(text).text))
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) or frozenset([plain])


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard index of two sets of bigrams, 0 to 1."""
    return len(one & other) / (len(one | other) or 1)


def _gives_away(text: str, others: Sequence[frozenset[str]], limit: float) -> bool:
    own = bigrams(text)
    return any(likeness(own, other) > limit for other in others)


def _last_of_each_case(corrections: Iterable[Correction]) -> list[Correction]:
    last = {each.case: each for each in sorted(corrections, key=_when)}
    return sorted(last.values(), key=_when)


def _told_once(corrections: Iterable[Correction]) -> list[Correction]:
    """Masked; without categories we do not know and words that tell nothing."""
    newest: dict[str, Correction] = {}
    for each in corrections:
        text = " ".join(masked(each.text).split())
        if each.category in CATEGORIES and len(text) >= SHORTEST:
            newest[normalize(text).text] = replace(each, text=text)
    return sorted(newest.values(), key=_when)


def _when(each: Correction) -> tuple[datetime, str]:
    return each.at, each.case
