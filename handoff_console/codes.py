"""Where a code on a wall leads, and its picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal

import segno

Door = Literal["web", "telegram"]
QUIET_ZONE = 4  # modules of white around it, as ISO/IEC 18004 demands
DOTS = 12  # of a PNG, for each module: some 600 pixels, sharp on an A5 sheet


@dataclass(frozen=True, slots=True)
class Doors:
    """The addresses residents reach us by: the web chat's site, and the bot's user name."""

    site: str
    telegram_name: str | None = None

    def web(self, payload: str) -> str:
        """The chat page with the link opened."""
        return f"{self.site.rstrip('/')}/chat?p={payload}"

    def telegram(self, payload: str) -> str | None:
        """The bot with the link opened; None where there is no bot."""
        return f"https://t.me/{self.telegram_name}?start={payload}" if self.telegram_name else None

    def address(self, door: Door, payload: str) -> str | None:
        """By one of the two."""
        return self.web(payload) if door == "web" else self.telegram(payload)


def svg(address: str) -> bytes:
    """The code for a printed sheet: it grows without getting coarse."""
    return _saved(address, kind="svg", scale=4, xmldecl=False, nl=False, omitsize=True)


def png(address: str) -> bytes:
    """The code for whatever takes no SVG."""
    return _saved(address, kind="png", scale=DOTS)


def _saved(address: str, **how: Any) -> bytes:
    # Q: a quarter of it may be scratched or dirty, as it will be on a factory gate.
    code, out = segno.make_qr(address, error="q"), io.BytesIO()
    code.save(out, border=QUIET_ZONE, **how)
    return out.getvalue()
