"""An application of ours on a real loopback port, and what a page reads from an event stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx
from starlette.types import ASGIApp

from cli.web import WebServer


@asynccontextmanager
async def serving(app: ASGIApp, *stops: Callable[[], None]) -> AsyncIterator[str]:
    """Serve on a free port of the loopback; gives the address."""
    server = WebServer(app, "127.0.0.1", 0, stops)
    task = asyncio.create_task(server.serve())
    await asyncio.wait(
        [task, asyncio.create_task(server.ready.wait())], return_when=asyncio.FIRST_COMPLETED
    )
    try:
        yield server.url
    finally:
        server.should_exit = True
        await task


class Seen(NamedTuple):
    """One event of a stream."""

    id: int | None
    kind: str
    data: Any


async def events(response: httpx.Response) -> AsyncIterator[Seen]:
    """The events of an open stream; heartbeats are passed over."""
    found: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            found[name] = value
            continue
        if "data" in found:
            seq = int(found["id"]) if "id" in found else None
            yield Seen(seq, found.get("event", "message"), json.loads(found["data"]))
        found = {}


async def first(response: httpx.Response, count: int) -> list[Seen]:
    """The first events of an open stream."""
    seen: list[Seen] = []
    if count:
        async for each in events(response):
            seen.append(each)
            if len(seen) == count:
                break
    return seen


def seqs(seen: Sequence[Seen]) -> list[int]:
    """Their numbers, in the order they came."""
    return [each.id for each in seen if each.id is not None]
