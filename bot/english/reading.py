"""Reads one English line into the same Understanding that the engine makes of Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import get_args

from bot.english.figures import figures
from bot.english.matching import Finder, Found, Word, words_of
from bot.english.names import names
from config.english import ACTS as NAMED
from config.english import Label, Vocabulary
from nlu.intents import ACTS, CATEGORIES
from nlu.understanding import CrisisKind, CrisisLevel, Entity, Ranked, Understanding

LEVELS: tuple[CrisisLevel, ...] = get_args(CrisisLevel)
KINDS: tuple[CrisisKind, ...] = get_args(CrisisKind)
READ = 2500  # characters; the rest is kept and read by people
_WEIGHT = {"strong": 3.0, "weak": 1.0}
_DOUBT = 1.0  # how much is left open whatever was found
_SECOND_RATIO = 0.4  # a second category has this share of the first's certainty …
_SECOND_SCORE = 3.0  # … and one strong row of its own
_STORY = 8  # words that tell a matter, also when they thank, greet or suggest
_TOLD = 4  # words that tell something
_SURE, _INFORMS, _CURT = 0.9, 0.8, 0.45
_POLITE = frozenset({"greet", "thank", "suggest", "praise", "goodbye", "anonymous", "chitchat"})
_BLANK = "□"
_DANGER = frozenset({"crisis", "alone"})


class EnglishReader:
    """Pure and without state but its word lists; safe to share by threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _rows(self) -> Finder:
        """Made at the first English line: nobody else should wait for it."""
        return Finder(self._vocabulary.rows)

    @cached_property
    def _figures(self) -> Finder:
        return Finder(self._vocabulary.figures)

    def understand(self, text: str, context: str | None, today: date | None) -> Understanding:
        """As ``nlu.engine.Engine.understand``; never raises for any string."""
        words = words_of(text[:READ])
        found = self._found(words)
        labels = [each.label for each in found]
        scores = _scores(labels)
        act, telling = _act(labels, scores, words)
        ranking = _ranking(scores)
        category = ranking[0].name if scores and telling else None
        level, kind = self._danger(found, words)
        about = category or (ranking[0].name if scores else None)
        entities = _entities(text[:READ], found, words, about, context, today)
        urgent = ("urgent",) in labels or level in {"R2", "R3"}
        second = _second(scores, category)
        sure = _certainty(act, labels, words, context)
        acts = _acts(act, sure)
        intent = ranking[0] if category else acts[0]
        return Understanding(
            text=text,
            intent=intent,
            ranking=(intent, *(acts if category else ranking)),
            category=category,
            category_ranking=ranking,
            act=act,
            act_ranking=acts,
            secondary=second,
            urgent=urgent,
            crisis=level,
            crisis_kind=kind,
            entities=entities,
        )

    def danger(self, text: str) -> tuple[CrisisLevel, CrisisKind | None]:
        """The crisis level of a line that is only partly English."""
        words = words_of(text)
        return self._danger(self._found(words), words)

    def _found(self, words: Sequence[Word]) -> list[Found]:
        """All rows in the line; those of danger where it is no figure of speech."""
        plain = [each for each in self._rows.find(words) if each.label[0] not in _DANGER]
        literal = self._rows.find(self._without_figures(words))
        return plain + [
            each
            for each in literal
            if each.label[0] == "crisis" or (each.label[0] == "alone" and _is_all(each, words))
        ]

    def _without_figures(self, words: Sequence[Word]) -> list[Word]:
        """The words with figures of speech blanked out: this noise is killing me."""
        kept = list(words)
        for each in self._figures.find(words):
            for at in range(each.first, each.last):
                kept[at] = replace(kept[at], text=_BLANK)
        return kept

    def _danger(
        self, found: Sequence[Found], words: Sequence[Word]
    ) -> tuple[CrisisLevel, CrisisKind | None]:
        spared = {
            (each.label[1], words[each.first].sentence)
            for each in found
            if each.label[0] == "unless"
        }
        worst: tuple[CrisisLevel, CrisisKind | None] = ("none", None)
        for each in found:
            if each.label[0] not in _DANGER:
                continue
            if (each.label[1], words[each.first].sentence) in spared:
                continue
            kind, level = self._vocabulary.dangers[int(each.label[1])]
            rank = next(known for known in LEVELS if known == level)
            if LEVELS.index(rank) > LEVELS.index(worst[0]):
                worst = (rank, next(known for known in KINDS if known == kind))
        return worst


def _is_all(found: Found, words: Sequence[Word]) -> bool:
    """Whether a row is all of its sentence."""
    sentence = words[found.first].sentence
    return found.last - found.first == sum(word.sentence == sentence for word in words)


def _scores(labels: Iterable[Label]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for label in labels:
        if label[0] == "category":
            scores[label[1]] = scores.get(label[1], 0.0) + _WEIGHT[label[2]]
    return scores


def _ranking(scores: dict[str, float]) -> tuple[Ranked, ...]:
    """All categories, the likeliest first; what nothing speaks for shares the doubt."""
    total = sum(scores.values()) + _DOUBT
    rest = _DOUBT / total / len(CATEGORIES) if scores else 0.04
    ranked = [Ranked(name, scores.get(name, 0.0) / total + rest) for name in CATEGORIES]
    return tuple(sorted(ranked, key=lambda each: -each.confidence))


def _act(
    labels: Sequence[Label], scores: dict[str, float], words: Sequence[Word]
) -> tuple[str, bool]:
    """What the line does, and whether it tells a matter of its own."""
    named = {label[1] for label in labels if label[0] == "act"}
    act = next((name for name in NAMED if name in named), None)
    if act is None or (act in _POLITE and scores and len(words) >= _TOLD):
        return "inform", True
    if act == "abuse" and scores and len(words) >= _STORY:
        return "inform", True
    return act, False


def _certainty(
    act: str, labels: Sequence[Label], words: Sequence[Word], context: str | None
) -> float:
    if act != "inform":
        return _SURE
    told = any(label[0] == "category" for label in labels) or len(words) >= _TOLD
    return _INFORMS if told or context else _CURT


def _acts(act: str, sure: float) -> tuple[Ranked, ...]:
    rest = (1 - sure) / (len(ACTS) - 1)
    others = (Ranked(name, rest) for name in ACTS if name != act)
    return (Ranked(act, sure), *others)


def _second(scores: dict[str, float], category: str | None) -> str | None:
    if category is None:
        return None
    others = [(score, name) for name, score in scores.items() if name != category]
    score, name = max(others, default=(0.0, ""))
    enough = score >= _SECOND_SCORE and score >= _SECOND_RATIO * scores[category]
    return name if enough else None


def _entities(
    text: str,
    found: Sequence[Found],
    words: Sequence[Word],
    category: str | None,
    context: str | None,
    today: date | None,
) -> tuple[Entity, ...]:
    entities = [*figures(text, context, today), *names(text, category, context)]
    known = {entity.entity for entity in entities}
    for slot, each in _values(found, category):
        if slot not in known:
            known.add(slot)
            start, end = words[each.first].start, words[each.last - 1].end
            entities.append(Entity(slot, start, end, each.label[2], text[start:end], 0.85))
    return tuple(sorted(entities, key=lambda entity: (entity.start, entity.end)))


def _values(found: Sequence[Found], category: str | None) -> list[tuple[str, Found]]:
    """Answers with few values; the longest words first, so that no contract is no contract."""
    told = [(each.label[1], each) for each in found if each.label[0] == "value"]
    told += [("kind", e) for e in found if e.label[0] == "kind" and e.label[1] == category]
    return sorted(told, key=lambda item: item[1].first - item[1].last)
