"""What only Telegram residents and groups read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.reading import Source
from config.words import fill, places

COMMAND = re.compile(r"[a-z][a-z0-9_]{0,31}")

# Every text there must be, with the places it may have.
TEXTS: Mapping[str, frozenset[str]] = {
    "file_lost": frozenset({"name"}),
    "file_refused": frozenset({"name"}),
    "unreadable": frozenset(),
    "photo": frozenset(),
    "voice": frozenset(),
    "video": frozenset(),
    "file": frozenset(),
    "group_hello": frozenset({"link"}),
    "group_private": frozenset({"link"}),
    "bind_usage": frozenset(),
    "bind_not_admin": frozenset(),
    "bind_wrong_code": frozenset(),
    "bind_done": frozenset({"link"}),
    "bind_already": frozenset({"link"}),
    "bind_failed": frozenset(),
    "digest_ready": frozenset(),
    "officer_linked": frozenset(),
    "officer_wrong_code": frozenset(),
}


@dataclass(frozen=True, slots=True)
class TelegramWords:
    """Texts by key, all of ``TEXTS``, and the menu's commands with what each does."""

    texts: Mapping[str, str]
    commands: Mapping[str, str]

    def text(self, key: str, **params: str) -> str:
        """The filled text."""
        return fill(key, self.texts[key], params)


def load_telegram_words(directory: Path | None = None) -> TelegramWords:
    """``telegram.zh.yaml`` of this city. Raises casework.errors.Misconfigured."""
    page = Source(directory).read("telegram.zh.yaml")
    given = page.mapping((*TEXTS, "commands"))
    commands = {name: node.text() for name, node in page.need("commands").mapping().items()}
    for name in commands:
        if not COMMAND.fullmatch(name):
            raise page.need("commands").wrong(f"{name!r} is no command: a-z, 0-9 and _ only")
    texts = {}
    for key, known in TEXTS.items():
        node = given.get(key) or page.need(key)
        texts[key] = node.text()
        for place in sorted(places(texts[key]) - known):
            raise node.wrong(f"there is nothing to put into {{{place}}}")
    return TelegramWords(texts, commands)
