"""Errors on order: what the server answers instead of doing what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Refusal(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """As in the Bot API."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return answer | ({"parameters": self.parameters} if self.parameters else {})


KNOWN: Mapping[str, tuple[int, str]] = {
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "deactivated": (403, "Forbidden: user is deactivated"),
    "kicked": (403, "Forbidden: bot was kicked from the group chat"),
    "no_chat": (400, "Bad Request: chat not found"),
    "too_long": (400, "Bad Request: message is too long"),
    "server": (500, "Internal Server Error"),
    "restart": (500, "Internal Server Error: restart"),
    "gateway": (502, "Bad Gateway"),
    "unauthorized": (401, "Unauthorized"),
}


@dataclass(slots=True)
class Fault:
    """``kind`` is a key of KNOWN, ``flood`` (429 with ``retry_after``), ``drop`` (the connection
    ends without an answer; ``after``: the request was carried out first), ``slow`` (``seconds``),
    ``hang`` (until released) or ``garbage`` (no JSON).

    It strikes calls of ``method`` to ``chat`` (None: any), ``times`` times after ``skip`` calls.
    """

    kind: str
    method: str | None = None
    chat: int | None = None
    times: int = 1
    skip: int = 0
    retry_after: int = 1
    seconds: float = 0.0
    after: bool = False

    def strikes(self, method: str, chat: int | None) -> bool:
        """Whether it strikes this call, which it then counts."""
        if self.times <= 0 or self.method not in (None, method):
            return False
        if self.chat is not None and self.chat != chat:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def refusal(self) -> Refusal | None:
        """The answer it makes, if it makes one."""
        if self.kind == "flood":
            wait = self.retry_after
            return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        known = KNOWN.get(self.kind)
        return Refusal(*known) if known else None
