"""What may be kept of a resident's words, and in whose sight.

An anonymous resident's case holds nothing that gives them away: no name, no number, and none of
the clues people drop without thinking (我是他们会计). The line itself stays in the conversation,
for whoever holds it. What leaves the owner's sight, a title above all, is treated so for
everybody but those who sign with their name. Petition regulation (信访工作条例 2022) §19, §30(3)
and §46: what names the resident never reaches the other side.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.case import Case, SlotValue
from casework.erasing import Limits
from casework.intake import ANONYMOUS, CONFIDENTIAL, REAL_NAME
from casework.masking import without_numbers

MODES = (REAL_NAME, CONFIDENTIAL, ANONYMOUS)
IDENTITY, NAME, PHONE, PLACE = "identity_mode", "name", "phone", "place"
PLACE_PRIVATE = "place_private"  # its one choice is yes
_CLAUSE = re.compile(r"([，,。；;！!？?：\s]+)")
_SHORT = 18  # characters; a clause this short that holds a clue goes as a whole


@dataclass(frozen=True, slots=True)
class Clues:
    """``clauses`` find what gives the resident away: a short clause goes whole, of a long one
    the match. ``spans`` find words that go alone, ``doors`` the end of an address.
    ``mark`` stands where something went."""

    clauses: tuple[re.Pattern[str], ...]
    spans: tuple[re.Pattern[str], ...]
    doors: tuple[re.Pattern[str], ...]
    mark: str

    def hidden(self, text: str, own: Collection[str] = ()) -> str:
        """The text without what gives its writer away; ``own`` are their name and number."""
        for value in sorted(filter(None, own), key=len, reverse=True):
            text = text.replace(value, self.mark)
        text = without_numbers(text, self.mark)
        pieces = _CLAUSE.split(text)
        pieces[::2] = [self._clause(piece) for piece in pieces[::2]]
        return self._joined("".join(pieces))

    def doorless(self, text: str) -> str:
        """An address down to the building."""
        for pattern in self.doors:
            text = pattern.sub(self.mark, text)
        return self._joined(text)

    def _clause(self, clause: str) -> str:
        for pattern in self.clauses:
            if pattern.search(clause):
                if len(clause) <= _SHORT:
                    return self.mark
                clause = pattern.sub(self.mark, clause)
        for pattern in self.spans:
            clause = pattern.sub(self.mark, clause)
        return clause

    def _joined(self, text: str) -> str:
        """Marks that came to stand side by side are one."""
        mark = re.escape(self.mark)
        return re.sub(rf"{mark}(?:[，,；;：\s]*{mark})+", self.mark, text)


@dataclass(frozen=True, slots=True)
class Record:
    """What stays of a case when its resident is forgotten: these slots' numbers and choices.

    ``dropped`` are the slots an anonymous resident's case does not have, ``door_needed`` the
    categories that cannot be looked into without the door number.
    """

    clues: Clues
    dropped: frozenset[str]
    door_needed: frozenset[str]
    kept: frozenset[str]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept, counted from the last line of a talk or from a case's closing."""

    unfiled: timedelta
    ordinary: timedelta
    restricted: timedelta

    def limits(self, now: datetime) -> Limits:
        """The moments before which a case must have been closed to be anonymised now."""
        return Limits(now - self.unfiled, now - self.ordinary, now - self.restricted)


def mode_of(slots: Mapping[str, SlotValue]) -> str:
    """实名, 保密 or 匿名; who says nothing is kept confidential."""
    held = slots.get(IDENTITY)
    return str(held.value) if held is not None and held.value in MODES else CONFIDENTIAL


def shielded(
    slots: Mapping[str, SlotValue], category: str | None, record: Record
) -> dict[str, SlotValue]:
    """The slots as a case may hold them; only an anonymous resident's are changed."""
    if mode_of(slots) != ANONYMOUS:
        return dict(slots)
    own = own_words(slots)
    kept = {name: held for name, held in slots.items() if name not in record.dropped}
    return {name: _shielded(name, held, own, category, record) for name, held in kept.items()}


def _shielded(
    name: str, held: SlotValue, own: Collection[str], category: str | None, record: Record
) -> SlotValue:
    if name == IDENTITY:
        return held

    def clean(text: str) -> str:
        text = record.clues.hidden(text, own)
        needed = category in record.door_needed
        return record.clues.doorless(text) if name == PLACE and not needed else text

    value = clean(held.value) if isinstance(held.value, str) else held.value
    words = clean(held.text)
    if (value, words) == (held.value, held.text):
        return held
    return SlotValue(value, words, held.turn_id)  # what is left stands nowhere in the line


def own_words(slots: Mapping[str, SlotValue]) -> tuple[str, ...]:
    """What the resident is called and reached by."""
    found = (str(slots[name].value) for name in (NAME, PHONE) if name in slots)
    return tuple(each for each in found if len(each) > 1)


def title_for(title: str, slots: Mapping[str, SlotValue], record: Record) -> str:
    """The title as lists show it: lists are read by more people than the case's owner."""
    if mode_of(slots) == REAL_NAME and not door_is_private(slots):
        return title
    return record.clues.doorless(record.clues.hidden(title, own_words(slots)))


def door_is_private(slots: Mapping[str, SlotValue]) -> bool:
    """门牌别公开: the door number is for the case's owner."""
    held = slots.get(PLACE_PRIVATE)
    return held is not None and bool(held.value)


def without_door(slots: Mapping[str, SlotValue], clues: Clues) -> dict[str, SlotValue]:
    """The slots for everybody else where the door is private."""
    held = slots.get(PLACE)
    if held is None or not door_is_private(slots):
        return dict(slots)
    value = clues.doorless(held.value) if isinstance(held.value, str) else held.value
    return {**slots, PLACE: SlotValue(value, clues.doorless(held.text))}


def anonymised(case: Case, title: str, place: str | None, record: Record, now: datetime) -> Case:
    """The statutory record: what it was about, when, who answered for it, what came of it.

    ``place`` is a place of ours (an estate), never an address. PIPL §47, §73(4).
    """
    slots = {
        name: SlotValue(held.value)
        for name, held in case.slots.items()
        if name in record.kept and isinstance(held.value, int | float | str)
    }
    if place is not None:
        slots[PLACE] = SlotValue(place)
    return replace(
        case,
        slots=slots,
        title=title,
        result=None,
        rating_text=None,
        forget=False,
        anonymised_at=now,
    )


def sources(slots: Iterable[SlotValue]) -> tuple[frozenset[str], frozenset[str]]:
    """The turns the slots came from, and the files they hold."""
    every = list(slots)
    turns = frozenset(held.turn_id for held in every if held.turn_id is not None)
    lists: list[Any] = [held.value for held in every if isinstance(held.value, list)]
    files = frozenset(each for values in lists for each in values if isinstance(each, str))
    return turns, files
