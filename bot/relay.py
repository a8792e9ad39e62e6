"""The only way out for push channels: leased, in order per chat, at least once, fenced.

    lease   the oldest due message of a chat, its epoch checked under the conversation's lock
    send    one piece of it, within the time the lease leaves
    record  sent, postponed, moved, failed: the lease ends

A take-over waits while a message of the conversation is leased (casework.desk.silence), so what
is sent here was allowed when it was sent. A process that dies between sending and recording
leaves a lease that runs out; the message is then sent again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.channels.base import PushChannel
from bot.delivery import Outcome, record, record_refused
from bot.pacing import Pacing
from casework.outbox import DeliveryError, OutgoingMessage
from casework.ports import Store, Transaction

log = structlog.get_logger()
SEND_TIMEOUT = 20.0  # seconds for one piece
LEASE = timedelta(seconds=SEND_TIMEOUT + 5)
MOST_AT_ONCE = 100  # chats written to side by side
# Another process may have committed something for us without our hearing of it.
LOOK_AGAIN = 1.0  # seconds
SHORTEST_REST = 0.02  # seconds; another relay may hold what is due for a moment
AFTER_TROUBLE = 1.0  # seconds before a failed transaction is tried again


@dataclass(slots=True)
class _Lane:
    """One channel's messages under way in this process."""

    channel: PushChannel
    pacing: Pacing
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    sending: set[asyncio.Task[None]] = field(default_factory=set)
    outcomes: list[Outcome] = field(default_factory=list)
    pushed: bool = True
    next_due: datetime | None = None


class Relay:
    """Delivers what is in the outbox to the push channels."""

    def __init__(
        self,
        store: Store,
        channels: Sequence[PushChannel],
        clock: Callable[[], datetime],
        *,
        pacing: Mapping[str, Pacing] | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._clock = clock
        self._jitter = jitter
        given = pacing or {}
        self._lanes = {c.name: _Lane(c, given.get(c.name) or Pacing()) for c in channels}
        self._closing = False
        self.turned_at = clock()  # when a lane last went round: alive while this moves

    def wake(self, pushed: frozenset[str]) -> None:
        """Something was committed for these channels."""
        for name in pushed:
            lane = self._lanes.get(name)
            if lane is not None:
                lane.pushed = True
                lane.changed.set()

    async def run(self) -> None:
        """Deliver until ``close``."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes.values():
                group.create_task(self._serve(lane))

    def close(self) -> None:
        """Take on nothing new; ``run`` ends when what is under way is recorded."""
        self._closing = True
        for lane in self._lanes.values():
            lane.changed.set()

    async def deliver_one(self, channel: str) -> bool:
        """One message from lease to record; False when none was due. Not beside ``run``."""
        lane = self._lanes[channel]
        started = asyncio.get_running_loop().time()
        leased, ready = await self._store.write(lambda tx: self._lease(tx, lane, 1))
        for message in ready:
            await self._attempt(lane, message, started)
        outcomes, lane.outcomes = lane.outcomes, []
        await self._store.write(lambda tx: record(tx, outcomes))
        return leased > 0

    async def _serve(self, lane: _Lane) -> None:
        while not (self._closing and not lane.sending and not lane.outcomes):
            lane.changed.clear()
            try:
                busy = await self._turn(lane)
            except Exception as error:  # noqa: BLE001  supervised: outcomes are kept, tried again
                log.warning("relay_trouble", channel=lane.channel.name, error=type(error).__name__)
                lane.pushed = True
                await asyncio.sleep(AFTER_TROUBLE)
                continue
            self.turned_at = self._clock()
            if not busy:
                await self._rest(lane)

    async def _turn(self, lane: _Lane) -> bool:
        """Record what came back and lease what may go, together; False when there was nothing."""
        now = self._clock()
        room = min(MOST_AT_ONCE - len(lane.sending), lane.pacing.room(now))
        if self._closing:
            room = 0
        due = lane.pushed or (lane.next_due is not None and lane.next_due <= now)
        if not lane.outcomes and (room <= 0 or not due):
            return False
        outcomes = list(lane.outcomes)
        lane.pushed = False
        started = asyncio.get_running_loop().time()

        def work(tx: Transaction) -> tuple[list[OutgoingMessage], datetime | None]:
            record(tx, outcomes)
            leased, ready = self._lease(tx, lane, room)
            # With more to lease than there was room for, what is due later is of no interest yet.
            return ready, now if leased == room else tx.outbox.next_due(lane.channel.name)

        ready, lane.next_due = await self._store.write(work)
        del lane.outcomes[: len(outcomes)]
        for message in ready:
            self._start(lane, message, started)
        return bool(lane.outcomes)

    def _lease(self, tx: Transaction, lane: _Lane, room: int) -> tuple[int, list[OutgoingMessage]]:
        if room <= 0:
            return 0, []
        now = self._clock()
        leased = tx.outbox.lease_due(lane.channel.name, now, now + LEASE, room)
        return len(leased), record_refused(tx, leased, now)

    def _start(self, lane: _Lane, message: OutgoingMessage, started: float) -> None:
        task = asyncio.create_task(self._attempt(lane, message, started))
        lane.sending.add(task)
        task.add_done_callback(lane.sending.discard)

    async def _attempt(self, lane: _Lane, message: OutgoingMessage, started: float) -> None:
        """Send one piece, if pacing and lease allow it, and note what became of it."""
        now = self._clock()
        group = lane.channel.is_group(message.chat)
        not_before = lane.pacing.take(message.chat, now, group=group)
        waited = asyncio.get_running_loop().time() - started
        if not_before is None and waited > LEASE.total_seconds() - SEND_TIMEOUT:
            not_before = now  # too late to be sure of the epoch: lease it anew
        if not_before is not None:
            lane.outcomes.append(Outcome(message, now, not_before=not_before))
        else:
            lane.outcomes.append(await self._send(lane, message))
        lane.changed.set()

    async def _send(self, lane: _Lane, message: OutgoingMessage) -> Outcome:
        more, problem = False, None
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                more = await lane.channel.send(message)
        except DeliveryError as error:
            problem = error
        except TimeoutError:
            problem = DeliveryError("timeout")
        except Exception as error:  # noqa: BLE001  supervised: one bad message must not stop all
            log.warning("send_trouble", channel=lane.channel.name, error=type(error).__name__)
            problem = DeliveryError("internal")
        now = self._clock()
        if problem is not None and problem.retry_after is not None:
            lane.pacing.hold(message.chat, now + problem.retry_after, now)
        return Outcome(message, now, more, problem, jitter=self._jitter())

    async def _rest(self, lane: _Lane) -> None:
        """Wait for a commit, an outcome, or the time when something is due."""
        now = self._clock()
        seconds = LOOK_AGAIN
        due = now if lane.pushed else lane.next_due
        if due is not None and len(lane.sending) < MOST_AT_ONCE:
            due = max(due, lane.pacing.room_at(now))
            seconds = min(seconds, max(SHORTEST_REST, (due - now).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await lane.changed.wait()
        except TimeoutError:
            await self._look(lane)

    async def _look(self, lane: _Lane) -> None:
        name = lane.channel.name
        lane.next_due = await self._store.read(lambda tx: tx.outbox.next_due(name))
