"""The interface every engine has, and the embedded engine.

Normalise, tokenise, look for danger, classify, extract, join.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Final, Protocol, Self, runtime_checkable

from nlu.classifier import ACT, CATEGORY, COMPLAINT, CRISIS, Classifier
from nlu.crisis import ANSWER, CERTAIN, OPENING, Alarm, detect, sentences_of, with_head
from nlu.extract import extract
from nlu.extract.asked import asked_slot
from nlu.extract.person import is_bare_name
from nlu.model_file import DEFAULT_PATH, Model, load
from nlu.normalize import normalize
from nlu.spoken import fluent, in_one_breath
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
NAMED: Final = 10
"""No line that is a name and no more is longer, in characters."""
VOICE: Final = 8
"""A line of so many characters in one breath is judged without its fillers and stammers."""
HOLLOW: Final = frozenset({
    "abuse", "affirm", "anonymous", "chitchat", "deny", "goodbye", "greet", "praise", "skip",
    "thank",
})  # fmt: skip
"""Acts without figures: a line of at most CURT characters that has one gives a fact instead."""
FACT_SURE: Final = 0.6
"""Facts that no question asked for are a complaint when their category is this sure."""
DOUBTFUL: Final = 0.5
"""An opening whose act is less sure than this is a complaint …"""
MATTER_SURE: Final = 0.85
"""… when its category is this sure."""
CHANCE: Final = 0.2
"""What other acts keep of their shares when an opening is a complaint, as most openings are: the
act head learned that each act is as frequent as a complaint. Chosen on the development files."""
POLITE: Final = frozenset({
    "consult_policy", "suggest", "thank", "inform", "greet", "goodbye", "chitchat", "dont_know",
    "affirm", "deny", "praise",
})  # fmt: skip

_CONFIDENCE: Final = attrgetter("confidence")


class Engine(Protocol):
    """Turns one line into an :class:`Understanding`. Pure: same line, same answer."""

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """Understand ``text``.

        ``context`` is what the bot asked just before: a slot's name (``amount_yuan``) or the
        question's own words, "" in the middle of a talk where nothing was asked, None at its
        beginning. It lets a bare 650 be an amount, and doubts danger that nothing told before
        makes likely. ``now`` is the day on which it was
        said, where the resident lives: it turns "last month" into a date; without it such words
        stay words. Never raises for any string.
        """
        ...


@runtime_checkable
class RemoteEngine(Protocol):
    """An engine that asks another process, so that its answer must be waited for.

    A running event loop calls this and nothing else of it; a plain :class:`Engine` answers
    within a millisecond and is called directly, without the cost of a thread.
    """

    async def aunderstand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """As :meth:`Engine.understand`; never raises for any string or whatever the other does."""
        ...


@dataclass(frozen=True, slots=True)
class Opinion:
    """How an engine judges a line: both rankings complete, the surest first, and what it found.

    ``acts`` holds the class ``complaint`` beside the twenty acts.
    """

    categories: tuple[Ranked, ...]
    acts: tuple[Ranked, ...]
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One line, read here but not concluded. ``length`` counts the normalised characters read."""

    text: str
    length: int
    opening: bool
    asked: str | None
    alarm: Alarm
    urgent: bool
    own: Opinion


class EmbeddedEngine:
    """The engine inside the process. Safe to share by threads.

    Keeps no state between lines but its model, which :meth:`use` replaces as a whole.
    """

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

    def use(self, model: Model) -> None:
        """Understand by ``model`` from the next line on; a line under way keeps the old one."""
        self._classifier = Classifier(model)

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """See :class:`Engine`."""
        return self.conclude(self.read(text, context, now=now))

    def gist(self, text: str) -> Understanding:
        """As ``understand``, without the facts: the same category ranking, urgency and danger."""
        return self.conclude(self.read(text, facts=False))

    def read(
        self, text: str, context: str | None = None, *, now: date | None = None, facts: bool = True
    ) -> Reading:
        """The first half: all that this engine finds in the line, nothing concluded yet."""
        line = normalize(text)
        alarm = detect(line.text)  # the whole of it, however long
        alone = sentences_of(line.text) if alarm.level == "none" else []
        line = line.head(READ)
        tokens = words(line.text)
        asked = asked_slot(context)
        said = fluent(line)
        spoken = tokens if said is line else words(said.text)
        entities = extract(said, spoken, asked, now=now) if facts else ()
        voice = said is not line and len(said.text) >= VOICE and in_one_breath(said.text)
        judged = (said.text, spoken) if voice else (line.text, tokens)
        rankings = self._classifier.rankings(*judged)
        doubts = OPENING if context is None else ANSWER
        alarm = with_head(alarm, rankings.get(CRISIS, ()), line.text, doubts=doubts)
        for sentence in alone:
            ranking = self._classifier.ranking(CRISIS, sentence, words(sentence))
            alarm = with_head(alarm, ranking, sentence, CERTAIN)
        urgent = is_urgent(line.text, alarm)
        own = Opinion(rankings[CATEGORY], rankings[ACT], entities)
        return Reading(text, len(line.text), not context, asked, alarm, urgent, own)

    def conclude(self, reading: Reading, opinion: Opinion | None = None) -> Understanding:
        """The second half. Another engine's ``opinion`` decides category and act in our place.

        Danger, urgency, the second category and every entity found here stay ours.
        """
        own = opinion or reading.own
        entities = own.entities if opinion is None else _with_others(reading, opinion)
        acts = _unless_a_name(own.acts, reading.text)
        acts = _in_context(acts, entities, reading.asked, reading.length)
        if reading.opening:
            acts = _opening(acts, own.categories, reading.length)
        second = _second(reading.own.categories, own.categories[0].name)
        return _join(reading, own.categories, acts, entities, second)


