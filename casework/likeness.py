"""How like a name what somebody wrote is: the same sound, a character off, characters masked."""

from __future__ import annotations

from collections.abc import Callable

from casework.naming import Naming

SHORTEST = 3  # characters a name needs to be known by its sound or with a mistake
_SIMILAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_SWAPPED = ({"n", "l"}, {"h", "f"}, {"l", "r"})


class Likeness:
    """Judges pairs of a stretch of text and a name. ``sound`` gives a character's syllable with
    its tone (hu2)."""

    def __init__(self, naming: Naming, sound: Callable[[str], str]) -> None:
        self._naming = naming
        self._sound = sound

    def of(self, window: str, name: str) -> tuple[float, str]:
        """How alike they are, and why (sound or typo): 0 beyond one character, or where that
        character tells two places apart."""
        naming = self._naming
        ending = naming.ending(name)
        if ending and window == name[: -len(ending)]:
            return 0.0, ""  # the name without saying what it is: known by itself
        if window == name:
            return 0.0, ""  # as written: ``written`` has found it, or it is part of a longer word
        if len(window) == len(name):
            differing = [(a, b) for a, b in zip(window, name, strict=True) if a != b]
            told = any(a in naming.telling and b in naming.telling for a, b in differing)
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
        return toneless(self._sound(a)) == toneless(self._sound(b))

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
        one, other = toneless(self._sound(a)), toneless(self._sound(b))
        return _plain(one) == _plain(other) or _swapped(one, other)

    def fit(self, window: str, name: str) -> float:
        """How well a stretch with masks in it fits a name of the same length."""
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


def toneless(syllable: str) -> str:
    """The syllable without its tone."""
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
