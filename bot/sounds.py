"""How a character sounds, for places written as they are heard (翠胡小区 → 翠湖小区).

A table of 65 kB instead of a library: a name is compared character by character, so readings by
context are of no use, and the library's dictionaries take 13 to 57 MB of memory.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "sounds.txt"


@cache
def _sounds() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sound, _, characters = line.partition(" ")
            found.update(dict.fromkeys(characters, sound))
    return found


def sound(character: str) -> str:
    """The syllable with its tone (湖 → hu2); other characters sound as they are written."""
    return _sounds().get(character, character)