def _with_others(reading: Reading, opinion: Opinion) -> tuple[Entity, ...]:
    """Our entities, and of the other's those whose name and words we have no use for yet."""
    ours = reading.own.entities
    names = {entity.entity for entity in ours}
    more = [
        other
        for other in opinion.entities
        if other.entity not in names
        and not any(own.start < other.end and other.start < own.end for own in ours)
    ]
    return tuple(sorted((*ours, *more), key=lambda entity: (entity.start, entity.end)))


def _unless_a_name(acts: tuple[Ranked, ...], text: str) -> tuple[Ranked, ...]:
    """王老五, 刘二狗: a line that is somebody's name scolds nobody, it tells who."""
    if acts[0].name != "abuse" or len(text) > NAMED or not is_bare_name(normalize(text).text):
        return acts
    return _informing(acts)


def _informing(acts: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    others = tuple(Ranked(act.name, act.confidence * 0.1) for act in acts if act.name != "inform")
    return (Ranked("inform", 1 - sum(act.confidence for act in others)), *others)


def _in_context(
    acts: tuple[Ranked, ...], entities: tuple[Entity, ...], asked: str | None, length: int
) -> tuple[Ranked, ...]:
    """The answer that was asked for is ``inform``; so is a short line that is mostly a figure."""
    sure = {entity.entity for entity in entities if entity.confidence >= 0.7}
    answered = asked in sure and acts[0].name != COMPLAINT and acts[0].confidence < CLEAR_ACT
    figure = length <= CURT and bool(sure & FIGURES) and acts[0].name in HOLLOW
    if not (answered or figure):
        return acts
    return _informing(acts)


def _opening(
    acts: tuple[Ranked, ...], categories: tuple[Ranked, ...], length: int
) -> tuple[Ranked, ...]:
    """A first line about a known matter is a complaint, however politely or curtly it is put."""
    first, (matter, sure) = acts[0].name, categories[0]
    told = first in POLITE and length >= TOLD_AT and sure >= TOLD_SURE
    # "other" is where lines end that say too little
    fact = first == "inform" and sure >= (MATTER_SURE if matter == "other" else FACT_SURE)
    doubtful = first != COMPLAINT and acts[0].confidence < DOUBTFUL and sure >= MATTER_SURE
    if first != COMPLAINT and not (told or fact or doubtful):
        return acts
    others = [Ranked(name, share * CHANCE) for name, share in acts if name != COMPLAINT]
    return (Ranked(COMPLAINT, 1 - sum(act.confidence for act in others)), *others)


def _join(
    reading: Reading,
    categories: tuple[Ranked, ...],
    acts: tuple[Ranked, ...],
    entities: tuple[Entity, ...],
    second: str | None,
) -> Understanding:
    complaint = next(act.confidence for act in acts if act.name == COMPLAINT)
    is_complaint = acts[0].name == COMPLAINT
    public = _public_acts(acts, complaint)
    category = categories[0].name if is_complaint else None
    shares = [Ranked(name, confidence * complaint) for name, confidence in categories]
    plain = [act for act in acts if act.name != COMPLAINT]
    chosen = shares.pop(0) if is_complaint else plain.pop(0)
    ranking = sorted(shares + plain, key=_CONFIDENCE, reverse=True)
    return Understanding(
        text=reading.text,
        intent=chosen,
        ranking=(chosen, *ranking),
        category=category,
        category_ranking=categories,
        act=public[0].name,
        act_ranking=public,
        secondary=second if is_complaint else None,
        urgent=reading.urgent,
        crisis=reading.alarm.level,
        crisis_kind=reading.alarm.kind,
        entities=entities if category in LABOUR or not is_complaint else _with_respondent(entities),
    )


def _public_acts(acts: tuple[Ranked, ...], complaint: float) -> tuple[Ranked, ...]:
    """The twenty acts: a complaint informs."""
    merged = [
        Ranked("inform", act.confidence + complaint) if act.name == "inform" else act
        for act in acts
        if act.name != COMPLAINT
    ]
    return tuple(sorted(merged, key=_CONFIDENCE, reverse=True))


def _second(categories: tuple[Ranked, ...], category: str) -> str | None:
    """The other category in the line, by our own ranking, when ``category`` is its first."""
    first, second = categories[0], categories[1]
    if first.name != category:  # decided elsewhere: then ours is the other one, if we are sure
        return first.name if first.confidence >= SECOND_SHARE else None
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
