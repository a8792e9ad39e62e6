"""The residents' live stream: each turn of a conversation exactly once, in order.

Turns of one conversation are numbered without gaps, so a stream can tell by itself whether the
turn it was handed is the next one. It is handed what this process commits; for anything missing,
and for what other processes commit, it reads the store.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Sequence

import structlog

from bot.channels.webchat_lines import as_json, shown
from casework.turn import Turn
from storage.engine import SqlStore
from storage.unit_of_work import Committed, SqlTransaction
from storage.views import last_seqs

log = structlog.get_logger()
HEARTBEAT_SECONDS = 10.0
POLL_SECONDS = 1.0
MOST_WAITING = 64  # a slower reader than this reads from the store instead
MOST_REMEMBERED = 10_000
PAGE = 200
HEARTBEAT = b": hb\n\n"


class _Mailbox:
    """What was committed since the stream last looked; ``last_seq`` is the newest turn known."""

    def __init__(self, after: int) -> None:
        self.turns: deque[Turn] = deque(maxlen=MOST_WAITING)
        self.last_seq = after
        self.wake = asyncio.Event()

    def put(self, turn: Turn) -> None:
        self.turns.append(turn)
        self.tell(turn.seq)

    def tell(self, seq: int) -> None:
        """There is a turn with this seq, wherever it is."""
        if seq > self.last_seq:
            self.last_seq = seq
            self.wake.set()

    def take(self, sent: int) -> list[Turn]:
        """The turns that follow ``sent`` without a gap; those behind a gap stay."""
        while self.turns and self.turns[0].seq <= sent:
            self.turns.popleft()
        taken: list[Turn] = []
        while self.turns and self.turns[0].seq == sent + 1 + len(taken):
            taken.append(self.turns.popleft())
        return taken


class ChatLive:
    """All open streams of this process."""

    def __init__(self, store: SqlStore, *, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self._store = store
        self._heartbeat = heartbeat
        self._boxes: dict[str, set[_Mailbox]] = {}
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._names: dict[str, str] = {}
        self._poller: asyncio.Task[None] | None = None
        self._stopped = False
        store.watch(self._committed)

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(len(boxes) for boxes in self._boxes.values())

    def stop(self) -> None:
        """End every stream now; their pages reconnect to whoever is there next."""
        self._stopped = True
        if self._poller is not None:
            self._poller.cancel()
        for boxes in self._boxes.values():
            for box in boxes:
                box.wake.set()

    async def names(self, turns: Sequence[Turn]) -> dict[str, str]:
        """Names of the officers who spoke these turns, by id."""
        unknown = {turn.officer_id for turn in turns if turn.officer_id} - self._names.keys()
        if unknown:
            found = await self._store.read(lambda tx: tx.people.officers(unknown))
            self._names = {**self._names, **{officer.id: officer.name for officer in found}}
        return self._names

    async def open(self, conversation_id: str, after: int) -> AsyncGenerator[bytes]:
        """Server-Sent Events from behind ``after`` on. Raises NotFound, before any event."""

        def work(tx: SqlTransaction) -> list[Turn]:
            turns = tx.turns.after(conversation_id, after, PAGE)
            if not turns:
                tx.conversations.get(conversation_id)
            return turns

        return self._stream(conversation_id, after, await self._store.read(work))

    async def _stream(
        self, conversation_id: str, after: int, turns: list[Turn]
    ) -> AsyncGenerator[bytes]:
        """The turns read already, then what follows."""
        box = self._open(conversation_id, after)
        sent = after
        try:
            yield b"retry: 1000\n\n"
            while not self._stopped:
                if turns:
                    yield await self._events(turns)
                    sent = turns[-1].seq
                    box.tell(sent + (len(turns) == PAGE))  # a full page: there may be another
                elif not await self._woken(box, sent):
                    yield HEARTBEAT
                turns = box.take(sent)
                if not turns and box.last_seq > sent:
                    turns = await self._read(conversation_id, sent, box)
        finally:
            self._close(conversation_id, box)

    async def _woken(self, box: _Mailbox, sent: int) -> bool:
        """Wait for a newer turn; False when it is time for a heartbeat instead."""
        box.wake.clear()
        if box.last_seq > sent or self._stopped:
            return True
        try:
            async with asyncio.timeout(self._heartbeat):  # wait_for would start a task each time
                await box.wake.wait()
        except TimeoutError:
            return False
        return True

    async def _read(self, conversation_id: str, sent: int, box: _Mailbox) -> list[Turn]:
        known = box.last_seq
        turns = await self._store.read(lambda tx: tx.turns.after(conversation_id, sent, PAGE))
        if not turns and box.last_seq == known:
            box.last_seq = sent  # there was no further page after all
        return turns

    async def _events(self, turns: Sequence[Turn]) -> bytes:
        names = await self.names(turns)
        return b"".join(
            b"id: %d\ndata: %b\n\n" % (turn.seq, as_json(shown(turn, names))) for turn in turns
        )

    def _open(self, conversation_id: str, after: int) -> _Mailbox:
        # A turn may have been committed between the first read and now.
        box = _Mailbox(max(after, self._newest.get(conversation_id, 0)))
        self._boxes.setdefault(conversation_id, set()).add(box)
        if self._poller is None and not self._stopped:
            self._poller = asyncio.create_task(self._poll(), name="webchat-poll")
        return box

    def _close(self, conversation_id: str, box: _Mailbox) -> None:
        boxes = self._boxes.get(conversation_id, set())
        boxes.discard(box)
        if not boxes:
            self._boxes.pop(conversation_id, None)
        if not self._boxes and self._poller is not None:
            self._poller.cancel()
            self._poller = None

    def _committed(self, committed: Committed) -> None:
        for turn in committed.turns:
            seq = max(turn.seq, self._newest.pop(turn.conversation_id, 0))
            self._newest[turn.conversation_id] = seq
            if len(self._newest) > MOST_REMEMBERED:
                self._newest.popitem(last=False)
            for box in self._boxes.get(turn.conversation_id, ()):
                box.put(turn)

    async def _poll(self) -> None:
        """Find what other processes committed."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            watched = list(self._boxes)
            try:
                seqs = await self._store.read(lambda tx, ids=watched: last_seqs(tx, ids))  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001 - supervised: streams outlive a database that was away
                log.warning("webchat_poll_failed", error=type(error).__name__)
                continue
            for conversation_id, seq in seqs.items():
                for box in self._boxes.get(conversation_id, ()):
                    box.tell(seq)
