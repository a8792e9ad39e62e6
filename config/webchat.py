"""What the residents' page says before anybody has spoken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.reading import Source


@dataclass(frozen=True, slots=True)
class ChatPage:
    """The page's title, the words above the first line, where 离开 leads (a page that tells nobody
    what was on the screen), and the line of somebody who came by a scanned code."""

    title: str
    greeting: str
    leave_to: str
    arrived: str


def load_chat_page(directory: Path | None = None) -> ChatPage:
    """``webchat.zh.yaml`` of this city. Raises casework.errors.Misconfigured."""
    page = Source(directory).read("webchat.zh.yaml")
    page.mapping(("title", "greeting", "leave_to", "arrived"))
    leave_to = page.need("leave_to")
    if not leave_to.text().startswith("https://"):
        raise leave_to.wrong("must be an https:// address")
    return ChatPage(
        page.need("title").text(),
        page.need("greeting").text(),
        leave_to.text(),
        page.need("arrived").text(),
    )
