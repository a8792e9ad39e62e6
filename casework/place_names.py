"""Names of places, found in a line: as written, as they sound, with one character wrong.

Written names are a dictionary. For the rest, each name's sound is kept with each of its
characters left out in turn (Garbe's symmetric deletion): two words one character apart share
such a rest. The rests are 32-bit sums in one sorted array, 8 bytes each, so that a hundred
thousand names take some megabytes.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

LONGEST = 20  # characters of a name that are compared
SHORTEST = 3  # characters a name needs to be known by its sound or with a mistake
_READ = 500  # characters of a text that are searched for names
_CODES = 0xE000  # private characters, one for each syllable
_SIMILAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_SWAPPED = ({"n", "l"}, {"h", "f"}, {"l", "r"})


@dataclass(frozen=True, slots=True)
class Naming:
    """How places are named (``config/places.yaml``).

    ``endings`` maps what a name may end in to the kind of place it says; ``general`` endings are
    said of any estate. Names that differ in a ``telling`` character are two places. ``masks``
    stand for a character left out on purpose, ``part`` matches a phase or section at a name's
    end, ``detail`` a house or flat, and ``before`` holds characters that may precede a name.
    """

    endings: Mapping[str, str]
    general: frozenset[str]
    telling: frozenset[str]
    masks: frozenset[str]
    part: re.Pattern[str]
    detail: re.Pattern[str]
    before: frozenset[str]

    def ending(self, name: str) -> str:
        """The longest ending the name has, with something before it; else an empty text."""
        sizes = range(min(5, len(name) - 1), 0, -1)
        return next((name[-size:] for size in sizes if name[-size:] in self.endings), "")

    def follows(self, text: str, at: int) -> str:
        """The longest ending that stands at this position of a text."""
        return next(
            (
                text[at : at + size]
                for size in (5, 4, 3, 2, 1)
                if text[at : at + size] in self.endings
            ),
            "",
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text: which one, where, how like it (0 to 1) and why: name, sound, typo, mask."""

    name: str
    start: int
    end: int
    score: float
    why: str


