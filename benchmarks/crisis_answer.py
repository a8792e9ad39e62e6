"""How long somebody in danger waits for the fixed words, through the web chat API.

A real `jiesu serve` with the demo street. Each measurement is a new resident whose first line is
danger: from the POST of that line until the bot's words arrive on the open stream. By then the
alert is committed and the first officer is called. Callers run in a process of their own; beside
the quiet server (one caller) also while 8 and 32 speak at once. The protocol asks for one second.

    .venv/bin/python -m benchmarks.crisis_answer [--rounds 40]
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
    "我在楼顶上，不给工资我现在就跳下去",
    "再不给钱我就喝药，遗书都写好了",
    "他拿刀冲进来了，救命",
    "昨天晚上喝酒又打我，孩子看着呢",
    "家里煤气味很重，头晕",
    "隔壁又在打孩子，孩子一直喊别打了，就现在",
    (
        "老板欠我们十几个人的工资，从去年拖到现在，劳动局也去了，包工头说没钱。家里老人等着看病，"
        "孩子学费也没交，我天天睡不着。今天去要又被赶出来。我不想活了，今晚就从工地的楼上跳下去，"
        "让他们都看看"
    ),
)
HELP = ("110", "119", "120", "12356")
CALLERS = (1, 8, 32)


async def resident(http: aiohttp.ClientSession, line: str) -> float:
    """One resident's first line; seconds until the words that name help."""
    async with http.post("/api/chat/sessions") as made:
        token = (await made.json())["token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with http.get("/api/chat/events?after=0", headers=headers) as stream:
        began = time.perf_counter()
        body = {"client_id": "line-1", "text": line}
        async with http.post("/api/chat/messages", json=body, headers=headers) as accepted:
            accepted.raise_for_status()
        async for raw in stream.content:
            if raw.startswith(b"data:"):
                message = json.loads(raw[5:])
                if message["from"] == "bot":
                    waited = time.perf_counter() - began
                    if not any(number in message["text"] for number in HELP):
                        raise ValueError(f"no help in the answer to {line!r}: {message['text']!r}")
                    return waited
    raise ConnectionError("the stream ended without an answer")


async def measure(url: str, callers: int, rounds: int) -> list[float]:
    """All waits, sorted."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(url, connector=connector) as http:

        async def go_on(first: int) -> list[float]:
            count = max(1, rounds * len(LINES) // callers)
            return [await resident(http, LINES[(first + n) % len(LINES)]) for n in range(count)]

        waits = await asyncio.gather(*(go_on(caller) for caller in range(callers)))
    return sorted(wait for each in waits for wait in each)


def main() -> None:
    """Print one row per number of callers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=40)
    given = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "data", "--demo") as server,
    ):
        asyncio.run(measure(server.url, 4, 4))  # warm
        print("callers | alarms | p50 ms | p99 ms | worst ms")
        for callers in CALLERS:
            waits = asyncio.run(measure(server.url, callers, given.rounds))
            middle, late = statistics.median(waits) * 1e3, waits[int(len(waits) * 0.99)] * 1e3
            print(
                f"{callers:7} | {len(waits):6} | {middle:6.1f} | {late:6.1f} | "
                f"{waits[-1] * 1e3:8.1f}"
            )


if __name__ == "__main__":
    main()
