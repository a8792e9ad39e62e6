"""Simplified texts in Traditional characters, by OpenCC.

Run as a program it converts a JSON list on standard input. That is how the other process uses it:
OpenCC's dictionaries take 48 MB that are never given back, for a second's work once per process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

STANDARD = "s2hk"
"""Hong Kong's character forms: the words stay the mainland's, only their writing changes."""
_SECONDS = 60


def traditional(texts: Sequence[str]) -> dict[str, str]:
    """Each text in Traditional characters. Raises OSError or subprocess.SubprocessError."""
    command = [sys.executable, "-m", "config.traditional"]
    done = subprocess.run(  # noqa: S603 - our own program, nothing of a resident in it
        command,
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=_SECONDS,
    )
    return dict(zip(texts, json.loads(done.stdout), strict=True))


def _convert(texts: list[str]) -> list[str]:
    # Only here: nobody else should carry its dictionaries.
    from opencc import OpenCC  # noqa: PLC0415

    converter = OpenCC(STANDARD)
    return [str(converter.convert(text)) for text in texts]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_convert(json.load(sys.stdin))))
