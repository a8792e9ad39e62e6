"""The officers' live stream: every event an officer may see, exactly once and in order.

One tail reads the events for everybody. An event is numbered by its commit; a page that comes
back says which number it saw last and gets what it missed from the ring, or from the database,
before what is new. A page too slow to keep up is told to come back; nothing is skipped silently.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

from casework.events import Event
from handoff_console.auth import Viewer
from handoff_console.live_items import Audiences, Item, concerned, item, read_facts
from handoff_console.presence import Present
from handoff_console.render import presence_shape
from storage.engine import SqlStore
from storage.tail import EventTail
from storage.views_audience import Audience

HEARTBEAT_SECONDS = 10.0
RECHECK_SECONDS = 30.0  # how long a stream may outlive its login in another process
RING = 2_000
MOST_WAITING = 512
PAGE = 500
HEARTBEAT = b": hb\n\n"
Refresh = Callable[[], Awaitable[Viewer | None]]


class _Page:
    """One open stream."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.waiting: deque[tuple[int, bytes]] = deque()
        self.wake = asyncio.Event()
        self.over = False
        self.overrun = False

    def put(self, seq: int, block: bytes) -> None:
        if len(self.waiting) >= MOST_WAITING:
            self.overrun = True
        else:
            self.waiting.append((seq, block))
        self.wake.set()

    def end(self) -> None:
        self.over = True
        self.wake.set()

    def take(self, sent: int) -> tuple[bytes, int]:
        """What is waiting behind ``sent``; presence has no number and always passes."""
        blocks = []
        while self.waiting:
            seq, block = self.waiting.popleft()
            if seq == 0 or seq > sent:
                blocks.append(block)
                sent = max(sent, seq)
        return b"".join(blocks), sent


async def _going_on(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with contextlib.aclosing(rest):
        yield first
        async for block in rest:
            yield block


def _understanding(degraded: bool) -> bytes:
    body = json.dumps({"degraded": degraded})
    return f"event: understanding\ndata: {body}\n\n".encode()


class Live:
    """All open streams of this process."""

    def __init__(
        self, store: SqlStore, *, tail: EventTail | None = None, heartbeat: float | None = None
    ) -> None:
        self._store = store
        self._tail = tail or EventTail(store)
        self._heartbeat = heartbeat or HEARTBEAT_SECONDS
        self._starting = asyncio.Lock()
        self._pages: set[_Page] = set()
        self._ring: deque[Item] = deque(maxlen=RING)
        self._audiences = Audiences()
        self._position = 0
        self._stopped = False
        self._degraded = False

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return len(self._pages)

    @property
    def position(self) -> int:
        """The number of the newest event handed to the streams."""
        return self._position

    def stop(self) -> None:
        """End every stream now and stop reading events."""
        self._stopped = True
        self._tail.stop()
        for page in self._pages:
            page.end()

    def log_out(self, token_hash: str) -> None:
        """End the streams of a login that is over."""
        for page in self._pages:
            if page.viewer.token_hash == token_hash:
                page.end()

    def tell_presence(
        self, conversation_id: str, present: Sequence[Present], audience: Audience
    ) -> None:
        """Who is at a conversation changed; whoever may see it is told."""
        shapes = [presence_shape(each).model_dump(mode="json") for each in present]
        body = json.dumps(
            {"conversation_id": conversation_id, "present": shapes}, ensure_ascii=False
        )
        block = f"event: presence\ndata: {body}\n\n".encode()
        for page in self._pages:
            if audience.admits(page.viewer.sight):
                page.put(0, block)

    def tell_understanding(self, degraded: bool) -> None:
        """The chosen engine is out of reach (another stands in for it), or back."""
        self._degraded = degraded
        for page in self._pages:
            page.put(0, _understanding(degraded))

    async def open(
        self, viewer: Viewer, after: int | None, refresh: Refresh
    ) -> AsyncGenerator[bytes]:
        """A stream that listens already: whoever has its headers misses nothing from then on."""
        stream = self.stream(viewer, after, refresh)
        return _going_on(await anext(stream), stream)

    async def stream(
        self, viewer: Viewer, after: int | None, refresh: Refresh
    ) -> AsyncGenerator[bytes]:
        """Server-Sent Events behind ``after``, or from now on. ``refresh`` looks the login up."""
        await self._begin()
        page = _Page(viewer)
        self._pages.add(page)
        upto = self._position  # what comes later reaches the page by itself
        sent = upto if after is None else after
        try:
            # A page takes understanding to be well until it is told otherwise.
            yield b"retry: 1000\n\n" + (_understanding(True) if self._degraded else b"")
            while sent < upto and not self._ended(page):
                items = await self._missed(sent, upto)
                sent = items[-1].seq if items else upto
                yield b"".join(self._blocks(items, page)) or HEARTBEAT
            async with contextlib.aclosing(self._new(page, sent, refresh)) as blocks:
                async for block in blocks:
                    yield block
        finally:
            self._pages.discard(page)

    async def _new(self, page: _Page, sent: int, refresh: Refresh) -> AsyncGenerator[bytes]:
        clock = asyncio.get_running_loop().time
        check_at = clock() + RECHECK_SECONDS
        while not self._ended(page):
            block, sent = page.take(sent)
            if block:
                yield block
            elif page.overrun:
                yield b": too slow, reconnect\n\n"
                return
            elif not await self._woken(page):
                yield HEARTBEAT
            if clock() >= check_at:
                viewer = await refresh()
                if viewer is None:
                    return
                page.viewer, check_at = viewer, clock() + RECHECK_SECONDS

    def _ended(self, page: _Page) -> bool:
        return page.over or self._stopped

    async def _woken(self, page: _Page) -> bool:
        page.wake.clear()
        if page.waiting or page.overrun or self._ended(page):
            return True
        try:
            async with asyncio.timeout(self._heartbeat):  # wait_for would start a task each time
                await page.wake.wait()
        except TimeoutError:
            return False
        return True

    async def _begin(self) -> None:
        async with self._starting:
            if not self._tail.running and not self._stopped:
                await self._tail.start(self._fan_out)
                self._position = self._tail.seq

    async def _fan_out(self, events: Sequence[Event]) -> None:
        """Hand a batch to every page. Between the reading and the handing nothing waits."""
        items = await self._prepare(events, remember=True) if self._pages else []
        if not items:
            self._ring.clear()  # it must not have holes
        self._ring.extend(items)
        self._position = events[-1].seq
        for page in self._pages:
            for each in items:
                block = each.seen_by(page.viewer.sight)
                if block is not None:
                    page.put(each.seq, block)

    async def _prepare(self, events: Sequence[Event], *, remember: bool) -> list[Item]:
        facts = await self._store.read(lambda tx: read_facts(tx, events))
        items = []
        for event in events:
            now = concerned(event, facts)
            before = self._audiences.before(event.conversation_id, now) if remember else now
            items.append(item(event, facts, before, now))
        return items

    async def _missed(self, sent: int, upto: int) -> list[Item]:
        """The next items behind ``sent``, no further than ``upto``."""
        if self._ring and self._ring[0].seq <= sent + 1:
            return [each for each in self._ring if sent < each.seq <= upto][:PAGE]
        events = await self._store.read(lambda tx: tx.events.after(sent, PAGE))
        return await self._prepare([e for e in events if e.seq <= upto], remember=False)

    def _blocks(self, items: Sequence[Item], page: _Page) -> list[bytes]:
        seen = (each.seen_by(page.viewer.sight) for each in items)
        return [block for block in seen if block is not None]
