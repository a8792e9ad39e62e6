"""Many residents, one issue: when the next one is asked whether it is the same.

By category, place and time; the wording is only a hint (domain reference §5.4). Issues and places
are compared, never persons, and nothing is ever merged without the resident's own word.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import add
from typing import Literal

from casework.case import OPEN, Case, Outline
from casework.intake import has
from casework.organisation import Organisation, Unit

_EARTH = 6_371_000.0  # metres
_TEN = 10
_TOLD = ("issue", "details")
_WHERE = ("place", "project")

Compared = Case | Outline
Reach = Literal["building", "community"] | float
"""How far apart two reports may be: metres, or within the same building or named place."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each likeness counts, and from which sum on the resident is asked."""

    category: float
    distance: float
    words: float
    time: float
    ask_from: float


@dataclass(frozen=True, slots=True)
class Thing:
    """What a report may be about. Without ``categories`` it is the same in all of them."""

    name: str
    within: Reach
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joinable:
    """A category whose reports may be joined: slots that must agree, reporters there must be."""

    same: tuple[str, ...] = ()
    reporters: int = 1


@dataclass(frozen=True, slots=True)
class Nearby:
    """The rule as a city configures it. ``otherwise`` is for reports about no known thing,
    whose words must be alike by ``otherwise_words`` at least."""

    weights: Weights
    window: timedelta
    look_back: timedelta
    look_at: int
    count_from: int
    categories: Mapping[str, Joinable]
    against: tuple[str, ...]
    things: tuple[Thing, ...]
    otherwise: Thing
    otherwise_words: float
    building: re.Pattern[str]
    reopen_within: timedelta

    def thing(self, case: Compared) -> Thing:
        """What the case is about."""
        told = _words(case)
        for thing in self.things:
            if thing.categories and case.category not in thing.categories:
                continue
            if case.kind in thing.kinds or any(word in told for word in thing.words):
                return thing
        return self.otherwise


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a case is: the named place (or its words), the building, the coordinates."""

    place: str
    building: str | None
    at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Found:
    """The case that is probably about the same. ``reporters`` counts residents, without ours;
    ``thing`` is None when no known thing is meant."""

    leading: str
    thing: str | None
    reporters: int


def may_join(case: Compared, rule: Nearby) -> bool:
    """Whether a case may ever be tied to another resident's: never a restricted or grave one."""
    return case.category in rule.categories and not case.restricted and case.crisis == "none"


def same_issue(
    mine: Compared, others: Iterable[Compared], organisation: Organisation, rule: Nearby
) -> Compared | None:
    """The open case of somebody else that is most likely the same issue, or None."""
    if not may_join(mine, rule):
        return None
    ours = _Report.of(mine, organisation, rule)
    ranked = [
        (_score(ours, other, organisation, rule), other)
        for other in others
        if other.conversation_id != mine.conversation_id
        and other.status in OPEN
        and may_join(other, rule)
        and not _differ(mine, other, rule)
    ]
    near = [(sum_, other) for sum_, other in ranked if sum_ >= rule.weights.ask_from]
    # Of equals the one reported first: it is the one that others have joined.
    return min(near, key=lambda each: (-each[0], each[1].number))[1] if near else None


def score(mine: Compared, other: Compared, organisation: Organisation, rule: Nearby) -> float:
    """How alike two reports are, 0 to 1; 0 where they are about different things."""
    return _score(_Report.of(mine, organisation, rule), other, organisation, rule)


@dataclass(frozen=True, slots=True)
class _Report:
    """What a report is compared by, read once for all the others."""

    case: Compared
    thing: Thing
    pairs: set[str]
    spot: Spot

    @classmethod
    def of(cls, case: Compared, organisation: Organisation, rule: Nearby) -> _Report:
        where = spot(case, organisation, rule)
        return cls(case, rule.thing(case), _pairs(_words(case)), where)


def _score(mine: _Report, other: Compared, organisation: Organisation, rule: Nearby) -> float:
    thing, weights = mine.thing, rule.weights
    if thing != rule.thing(other):
        return 0.0
    alike = _shared(mine.pairs, _pairs(_words(other)))
    if thing is rule.otherwise and alike < rule.otherwise_words:
        return 0.0
    total = weights.words * alike
    if mine.case.category == other.category:
        total += weights.category
    if near(mine.spot, spot(other, organisation, rule), thing.within):
        total += weights.distance
    if abs(mine.case.opened_at - other.opened_at) <= rule.window:
        total += weights.time
    return round(total, 6)


