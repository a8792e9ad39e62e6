"""One client for every server: keep-alive connections that post lines as fast as they are answered.

Bare streams, because an HTTP library would cost more than the server it measures.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from nlu.measure.answers import NoAnswer
from nlu.understanding import Json

WARM_UP: Final = 24
"""Unmeasured requests in all: dictionaries are read, code is compiled at the first ones."""
PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What came of posting lines over ``connections`` for a while; times in milliseconds."""

    connections: int
    a_second: float
    p50: float
    p95: float
    p99: float
    answers: int

    def as_json(self) -> Json:
        """Rounded to what such a measurement tells."""
        return {
            "connections": self.connections,
            "a_second": round(self.a_second, 1),
            "p50_ms": round(self.p50, 3),
            "p95_ms": round(self.p95, 3),
            "p99_ms": round(self.p99, 3),
            "answers": self.answers,
        }


async def press(url: str, texts: Sequence[str], connections: int, seconds: float) -> Load:
    """Post ``texts`` round and round for ``seconds``. Raises NoAnswer."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    if parts.scheme != "http" or not host:
        raise NoAnswer(f"{url} cannot be measured: give a plain http://host:port")
    requests = [_request(host, text) for text in texts]
    try:
        open_ones = [await asyncio.open_connection(host, port) for _ in range(connections)]
    except OSError:
        raise NoAnswer(f"nobody answers at {url}: start the server, or mend the URL") from None
    try:
        return await _press(open_ones, requests, seconds)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        raise NoAnswer(f"{url} stopped answering under {connections} connections") from None
    finally:
        for _, writer in open_ones:
            writer.close()


async def _press(
    open_ones: Sequence[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
    requests: Sequence[bytes],
    seconds: float,
) -> Load:
    warm_up = max(WARM_UP // len(open_ones), 2)

    async def work(at: int, until: float | None) -> list[float]:
        reader, writer = open_ones[at]
        taken: list[float] = []
        # One answer at least: on a machine that pauses, the seconds may be over before the first.
        while (
            not taken or time.perf_counter() < until if until is not None else len(taken) < warm_up
        ):
            began = time.perf_counter()
            # Each connection goes round at its own step, so that they post different lines.
            writer.write(requests[(at * 7 + len(taken)) % len(requests)])
            await _answer(reader)
            taken.append(time.perf_counter() - began)
        return taken

    async def all_of(until: float | None) -> list[float]:
        rounds = await asyncio.gather(*(work(at, until) for at in range(len(open_ones))))
        return sorted(taken for one in rounds for taken in one)

    await all_of(None)
    began = time.perf_counter()
    taken = await all_of(began + seconds)
    spent = time.perf_counter() - began
    p50, p95, p99 = (_quantile(taken, share) * 1000 for share in (0.5, 0.95, 0.99))
    return Load(len(open_ones), len(taken) / spent, p50, p95, p99, len(taken))


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _request(host: str, text: str) -> bytes:
    body = json.dumps({"text": text}).encode()
    head = (
        f"POST /model/parse HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> None:
    """Read one answer to its end. Raises NoAnswer unless it is a 200 of known length."""
    async with asyncio.timeout(PATIENCE):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status, *lines = head.decode("latin-1").split("\r\n")
        if " 200" not in status:
            raise NoAnswer(f"the server answers {status.upper()} to POST /model/parse")
        lengths = [line.partition(":")[2] for line in lines if line.startswith("content-length:")]
        if not lengths:
            raise NoAnswer("the server's answers have no Content-Length: they cannot be measured")
        await reader.readexactly(int(lengths[0]))
