"""A case's way: only what its status allows, told to the resident, seen in its timeline."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from casework.desk.cases import act_as_resident
from tests.handoff_console.street import Street


async def act(client: httpx.AsyncClient, number: str, verb: str, **given: Any) -> Any:
    """The status and body of a verb."""
    answer = await client.post(f"/api/cases/{number}/{verb}", json=given)
    return answer.status_code, answer.json()


async def test_a_case_shows_who_owns_it_and_what_may_be_done(street: Street) -> None:
    number = await street.case(await street.talk("老板欠我两万"))
    async with street.officer("alice") as alice:
        seen = (await alice.get(f"/api/cases/{number}")).json()
    owner = {"officer_id": "alice", "name": "艾丽", "unit_name": "翠湖网格"}
    assert (seen["case"]["status"], seen["case"]["owner"]) == ("dispatched", owner)
    assert seen["case"]["status_name"]
    verbs = [(verb["verb"], verb["needs"]) for verb in seen["verbs"]]
    assert verbs == [
        ("accept", []),
        ("return", ["code"]),
        ("escalate", []),
        ("extend", ["text", "until"]),
        ("resolve", ["result"]),
        ("merge", ["other"]),
    ]


async def test_accept_resolve_reopen(street: Street) -> None:
    conversation = await street.talk("老板欠我两万")
    number = await street.case(conversation)
    async with street.officer("alice") as alice:
        status, accepted = await act(alice, number, "accept")
        assert (status, accepted["case"]["status"]) == (200, "working")
        for lacking in ({}, {"result": "  "}):
            status, refused = await act(alice, number, "resolve", **lacking)
            assert (status, refused["error"]["fields"].keys()) == (422, {"result"})
        status, done = await act(alice, number, "resolve", result="钱已经打到卡上")
        assert (status, done["case"]["status"]) == (200, "done_wait")
        status, again = await act(alice, number, "accept")
        assert (status, again["error"]["code"]) == (409, "forbidden_transition")
        assert again["allowed"] == ["reopen"]
        status, reopened = await act(alice, number, "reopen", reason="居民说没收到")
        assert (status, reopened["case"]["status"]) == (200, "rework")
        told = (await alice.get(f"/api/conversations/{conversation}")).json()["turns"]
    kinds = [event["kind"].removeprefix("case_") for event in reopened["timeline"]]
    assert kinds == ["drafted", "filed", "accepted", "resolved", "reopened"]
    assert all(event["summary"] for event in reopened["timeline"])
    assert "艾丽" in reopened["timeline"][2]["summary"]
    assert any("钱已经打到卡上" in turn["text"] for turn in told if turn["from"] == "officer")


async def test_what_officers_may_never_do(street: Street) -> None:
    number = await street.case(await street.talk("欠薪"))
    drafted = await street.case(await street.talk("欠薪"), filed=False)
    async with street.officer("alice") as alice:
        for verb in ("confirm", "withdraw", "file", "lapse", "delete", "x'--"):
            answer = await alice.post(f"/api/cases/{number}/{verb}")
            assert answer.status_code == 409, verb
            allowed = ["accept", "return", "escalate", "extend", "resolve", "merge"]
            assert answer.json()["allowed"] == allowed
        early = await alice.post(f"/api/cases/{drafted}/accept")
        assert (early.status_code, early.json()["allowed"]) == (409, ["file"])
        assert (await alice.post("/api/cases/JS000000-0000/accept")).status_code == 404
        long = await alice.post(f"/api/cases/{number}/resolve", json={"result": "长" * 4001})
        assert long.status_code == 422


async def test_an_officer_files_a_draft_for_its_resident(street: Street) -> None:
    conversation = await street.talk("欠薪")
    number = await street.case(conversation, filed=False)
    async with street.officer("alice") as alice:
        status, filed = await act(alice, number, "file")
        assert (status, filed["case"]["status"]) == (200, "dispatched")
        assert filed["case"]["due_at"]
        told = (await alice.get(f"/api/conversations/{conversation}")).json()["turns"]
        assert number in told[-1]["text"]
        assert "艾丽" in told[-1]["text"]
        assert (await act(alice, number, "file"))[0] == 409


async def test_a_case_that_changed_meanwhile_is_looked_at_again(street: Street) -> None:
    number = await street.case(await street.talk("欠薪"))
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        version = (await alice.get(f"/api/cases/{number}")).json()["case"]["version"]
        assert (await bob.post(f"/api/cases/{number}/accept")).status_code == 200
        late = await alice.post(
            f"/api/cases/{number}/resolve", json={"version": version, "result": "好了"}
        )
        assert (late.status_code, late.json()["error"]["code"]) == (409, "version_conflict")


async def test_of_ten_resolving_at_once_one_does(street: Street) -> None:
    conversation = await street.talk("欠薪")
    number = await street.case(conversation)
    async with street.officer("alice") as alice:
        answers = await asyncio.gather(
            *(
                alice.post(f"/api/cases/{number}/resolve", json={"result": f"第{n}种办法"})
                for n in range(10)
            )
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [200] + [409] * 9
        told = (await alice.get(f"/api/conversations/{conversation}")).json()["turns"]
    assert sum("种办法" in turn["text"] for turn in told) == 1


async def test_the_residents_word_ends_it(lone_street: Street) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"))
    async with lone_street.officer("alice") as alice:
        await alice.post(f"/api/cases/{number}/resolve", json={"result": "发了"})
        await lone_street.store.write(
            lambda tx: act_as_resident(
                tx, number, "confirm", lone_street.deps.book, lone_street.time()
            )
        )
        seen = (await alice.get(f"/api/cases/{number}")).json()
        assert seen["case"]["status"] == "confirmed"
        assert [verb["verb"] for verb in seen["verbs"]] == ["reopen"]  # and no court
        assert not seen["undeliverable"]


async def test_who_gave_it_up_is_told_who_has_it_now(lone_street: Street) -> None:
    street = lone_street
    number = await street.case(await street.talk("老板欠我两万"))
    async with street.officer("alice") as alice:
        status, up = await act(alice, number, "escalate", text="办不了")
        assert status == 200
        assert [verb["verb"] for verb in up["verbs"]] == []  # to be signed for by who has it
        status, refused = await act(alice, number, "accept")
    who = up["case"]["owner"]
    assert (status, refused["error"]["code"]) == (409, "in_other_hands")
    assert (refused["owner"], refused["allowed"]) == (who["name"], [])
    assert who["name"] in refused["error"]["message"]
    assert refused["org"] in refused["error"]["message"]
