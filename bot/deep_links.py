"""What a deep link of ours opens, inside the turn's transaction; and forgetting that it was opened.

Of an opening the day's number grows, and nothing else stays: once a line is decided, its stored
payload is the bare mark, so that no row says who stood where.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue.state import Heard
from casework.digest import LOCAL
from casework.errors import NotFound
from casework.links import MARK, Link, LinkKeys, Standing, is_link
from casework.ports import Transaction
from casework.turn import Turn

NO_KEYS = LinkKeys()


def arrived(tx: Transaction, turn: Turn, line: Heard, keys: LinkKeys, now: datetime) -> Heard:
    """The line with the link it opens. Of a deep link nothing else is heard: its words are the
    platform's (/start) or the page's, not the resident's."""
    if not is_link(turn.start):
        return line
    tx.turns.amend(replace(turn, start=MARK))
    link = _opened(tx, keys.read(turn.start or ""), now)
    return replace(line, text="", understanding=None, start=MARK, link=link)


def _opened(tx: Transaction, link_id: str | None, now: datetime) -> Link | None:
    """The link, counted, where it counts; None for all others alike."""
    if link_id is None:
        return None
    try:
        link = tx.links.get(link_id)
    except NotFound:
        return None
    if link.standing(now) is not Standing.GOOD:
        return None
    tx.links.opened(link.id, now.astimezone(LOCAL).date())
    return link
