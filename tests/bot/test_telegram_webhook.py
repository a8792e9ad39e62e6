"""The webhook over real HTTP: who may post, what is stored before 200, and what comes again."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from bot.channels.telegram import TelegramOptions
from bot.channels.telegram_webhook import LARGEST_BODY, SECRET_HEADER, Webhook, webhook_routes
from casework.turn import Speaker
from storage.engine import SqlStore
from tests.bot.telegram_street import PATIENCE, Street, build_street
from tests.fixtures.bot_api import ServedBotApi

SECRET = "s3cret-of-the-webhook"


@pytest.fixture
async def posted(
    bot_api: ServedBotApi, telegram_store: SqlStore, tmp_path: object
) -> AsyncIterator[tuple[Street, httpx.AsyncClient]]:
    """A street whose updates are posted to a real server, and a client for forgers."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    options = TelegramOptions(
        bot_api.token, webhook_url=f"{url}/telegram/webhook", webhook_secret=SECRET
    )
    street = build_street(bot_api, telegram_store, tmp_path, options)  # type: ignore[arg-type]
    app = FastAPI()
    app.include_router(webhook_routes(street.channel.webhook))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
        yield street, client
    await street.stop()
    await bot_api._delete_webhook({})
    server.should_exit = True
    await serving


def update(number: int, text: str, chat: int = 7) -> bytes:
    """An update as Telegram posts it."""
    person = {"id": chat, "is_bot": False, "first_name": "李"}
    message = {
        "message_id": number,
        "date": 1_795_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "李"},
        "from": person,
        "text": text,
    }
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_updates_are_posted_stored_and_answered(
    posted: tuple[Street, httpx.AsyncClient],
) -> None:
    street, _client = posted
    world = street.api.world
    resident = world.person()
    street.run()
    await world.until(lambda: street.api.webhook, PATIENCE)
    assert street.api.webhook["secret_token"] == SECRET
    assert street.api.webhook["max_connections"] == "1"
    for number in range(10):
        world.text(resident, f"第{number}句")
    assert [a.text for a in await street.hears(10)] == [f"第{n}句" for n in range(10)]


async def test_what_cannot_be_stored_is_posted_again(
    posted: tuple[Street, httpx.AsyncClient],
) -> None:
    street, _client = posted
    world = street.api.world
    resident = world.person()
    street.run()
    await world.until(lambda: street.api.webhook, PATIENCE)
    await street.break_database()
    world.text(resident, "停水三天了")
    await world.until(lambda: street.api.webhook_error, PATIENCE)
    assert street.api.webhook_error == "Wrong response from the webhook: 503"
    await street.mend_database()
    assert (await street.hears(1))[0].text == "停水三天了"


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        (None, update(1, "x"), 401),
        ("", update(1, "x"), 401),
        ("wrong", update(1, "x"), 403),
        (SECRET + "x", update(1, "x"), 403),
        (SECRET, b"", 400),
        (SECRET, b"{broken", 400),
        (SECRET, b"[]", 400),
        (SECRET, b'{"update_id":"1"}', 400),
        (SECRET, b"\xff\xfe", 400),
        (SECRET, b"[" * 100_000, 400),
        (SECRET, b"x" * (LARGEST_BODY + 1), 413),
    ],
)
async def test_forged_and_broken_posts_are_refused(
    posted: tuple[Street, httpx.AsyncClient], secret: str | None, body: bytes, status: int
) -> None:
    street, client = posted
    await street.introduced()
    headers = {} if secret is None else {SECRET_HEADER: secret}
    answer = await client.post("/telegram/webhook", content=body, headers=headers)
    assert answer.status_code == status
    assert await street.store.read(lambda tx: tx.conversations.of_chat("telegram", "7")) is None


async def test_the_same_update_twice_is_one_line(posted: tuple[Street, httpx.AsyncClient]) -> None:
    street, client = posted
    await street.introduced()
    headers = {SECRET_HEADER: SECRET}
    posts = [client.post("/telegram/webhook", content=update(5, "路灯坏了"), headers=headers)]
    posts += [client.post("/telegram/webhook", content=update(5, "路灯坏了"), headers=headers)]
    assert [answer.status_code for answer in await asyncio.gather(*posts)] == [200, 200]
    (line,) = await street.turns(7, Speaker.RESIDENT)
    assert line.text == "路灯坏了"


async def test_kinds_nobody_asked_for_are_taken_and_forgotten(
    posted: tuple[Street, httpx.AsyncClient],
) -> None:
    street, client = posted
    await street.introduced()
    for body in (b'{"update_id":1}', b'{"update_id":2,"poll":{"id":"1"}}'):
        answer = await client.post(
            "/telegram/webhook", content=body, headers={SECRET_HEADER: SECRET}
        )
        assert answer.status_code == 200


def test_a_webhook_needs_a_secret(street: Street) -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(street.channel.intake, "")


def test_without_a_secret_of_its_own_it_uses_one_nobody_can_guess() -> None:
    one, other = TelegramOptions("42:A").secret, TelegramOptions("42:B").secret
    assert one != other
    assert len(one) == 64
