"""Make ``bot/sounds.txt`` anew. Needs pypinyin, which nothing else does:

uv run --with pypinyin python -m benchmarks.make_sounds
"""

from __future__ import annotations

import importlib
import os
from collections import defaultdict
from pathlib import Path

TABLE = Path(__file__).parent.parent / "bot" / "sounds.txt"
FIRST, LAST = 0x4E00, 0x9FA5  # CJK Unified Ideographs, as first encoded


def main() -> None:
    """Write the table, keeping its first lines."""
    os.environ["PYPINYIN_NO_PHRASES"] = "1"  # one character at a time: phrases are of no use
    library = importlib.import_module("pypinyin")
    lazy_pinyin, tone = library.lazy_pinyin, library.Style.TONE3
    by_sound: dict[str, list[str]] = defaultdict(list)
    for code in range(FIRST, LAST + 1):
        sounds = lazy_pinyin(chr(code), style=tone, errors="ignore")
        if sounds and sounds[0].isascii() and sounds[0][0].isalpha():
            by_sound[sounds[0]].append(chr(code))
    head = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("#")]
    rows = [f"{sound} {''.join(by_sound[sound])}" for sound in sorted(by_sound)]
    TABLE.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
