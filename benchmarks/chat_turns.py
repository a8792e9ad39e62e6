"""Durable turns through the web chat API: how many a second, and how long each takes.

A turn is one POST of a resident's line until the bot's answer to it arrives on the open stream:
stored, understood, decided, committed (SQLite, synchronous=FULL) and pushed. Each conversation
is a real intake of five lines. The callers run in a process of their own.

    .venv/bin/python -m benchmarks.chat_turns [--runs 3] [--turns 1500]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import aiohttp

from tests.served import Server

LINES = (
    "老板欠我们工资三个月没发了",
    "宏达劳务，包工头姓周",
    "一共两万三",
    "高新区工地",
    "就我们五个人，没签合同",
)


class Caller:
    """One resident after another, each with an open stream."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self.waits: list[float] = []

    async def conversation(self) -> None:
        """Five lines, each sent when the one before is answered."""
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
    ready, memory, cpu = [], [], []
    for _ in range(given.runs):
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
    print("callers | turns/s | p50 ms | p99 ms")
    for callers, row in rows.items():
        middle = [statistics.median(figures) for figures in zip(*row, strict=True)]
        print(f"{callers:7} | {middle[0]:7.0f} | {middle[1]:6.1f} | {middle[2]:6.1f}")


if __name__ == "__main__":
    main()
