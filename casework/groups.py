"""A residents' group whose admins get a digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Binding:
    """A request to bind a chat, already vouched for by an officer's code."""

    channel: str
    chat: str
    title: str
    unit_id: str | None
    officer_id: str
    at: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """A bound group. ``next_at`` is when its next digest is due."""

    id: str
    channel: str
    chat: str
    title: str
    unit_id: str | None
    bound_by: str
    bound_at: datetime
    next_at: datetime


CODE_LENGTH = 8
CODE_LIFE = timedelta(minutes=30)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32, without those that look like another


def code_from(random_bytes: bytes) -> str:
    """The one-time code that ``CODE_LENGTH`` random bytes make."""
    if len(random_bytes) != CODE_LENGTH:
        raise ValueError(f"a code is made from {CODE_LENGTH} bytes")
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in random_bytes)


def code_hash(code: str) -> str:
    """What is kept of a code. Case, spaces and hyphens do not matter."""
    plain = "".join(code.split()).replace("-", "").upper()
    return sha256(plain.encode("utf-8", "replace")).hexdigest()
