"""Opaque ids. They name rows and are no secrets: whoever may see one is decided elsewhere."""

from __future__ import annotations

import random

# Seeded from the system once. uuid4 asks the system each time, which lets go of the interpreter
# lock in the middle of a transaction and waits to get it back.
_numbers = random.Random()  # noqa: S311


def new_id() -> str:
    """32 hexadecimal digits, never given twice."""
    return f"{_numbers.getrandbits(128):032x}"
