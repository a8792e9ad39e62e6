"""Words to a resident outside any turn: whether there is a chat for them, and when they leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.case import Case
from casework.channels import DESK
from casework.conversation import Conversation
from casework.desk.conversations import say
from casework.desk.rulebook import Notices
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Line, Speaker

AWAKE = timedelta(minutes=30)
"""Who has written so lately is told at any hour."""
_LATEST = 20  # turns looked at for it


def speak(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    line: Line,
    notices: Notices,
    now: datetime,
    officer: Officer | None = None,
) -> int:
    """Say it to the resident of a locked conversation, in the officer's name or the bot's; in quiet
    hours it is sent when they end. Returns the line's seq, 0 where an officer registered the matter
    and there is no chat to say anything in."""
    if conversation.channel == DESK:
        return 0
    hold = held_until(tx, conversation, case, notices, now)
    spoken, turns = say(tx, conversation, [line], now, officer=officer, hold_until=hold)
    tx.conversations.save(spoken, conversation.epoch)
    return turns[-1].seq


def held_until(
    tx: Transaction, conversation: Conversation, case: Case, notices: Notices, now: datetime
) -> datetime | None:
    """When the quiet hours end in which this resident is not woken; None to say it at once."""
    hold = notices.silent_until(case, now)
    return None if hold is None or _awake(tx, conversation, now) else hold


def _awake(tx: Transaction, conversation: Conversation, now: datetime) -> bool:
    """Whether the resident wrote a little while ago: nobody is woken who is up."""
    latest = tx.turns.after(conversation.id, max(0, conversation.last_seq - _LATEST))
    heard = [turn.at for turn in latest if turn.speaker is Speaker.RESIDENT]
    return bool(heard) and now - max(heard) <= AWAKE
