"""Where a list goes on: opaque to the page, checked when it comes back."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from config.problems import Problem

MOST_CHARACTERS = 400
MOST_RANK = 10


def encode(key: Sequence[Any]) -> str:
    """The key of the last row shown."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).rstrip(b"=").decode()


def decode(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """The key again; None for the first page. Raises Problem for anything we did not make.

    ``kinds`` are the types of its parts; ``datetime`` stands for a time as ISO text.
    """
    if not cursor:
        return None
    padded = cursor[:MOST_CHARACTERS] + "=" * (-len(cursor) % 4)
    try:
        key = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, RecursionError, binascii.Error):
        key = None
    if not isinstance(key, list) or len(key) != len(kinds):
        raise Problem("invalid", fields={"cursor": "malformed"})
    if not all(_fits(part, kind) for part, kind in zip(key, kinds, strict=True)):
        raise Problem("invalid", fields={"cursor": "malformed"})
    return key


def _fits(part: Any, kind: type) -> bool:
    if kind is int:
        return type(part) is int and 0 <= part <= MOST_RANK
    if not isinstance(part, str) or "\0" in part:
        return False
    return kind is str or _is_time(part)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
