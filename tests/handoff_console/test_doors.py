"""Doors that stay shut: to whoever only reads, to volunteers, to colleagues of another area."""

from __future__ import annotations

import json
from dataclasses import replace

from fastapi.routing import APIRoute

from casework.capture import Captured
from casework.case import SlotValue
from casework.desk.cases import Opening, draft, file
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from handoff_console.app import ROUTERS
from tests.handoff_console.street import CHEAP, PASSWORD, Street

OWN = {"/api/login", "/api/logout"}  # one's own login is nobody's case


async def staffed(street: Street, *more: tuple[str, Role, str | None]) -> None:
    """Officers of these roles in these units."""

    def work(tx: Transaction) -> None:
        for name, role, unit in more:
            hashed = CHEAP.hash(PASSWORD)
            tx.people.add_officer(Officer(name, name, name, role, unit, hashed))

    await street.store.write(work)


async def test_who_only_reads_writes_nothing(lone_street: Street) -> None:
    await staffed(lone_street, ("ann", Role.AUDITOR, "street"))
    routes = [r for router in ROUTERS for r in router.routes if isinstance(r, APIRoute)]
    tried = 0
    async with lone_street.officer("ann") as ann:
        for route in routes:
            path = route.path.replace("{", "").replace("}", "")
            for method in (route.methods or set()) - {"GET", "HEAD"}:
                if route.path in OWN:
                    continue
                answer = await ann.request(method, path, json={})
                assert answer.status_code == 403, (method, path, answer.text)
                tried += 1
        assert (await ann.get("/api/cases")).status_code == 200
        assert (await ann.post("/api/logout")).status_code == 204
    assert tried > 60


async def test_a_volunteer_sees_what_they_are_called_to(street: Street) -> None:
    await staffed(street, ("vera", Role.VOLUNTEER, "street"))
    talk = await street.talk("老板欠我两万，我的电话13800138000")
    number = await street.case(talk)
    async with street.officer("vera") as vera:
        assert (await vera.get("/api/cases")).json()["items"] == []
        assert (await vera.get(f"/api/cases/{number}")).status_code == 404
        assert (await vera.get(f"/api/conversations/{talk}")).status_code == 404
        assert (await vera.get("/api/conversations?view=all")).json()["items"] == []


async def test_only_who_works_on_a_case_says_what_it_is(street: Street) -> None:
    await staffed(street, ("ada", Role.ADVISER, "street"), ("du", Role.SUPERVISOR, "street"))
    number = await street.case(await street.talk("老板欠我两万"))
    for name in ("ada", "du"):
        async with street.officer(name) as client:
            said = await client.post(
                f"/api/cases/{number}/reclassify", json={"category": "labour_other"}
            )
            kept = await client.post(
                f"/api/cases/{number}/files", files={"file": ("a.txt", b"words", "text/plain")}
            )
        assert (said.status_code, kept.status_code) == (403, 403), name


async def restricted(street: Street) -> tuple[str, str]:
    """A complaint about an official, in Alice's grid; gives conversation and case."""
    talk = await street.talk("我要举报网格员艾丽收钱")

    def work(tx: Transaction) -> str:
        before = tx.conversations.get(talk, lock=True)
        slots = {"place": SlotValue("翠湖花园"), "kind": SlotValue("conduct")}
        opening = Opening("other", slots, "干部作风", restricted=True)
        case = draft(tx, before, opening, street.time())
        file(tx, case.number, street.deps.book, street.time())
        known = replace(before, has_cases=True, unit_id="lake", restricted=True)
        tx.conversations.save(known, before.epoch)
        return case.number

    return talk, await street.store.write(work)


async def test_a_restricted_talk_is_given_to_named_roles_only(street: Street) -> None:
    talk, _ = await restricted(street)
    async with street.officer("bob") as bob:
        taken = (await bob.post(f"/api/conversations/{talk}/takeover")).json()
        body = {"epoch": taken["epoch"], "to": "officer:alice"}
        answer = await bob.post(f"/api/conversations/{talk}/release", json=body)
        assert answer.status_code == 403
        body["to"] = "officer:root"
        assert (await bob.post(f"/api/conversations/{talk}/release", json=body)).status_code == 200
    async with street.officer("alice") as alice:
        assert (await alice.get(f"/api/conversations/{talk}")).status_code == 404


async def test_a_talk_is_not_given_to_who_only_reads(street: Street) -> None:
    await staffed(street, ("ann", Role.AUDITOR, "street"))
    talk = await street.talk("老板欠我两万")
    await street.case(talk)
    async with street.officer("bob") as bob:
        taken = (await bob.post(f"/api/conversations/{talk}/takeover")).json()
        body = {"epoch": taken["epoch"], "to": "officer:ann"}
        answer = await bob.post(f"/api/conversations/{talk}/release", json=body)
        assert answer.status_code == 403


async def test_a_decision_about_a_restricted_case_is_not_read_by_the_area(street: Street) -> None:
    await staffed(street, ("ada", Role.ADVISER, "street"), ("ann", Role.AUDITOR, "street"))
    _, number = await restricted(street)
    plain = await street.case(await street.talk("老板欠我两万"))
    calendar = {
        "kind": "reception",
        "title": "接访日",
        "unit_id": "street",
        "host_id": "bob",
        "place": "一楼",
        "weekdays": [0],
        "spans": [{"opens": 540, "closes": 660}],
        "slot_minutes": 60,
    }
    async with street.officer("bob") as bob:
        made = (await bob.post("/api/booking/calendars", json=calendar)).json()
        for case, words in ((number, "艾丽的事转纪委"), (plain, "三天内答复")):
            held = {
                "category": "other",
                "people": 1,
                "decision": words,
                "calendar_id": made["id"],
                "case_number": case,
            }
            answer = await bob.post("/api/booking/receptions", json=held)
            assert answer.status_code == 201, answer.text
        seen = (await bob.get("/api/booking/receptions")).json()
        assert {each["decision"] for each in seen["items"]} == {"艾丽的事转纪委", "三天内答复"}
    for name in ("ada", "ann"):
        async with street.officer(name) as client:
            seen = (await client.get("/api/booking/receptions")).json()
        assert [each["decision"] for each in seen["items"]] == ["三天内答复"], name


async def test_a_case_is_not_given_to_another_county(street: Street) -> None:
    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("far", "street", "外县街道"))
        tx.people.add_officer(Officer("far", "far", "远", Role.STREET, "far"))

    await street.store.write(work)
    number = await street.case(await street.talk("老板欠我两万"))
    async with street.officer("bob") as bob:
        body = {"officer_id": "far"}
        assert (await bob.post(f"/api/cases/{number}/assign", json=body)).status_code == 403
        body = {"officer_id": "charlie"}
        assert (await bob.post(f"/api/cases/{number}/assign", json=body)).status_code == 200


async def test_a_number_at_12345_tells_only_of_cases_one_may_see(street: Street) -> None:
    _, number = await restricted(street)

    def work(tx: Transaction) -> None:
        tx.captures.add(Captured("bob", "c" * 8, number, street.time(), None, "12345-77"))

    await street.store.write(work)
    given = {
        "client_id": "d" * 8,
        "source": "hotline",
        "category": "other",
        "text": "路灯不亮",
        "place": "翠湖花园",
        "outside_number": "12345-77",
    }
    async with street.officer("alice") as alice:
        answer = await alice.post("/api/captures", data={"given": json.dumps(given)})
        assert answer.status_code == 201, answer.text
        assert answer.json()["before"] == []
