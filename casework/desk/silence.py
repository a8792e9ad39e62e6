"""Taking over without the bot speaking into it.

A message that has left for the platform cannot be called back. So a take-over is not committed
while one is on its way: the relay leases a message only under the conversation's lock and ends
the lease when the platform has answered, and whoever takes over waits for that. New messages can
start meanwhile only in the moments between two attempts, and the bot's lines are few.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from casework.conversation import Conversation
from casework.desk import alerts
from casework.desk.conversations import take_over
from casework.errors import StillSpeaking
from casework.organisation import Officer
from casework.ports import Store, Transaction

FIRST_PAUSE = 0.005  # seconds
LONGEST_PAUSE = 0.08
# An officer does not wait longer for a platform that hangs: then one line may arrive late, and
# the take-over's event says so (``spoken_into``). Counted in pauses, not by the clock: while this
# process itself stands still (a slow disk, a suspended machine) the platform's answer cannot be
# heard, and that is no sign that it hangs. A lease that ends bounds the wait in any case.
PATIENCE = 3.0  # seconds


async def take_over_in_silence(
    store: Store,
    conversation_id: str,
    officer: Officer,
    clock: Callable[[], datetime],
    *,
    force: bool = False,
    patience: float = PATIENCE,
) -> Conversation:
    """Take over as soon as no line of the bot is on its way. Raises as ``take_over`` does."""
    paused = 0.0
    pause = FIRST_PAUSE
    while True:
        insist = paused >= patience

        def attempt(tx: Transaction, insist: bool = insist) -> Conversation:
            now = clock()
            taken = take_over(tx, conversation_id, officer, now, force=force, insist=insist)
            alerts.taken_over(tx, taken, officer, now)
            return taken

        try:
            return await store.write(attempt)
        except StillSpeaking:
            await asyncio.sleep(pause)
            paused += pause
            pause = min(pause * 2, LONGEST_PAUSE)
