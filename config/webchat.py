"""What the residents' page says before anybody has spoken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.reading import Source


@dataclass(frozen=True, slots=True)
class ChatPage:
    """The page's title and the words above the first line."""

    title: str
    greeting: str


def load_chat_page(directory: Path | None = None) -> ChatPage:
    """``webchat.zh.yaml`` of this city. Raises casework.errors.Misconfigured."""
    page = Source(directory).read("webchat.zh.yaml")
    page.mapping(("title", "greeting"))
    return ChatPage(page.need("title").text(), page.need("greeting").text())
