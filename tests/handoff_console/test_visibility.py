"""Charlie answers for another grid: for him the conversation and its case do not exist."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from casework.groups import Binding
from casework.turn import Media
from tests.handoff_console.street import Street

WORDS = "老板拖欠工资，我电话13800138000，身份证11010519491231002X"


@pytest.fixture
async def conversation(street: Street) -> str:
    """A conversation with a case in Alice's grid and a photo."""
    conversation_id = await street.talk(WORDS)
    await street.case(conversation_id)
    await street.hand_off(conversation_id)
    media = Media("f" * 32, "photo", "照片.png", "image/png", 4)
    path = street.deps.files.path(media.id)
    path.parent.mkdir(parents=True)
    await asyncio.to_thread(path.write_bytes, b"\x89PNG")
    await street.store.write(lambda tx: tx.files.add(media, conversation_id, street.time()))
    return conversation_id


async def number_of(street: Street, conversation: str) -> str:
    cases = await street.store.read(lambda tx: tx.cases.of_conversation(conversation))
    return cases[0].number


async def test_a_third_officer_sees_nothing(street: Street, conversation: str) -> None:
    number = await number_of(street, conversation)
    async with street.officer("charlie") as charlie:
        for view in ("queue", "mine", "all"):
            page = (await charlie.get(f"/api/conversations?view={view}")).json()
            assert (page["items"], page["counts"]) == ([], {"queue": 0, "mine": 0, "all": 0})
        found = (await charlie.get(f"/api/cases?q={number}")).json()
        assert found == {"items": [], "next": None, "unplaced": 0}
        base = f"/api/conversations/{conversation}"
        answers = [
            await charlie.get(base),
            await charlie.get(f"/api/cases/{number}"),
            await charlie.get("/api/files/" + "f" * 32),
            await charlie.post(f"{base}/takeover"),
            await charlie.post(f"{base}/takeover", json={"force": True}),
            await charlie.post(f"{base}/replies", json={"client_id": "a", "text": "x", "epoch": 2}),
            await charlie.post(f"{base}/release", json={"epoch": 2, "to": "bot"}),
            await charlie.post(f"{base}/notes", json={"text": "x"}),
            await charlie.post(f"{base}/presence", json={"activity": "viewing"}),
            await charlie.post(f"/api/cases/{number}/resolve", json={"result": "x"}),
        ]
        assert {(a.status_code, a.json()["error"]["code"]) for a in answers} == {(404, "not_found")}


@pytest.mark.parametrize("name", ["alice", "bob", "root"])
async def test_those_it_concerns_see_all_of_it(
    street: Street, conversation: str, name: str
) -> None:
    number = await number_of(street, conversation)
    async with street.officer(name) as client:
        page = (await client.get("/api/conversations?view=queue")).json()
        (row,) = page["items"]
        assert row["case_numbers"] == [number]
        assert "138****8000" in row["preview"]
        opened = (await client.get(f"/api/conversations/{conversation}")).json()
        assert opened["turns"][0]["text"] == WORDS
        slots = {slot["name"]: slot for slot in opened["dossier"]["slots"]}
        assert slots["phone"]["display"] == "13800138000"
        photo = await client.get("/api/files/" + "f" * 32)
        assert photo.content == b"\x89PNG"
        assert photo.headers["content-disposition"].startswith("inline")
        assert (await client.get(f"/api/cases/{number}")).status_code == 200


async def test_whoever_holds_it_sees_it_until_it_is_given_back(
    street: Street, conversation: str
) -> None:
    async with street.officer("bob") as bob, street.officer("charlie") as charlie:
        path = f"/api/conversations/{conversation}"
        epoch = (await bob.post(f"{path}/takeover")).json()["epoch"]
        body = {"epoch": epoch, "to": "officer:charlie"}
        epoch = (await bob.post(f"{path}/release", json=body)).json()["epoch"]
        assert (await charlie.get(path)).json()["turns"][0]["text"] == WORDS
        mine = (await charlie.get("/api/conversations?view=mine")).json()
        assert [row["id"] for row in mine["items"]] == [conversation]
        assert mine["counts"]["mine"] == 1
        number = await number_of(street, conversation)
        assert (await charlie.get(f"/api/cases/{number}")).status_code == 200
        given = {"epoch": epoch, "to": "queue"}
        assert (await charlie.post(f"{path}/release", json=given)).status_code == 200
        assert (await charlie.get(path)).status_code == 404


async def test_what_lies_in_no_grid_yet_is_everybodys_without_its_numbers(street: Street) -> None:
    conversation = await street.talk(WORDS)
    async with street.officer("charlie") as charlie:
        path = f"/api/conversations/{conversation}"
        shown = (await charlie.get(path)).json()["turns"][0]["text"]
        assert shown == "老板拖欠工资，我电话138****8000，身份证1***************2X"
        assert len(shown) == len(WORDS)
        await charlie.post(f"{path}/takeover")
        assert (await charlie.get(path)).json()["turns"][0]["text"] == WORDS


async def test_groups_and_their_digests_stay_in_their_area(street: Street) -> None:
    binding = Binding(
        "telegram", "-100", "翠湖业主群", "lake", "alice", street.time(), street.time()
    )
    group = await street.store.write(lambda tx: tx.groups.bind(binding))

    async def seen(client: httpx.AsyncClient) -> tuple[int, int]:
        listed = (await client.get("/api/groups")).json()["items"]
        shown = await client.get(f"/api/digests/preview?group={group.id}")
        return len(listed), shown.status_code

    async with street.officer("charlie") as charlie, street.officer("bob") as bob:
        assert await seen(charlie) == (0, 404)
        assert await seen(bob) == (1, 200)
        digest = (await bob.get(f"/api/digests/preview?group={group.id}")).json()
        assert digest["text"]
        code = await bob.post("/api/groups/code")
        assert (code.status_code, len(code.json()["code"])) == (201, 8)
        assert (await bob.get("/api/digests/preview?group=none")).status_code == 404
        assert (await bob.get("/api/digests/preview")).status_code == 422
