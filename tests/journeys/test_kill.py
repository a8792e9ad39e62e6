"""kill -9, twenty times, under twenty residents who go on chatting.

Every acknowledged line is in its conversation once, in the order it was sent; every line got
decided; nobody's case was opened twice.
"""

import asyncio
import random
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.served import Server, wait_until

KILLS = 20
RESIDENTS = 20
LINES = (
    "老板欠我们工资三个月没发了",
    "宏达劳务，包工头姓周",
    "一共两万三",
    "高新区工地",
    "就我们五个人，没签合同",
    "电话13900001111",
    "对",
)


@dataclass
class Resident:
    """Says one line after the other; a line that got no answer is sent again under its id."""

    number: int
    token: str = ""
    conversation_id: str = ""
    acknowledged: list[tuple[str, int]] = field(default_factory=list)

    async def open(self, http: httpx.AsyncClient) -> None:
        answer = (await http.post("/api/chat/sessions")).raise_for_status().json()
        self.token, self.conversation_id = answer["token"], answer["conversation_id"]

    async def chat(self, http: httpx.AsyncClient, stop: asyncio.Event) -> None:
        while not stop.is_set():
            key = f"r{self.number}-{len(self.acknowledged)}"
            place = len(self.acknowledged)
            text = LINES[place] if place < len(LINES) else f"再补充一句，第{place}句"
            try:
                answer = await http.post(
                    "/api/chat/messages",
                    json={"client_id": key, "text": text},
                    headers={"Authorization": f"Bearer {self.token}"},
                )
            except httpx.TransportError:
                return
            assert answer.status_code == 202, answer.text
            self.acknowledged.append((key, answer.json()["seq"]))


def _rows(data: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(data / "jiesu.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def _round(server: Server, residents: list[Resident], lines: int) -> None:
    """Let everybody chat until ``lines`` more are acknowledged, then pull the plug."""
    stop = asyncio.Event()
    target = sum(len(each.acknowledged) for each in residents) + lines
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits) as http:
        for each in residents:
            if not each.token:
                await each.open(http)
        tasks = [asyncio.create_task(each.chat(http, stop)) for each in residents]
        while sum(len(each.acknowledged) for each in residents) < target:
            await asyncio.wait(tasks, timeout=0.005, return_when=asyncio.FIRST_COMPLETED)
            assert not any(task.done() and task.exception() for task in tasks)
        await asyncio.to_thread(server.stop, signal.SIGKILL)
        stop.set()
        await asyncio.gather(*tasks)


def _all_decided(data: Path) -> bool:
    return _rows(data, "SELECT count(*) FROM turns WHERE handled_at IS NULL") == [(0,)]


@pytest.mark.slow
@pytest.mark.timeout(2400)
async def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    data = tmp_path / "data"
    residents = [Resident(number) for number in range(RESIDENTS)]
    server = Server(data, "--demo")
    for _ in range(KILLS):
        await asyncio.to_thread(server.start)
        await _round(server, residents, chance.randint(10, 90))
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(wait_until, lambda: _all_decided(data))
    await asyncio.to_thread(server.stop)

    stored = _rows(
        data, "SELECT external_id, seq, conversation_id FROM turns WHERE speaker='resident'"
    )
    by_key = {str(key).partition(":")[2]: seq for key, seq, _ in stored}
    counts = Counter(key for key, _, _ in stored)
    assert max(counts.values()) == 1
    for each in residents:
        assert [(key, by_key[key]) for key, _ in each.acknowledged] == each.acknowledged
        assert [seq for _, seq in each.acknowledged] == sorted(seq for _, seq in each.acknowledged)
    per_conversation = _rows(data, "SELECT conversation_id, count(*) FROM cases GROUP BY 1")
    assert {count for _, count in per_conversation} == {1}
    assert _rows(data, "PRAGMA integrity_check") == [("ok",)]
    gaps = _rows(
        data,
        "SELECT c.id FROM conversations c WHERE c.last_seq != "
        "(SELECT count(*) FROM turns t WHERE t.conversation_id = c.id)",
    )
    assert gaps == []
