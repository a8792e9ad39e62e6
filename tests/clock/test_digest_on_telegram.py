"""From an officer's code to the admins' phones: bind a group, wait for the evening, read."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from casework.desk.digests import vouch
from casework.digest import next_due
from casework.groups import Group
from config.digest_words import load_digest_words
from config.load import Book
from handoff_console.clock import Clockwork
from handoff_console.digests import DigestDesk
from storage.engine import open_store
from tests.bot.telegram_street import Street as TelegramStreet
from tests.bot.telegram_street import build_street
from tests.bot_api.memory import Said
from tests.clock.conftest import EVENING
from tests.clock.street import STAN, Street
from tests.fixtures.bot_api import ServedBotApi

CODE = "ABCD2345"


@pytest.fixture
async def telegram(
    bot_api: ServedBotApi, sqlite_copy: str, tmp_path: Path
) -> AsyncIterator[TelegramStreet]:
    """The bot on Telegram, running, in a street with officers."""
    store = open_store(sqlite_copy)
    built = build_street(bot_api, store, tmp_path)
    built.run()
    yield built
    await built.stop()
    await store.close()


def clock_on(telegram: TelegramStreet, book: Book) -> Clockwork:
    async def admins(group: Group) -> list[str]:
        return await telegram.channel.admins(group.chat)

    desk = DigestDesk(telegram.store, load_digest_words(book.categories))
    return Clockwork(telegram.store, book, desk, EVENING, admins=admins)


async def bound(telegram: TelegramStreet) -> tuple[int, list[int]]:
    """A group bound by its admin with an officer's code; gives its chat and its admins."""
    world = telegram.api.world
    admins, members = [world.person("王姐"), world.person("老赵")], [world.person("小李")]
    chat = world.group("和平家园", admins=admins, members=members)
    await telegram.store.write(lambda tx: vouch(tx, STAN, CODE, telegram.clock()))
    world.text(chat, f"/bind {CODE}", sender=admins[0])
    await telegram.hears(1, chat)
    return chat, admins


async def heard(telegram: TelegramStreet, chats: list[int]) -> list[Said]:
    return [(await telegram.hears(1, chat))[-1] for chat in chats]


def evening_after(telegram: TelegramStreet) -> datetime:
    """Moves the bot's clock to the next evening."""
    now = telegram.clock()
    due = next_due(now, EVENING)
    telegram.clock.advance((due - now + timedelta(seconds=1)).total_seconds())
    return telegram.clock()


async def test_from_the_code_to_the_admins_phones(telegram: TelegramStreet, book: Book) -> None:
    chat, admins = await bound(telegram)
    clock = clock_on(telegram, book)
    now = evening_after(telegram)
    for resident in ("1", "2", "3"):
        await Street(telegram.store, book).filed(resident, now - timedelta(hours=3))
    in_group = len(telegram.api.world.sent(chat))

    assert await clock.tick(now)
    for said in await heard(telegram, admins):
        assert "新增：3件" in said.text
        assert "锦绣花园·物业服务 3位居民反映" in said.text
        assert "张伟" not in said.text
    assert len(telegram.api.world.sent(chat)) == in_group
    assert not await clock.tick(now + timedelta(minutes=1))


async def test_a_group_that_threw_the_bot_out_is_shown_to_who_bound_it(
    telegram: TelegramStreet, book: Book
) -> None:
    chat, admins = await bound(telegram)
    now = evening_after(telegram)
    telegram.api.world.chats.pop(chat)
    assert await clock_on(telegram, book).tick(now)
    (last,) = (await telegram.store.read(lambda tx: tx.events.after(0, 1000)))[-1:]
    assert last.kind.value == "digest_unsent"
    assert last.data["officer"] == STAN.id
    assert telegram.api.world.sent(admins[1]) == []
