"""Supervision and sponsors over HTTP: who asks, who answers, who sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from handoff_console.supervision_clock import SupervisionClock
from tests.handoff_console.street import CHEAP, PASSWORD, Street

SLIP = {"org_id": "lake", "reason": "overdue", "action": "三天内上门核实"}


async def staffed(street: Street) -> None:
    """A supervisor of the street, an auditor, and a department beside the grids."""

    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("office", "department", "住建所", "street"))
        for name, role, unit in (
            ("du", Role.SUPERVISOR, "street"),
            ("ann", Role.AUDITOR, "street"),
            ("dan", Role.DEPARTMENT, "office"),
        ):
            password = CHEAP.hash(PASSWORD)
            tx.people.add_officer(Officer(name, name, name, role, unit, password))

    await street.store.write(work)


async def panel(client: httpx.AsyncClient, number: str) -> Any:
    answer = await client.get(f"/api/supervision/cases/{number}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def issue(client: httpx.AsyncClient, number: str, **given: object) -> Any:
    return await client.post(f"/api/supervision/cases/{number}/slips", json={**SLIP, **given})


async def on_slip(client: httpx.AsyncClient, slip: str, verb: str, **body: object) -> Any:
    return await client.post(f"/api/supervision/slips/{slip}/{verb}", json=body)


async def test_who_is_asked_does_not_take_the_slip_back(street: Street) -> None:
    await staffed(street)

    def chief(tx: Transaction) -> None:
        password = CHEAP.hash(PASSWORD)
        tx.people.add_officer(Officer("lin", "lin", "lin", Role.SUPERVISOR, "lake", password))

    await street.store.write(chief)
    number = await street.case(await street.talk("老板欠我两万"))
    async with street.officer("du") as du:
        (slip,) = (await issue(du, number)).json()["slips"]
    async with street.officer("lin") as lin:
        (seen,) = (await panel(lin, number))["slips"]
        assert (seen["may_answer"], seen["may_judge"]) == (True, False)
        assert (await on_slip(lin, slip["id"], "close")).status_code == 403
    async with street.officer("du") as du:
        assert (await on_slip(du, slip["id"], "close")).status_code == 200


async def test_a_slip_goes_to_and_fro(street: Street) -> None:
    await staffed(street)
    number = await street.case(await street.talk("老板欠我两万"))
    async with street.officer("du") as du:
        asked = await panel(du, number)
        assert (asked["level"], asked["may_watch"]) == ("none", True)
        assert [org["id"] for org in asked["orgs"]] == ["lake", "street", "office"]
        assert {each["code"] for each in asked["reasons"]} >= {"overdue", "other"}
        answer = await issue(du, number, level="red")
        assert answer.status_code == 201
        (slip,) = answer.json()["slips"]
        assert (slip["org_name"], slip["level_name"], slip["state"]) == (
            "翠湖网格",
            "红牌督办",
            "asked",
        )
        assert (slip["may_answer"], slip["may_judge"]) == (False, True)
        row = (await du.get("/api/supervision/cases")).json()["items"]
        assert [(each["number"], each["supervision"]) for each in row] == [(number, "red")]
    async with street.officer("alice") as alice:
        mine = (await alice.get("/api/supervision/slips")).json()
        assert (mine["mine"], mine["items"][0]["may_answer"]) == (1, True)
        assert (await on_slip(alice, slip["id"], "accept")).status_code == 403
        told = (await on_slip(alice, slip["id"], "answer", text="去过了")).json()
        assert (told["state"], told["answers"][0]["officer_name"]) == ("answered", "艾丽")
        assert (await on_slip(alice, slip["id"], "answer", text="又去")).status_code == 403
        assert (await alice.get("/api/supervision/slips")).json()["mine"] == 0
    async with street.officer("du") as du:
        back = (await on_slip(du, slip["id"], "again", action="写明日期", workdays=1)).json()
        assert (back["state"], back["action"]) == ("asked", "写明日期")
        done = (await on_slip(du, slip["id"], "close")).json()
        assert (done["state"], done["may_judge"]) == ("closed", False)
        assert (await du.get("/api/supervision/slips?view=open")).json()["items"] == []
        closed = (await du.get("/api/supervision/slips?view=closed")).json()["items"]
        assert [each["id"] for each in closed] == [slip["id"]]


async def test_who_reads_only_and_who_sees_nothing(street: Street) -> None:
    await staffed(street)
    number = await street.case(await street.talk("老板欠我两万"))
    async with street.officer("du") as du:
        slip = (await issue(du, number)).json()["slips"][0]["id"]
        both = (await issue(du, number, org_id="office")).json()["slips"]
        # Issued at one moment: which stands first is anybody's guess.
        (asked,) = {each["id"] for each in both} - {slip}
        assert (await issue(du, number, reason="lazy")).status_code == 422
        assert (await issue(du, number, org_id="nowhere")).status_code == 404
    async with street.officer("ann") as ann:
        seen = await panel(ann, number)
        assert (seen["may_watch"], seen["may_name"], len(seen["slips"])) == (False, False, 2)
        assert (await issue(ann, number)).status_code == 403
        assert (await on_slip(ann, slip, "answer", text="x")).status_code == 403
    async with street.officer("charlie") as charlie:
        assert (await charlie.get(f"/api/supervision/cases/{number}")).status_code == 404
        assert (await on_slip(charlie, slip, "answer", text="x")).status_code == 404
        assert (await charlie.get("/api/supervision/slips?view=open")).json()["items"] == []
    async with street.officer("dan") as dan:
        (one,) = (await dan.get("/api/supervision/slips")).json()["items"]
        assert (one["id"], one["title"], one["may_open"]) == (asked, "", False)
        answer = (await on_slip(dan, asked, "answer", text="明天去现场")).json()
        assert answer["state"] == "answered"


async def test_level_by_hand_is_not_told_to_the_resident(street: Street) -> None:
    await staffed(street)
    conversation = await street.talk("老板欠我两万")
    number = await street.case(conversation)
    url = f"/api/supervision/cases/{number}"
    async with street.officer("bob") as bob:
        body = {"level": "ordinary", "reason": "attention"}
        assert (await bob.post(f"{url}/level", json=body)).json()["level_name"] == "普通督办"
        assert (await bob.post(f"{url}/level", json=body)).status_code == 403
        assert (await bob.post(f"{url}/call-off")).json()["level"] == "none"
        turns = (await bob.get(f"/api/conversations/{conversation}")).json()["turns"]
    assert [turn["from"] for turn in turns] == ["resident"]
    async with street.officer("alice") as alice:
        assert (await alice.post(f"{url}/level", json=body)).status_code == 403


async def test_a_sponsor_and_their_log(street: Street) -> None:
    await staffed(street)
    number = await street.case(await street.talk("老板欠我两万"))
    street.time.pass_by(timedelta(days=91))
    async with street.officer("du") as du:
        body = {"officer_id": "bob", "unit_id": "street"}
        around = (await du.post("/api/supervision/sponsors", json=body)).json()["around"]
        assert [(each["officer_name"], each["unit"]["name"]) for each in around] == [
            ("鲍勃", "青禾街道")
        ]
        both = {**body, "number": number}
        assert (await du.post("/api/supervision/sponsors", json=both)).status_code == 422
        worker = {"officer_id": "alice", "unit_id": "lake"}
        assert (await du.post("/api/supervision/sponsors", json=worker)).status_code == 403
    await SupervisionClock(street.store, street.deps.book).step(street.time())
    street.time.pass_by(timedelta(days=31))
    today = street.time().date().isoformat()
    async with street.officer("bob") as bob:
        mine = (await bob.get("/api/supervision/sponsored")).json()
        (listed,) = mine["cases"]
        assert (listed["case"]["number"], listed["silent"]) == (number, True)
        url = f"/api/supervision/cases/{number}/duties"
        entry = {"duty": "meet", "day": today, "note": "见了面"}
        seen = (await bob.post(url, json=entry)).json()
        assert [(e["duty_name"], e["note"]) for e in seen["entries"]] == [("面见", "见了面")]
        assert (await bob.post(url, json={**entry, "duty": "score"})).status_code == 422
        mine = (await bob.get("/api/supervision/sponsored")).json()
        assert mine["cases"][0]["silent"] is False
    async with street.officer("alice") as alice:
        assert (await alice.post(url, json=entry)).status_code == 403
    async with street.officer("du") as du:
        area = mine["areas"][0]["id"]
        left = (await du.post(f"/api/supervision/sponsors/{area}/end")).json()
        assert left["around"] == []
