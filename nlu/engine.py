"""The interface every engine has. :class:`EmbeddedEngine` joins it when the model exists."""

from __future__ import annotations

from typing import Protocol

from nlu.understanding import Understanding


class Engine(Protocol):
    """Turns one line into an :class:`Understanding`. Pure: same line, same answer."""

    def understand(self, text: str, context: str | None = None) -> Understanding:
        """Understand ``text``.

        ``context`` is what the bot asked just before: a slot's name (``amount_yuan``) or the
        question's own words. It lets a bare 650 be an amount. Never raises for any string.
        """
        ...
