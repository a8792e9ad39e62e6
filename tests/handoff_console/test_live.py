"""The live stream: each event once and in order, through reconnects and from other processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from handoff_console.auth import Viewer
from handoff_console.live import MOST_WAITING
from storage.engine import open_store
from tests.handoff_console.street import Street
from tests.web import events, first, seqs, serving


@asynccontextmanager
async def on_the_net(street: Street, *names: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """The console on a real port, and officers with clients of their own."""
    async with serving(street.app, street.deps.live.stop) as url:
        clients = []
        for name in names:
            async with street.officer(name) as inside:
                client = httpx.AsyncClient(base_url=url, timeout=60)
                client.cookies.set("jiesu_session", inside.cookies["jiesu_session"])
                client.headers["X-CSRF-Token"] = inside.headers["X-CSRF-Token"]
                clients.append(client)
        yield clients
        for client in clients:
            await client.aclose()


async def all_seqs(street: Street) -> list[int]:
    found = await street.store.read(lambda tx: tx.events.after(0, 10_000))
    return [event.seq for event in found]


async def test_replay_under_load_gives_each_event_once_in_order(street: Street) -> None:
    async def load() -> None:
        for number in range(50):
            conversation = await street.talk(f"第{number}件")
            await street.hand_off(conversation)
            await street.bot_says(conversation, "收到")

    async with on_the_net(street, "bob") as (bob,):
        loading = asyncio.create_task(load())  # 200 events
        seen: list[int] = []
        for connection in range(5):
            headers = {"Last-Event-ID": str(seen[-1])} if seen else {}
            async with bob.stream("GET", "/api/events?after=0", headers=headers) as response:
                assert response.status_code == 200
                seen += seqs(await first(response, 40))
            assert len(seen) == 40 * (connection + 1)
        await loading
    assert seen == await all_seqs(street)
    assert len(seen) == 200
    assert street.deps.live.streams == 0


async def test_an_event_carries_its_line(street: Street) -> None:
    async with (
        on_the_net(street, "alice") as (alice,),
        alice.stream("GET", "/api/events") as response,
    ):
        stream = events(response)
        conversation = await street.talk("老板欠薪，电话13800138000")
        seen = [await anext(stream), await anext(stream)]
        await alice.post(f"/api/conversations/{conversation}/takeover")
        taken = await anext(stream)
        body = {"client_id": "a", "text": "您好", "epoch": 2}
        await alice.post(f"/api/conversations/{conversation}/replies", json=body)
        said = await anext(stream)
    assert [each.kind for each in seen] == ["conversation_opened", "turn_received"]
    turn = seen[1].data["turn"]
    assert (turn["seq"], turn["from"]) == (1, "resident")
    assert turn["text"] == "老板欠薪，电话138****8000"  # in no grid yet, and not hers yet
    assert (taken.kind, taken.data["actor"]) == ("taken_over", {"kind": "officer", "name": "艾丽"})
    assert "艾丽" in taken.data["summary"]
    assert (said.data["turn"]["text"], said.data["turn"]["officer_name"]) == ("您好", "艾丽")
    assert said.id == said.data["seq"]


async def test_a_third_officer_hears_nothing(street: Street) -> None:
    conversation = await street.talk("你好")
    await street.case(conversation)
    start = (await all_seqs(street))[-1]
    async with (
        on_the_net(street, "alice", "charlie") as (alice, charlie),
        charlie.stream("GET", f"/api/events?after={start}") as response,
        charlie.stream("GET", f"/api/events?after={start}") as late,
    ):
        await alice.post(f"/api/conversations/{conversation}/takeover")
        body = {"client_id": "a", "text": "秘密", "epoch": 2}
        await alice.post(f"/api/conversations/{conversation}/replies", json=body)
        await alice.post(f"/api/conversations/{conversation}/presence", json={"activity": "typing"})
        his = await street.talk("这一件还没有网格")
        for stream in (response, late):
            seen = await first(stream, 2)
            assert {each.data["conversation_id"] for each in seen} == {his}
        replayed = await charlie.get("/api/conversations?view=all")
        assert [row["id"] for row in replayed.json()["items"]] == [his]


async def test_losing_sight_is_told_without_a_word_of_what_follows(street: Street) -> None:
    conversation = await street.talk("你好")
    async with (
        on_the_net(street, "charlie") as (charlie,),
        charlie.stream("GET", "/api/events") as response,
    ):
        stream = events(response)
        await street.bot_says(conversation, "请问在哪里？")
        assert (await anext(stream)).kind == "turn_sent"
        await street.case(conversation, filed=False)
        gone = await anext(stream)
        await street.bot_says(conversation, "记下了")
        other = await street.talk("另一件")
        following = await anext(stream)
    assert (gone.kind, gone.data["conversation_id"]) == ("out_of_sight", conversation)
    assert (gone.data["case_number"], gone.data["data"], gone.data["summary"]) == (None, {}, "")
    assert following.data["conversation_id"] == other


async def test_presence_reaches_those_who_see_the_conversation(street: Street) -> None:
    conversation = await street.talk("你好")
    await street.case(conversation)
    path = f"/api/conversations/{conversation}/presence"
    async with (
        on_the_net(street, "alice", "bob") as (alice, bob),
        bob.stream("GET", "/api/events") as response,
    ):
        stream = events(response)
        await alice.post(path, json={"activity": "viewing"})
        await alice.post(path, json={"activity": "viewing"})  # no news
        await alice.post(path, json={"activity": "typing"})
        await alice.post(path, json={"activity": "gone"})
        seen = [await anext(stream) for _ in range(3)]
    assert [each.kind for each in seen] == ["presence"] * 3
    assert [each.id for each in seen] == [None] * 3
    assert [[p["activity"] for p in each.data["present"]] for each in seen] == [
        ["viewing"],
        ["typing"],
        [],
    ]
    assert seen[0].data["conversation_id"] == conversation


async def test_what_other_processes_commit_is_found(street: Street) -> None:
    url = street.store.url.render_as_string(hide_password=False)
    elsewhere = open_store(url)
    try:
        async with (
            on_the_net(street, "bob") as (bob,),
            bob.stream("GET", "/api/events") as response,
        ):
            other = Street(street.app, street.deps, elsewhere, street.time)
            conversation = await other.talk("从另一个进程来")
            seen = await first(response, 2)
    finally:
        await elsewhere.close()
    assert {each.data["conversation_id"] for each in seen} == {conversation}


async def test_a_page_that_cannot_keep_up_comes_back_and_misses_nothing(
    lone_street: Street,
) -> None:
    conversation = await lone_street.talk("开始")
    live = lone_street.deps.live
    viewer = await login(lone_street, "bob")

    async def refresh() -> Viewer | None:
        return viewer  # asked for when reading takes long

    stream = live.stream(viewer, None, refresh)
    assert (await anext(stream)).startswith(b"retry")
    many = MOST_WAITING + 50
    for _ in range(many):
        await lone_street.bot_says(conversation, "说得很快")
    newest = (await all_seqs(lone_street))[-1]
    while live.position < newest:  # noqa: ASYNC110 - handed on, and nobody reading
        await asyncio.sleep(0)
    seen: list[bytes] = []
    async for block in stream:
        seen += [part for part in block.split(b"\n\n") if part]
    assert seen[-1] == b": too slow, reconnect"
    last = int(seen[-2].split(b"\n")[0].removeprefix(b"id: "))
    back = live.stream(viewer, last, refresh)
    got = len(seen) - 1
    await anext(back)
    while got < many:
        got += (await anext(back)).count(b"event: turn_sent")
    await back.aclose()
    assert got == many


async def login(street: Street, name: str) -> Viewer:
    async with street.officer(name) as client:
        found = await street.deps.logins.find(client.cookies["jiesu_session"], street.time())
    assert found is not None
    return found


async def test_logging_out_ends_the_stream(lone_street: Street) -> None:
    async with (
        on_the_net(lone_street, "bob") as (bob,),
        bob.stream("GET", "/api/events") as response,
    ):
        assert (await bob.post("/api/logout")).status_code == 204
        assert [each async for each in events(response)] == []


async def test_streams_end_when_the_server_stops(lone_street: Street) -> None:
    async with on_the_net(lone_street, "bob") as (bob,):
        request = bob.build_request("GET", "/api/events")
        response = await bob.send(request, stream=True)
        lone_street.deps.live.stop()
        assert [each async for each in events(response)] == []
        await response.aclose()


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=99999999999999999999"])
async def test_wrong_positions_are_refused(lone_street: Street, query: str) -> None:
    async with lone_street.officer("bob") as bob:
        assert (await bob.get(f"/api/events?{query}")).status_code == 422
