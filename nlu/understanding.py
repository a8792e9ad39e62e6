"""What the engine says about one line. Everything downstream reads these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

CrisisLevel = Literal["none", "R1", "R2", "R3"]
CrisisKind = Literal["self_harm", "violence", "hazard", "witness"]
Value = int | float | str | None
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Entity:
    """One fact and the words it came from: ``text == line[start:end]`` of the original line.

    ``vague`` is true when the words leave the number open: ``value`` is then the number they
    name (八千多 → 8000), or None when they name none (几十万, 好几个月).
    ``confidence`` runs from 0 to 1.
    """

    entity: str
    start: int
    end: int
    value: Value
    text: str
    confidence: float
    vague: bool = False

    def as_rasa(self) -> Json:
        """This entity in the shape of Rasa's parse answer, with ``text`` and ``vague`` added."""
        return {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "vague": self.vague,
        }


class Ranked(NamedTuple):
    """A name and how sure we are of it, 0 to 1. (A tuple: a line makes over a hundred.)"""

    name: str
    confidence: float

    def as_rasa(self) -> Json:
        """``{"name", "confidence"}``."""
        return {"name": self.name, "confidence": round(self.confidence, 4)}


@dataclass(frozen=True, slots=True)
class Understanding:
    """One line, understood.

    ``intent`` is the category for a complaint, else the act. ``act`` is always set and is
    ``inform`` for a complaint and for an answer such as 三个月. ``category`` is None unless the
    line reads as a complaint; ``category_ranking`` is given for every line. ``urgent`` means
    danger to life now, water, power, food or treatment lost now, threatened violence or an
    imminent irreversible event. ``crisis`` and ``crisis_kind`` follow the crisis protocol.
    """

    text: str
    intent: Ranked
    ranking: tuple[Ranked, ...]
    category: str | None
    category_ranking: tuple[Ranked, ...]
    act: str
    act_ranking: tuple[Ranked, ...]
    secondary: str | None
    urgent: bool
    crisis: CrisisLevel
    crisis_kind: CrisisKind | None
    entities: tuple[Entity, ...]

    def first(self, entity: str) -> Entity | None:
        """The leftmost entity of that name, or None."""
        return next((found for found in self.entities if found.entity == entity), None)

    def as_rasa(self) -> Json:
        """The JSON of ``jiesu nlu parse``: Rasa's shape plus ours."""
        return {
            "text": self.text,
            "intent": self.intent.as_rasa(),
            "entities": [entity.as_rasa() for entity in self.entities],
            "intent_ranking": [ranked.as_rasa() for ranked in self.ranking],
            "category": self.category,
            "category_ranking": [ranked.as_rasa() for ranked in self.category_ranking],
            "act": self.act,
            "act_ranking": [ranked.as_rasa() for ranked in self.act_ranking],
            "secondary": self.secondary,
            "urgent": self.urgent,
            "crisis": self.crisis,
            "crisis_kind": self.crisis_kind,
        }
