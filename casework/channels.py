"""Which channels exist, and which of them have to be pushed to."""

from __future__ import annotations

TELEGRAM = "telegram"
WEBCHAT = "webchat"
TERMINAL = "terminal"
DESK = "desk"
"""Registered by an officer for somebody who came, wrote or called; or for nobody, on patrol."""

PULLED = frozenset({WEBCHAT, TERMINAL, DESK})


def is_push(channel: str) -> bool:
    """Whether messages of this channel leave through the outbox and the relay."""
    return channel not in PULLED
