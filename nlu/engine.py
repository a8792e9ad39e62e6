"""The interface every engine has, and the embedded engine.

Normalise, tokenise, look for danger, classify, extract, join.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, Protocol, Self

from nlu.classifier import ACT, CATEGORY, COMPLAINT, CRISIS, Classifier
from nlu.crisis import Alarm, detect, with_head
from nlu.extract import extract
from nlu.extract.asked import asked_slot
from nlu.model_file import DEFAULT_PATH, load
from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.understanding import Entity, Ranked, Understanding
from nlu.urgency import is_urgent

LABOUR: Final = frozenset({"wage_arrears", "labour_other"})
SECOND_SHARE: Final = 0.2
"""A second category is named when it has this share of the category head's certainty …"""
SECOND_RATIO: Final = 0.35
"""… and this much of the first's."""


READ: Final = 2500
"""Characters read for anything but danger: no letter tells its facts later than that."""
CLEAR_ACT: Final = 0.6
"""An act this sure stands, even when the words could fill the slot that was asked for."""
TOLD_AT: Final = 24
"""An opening of this many characters tells a matter, also when it asks, thanks or suggests …"""
TOLD_SURE: Final = 0.6
"""… provided its category is at least this sure."""
CURT: Final = 12
FIGURES: Final = frozenset({"amount_yuan", "period_months", "people_n", "phone"})
HOLLOW: Final = frozenset({
    "abuse", "affirm", "anonymous", "chitchat", "deny", "goodbye", "greet", "praise", "skip",
    "thank",
})  # fmt: skip
"""Acts without figures: a line of at most CURT characters that has one gives a fact instead."""
FACT_SURE: Final = 0.85
"""Facts that no question asked for are a complaint when their category is this sure."""
POLITE: Final = frozenset({
    "consult_policy", "suggest", "thank", "inform", "greet", "goodbye", "chitchat", "dont_know",
    "affirm", "deny", "praise",
})  # fmt: skip


class Engine(Protocol):
    """Turns one line into an :class:`Understanding`. Pure: same line, same answer."""

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """Understand ``text``.

        ``context`` is what the bot asked just before: a slot's name (``amount_yuan``) or the
        question's own words. It lets a bare 650 be an amount. ``now`` is the day on which it was
        said, where the resident lives: it turns "last month" into a date; without it such words
        stay words. Never raises for any string.
        """
        ...


class EmbeddedEngine:
    """The engine inside the process. Keeps no state between lines; safe to share by threads."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH, *, accept_stale: bool = False) -> Self:
        """Load the trained model. Raises ModelError, whose message says what to do."""
        engine = cls(Classifier(load(path, accept_stale=accept_stale)))
        engine.understand(
            "你好"
        )  # word lists and patterns are read here, not at the first resident's line
        return engine

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """See :class:`Engine`."""
        line = normalize(text)
        alarm = detect(line.text)  # the whole of it, however long
        line = line.head(READ)
        tokens = words(line.text)
        asked = asked_slot(context)
        entities = extract(line, tokens, asked, now=now)
        rankings = self._classifier.rankings(line.text, tokens)
        categories = rankings[CATEGORY]
        alarm = with_head(alarm, rankings.get(CRISIS, ()), line.text)
        acts = _in_context(rankings[ACT], entities, asked, len(line.text))
        if context is None:
            acts = _opening(acts, categories, len(line.text))
        urgent = is_urgent(line.text, alarm)
        return _join(text, categories, acts, entities, alarm, urgent)


def _in_context(
    acts: tuple[Ranked, ...], entities: tuple[Entity, ...], asked: str | None, length: int
) -> tuple[Ranked, ...]:
    """The answer that was asked for is ``inform``; so is a short line that is mostly a figure."""
    sure = {entity.entity for entity in entities if entity.confidence >= 0.7}
    answered = asked in sure and acts[0].name != COMPLAINT and acts[0].confidence < CLEAR_ACT
    figure = length <= CURT and bool(sure & FIGURES) and acts[0].name in HOLLOW
    if not (answered or figure):
        return acts
    others = tuple(Ranked(act.name, act.confidence * 0.1) for act in acts if act.name != "inform")
    return (Ranked("inform", 1 - sum(act.confidence for act in others)), *others)


def _opening(
    acts: tuple[Ranked, ...], categories: tuple[Ranked, ...], length: int
) -> tuple[Ranked, ...]:
    """A first line about a known matter is a complaint, however politely or curtly it is put."""
    first, sure = acts[0].name, categories[0].confidence
    told = first in POLITE and length >= TOLD_AT and sure >= TOLD_SURE
    fact = first == "inform" and sure >= FACT_SURE
    if not (told or fact):
        return acts
    others = tuple(act for act in acts if act.name != COMPLAINT)
    complaint = next(act for act in acts if act.name == COMPLAINT)
    sure = max(complaint.confidence, 0.5)
    rest = (1 - sure) / max(1 - complaint.confidence, 1e-9)
    return (
        Ranked(COMPLAINT, sure),
        *(Ranked(act.name, act.confidence * rest) for act in others),
    )


def _join(
    text: str,
    categories: tuple[Ranked, ...],
    acts: tuple[Ranked, ...],
    entities: tuple[Entity, ...],
    alarm: Alarm,
    urgent: bool,
) -> Understanding:
    complaint = next(act.confidence for act in acts if act.name == COMPLAINT)
    is_complaint = acts[0].name == COMPLAINT
    public = _public_acts(acts)
    category = categories[0].name if is_complaint else None
    shares = [Ranked(entry.name, entry.confidence * complaint) for entry in categories]
    plain = [act for act in acts if act.name != COMPLAINT]
    chosen = shares[0] if is_complaint else plain[0]
    ranking = sorted(shares + plain, key=lambda entry: (entry is not chosen, -entry.confidence))
    return Understanding(
        text=text,
        intent=chosen,
        ranking=tuple(ranking),
        category=category,
        category_ranking=categories,
        act=public[0].name,
        act_ranking=public,
        secondary=_second(categories) if is_complaint else None,
        urgent=urgent,
        crisis=alarm.level,
        crisis_kind=alarm.kind,
        entities=entities if category in LABOUR or not is_complaint else _with_respondent(entities),
    )


def _public_acts(acts: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    """The twenty acts: a complaint informs."""
    complaint = next(act.confidence for act in acts if act.name == COMPLAINT)
    merged = [
        Ranked(act.name, act.confidence + complaint) if act.name == "inform" else act
        for act in acts
        if act.name != COMPLAINT
    ]
    return tuple(sorted(merged, key=lambda act: -act.confidence))


def _second(categories: tuple[Ranked, ...]) -> str | None:
    first, second = categories[0], categories[1]
    close = (
        second.confidence >= SECOND_SHARE and second.confidence >= SECOND_RATIO * first.confidence
    )
    return second.name if close else None


def _with_respondent(entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Outside labour matters a company is not an employer but the other side."""
    if any(entity.entity == "respondent" for entity in entities):
        return entities
    company = next((entity for entity in entities if entity.entity == "employer"), None)
    if company is None:
        return entities
    other = Entity(
        "respondent",
        company.start,
        company.end,
        company.value,
        company.text,
        company.confidence * 0.8,
    )
    return tuple(sorted((*entities, other), key=lambda entity: (entity.start, entity.end)))