class NameIndex:
    """Every name there is. ``sound`` gives a character's syllable."""

    def __init__(self, names: Iterable[str], naming: Naming, sound: Callable[[str], str]) -> None:
        self._naming = naming
        self._sound = sound
        self._names = sorted(set(names))
        self._known = frozenset(self._names)
        self.longest = min(LONGEST, max(map(len, self._names), default=0))
        self._codes: dict[str, str] = {}
        self._of_character: dict[str, str] = {}
        self._rests = self._all_rests()
        self._by_shape: dict[tuple[int, str], list[str]] = {}
        for name in self._names:
            self._by_shape.setdefault((len(name), name[-1]), []).append(name)

    def written(self, text: str) -> list[Found]:
        """Names that stand in the text as they are written; the longest, and none within it."""
        found: list[Found] = []
        at = 0
        while at < len(text):
            name = self._longest_at(text, at)
            if name is None:
                at += 1
                continue
            found.append(Found(name, at, at + len(name), 1.0, "name"))
            at += len(name)
        return found

    def alike(self, text: str) -> list[Found]:
        """Names that sound like a stretch of the text, or are one character away from one."""
        heard = "".join(self._code(character) for character in text)
        found: dict[str, Found] = {}
        for start, end in _windows(len(text), SHORTEST - 1, self.longest + 1):
            for name in self._near(heard[start:end]):
                score, why = self._likeness(text[start:end], name)
                best = found.get(name)
                if score > 0 and (best is None or score > best.score):
                    found[name] = Found(name, start, end, score, why)
        return list(found.values())

    def masked(self, text: str) -> list[Found]:
        """Names that fit a stretch with characters left out: 翠×花园."""
        masks = self._naming.masks
        found: dict[str, Found] = {}
        for start, end in _windows(len(text), SHORTEST, self.longest):
            window = text[start:end]
            inside = set(window[:-1]) & masks
            if not inside or window[-1] in masks or window in self._known:
                continue
            for name in self._fitting(window, [c in masks for c in window]):
                score = self._fit(window, name)
                if score > 0 and (name not in found or score > found[name].score):
                    found[name] = Found(name, start, end, score, "mask")
        return list(found.values())

    def _fitting(self, window: str, masked: list[bool]) -> Iterable[str]:
        """Names that may fit: with one character left out, those that have the same rest."""
        if masked.count(True) > 1:
            return self._by_shape.get((len(window), window[-1]), ())
        at = masked.index(True)
        return self._with_rest("".join(map(self._code, window[:at] + window[at + 1 :])))

    def _longest_at(self, text: str, at: int) -> str | None:
        for size in range(min(self.longest, len(text) - at), 1, -1):
            if text[at : at + size] in self._known:
                return text[at : at + size]
        return None

    def _code(self, character: str) -> str:
        """One character for a syllable, so that sounds are sliced like texts."""
        code = self._of_character.get(character)
        if code is None:
            syllable = _toneless(self._sound(character))
            spoken = syllable != character
            code = (
                self._codes.setdefault(syllable, chr(_CODES + len(self._codes)))
                if spoken
                else character
            )
            if len(self._of_character) < 30_000:
                self._of_character[character] = code
        return code

    def _all_rests(self) -> array[int]:
        packed: list[int] = []
        for number, name in enumerate(self._names):
            if SHORTEST <= len(name) <= LONGEST:
                heard = "".join(map(self._code, name))
                packed += [crc32(rest.encode()) << 32 | number for rest in _rests(heard)]
        packed.sort()
        return array("Q", packed)

    def _near(self, heard: str) -> set[str]:
        return {name for rest in _rests(heard) for name in self._with_rest(rest)}

    def _with_rest(self, rest: str) -> list[str]:
        rests, found = self._rests, list[str]()
        wanted = crc32(rest.encode())
        at = bisect_left(rests, wanted << 32)
        while at < len(rests) and rests[at] >> 32 == wanted:
            found.append(self._names[rests[at] & 0xFFFFFFFF])
            at += 1
        return found

    def _likeness(self, window: str, name: str) -> tuple[float, str]:
        """How alike they are: 0 beyond one character, or where that character tells them apart."""
        naming = self._naming
        ending = naming.ending(name)
        if ending and window == name[: -len(ending)]:
            return 0.0, ""  # the name without saying what it is: known by itself
        if window == name:
            return 0.0, ""  # as written: ``written`` has found it, or it is part of a longer word
        if len(window) == len(name):
            differing = [(a, b) for a, b in zip(window, name, strict=True) if a != b]
            told = any(a in naming.telling or b in naming.telling for a, b in differing)
            if not told and all(self._alike(a, b) for a, b in differing):
                return self._of_sound(differing, len(name) - len(naming.ending(name))), "sound"
        change = one_change(window, name)
        if change is None:
            return 0.0, ""
        at, said, meant = change
        if said in naming.telling or meant in naming.telling or said in naming.masks:
            return 0.0, ""
        stem = len(name) - len(ending)
        if said and not meant and at in (0, len(window) - 1):
            return 0.0, ""  # 阳光锦绣家园 is no slip for 锦绣家园
        return self._of_slip(stem, at, said, meant), "typo"

    def _of_sound(self, differing: list[tuple[str, str]], stem: int) -> float:
        """How sure one is of a name that only sounds the same: of two characters, one in the same
        tone is a slip of the keyboard, and both are another name."""
        count = len(differing)
        if count == 1 and all(self._sound(a) == self._sound(b) for a, b in differing):
            return 0.93
        return 0.88 if count * 3 <= stem else 0.7

    def _alike(self, a: str, b: str) -> bool:
        return _toneless(self._sound(a)) == _toneless(self._sound(b))

    def _of_slip(self, stem: int, at: int, said: str, meant: str) -> float:
        """How sure one is of a name ``stem`` characters of which tell it from its like."""
        if at >= stem:
            return 0.7 if stem >= SHORTEST else 0.55
        if said and meant and self._sounds_like(said, meant):
            return 0.86 if stem >= SHORTEST else 0.7
        if stem >= SHORTEST + 1:
            return 0.84
        return 0.7 if stem == SHORTEST else 0.56 if stem > 1 else 0.0

    def _sounds_like(self, a: str, b: str) -> bool:
        """Whether dialects mix the two up: zh and z, ang and an, n and l, h and f."""
        one, other = _toneless(self._sound(a)), _toneless(self._sound(b))
        return _plain(one) == _plain(other) or _swapped(one, other)

    def _fit(self, window: str, name: str) -> float:
        masks = self._naming.masks
        stem = len(name) - len(self._naming.ending(name))
        told = 0
        if len(window) != len(name):
            return 0.0
        for at, (said, known) in enumerate(zip(window, name, strict=True)):
            if said in masks:
                continue
            if said != known:
                return 0.0
            told += at < stem
        if told == 0:
            return 0.0
        return 0.82 if told >= SHORTEST - 1 and told * 3 >= stem * 2 else 0.6

    @cached_property
    def size(self) -> int:
        """How many bytes the sums take."""
        return self._rests.itemsize * len(self._rests)


def longest_name(text: str, names: Container[str], longest: int = LONGEST) -> str | None:
    """The longest of these names that stands in the text; of several the first."""
    text = text[:_READ]
    for size in range(min(longest, len(text)), 1, -1):
        for at in range(len(text) - size + 1):
            if text[at : at + size] in names:
                return text[at : at + size]
    return None


def one_change(a: str, b: str) -> tuple[int, str, str] | None:
    """Where ``a`` differs from ``b`` by one character, and by which; None beyond one.

    ``(at, said, meant)``: an empty ``said`` is a missing character, an empty ``meant`` one too
    many.
    """
    if a == b or abs(len(a) - len(b)) > 1:
        return None
    at = 0
    while at < min(len(a), len(b)) and a[at] == b[at]:
        at += 1
    if len(a) == len(b):
        return (at, a[at], b[at]) if a[at + 1 :] == b[at + 1 :] else None
    if len(a) < len(b):
        return (at, "", b[at]) if a[at:] == b[at + 1 :] else None
    return (at, a[at], "") if a[at + 1 :] == b[at:] else None


def _rests(heard: str) -> Iterator[str]:
    yield heard
    for at in range(len(heard)):
        yield heard[:at] + heard[at + 1 :]


def _windows(length: int, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    for start in range(length):
        for end in range(start + shortest, min(length, start + longest) + 1):
            yield start, end


def _toneless(syllable: str) -> str:
    return syllable[:-1] if len(syllable) > 1 and syllable[-1].isdigit() else syllable


def _plain(syllable: str) -> str:
    for long, short in _SIMILAR:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
        elif syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return syllable


def _swapped(a: str, b: str) -> bool:
    return a[1:] == b[1:] and {a[:1], b[:1]} in _SWAPPED
