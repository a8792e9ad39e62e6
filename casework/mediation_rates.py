"""How much of what was proposed for mediation began, and of that how much was agreed. Pure.

Diverted / eligible and success / closed for each source (mechanism S1-4), with the numbers beside:
below ten a share says nothing and is not given. Never by person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casework.mediation import ENDED, Mediation, Phase, Source

ENOUGH = 10
"""Shares of fewer are not shown (domain reference §4.3)."""


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; ``share`` is 0 to 1, None while there are too few to say."""

    part: int
    whole: int

    @property
    def enough(self) -> bool:
        """Whether there are enough to name a share."""
        return self.whole >= ENOUGH

    @property
    def share(self) -> float | None:
        """The share, where there are enough."""
        return self.part / self.whole if self.enough else None


@dataclass(frozen=True, slots=True)
class Rates:
    """Of one source. ``diverted``: begun of those proposed and answered; ``success``: agreed of
    those begun and over."""

    source: Source
    diverted: Share
    success: Share


def rates(mediations: Iterable[Mediation]) -> tuple[Rates, ...]:
    """The rates of every source, in the order of ``Source``.

    One still being asked is in neither; what was declined is eligible and was not diverted.
    """
    rows = list(mediations)
    return tuple(_of(source, [each for each in rows if each.source is source]) for source in Source)


def _of(source: Source, rows: list[Mediation]) -> Rates:
    begun = sum(each.started_at is not None for each in rows)
    declined = sum(each.phase is Phase.DECLINED for each in rows)
    over = sum(each.phase in ENDED for each in rows)
    agreed = sum(each.phase is Phase.AGREED for each in rows)
    return Rates(source, Share(begun, begun + declined), Share(agreed, over))
