"""What an operator can do wrong; the message is one line that says what to do."""

from __future__ import annotations


class Mistake(Exception):
    """The command cannot go on until the operator mends something."""
