"""A fact found in normalised text, before it is mapped back to the original line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nlu.understanding import Value


@dataclass(frozen=True, slots=True)
class Span:
    """``start`` and ``end`` index the normalised text. ``score`` orders rivals for one slot."""

    entity: str
    start: int
    end: int
    value: Value
    confidence: float
    vague: bool = False
    score: float = 0.0

    def named(self, entity: str) -> Span:
        """The same words under another entity name."""
        return replace(self, entity=entity)


def overlaps(one: Span, other: Span) -> bool:
    """Whether the two share a character."""
    return one.start < other.end and other.start < one.end


def best_first(rivals: list[Span]) -> list[Span]:
    """By score, the earlier one first among equals."""
    return sorted(rivals, key=lambda span: (-span.score, span.start))
