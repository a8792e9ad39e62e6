"""The only way in: a line is stored durably, and only then may the channel acknowledge it.

Lines of one conversation are handled strictly one after the other, those of different
conversations side by side. Whatever a crash left undecided is found again by ``sweep``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.channels.base import Received
from casework.desk.conversations import receive
from casework.ports import Store, Transaction
from casework.turn import Inbound, Turn

log = structlog.get_logger()
# A line this old that nobody decided about was left behind by a process that died.
ABANDONED_AFTER = timedelta(seconds=5)
SWEEP_LIMIT = 500
# Seconds without another photo after which an album without words is taken to be complete. Only
# its answer waits, and only in its own conversation; what comes later is added in silence.
ALBUM_SECONDS = 0.7
LONGEST_ALBUM = 3.0


class Decider(Protocol):
    """Decides about the oldest undecided line of a conversation (bot.turns.TurnDesk)."""

    async def decide_next(self, conversation_id: str, received: Received | None = None) -> bool:
        """False when there was nothing left to decide."""
        ...

    async def decide_at_once(
        self, inbound: Inbound, conversation_id: str, keep: Callable[[Transaction], Received]
    ) -> tuple[Received, bool]:
        """Keep a line and decide about it, False when it is only kept. Raises NotFound."""
        ...


class Inbox:
    """bot.channels.base.Door on a store."""

    def __init__(
        self, store: Store, decider: Decider, *, album_seconds: float = ALBUM_SECONDS
    ) -> None:
        self._store = store
        self._decider = decider
        self._album_seconds = album_seconds
        self._grew: dict[str, float] = {}
        self._waiting: dict[str, deque[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting = True

    async def receive(self, inbound: Inbound) -> Received:
        """Store one line and see that it is handled. Raises NotFound for an unknown chat.

        A line that nothing waits before is decided in the transaction that stores it.
        """

        def work(tx: Transaction) -> Received:
            conversation, turn, new = receive(tx, inbound)
            return Received(turn, conversation, new)

        known = inbound.conversation_id
        if known is None or known in self._waiting or not self._accepting:
            received = await self._store.write(work)
            self._hand_on(received)
            return received
        queue: deque[Received] = deque()
        self._waiting[known] = queue
        try:
            received, decided = await self._decider.decide_at_once(inbound, known, work)
            if received.new and not decided:
                queue.appendleft(received)
        finally:
            del self._waiting[known]
            if queue:
                self._start(known, queue)
        return received

    async def receive_many(self, batch: Sequence[Inbound]) -> list[Received]:
        """Store a batch in one transaction, in the order given."""

        def work(tx: Transaction) -> list[Received]:
            stored = []
            for inbound in batch:
                conversation, turn, new = receive(tx, inbound)
                stored.append(Received(turn, conversation, new))
            return stored

        received = await self._store.write(work) if batch else []
        for each in received:
            self._hand_on(each)
        return received

    async def sweep(self, now: datetime, *, age: timedelta = ABANDONED_AFTER) -> int:
        """Take up lines left undecided for ``age``; returns how many conversations had some."""
        before = now - age
        found = await self._store.read(
            lambda tx: tx.turns.conversations_with_unhandled(before, SWEEP_LIMIT)
        )
        left = [each for each in found if each not in self._waiting]
        for conversation_id in left:
            self._start(conversation_id)
        return len(left)

    async def idle(self) -> None:
        """Wait until everything received so far is decided."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Finish what is under way; what is not begun stays stored for the next start."""
        self._accepting = False
        await self.idle()

    def _hand_on(self, received: Received) -> None:
        if received.turn.album is not None and received.turn.handled_at is None:
            self._grew[received.turn.id] = asyncio.get_running_loop().time()
        if not received.new:
            return
        conversation_id = received.conversation.id
        queue = self._waiting.get(conversation_id)
        if queue is None:
            self._start(conversation_id, [received])
        else:
            queue.append(received)

    def _start(self, conversation_id: str, first: Iterable[Received] = ()) -> None:
        if not self._accepting:
            return
        self._waiting[conversation_id] = deque(first)
        task = asyncio.create_task(self._handle(conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, conversation_id: str) -> None:
        """One conversation's lines, one after the other, until none is left."""
        queue = self._waiting[conversation_id]
        swept = not queue
        try:
            while self._accepting and (queue or swept):
                received = queue.popleft() if queue else None
                if received is not None and received.turn.album is not None:
                    await self._whole(received.turn)
                swept = await self._decider.decide_next(conversation_id, received)
                swept = swept and received is None
        finally:
            del self._waiting[conversation_id]

    async def _whole(self, turn: Turn) -> None:
        """Wait until no more of an album arrives; one with words is answered without delay."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + LONGEST_ALBUM
        while not turn.text and not turn.late and self._accepting:
            grew = self._grew.get(turn.id, loop.time())
            left = min(grew + self._album_seconds, latest) - loop.time()
            if left <= 0:
                break
            await asyncio.sleep(left)
        self._grew.pop(turn.id, None)
