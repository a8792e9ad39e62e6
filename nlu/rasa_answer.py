"""What a Rasa server said about a line, checked piece by piece before anybody believes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from nlu.classifier import COMPLAINT
from nlu.engine import Opinion
from nlu.intents import ACTS, CATEGORIES, INTENTS
from nlu.understanding import Entity, Ranked

NO_INTENT: Final = "nlu_fallback"
"""What Rasa's FallbackClassifier puts in front when it is unsure; the ranking behind it counts."""
FILLABLE: Final = frozenset({"place", "employer", "project"})
"""Entities taken from Rasa when our own extraction finds none; amounts and the like never are."""
SLIGHTLY_MORE: Final = 1.001
"""Rounding may carry a confidence, or their sum, just over 1."""

_HARMLESS: Final = re.compile(r"[\w/-]{1,64}", re.ASCII)

Reason = Literal["connection", "timeout", "status", "answer", "intents"]


class RasaFailed(Exception):
    """The server gave nothing to use. ``detail`` never holds what a resident wrote.

    ``passing`` means that the same question may well be answered a moment later.
    """

    def __init__(self, reason: Reason, detail: str, *, passing: bool = False) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.detail = detail
        self.passing = passing


def read_answer(body: bytes, sent: str, shift: int = 0) -> Opinion:
    """The opinion in the answer to ``sent``, which began ``shift`` characters into the line.

    Raises RasaFailed unless it is Rasa's shape, about this text, with intents that are ours.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise RasaFailed("answer", "no JSON") from None
    if not isinstance(answer, dict):
        raise RasaFailed("answer", "no JSON object")
    if answer.get("text") != sent:
        raise RasaFailed("answer", "about another text")
    shares = _shares(answer)
    complaint = sum(shares[name] for name in CATEGORIES)
    acts = {name: shares[name] for name in ACTS} | {COMPLAINT: complaint}
    categories = {name: shares[name] for name in CATEGORIES}
    return Opinion(_ranked(categories), _ranked(acts), tuple(_entities(answer, sent, shift)))


def _shares(answer: Mapping[str, object]) -> dict[str, float]:
    """Every intent's share of the certainty, summing to 1.

    Rasa names the ten surest only; the others share what those leave.
    """
    entries = answer.get("intent_ranking")
    if not isinstance(entries, list) or not entries:
        entries = [answer.get("intent")]
    named: dict[str, float] = {}
    for entry in entries:
        name, confidence = _intent(entry)
        if name != NO_INTENT:
            named[name] = confidence
    total = sum(named.values())
    if total <= 0:
        raise RasaFailed("answer", "no intent with any confidence")
    others = [name for name in INTENTS if name not in named]
    if total >= 1 or not others:
        return {name: named.get(name, 0.0) / total for name in INTENTS}
    return dict.fromkeys(others, (1 - total) / len(others)) | named


def _intent(entry: object) -> tuple[str, float]:
    if not isinstance(entry, dict):
        raise RasaFailed("answer", "no intent")
    name, confidence = entry.get("name"), _confidence(entry.get("confidence"))
    if not isinstance(name, str) or confidence is None:
        raise RasaFailed("answer", "an intent without name or confidence")
    if name not in INTENTS and name != NO_INTENT:
        shown = name if _HARMLESS.fullmatch(name) else "?"
        raise RasaFailed("intents", f"unknown intent {shown}")
    return name, confidence


def _confidence(value: object) -> float | None:
    """A number between 0 and 1, or None; JSON's NaN and truth values are no numbers here."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return min(float(value), 1.0) if 0 <= value <= SLIGHTLY_MORE else None


def _ranked(shares: Mapping[str, float]) -> tuple[Ranked, ...]:
    """The surest first, summing to 1; equals keep our order."""
    total = sum(shares.values())
    if total <= 0:  # all acts, no category at all: then no category is likelier than another
        shares, total = dict.fromkeys(shares, 1.0), float(len(shares))
    order = sorted(shares, key=lambda name: -shares[name])
    return tuple(Ranked(name, shares[name] / total) for name in order)


def _entities(answer: Mapping[str, object], sent: str, shift: int) -> Iterator[Entity]:
    """Those we may take; one whose span is not in the text is passed over."""
    found = answer.get("entities")
    if not isinstance(found, list):
        return
    for entry in found:
        if not isinstance(entry, dict) or entry.get("entity") not in FILLABLE:
            continue
        start, end = entry.get("start"), entry.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(sent):
            continue
        text = sent[start:end]
        if text != text.strip():
            continue
        sure = _confidence(entry.get("confidence_entity", entry.get("confidence", 0.5)))
        name = str(entry["entity"])
        if sure is not None:
            yield Entity(name, start + shift, end + shift, text, text, sure)