def _differ(mine: Compared, other: Compared, rule: Nearby) -> bool:
    """Whether they are against different firms or people, or nobody knows."""
    if other_party(mine, other, rule):
        return True
    return not all(_both(mine, other, slot) for slot in rule.categories[mine.category].same)


def other_party(mine: Compared, other: Compared, rule: Nearby) -> bool:
    """Whether the two cases name different firms or people."""
    return any(_named(mine, s) != _named(other, s) for s in rule.against if _both(mine, other, s))


def _both(mine: Compared, other: Compared, slot: str) -> bool:
    return has(mine.slots, slot) and has(other.slots, slot)


def _named(case: Compared, slot: str) -> str:
    return _bare(str(case.slots[slot].value or case.slots[slot].text))


def spot(case: Compared, organisation: Organisation, rule: Nearby) -> Spot:
    """Where the case is, as far as it was told."""
    text = " ".join(str(case.slots[s].value) for s in _WHERE if has(case.slots, s))
    known = organisation.find_place(text)
    number = rule.building.search(text)
    shared = case.slots["location"].value if has(case.slots, "location") else None
    at = (float(shared[0]), float(shared[1])) if isinstance(shared, list) else None
    words = _bare(text[: number.start()] if number else text) or _bare(text)
    place = known.name if known else words
    return Spot(place, _arabic(number[1]) if number else None, at)


def near(one: Spot, other: Spot, within: Reach) -> bool:
    """Whether two spots are the same one, as far as ``within`` asks."""
    if isinstance(within, float) and one.at and other.at:
        return metres(one.at, other.at) <= within
    if not one.place or one.place != other.place:
        return False
    if within == "building":
        return one.building == other.building
    return (
        within == "community"
        or None in {one.building, other.building}
        or (one.building == other.building)
    )


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two (latitude, longitude) pairs, on a sphere."""
    lat1, lng1, lat2, lng2 = map(math.radians, (*one, *other))
    part = math.sin((lat2 - lat1) / 2) ** 2
    part += math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(part)))


def likeness(one: str, other: str) -> float:
    """How many pairs of characters two texts share, 0 to 1 (Dice)."""
    return _shared(_pairs(one), _pairs(other))


def _shared(first: set[str], second: set[str]) -> float:
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def _pairs(text: str) -> set[str]:
    bare = _bare(text)
    return set(map(add, bare, bare[1:]))


def _words(case: Compared) -> str:
    return " ".join(str(case.slots[s].value or "") for s in _TOLD if has(case.slots, s))


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _arabic(number: str) -> str:
    """三 → 3, 十二 → 12; digits as they are."""
    if number.isdecimal():
        return str(int(number))
    value = 0
    for digit in number:
        worth = int(unicodedata.numeric(digit, 0))
        value = (value or 1) * worth if worth == _TEN else value + worth
    return str(value)


def top(chain: Sequence[Unit]) -> Unit | None:
    """Below which other reports of the same issue may lie: the unit above a grid, else the unit
    itself, since what lies beside a whole street is a whole county. ``chain`` is lowest first."""
    if not chain:
        return None
    return chain[1] if len(chain) > 1 and chain[0].kind == "grid" else chain[0]


def area(unit_id: str, organisation: Organisation) -> tuple[str, ...]:
    """The units whose cases may be near: the unit, what is above a grid, and all below that."""
    highest = top(list(organisation.chain(unit_id)))
    if highest is None:
        return (unit_id,)
    units = organisation.units
    below = {u for u in units if any(c.id == highest.id for c in organisation.chain(u))}
    return tuple(sorted({unit_id, *below}))


def told(found: Case, joined: Sequence[Case], rule: Nearby, category: str) -> Found | None:
    """What the resident may hear of the leading case; None while too few have reported it."""
    reporters = len({found.conversation_id, *(case.conversation_id for case in joined)})
    if reporters < rule.categories[category].reporters:
        return None
    thing = rule.thing(found)
    return Found(found.number, thing.name if thing is not rule.otherwise else None, reporters)
