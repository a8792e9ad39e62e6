"""The residents' stream: each turn exactly once and in order, through reconnects and restarts."""

from __future__ import annotations

import asyncio

import httpx

from bot.channels.webchat_live import PAGE
from casework.desk.conversations import say
from casework.ports import Transaction
from casework.turn import Line
from storage.engine import open_store
from tests.bot.webchat.street import ChatStreet
from tests.web import events, first, seqs, serving


async def test_the_stream_gives_each_line_once_in_order(street: ChatStreet) -> None:
    async with street.resident() as client:
        headers = dict(client.headers)
        for number in range(3):
            said = {"client_id": f"before-{number}", "text": "先说的"}
            await client.post("/api/chat/messages", json=said)
        await street.inbox.idle()

        async def talk() -> None:
            for number in range(20):
                said = {"client_id": f"during-{number}", "text": f"第{number}句"}
                await client.post("/api/chat/messages", json=said)

        async with (
            serving(street.app, street.live.stop) as url,
            httpx.AsyncClient(timeout=60) as page,
        ):
            talking = asyncio.create_task(talk())
            seen: list[int] = []
            while len(seen) < 46:  # 23 lines and their answers, over several connections
                resume = {**headers, "Last-Event-ID": str(seen[-1] if seen else 0)}
                address = f"{url}/api/chat/events?after=0"
                async with page.stream("GET", address, headers=resume) as response:
                    assert response.headers["content-type"].startswith("text/event-stream")
                    seen += seqs(await first(response, min(10, 46 - len(seen))))
            await talking
    assert seen == list(range(1, 47))
    assert street.live.streams == 0


async def test_a_long_record_comes_in_pages_without_a_pause(street: ChatStreet) -> None:
    async with street.resident() as client:
        opened = client.headers["X-Test-Conversation"]

        def work(tx: Transaction) -> None:
            before = tx.conversations.get(opened, lock=True)
            after, _ = say(tx, before, [Line(f"{n}") for n in range(2 * PAGE)], street.time())
            tx.conversations.save(after, before.epoch)

        await street.store.write(work)
        headers = dict(client.headers)
        async with (
            serving(street.app, street.live.stop) as url,
            httpx.AsyncClient(timeout=60) as page,
            page.stream("GET", f"{url}/api/chat/events", headers=headers) as response,
        ):
            stream = events(response)
            seen = [await anext(stream) for _ in range(2 * PAGE)]
            await client.post("/api/chat/messages", json={"client_id": "x", "text": "还在吗"})
            seen.append(await anext(stream))
    assert seqs(seen) == list(range(1, 2 * PAGE + 2))


async def test_what_another_process_says_is_found(street: ChatStreet) -> None:
    elsewhere = open_store(street.store.url.render_as_string(hide_password=False))
    async with street.resident() as client:
        opened = client.headers["X-Test-Conversation"]

        def work(tx: Transaction) -> None:
            before = tx.conversations.get(opened, lock=True)
            after, _ = say(tx, before, [Line("我是工作人员")], street.time())
            tx.conversations.save(after, before.epoch)

        headers = dict(client.headers)
        async with (
            serving(street.app, street.live.stop) as url,
            httpx.AsyncClient(timeout=60) as page,
            page.stream("GET", f"{url}/api/chat/events", headers=headers) as response,
        ):
            await elsewhere.write(work)
            await elsewhere.close()
            assert seqs(await first(response, 1)) == [1]


async def test_streams_end_when_the_server_stops(street: ChatStreet) -> None:
    async with street.resident() as client, httpx.AsyncClient(timeout=60) as page:
        async with serving(street.app, street.live.stop) as url:
            request = page.build_request("GET", f"{url}/api/chat/events", headers=client.headers)
            response = await page.send(request, stream=True)
        assert [line async for line in response.aiter_lines() if line] == ["retry: 1000"]
        await response.aclose()
