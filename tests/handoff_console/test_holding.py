"""Take over, reply, release: one winner, and losers are told who won."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx

from tests.handoff_console.street import Street


async def take_over(client: httpx.AsyncClient, conversation: str, **body: Any) -> httpx.Response:
    return await client.post(f"/api/conversations/{conversation}/takeover", json=body)


async def reply(
    client: httpx.AsyncClient, conversation: str, epoch: int, text: str, client_id: str = "r1"
) -> httpx.Response:
    body = {"client_id": client_id, "text": text, "epoch": epoch}
    return await client.post(f"/api/conversations/{conversation}/replies", json=body)


async def release(
    client: httpx.AsyncClient, conversation: str, epoch: int, to: str
) -> httpx.Response:
    body = {"epoch": epoch, "to": to}
    return await client.post(f"/api/conversations/{conversation}/release", json=body)


async def test_of_twenty_takers_one_wins(street: Street) -> None:
    conversation = await street.talk("老板不给工资")
    await street.hand_off(conversation)
    async with AsyncExitStack() as open_clients:
        names = ["alice", "bob", "charlie", "root"] * 5
        clients = [await open_clients.enter_async_context(street.officer(n)) for n in names]
        answers = await asyncio.gather(*(take_over(c, conversation) for c in clients))
    won = [(n, a) for n, a in zip(names, answers, strict=True) if a.status_code == 200]
    lost = [a for a in answers if a.status_code == 409]
    winner = won[0][0]
    # Her other windows win with her: taking what one holds already changes nothing.
    assert {name for name, _ in won} == {winner}
    assert len(won) + len(lost) == 20
    assert len(won) == 5
    assert {a.json()["epoch"] for _, a in won} == {3}
    for answer in lost:
        assert answer.json()["holder"]["officer_id"] == winner
        assert answer.json()["holder"]["name"]
        assert answer.json()["error"]["code"] == "superseded"


async def test_only_the_holder_speaks_and_only_once(street: Street) -> None:
    conversation = await street.talk("楼上漏水")
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        early = await reply(alice, conversation, 1, "您好")
        assert (early.status_code, early.json()["holder"]["kind"]) == (409, "bot")
        epoch = (await take_over(alice, conversation)).json()["epoch"]
        one = await reply(alice, conversation, epoch, "您好，我是艾丽")
        again = await reply(alice, conversation, epoch, "您好，我是艾丽")
        assert one.status_code == again.status_code == 201
        assert one.json() == again.json()
        assert one.json()["turn"]["officer_name"] == "艾丽"
        assert one.json()["turn"]["from"] == "officer"
        other = await reply(bob, conversation, epoch, "我来说")
        assert (other.status_code, other.json()["holder"]["name"]) == (409, "艾丽")
        stale = await reply(alice, conversation, epoch - 1, "晚了", "r2")
        assert (stale.status_code, stale.json()["epoch"]) == (409, epoch)
        page = (await alice.get(f"/api/conversations/{conversation}")).json()
    assert [turn["text"] for turn in page["turns"]] == ["楼上漏水", "您好，我是艾丽"]
    assert page["conversation"]["holder"]["name"] == "艾丽"


async def test_the_same_client_id_elsewhere_is_another_line(lone_street: Street) -> None:
    one, two = await lone_street.talk("第一件"), await lone_street.talk("第二件")
    async with lone_street.officer("alice") as alice:
        for conversation in (one, two):
            epoch = (await take_over(alice, conversation)).json()["epoch"]
            assert (await reply(alice, conversation, epoch, "收到")).status_code == 201


async def test_release_to_everybody_it_can_go_to(street: Street) -> None:
    conversation = await street.talk("停电了")
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        epoch = (await take_over(alice, conversation)).json()["epoch"]
        handed = await release(alice, conversation, epoch, "officer:bob")
        assert handed.json()["holder"] == {"kind": "officer", "officer_id": "bob", "name": "鲍勃"}
        late = await release(alice, conversation, epoch, "bot")
        assert (late.status_code, late.json()["holder"]["officer_id"]) == (409, "bob")
        queued = await release(bob, conversation, handed.json()["epoch"], "queue")
        assert queued.json()["holder"]["kind"] == "queue"
        epoch = (await take_over(bob, conversation)).json()["epoch"]
        assert (await release(bob, conversation, epoch, "officer:bob")).status_code == 403
        unknown = await release(bob, conversation, epoch, "officer:nobody")
        assert (unknown.status_code, unknown.json()["error"]["fields"].keys()) == (422, {"to"})
        for wrong in ("", "me", "officer:", "bot:x", "officer:" + "x" * 33):
            assert (await release(bob, conversation, epoch, wrong)).status_code == 422
        assert (await release(bob, conversation, epoch, "bot")).json()["holder"]["kind"] == "bot"


async def test_taking_from_a_colleague_is_for_those_who_answer_for_more(street: Street) -> None:
    conversation = await street.talk("吵架了")
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        await take_over(bob, conversation)
        assert (await take_over(alice, conversation)).status_code == 409
        assert (await take_over(alice, conversation, force=True)).status_code == 403
        await release(bob, conversation, 2, "officer:alice")
        taken = await take_over(bob, conversation, force=True)
        assert (taken.status_code, taken.json()["holder"]["name"]) == (200, "鲍勃")


async def test_bad_replies_are_refused_clearly(street: Street) -> None:
    conversation = await street.talk("你好")
    async with street.officer("alice") as alice:
        epoch = (await take_over(alice, conversation)).json()["epoch"]
        path = f"/api/conversations/{conversation}/replies"
        bodies: list[Any] = [
            {},
            {"client_id": "a", "text": "", "epoch": epoch},
            {"client_id": "a", "text": "  \n", "epoch": epoch},
            {"client_id": "a", "text": "长" * 4001, "epoch": epoch},
            {"client_id": "a b", "text": "x", "epoch": epoch},
            {"client_id": "a", "text": "x", "epoch": "now"},
            {"client_id": "a", "text": "x", "epoch": 2**40},
            {"client_id": "a", "text": "x"},
        ]
        for body in bodies:
            answer = await alice.post(path, json=body)
            assert answer.status_code == 422, body
            assert answer.json()["error"]["fields"]
        odd = "a\0b \u202e<script>'; DROP TABLE turns;-- 👩‍👧"
        said = await reply(alice, conversation, epoch, odd)
        assert said.json()["turn"]["text"] == odd.replace("\0", "")
        for missing in ("0" * 32, "x'--", "%20"):
            assert (await take_over(alice, missing)).status_code == 404
