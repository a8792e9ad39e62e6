"""Telegram updates per second, beside a bare aiogram echo bot in the same run.

A backlog of whole conversations waits at the local Bot API server (a process of its own). The
echo bot answers each update with its own text from aiogram's default polling. jiesu is the real
``jiesu serve``: each update stored durably before it is acknowledged, understood, decided in a
transaction (SQLite, synchronous=FULL), and answered through the outbox. Sending limits are off.
Counted from the first batch handed out to the last message received.

    .venv/bin/python -m benchmarks.telegram [--runs 3] [--chats 500]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.chat_turns import LINES
from tests.bot_api.server import BotApi
from tests.bot_api.world import World

TOKEN = "42:BENCH"
CONVERSATION = (*LINES, "对，提交")
QUIET = 3.0  # seconds without a message: it is over
PATIENCE = 300.0

Json = dict[str, Any]


class Timed(World):
    """Notes when the first batch left and when the last message came."""

    def __init__(self) -> None:
        super().__init__(bot_id=42)
        self.first = self.last = 0.0
        self.messages = 0

    def bot_says(self, chat: int, method: str, shown: str, /, **more: Any) -> Any:
        """As always, and take the time."""
        self.last = time.perf_counter()
        self.messages += 1
        return super().bot_says(chat, method, shown, **more)


async def serve(port: int) -> None:
    """The Bot API server with endpoints to load a backlog and read the time."""
    world = Timed()
    api = BotApi(world, token=TOKEN)

    async def load(request: web.Request) -> web.Response:
        given = await request.json()
        chats = [world.person(f"居民{n}") for n in range(given["chats"])]
        for line in CONVERSATION:
            for chat in chats:
                world.text(chat, line)
        world.first = time.perf_counter()
        return web.json_response({"updates": len(chats) * len(CONVERSATION)})

    async def result(_request: web.Request) -> web.Response:
        quiet = time.perf_counter() - max(world.last, world.first)
        return web.json_response(
            {
                "seconds": world.last - world.first,
                "messages": world.messages,
                "quiet": quiet,
                "waiting": len(world.updates),
                "polling": any(method == "getUpdates" for method, _chat in api.arrived),
            }
        )

    app = api.application()
    app.router.add_post("/bench/load", load)
    app.router.add_get("/bench/result", result)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


def echo(base: str) -> None:
    """The bare bot: aiogram as its documentation starts it."""
    import uvloop  # noqa: PLC0415
    from aiogram import Bot, Dispatcher  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.types import Message  # noqa: PLC0415

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def answer(message: Message) -> None:
        await message.answer(message.text or "")

    async def main() -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(base))
        await dispatcher.start_polling(Bot(TOKEN, session=session), handle_signals=False)

    uvloop.run(main())


class Bench:
    """One server, and one bot after the other on it."""

    def __init__(self, port: int, chats: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.port = port
        self.chats = chats

    async def measure(self, http: aiohttp.ClientSession, command: list[str], env: Json) -> Json:
        """Start the bot, load the backlog when it polls, and wait until it is quiet."""
        server = subprocess.Popen(  # noqa: ASYNC220
            [sys.executable, "-m", "benchmarks.telegram", "--serve", str(self.port)]
        )
        await self._result(http)
        bot = subprocess.Popen(  # noqa: ASYNC220
            command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return await self._run(http, bot)
        finally:
            for process in (bot, server):
                process.terminate()
                process.wait(20)

    async def _run(self, http: aiohttp.ClientSession, bot: subprocess.Popen[bytes]) -> Json:
        await self._polling(http, bot)
        async with http.post(f"{self.base}/bench/load", json={"chats": self.chats}) as loaded:
            updates = (await loaded.json())["updates"]
        began, cpu = time.monotonic(), _cpu_seconds(bot.pid)
        while time.monotonic() - began < PATIENCE:
            await asyncio.sleep(0.5)
            result = await self._result(http)
            if not result["waiting"] and result["quiet"] > QUIET:
                return {
                    **result,
                    "rate": updates / result["seconds"],
                    "memory": _memory(bot.pid),
                    "cpu": (_cpu_seconds(bot.pid) - cpu) / updates * 1000,
                }
        raise TimeoutError("the bot did not get through")

    async def _polling(self, http: aiohttp.ClientSession, bot: subprocess.Popen[bytes]) -> None:
        """Until the bot asks for updates."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE and bot.poll() is None:
            result = await self._result(http)
            if result["polling"]:
                return
            await asyncio.sleep(0.2)
        raise RuntimeError("the bot did not start")

    async def _result(self, http: aiohttp.ClientSession) -> Json:
        until = time.monotonic() + 20
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with http.get(f"{self.base}/bench/result") as answer:
                    result: Json = await answer.json()
                    return result
            if time.monotonic() > until:
                raise TimeoutError("the Bot API server did not start")
            await asyncio.sleep(0.1)


def _memory(pid: int) -> int:
    """Peak resident memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def _cpu_seconds(pid: int) -> float:
    """CPU time used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def compare(runs: int, chats: int, port: int) -> None:
    """Echo and jiesu by turns."""
    bench = Bench(port, chats)
    jiesu = str(Path(sys.executable).with_name("jiesu"))
    rates: dict[str, list[float]] = {"echo": [], "jiesu": []}
    async with aiohttp.ClientSession() as http:
        for run in range(runs):
            for name, seen in rates.items():
                with tempfile.TemporaryDirectory() as folder:
                    serving = [jiesu, "serve", "--port", str(port + 1), "--data", folder, "--demo"]
                    echoing = [sys.executable, "-m", "benchmarks.telegram", "--echo", bench.base]
                    env = {
                        "JIESU_TELEGRAM_TOKEN": TOKEN,
                        "JIESU_TELEGRAM_API_BASE": bench.base,
                        "JIESU_TELEGRAM_RATE": "0",
                        "JIESU_DEMO_PASSWORD": "benchmark-only",
                    }
                    result = await bench.measure(http, echoing if name == "echo" else serving, env)
                seen.append(result["rate"])
                print(
                    f"run {run + 1}  {name:5}  {result['rate']:7.0f} updates/s  "
                    f"{result['messages']} messages in {result['seconds']:.2f} s  "
                    f"{result['cpu']:.2f} ms CPU each  peak {result['memory']} MB",
                    flush=True,
                )
    ratios = [ours / theirs for ours, theirs in zip(rates["jiesu"], rates["echo"], strict=True)]
    median = {name: statistics.median(values) for name, values in rates.items()}
    print(f"median  echo {median['echo']:.0f}/s  jiesu {median['jiesu']:.0f}/s")
    print(f"ratio   {statistics.median(ratios):.2f} of the echo (aim: 0.40)")


def main() -> None:
    """Measure, or be one of the processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--port", type=int, default=8971)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--echo", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(given.serve))
    elif given.echo:
        echo(given.echo)
    else:
        asyncio.run(compare(given.runs, given.chats, given.port))


if __name__ == "__main__":
    main()
