"""kill -9 of ``jiesu serve`` under residents who chat on Telegram.

Every line they sent is in its conversation once and in order, and every answer reaches them, in
order, at least once. (aiogram's own polling loses some 450 of 4,000 lines in such a kill.)
"""

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from bot.relay import LEASE
from tests.fixtures.bot_api import ServedBotApi
from tests.served import Server, wait_until

KILLS = 3
RESIDENTS = 20
LINES = (
    "老板欠我们工资三个月没发了",
    "宏达劳务，包工头姓周",
    "一共两万三",
    "高新区工地",
)
PATIENCE = LEASE.total_seconds() + 120

Row = tuple[str, ...]


def rows(data: Path, query: str, *values: str) -> list[Row]:
    """Straight from the database file."""
    connection = sqlite3.connect(data / "jiesu.db")
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def turns(data: Path, chat: int, speaker: str) -> list[str]:
    """What the conversation's record says."""
    found = rows(
        data,
        "SELECT text FROM turns JOIN conversations c ON c.id = conversation_id"
        " WHERE c.chat = ? AND speaker = ? ORDER BY seq",
        str(chat),
        speaker,
    )
    return [text for (text,) in found]


def in_order_at_least_once(arrived: list[str], said: list[str]) -> bool:
    """Whether ``arrived`` is ``said`` with nothing but immediate repeats added."""
    place = -1
    for text in arrived:
        if place + 1 < len(said) and said[place + 1] == text:
            place += 1
        elif place < 0 or said[place] != text:
            return False
    return place == len(said) - 1


async def until_quiet(api: ServedBotApi, data: Path) -> None:
    """Until every update is stored, every line decided and every answer recorded."""

    def quiet() -> bool:
        undecided = "SELECT id FROM turns WHERE handled_at IS NULL"
        unsent = "SELECT text FROM outbox WHERE status = 'pending'"
        return not rows(data, undecided) and not rows(data, unsent)

    await api.world.until(lambda: not api.world.updates, PATIENCE)
    await asyncio.to_thread(wait_until, quiet, PATIENCE)


async def until_answered(api: ServedBotApi, count: int) -> None:
    """Until the bot has sent so many messages."""
    await api.world.until(lambda: len(api.world.sent()) >= count, PATIENCE)


@pytest.mark.slow
@pytest.mark.timeout(2400)
async def test_no_line_is_lost_and_none_is_doubled(bot_api: ServedBotApi, tmp_path: Path) -> None:
    data = tmp_path / "data"
    server = Server(
        data,
        "--demo",
        JIESU_TELEGRAM_TOKEN=bot_api.token,
        JIESU_TELEGRAM_API_BASE=bot_api.url,
        JIESU_TELEGRAM_RATE="0",
        JIESU_DEMO_PASSWORD="not-used-in-this-test",
    )
    world = bot_api.world
    residents = [world.person(f"居民{n}") for n in range(RESIDENTS)]
    said: dict[int, list[str]] = {resident: [] for resident in residents}
    for kill in range(KILLS):
        for text in LINES:
            for resident in residents:
                line = text if kill == 0 else f"{text}，第{kill}遍"
                world.text(resident, line)
                said[resident].append(line)
        answered = len(world.sent())
        await asyncio.to_thread(server.start)
        await until_answered(bot_api, answered + 15)
        await asyncio.to_thread(server.stop, signal.SIGKILL)
    await asyncio.to_thread(server.start)
    await until_quiet(bot_api, data)
    await asyncio.to_thread(server.stop)

    for resident in residents:
        assert turns(data, resident, "resident") == said[resident]
        arrived = [each.text for each in world.sent(resident)]
        assert in_order_at_least_once(arrived, turns(data, resident, "bot"))
    assert rows(data, "SELECT id FROM outbox WHERE status != 'sent'") == []
