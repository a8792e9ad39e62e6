"""Group cases over HTTP: who may make one, who sees which households."""

from __future__ import annotations

from typing import Any

import httpx

from tests.handoff_console.street import Street


async def post(client: httpx.AsyncClient, leading: str, verb: str, **body: object) -> Any:
    answer = await client.post(f"/api/collectives/{leading}/{verb}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def two(street: Street) -> tuple[str, str]:
    first = await street.case(await street.talk("老板欠我两万"))
    return first, await street.case(await street.talk("欠薪"))


async def test_a_group_from_the_first_case_to_the_summary(street: Street) -> None:
    leading, other = await two(street)
    async with street.officer("bob") as bob:
        before = (await bob.get(f"/api/collectives/{leading}")).json()
        assert (before["state"], before["may_make"], before["households"]) == ("none", True, None)
        assert before["count"] == {"households": 1, "done": 0, "reporters": 1}
        await post(bob, leading, "make")
        found = await post(bob, leading, "add", number=other)
        assert [each["number"] for each in found["households"]] == [leading, other]
        found = await post(bob, leading, "done", number=other, day="2026-11-22", what="工资已补发")
        assert found["count"] == {"households": 2, "done": 1, "reporters": 2}
        assert [(h["number"], h["what"]) for h in found["households"]] == [
            (leading, ""),
            (other, "工资已补发"),
        ]
        found = await post(bob, leading, "others", others=300, others_done=120)
        assert found["count"] == {"households": 302, "done": 121, "reporters": 2}
        found = await post(
            bob, leading, "items", what="核对工资表", who="劳动监察", due_on="2026-11-20"
        )
        (item,) = found["items"]
        assert (item["who"], item["late"]) == ("劳动监察", True)
        found = await post(bob, leading, f"items/{item['id']}/done", day="2026-11-22")
        assert found["items"][0]["late"] is False
        found = await post(bob, leading, "post", text="工资表核对完了，周五发")
        assert (found["told"], found["untold"]) == (1, 2)
        rows = (await bob.get("/api/collectives")).json()["items"]
        assert [(row["number"], row["state"]) for row in rows] == [(leading, "active")]
        found = await post(bob, leading, "take-out", number=other)
        assert [each["number"] for each in found["households"]] == [leading]
        timeline = (await bob.get(f"/api/cases/{leading}")).json()["timeline"]
        summaries = [event["summary"] for event in timeline]
        assert "鲍勃列为集体事项" in summaries
        assert "鲍勃给各户发了进展（第 1 次）" in summaries


async def test_a_grid_worker_keeps_the_count_of_their_own_case_and_makes_none(
    street: Street,
) -> None:
    leading, other = await two(street)
    async with street.officer("alice") as alice:
        assert (await alice.post(f"/api/collectives/{leading}/make")).status_code == 403
    async with street.officer("bob") as bob:
        await post(bob, leading, "make")
        await post(bob, leading, "add", number=other)
    async with street.officer("alice") as alice:
        seen = (await alice.get(f"/api/collectives/{leading}")).json()
        assert (seen["may_make"], seen["may_keep"]) == (False, True)
        assert len(seen["households"]) == 2  # she owns it
        assert (await post(alice, leading, "undone", number=other))["count"]["done"] == 0
        answer = await alice.post(f"/api/collectives/{leading}/take-out", json={"number": other})
        assert answer.status_code == 403
    async with street.officer("charlie") as charlie:
        assert (await charlie.get(f"/api/collectives/{leading}")).status_code == 404
        assert (await charlie.get("/api/collectives")).json() == {"items": []}
        assert (await charlie.post(f"/api/collectives/{leading}/make")).status_code == 404


async def test_who_only_helps_speaks_to_nobody_in_everybodys_name(street: Street) -> None:
    """The street has it; the grid worker of the place keeps the count, and posts nothing."""
    leading, other = await two(street)
    async with street.officer("alice") as alice:
        mine = (await alice.get(f"/api/cases/{leading}")).json()["case"]
        assert mine["owner"]["name"] == "艾丽"
        assert (await alice.post(f"/api/cases/{leading}/escalate", json={})).status_code == 200
    async with street.officer("bob") as bob:
        await post(bob, leading, "make")
        assert (await post(bob, leading, "add", number=other))["may_post"] is True
    async with street.officer("alice") as alice:
        seen = (await alice.get(f"/api/collectives/{leading}")).json()
        assert (seen["may_keep"], seen["may_post"]) == (True, False)
        answer = await alice.post(f"/api/collectives/{leading}/post", json={"text": "大家好"})
        assert answer.status_code == 403


async def test_a_refusal_says_why(street: Street) -> None:
    leading, other = await two(street)
    mine = await street.case(await street.talk("又一件"), filed=False)
    async with street.officer("bob") as bob:
        await post(bob, leading, "make")
        await post(bob, leading, "add", number=other)
        for number, status, code in (
            (other, 409, "unfit_follows"),
            (mine, 409, "unfit_closed"),
            (leading, 409, "unfit_same_resident"),
            ("JS000000-0000", 404, "not_found"),
        ):
            answer = await bob.post(f"/api/collectives/{leading}/add", json={"number": number})
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        late = {"number": other, "day": "2026-11-23", "what": "x"}
        early = {**late, "day": "0001-01-01"}
        assert (await bob.post(f"/api/collectives/{leading}/done", json=early)).status_code == 422
        answer = await bob.post(f"/api/collectives/{leading}/done", json=late)
        assert answer.status_code == 422
