"""Names of places, found in a line: as written, as they sound, with one character wrong.

Written names are a dictionary. For the rest, each name's sound is kept with each of its
characters left out in turn (Garbe's symmetric deletion): two words one character apart share
such a rest. The rests are 32-bit sums in one sorted array, 8 bytes each, so that a hundred
thousand names take some megabytes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

from casework.likeness import SHORTEST, Likeness, toneless
from casework.naming import LONGEST, Naming

_CODES = 0xE000  # private characters, one for each syllable


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
        self._likeness = Likeness(naming, sound)
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
                score, why = self._likeness.of(text[start:end], name)
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
                score = self._likeness.fit(window, name)
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
            syllable = toneless(self._sound(character))
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

    @cached_property
    def size(self) -> int:
        """How many bytes the sums take."""
        return self._rests.itemsize * len(self._rests)


def _rests(heard: str) -> Iterator[str]:
    yield heard
    for at in range(len(heard)):
        yield heard[:at] + heard[at + 1 :]


def _windows(length: int, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    for start in range(length):
        for end in range(start + shortest, min(length, start + longest) + 1):
            yield start, end
