"""A real HTTP server on the loopback that behaves as badly as a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behaviour = Callable[["Call"], Awaitable[None]]


@dataclass
class Call:
    """One request, and where its answer goes."""

    target: str
    text: str
    number: int
    writer: asyncio.StreamWriter

    async def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def say(self, body: bytes, status: str = "200 OK", more: str = "") -> None:
        """Send an HTTP answer."""
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        await self.raw(head.encode() + body)

    async def rasa(self, *intents: tuple[str, float], **more: object) -> None:
        """Answer as Rasa does."""
        ranking = [{"name": name, "confidence": sure} for name, sure in intents]
        shape = {"text": self.text, "intent": ranking[0], "intent_ranking": ranking, **more}
        await self.say(json.dumps({"entities": [], **shape}).encode())


@dataclass
class Faulty:
    """The server: ``behaviour`` may be changed at any time."""

    behaviour: Behaviour
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self.under_way.add(task)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                length = next(
                    int(line[15:]) for line in lines if line.lower().startswith("content-length:")
                )
                text = json.loads(await reader.readexactly(length))["text"]
                call = Call(lines[0].split()[1], text, len(self.calls) + 1, writer)
                self.calls.append(call)
                await self.behaviour(call)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self.under_way.discard(task)
            writer.close()


@asynccontextmanager
async def faulty(behaviour: Behaviour) -> AsyncIterator[Faulty]:
    """Serve for as long as the block lasts."""
    place = Faulty(behaviour)
    server = await asyncio.start_server(place.serve, "127.0.0.1", 0)
    place.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield place
    finally:
        server.close()
        left = list(place.under_way)
        for task in left:
            task.cancel()
        await asyncio.gather(*left)
