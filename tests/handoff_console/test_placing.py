"""待划界: the queue of cases whose grid nobody knows, and saying which it is."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from casework.case import SlotValue
from casework.desk.assigning import Whereabouts
from casework.desk.cases import Change, act_as_resident, amend
from tests.handoff_console.street import Street
from tests.handoff_console.test_cases import act

NOWHERE = "望江苑3栋"


async def unplaced(client: httpx.AsyncClient) -> Any:
    return (await client.get("/api/cases?unplaced=true")).json()


async def test_the_queue_holds_what_nobody_could_place(street: Street) -> None:
    await street.case(await street.talk("欠薪"))
    number = await street.case(await street.talk("欠薪"), NOWHERE)
    async with street.officer("bob") as bob:
        page = await unplaced(bob)
        seen = (await bob.get(f"/api/cases/{number}")).json()["placing"]
        every = (await bob.get("/api/cases")).json()
    assert [row["number"] for row in page["items"]] == [number]
    assert (page["unplaced"], every["unplaced"], len(every["items"])) == (1, 1, 2)
    assert [row["placed"] for row in every["items"]] == [False, True]
    assert seen == {"placed": False, "why": None, "text": NOWHERE, "location": None, "may": True}


async def test_the_street_says_which_grid_and_the_resident_is_told_of_the_new_owner(
    street: Street,
) -> None:
    conversation = await street.talk("欠薪")
    number = await street.case(conversation, NOWHERE)
    async with street.officer("bob") as bob:
        before = (await bob.get(f"/api/cases/{number}")).json()["case"]
        status, seen = await act(
            bob, number, "place", unit_id="hill", version=before["version"], learn="望江苑"
        )
        page = await unplaced(bob)
        turns = (await bob.get(f"/api/conversations/{conversation}")).json()["turns"]
    assert (status, seen["case"]["placed"], seen["placing"]["placed"]) == (200, True, True)
    assert (before["owner"]["name"], seen["case"]["owner"]["name"]) == ("鲍勃", "查理")
    assert seen["case"]["owner"]["unit_name"] == "东山网格"
    assert (page["items"], page["unplaced"]) == ([], 0)
    told = [turn["text"] for turn in turns if turn["from"] == "officer"]
    assert len(told) == 1
    assert number in told[0]
    assert "查理" in told[0]
    last = seen["timeline"][-1]
    assert (last["kind"], last["summary"]) == ("case_placed", "鲍勃划定了网格，由查理负责")
    assert last["data"]["learnt"] is True
    assert "望江" not in str(last)
    assert await street.store.read(lambda tx: tx.places.has("望江苑", "hill"))
    async with street.officer("charlie") as charlie:
        assert (await charlie.get(f"/api/cases/{number}")).status_code == 200
        listed = (await charlie.get("/api/conversations?view=all")).json()["items"]
        assert [row["id"] for row in listed] == [conversation]


async def test_nobody_is_told_of_an_owner_they_never_knew(street: Street) -> None:
    conversation = await street.talk("欠薪")
    drafted = await street.case(conversation, NOWHERE, filed=False)
    async with street.officer("bob") as bob:
        status, seen = await act(bob, drafted, "place", unit_id="hill")
        turns = (await bob.get(f"/api/conversations/{conversation}")).json()["turns"]
    assert (status, seen["case"]["owner"]["name"]) == (200, "查理")
    assert [turn for turn in turns if turn["from"] == "officer"] == []
    assert not await street.store.read(lambda tx: tx.places.has(NOWHERE, "hill"))


async def test_a_resident_who_adds_a_word_does_not_undo_it(lone_street: Street) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"), NOWHERE, filed=False)
    async with lone_street.officer("bob") as bob:
        await act(bob, number, "place", unit_id="hill")
    change = Change({"amount_yuan": SlotValue(1)}, where=Whereabouts(None, "unknown"))
    now = lone_street.time()
    case = await lone_street.store.write(lambda tx: amend(tx, number, change, now))
    assert (case.unit_id, case.owner_id, case.placed) == ("hill", "charlie", True)


async def test_who_may_and_where_to(street: Street) -> None:
    number = await street.case(await street.talk("欠薪"))
    async with street.officer("alice") as alice:
        seen = (await alice.get(f"/api/cases/{number}")).json()["placing"]
        status, refused = await act(alice, number, "place", unit_id="hill")
        assert (seen["may"], status, refused["error"]["code"]) == (False, 403, "not_allowed")
    async with street.officer("charlie") as charlie:
        assert (await act(charlie, number, "place", unit_id="hill"))[0] == 404
    async with street.stranger() as nobody:
        answer = await nobody.post(f"/api/cases/{number}/place", json={"unit_id": "hill"})
        assert answer.status_code == 401
    async with street.officer("root") as root:
        for given in ({}, {"unit_id": ""}, {"unit_id": "nowhere"}):
            status, refused = await act(root, number, "place", **given)
            assert (status, refused["error"]["fields"].keys()) == (422, {"unit_id"})
        status, refused = await act(root, number, "place", unit_id="hill", learn="x" * 41)
        assert (status, refused["error"]["fields"].keys()) == (422, {"learn"})
        assert (await act(root, number, "place", unit_id="hill", version=1))[0] == 409
        status, refused = await act(root, number, "place", unit_id="lake")
        assert (status, refused["error"]["code"]) == (409, "placed_there_already")
        assert (await act(root, number, "place", unit_id="hill"))[0] == 200


async def test_of_ten_at_once_one_places(street: Street) -> None:
    number = await street.case(await street.talk("欠薪"), NOWHERE)
    async with street.officer("bob") as bob:
        answers = await asyncio.gather(
            *(act(bob, number, "place", unit_id="hill", version=2) for _ in range(10))
        )
    assert sorted(status for status, _ in answers) == [200] + [409] * 9


async def test_a_closed_case_stays_where_it_is(lone_street: Street) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"), NOWHERE)
    now = lone_street.time()
    book = lone_street.deps.book
    await lone_street.store.write(lambda tx: act_as_resident(tx, number, "withdraw", book, now))
    async with lone_street.officer("bob") as bob:
        status, refused = await act(bob, number, "place", unit_id="hill")
        assert (status, refused["error"]["code"]) == (409, "forbidden_transition")
        assert (await unplaced(bob))["unplaced"] == 0


async def test_grids_are_found_by_name(lone_street: Street) -> None:
    async with lone_street.officer("bob") as bob:
        found = (await bob.get("/api/units?q=东山&kind=grid")).json()["items"]
        every = (await bob.get("/api/units")).json()["items"]
    assert [unit["id"] for unit in found] == ["hill"]
    assert len(every) == 3
