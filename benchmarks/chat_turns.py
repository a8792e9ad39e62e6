"""Durable turns through the web chat API: how many a second, and how long each takes.

A turn is one POST of a resident's line until the bot's answer to it arrives on the open stream:
stored, understood, decided, committed (SQLite, synchronous=FULL) and pushed. Each conversation
is a whole complaint of eight lines, from the first word over the read-back to thanks, on a stream
of its own. The callers run in a process of their own.
Beside it, in the same run, a bare FastAPI echo of the same line: shared machines are noisy, so
compare with that.

    .venv/bin/python -m benchmarks.chat_turns [--runs 3] [--turns 1500]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from tests.served import Server, free_port, wait_until

LINES = (
    "老板欠我们工资三个月没发了",
    "宏达劳务，包工头姓周",
    "一共两万三",
    "高新区工地",
    "就我们五个人，没签合同",
    "电话13900001111",
    "对",
    "谢谢，麻烦你们了",
)


class Caller:
    """One resident after another, each with an open stream."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self.waits: list[float] = []

    async def conversation(self) -> None:
        """All lines, each sent when the one before is answered."""
        async with self._http.post("/api/chat/sessions") as made:
            token = (await made.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.get("/api/chat/events?after=0", headers=headers) as stream:
            for place, line in enumerate(LINES):
                began = time.perf_counter()
                body = {"client_id": f"line-{place}", "text": line}
                async with self._http.post(
                    "/api/chat/messages", json=body, headers=headers
                ) as accepted:
                    seq = (await accepted.json())["seq"]
                await self._answer(stream, seq)
                self.waits.append(time.perf_counter() - began)

    async def _answer(self, stream: aiohttp.ClientResponse, seq: int) -> None:
        async for raw in stream.content:
            if raw.startswith(b"data:"):
                message = json.loads(raw[5:])
                if message["from"] == "bot" and message["seq"] > seq:
                    return


async def measure(url: str, callers: int, turns: int) -> tuple[float, list[float]]:
    """Turns a second and the waits in seconds."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(url, connector=connector) as http:
        each = [Caller(http) for _ in range(callers)]

        async def go_on(caller: Caller) -> None:
            for _ in range(max(1, turns // callers // len(LINES))):
                await caller.conversation()

        began = time.perf_counter()
        await asyncio.gather(*(go_on(caller) for caller in each))
        seconds = time.perf_counter() - began
    waits = sorted(wait for caller in each for wait in caller.waits)
    return len(waits) / seconds, waits


@contextmanager
def echo() -> Iterator[str]:
    """A bare FastAPI echo in a process of its own; gives its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.echo", str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(port))
        yield url
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def measure_echo(url: str, callers: int, requests: int) -> float:
    """Requests a second."""
    async with aiohttp.ClientSession(url) as http:

        async def post() -> None:
            for _ in range(requests // callers):
                body = {"client_id": "line", "text": LINES[0]}
                async with http.post("/api/chat/messages", json=body) as answer:
                    await answer.read()

        await post()
        began = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(callers)))
        return requests / (time.perf_counter() - began)


def percentile_99(waits: list[float]) -> float:
    """Of sorted waits."""
    return waits[int(len(waits) * 0.99)]


def main() -> None:
    """Print one row per number of callers: medians over the runs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--turns", type=int, default=1500)
    given = options.parse_args()
    rows: dict[int, list[tuple[float, float, float]]] = {1: [], 4: [], 16: []}
    ready, memory, cpu, bare = [], [], [], []
    for _ in range(given.runs):
        with echo() as url:
            bare.append(asyncio.run(measure_echo(url, 16, 4000)))
        with (
            tempfile.TemporaryDirectory() as folder,
            Server(Path(folder) / "data", "--demo") as server,
        ):
            ready.append(server.seconds_to_ready)
            memory.append(server.resident_mb())
            asyncio.run(measure(server.url, 4, 200))  # warm
            began, count = server.cpu_seconds(), 0
            for callers, row in rows.items():
                rate, waits = asyncio.run(measure(server.url, callers, given.turns))
                count += len(waits)
                row.append((rate, statistics.median(waits) * 1e3, percentile_99(waits) * 1e3))
            cpu.append((server.cpu_seconds() - began) / count * 1e3)
    print(
        f"ready {statistics.median(ready):.2f} s · {statistics.median(memory):.0f} MB · "
        f"{statistics.median(cpu):.2f} ms CPU a turn"
    )
    print(f"bare FastAPI echo beside it: {statistics.median(bare):.0f} requests/s")
    print("callers | turns/s | p50 ms | p99 ms")
    for callers, row in rows.items():
        middle = [statistics.median(figures) for figures in zip(*row, strict=True)]
        print(f"{callers:7} | {middle[0]:7.0f} | {middle[1]:6.1f} | {middle[2]:6.1f}")


if __name__ == "__main__":
    main()
