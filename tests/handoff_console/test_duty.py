"""值班 in the console: who is on, who is away, who stands in, and who may say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from tests.handoff_console.street import CHEAP, PASSWORD, Street

MONDAY = "2026-11-23"


async def staffed(street: Street) -> None:
    """A second officer of the grid, and a department."""

    def work(tx: Transaction) -> None:
        hashed = CHEAP.hash(PASSWORD)
        tx.people.add_officer(
            Officer("dina", "dina", "迪娜", Role.GRID, "lake", hashed, phone="028-1")
        )
        tx.people.add_unit(Unit("hr", "department", "人社局", "street", "hr"))
        tx.people.add_officer(Officer("q", "q", "钱芳", Role.DEPARTMENT, "hr", phone="028-2"))

    await street.store.write(work)
    street.time.pass_by(timedelta(days=1))  # Monday noon


async def week(client: httpx.AsyncClient, unit: str = "lake") -> Any:
    answer = await client.get("/api/duty", params={"unit": unit, "day": MONDAY})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_shift_decides_who_gets_the_next_case(street: Street) -> None:
    await staffed(street)
    shift = {"unit": "lake", "officer": "dina", "starts": 480, "ends": 1080, "weekday": 0}
    async with street.officer("bob") as bob:
        assert (await week(bob))["now"]["id"] == "alice"
        for _ in range(2):  # sent twice, set once
            set_ = await bob.post("/api/duty/shifts", json=shift)
            assert set_.status_code == 201, set_.text
        shown = await week(bob)
        (one,) = shown["days"][0]["shifts"]
        assert (one["person"]["name"], one["weekly"], one["starts"]) == ("迪娜", True, 480)
        assert [day["shifts"] for day in shown["days"][1:]] == [[]] * 6
        assert (shown["now"]["id"], shown["now"]["phone"]) == ("dina", "028-1")
        number = await street.case(await street.talk("欠薪"))
        case = await street.store.read(lambda tx: tx.cases.get(number))
        assert case.owner_id == "dina"
        gone = await bob.post(f"/api/duty/shifts/{one['id']}/remove")
        assert (gone.status_code, gone.json()["days"][0]["shifts"]) == (200, [])
        assert (await week(bob))["now"]["id"] == "alice"


async def test_who_is_away_is_stood_in_for(street: Street) -> None:
    await staffed(street)
    absence = {"officer": "alice", "first_day": MONDAY, "last_day": MONDAY, "substitute": "dina"}
    shift = {"unit": "lake", "officer": "alice", "starts": 480, "ends": 1080, "day": MONDAY}
    async with street.officer("bob") as bob:
        await bob.post("/api/duty/shifts", json=shift)
        await bob.post("/api/duty/absences", json=absence)
        shown = (await bob.post("/api/duty/absences", json=absence)).json()
        assert len(shown["absences"]) == 1
        assert shown["absences"][0]["substitute_name"] == "迪娜"
        (one,) = shown["days"][0]["shifts"]
        assert (one["officer_name"], one["person"]["name"]) == ("艾丽", "迪娜")
        assert one["person"]["instead_of"] == "艾丽"
        assert shown["now"]["id"] == "dina"
        gone = await bob.post(f"/api/duty/absences/{shown['absences'][0]['id']}/remove")
        assert (gone.status_code, gone.json()["absences"]) == (200, [])
        assert (await week(bob))["now"]["id"] == "alice"


async def test_only_those_above_change_the_roster_and_only_of_their_area(
    lone_street: Street,
) -> None:
    street = lone_street
    await staffed(street)
    shift = {"unit": "lake", "officer": "dina", "starts": 480, "ends": 1080, "weekday": 0}
    absence = {"officer": "alice", "first_day": MONDAY, "last_day": MONDAY}
    async with street.officer("alice") as alice:
        assert (await week(alice))["may_change"] is False
        assert (await alice.post("/api/duty/shifts", json=shift)).status_code == 403
        assert (await alice.post("/api/duty/absences", json=absence)).status_code == 403
        hidden = await alice.get("/api/duty", params={"unit": "hill"})
        assert hidden.status_code == 404
        own = (await alice.get("/api/duty")).json()
        assert own["unit"]["id"] == "lake"
    async with street.officer("root") as root:
        assert (await week(root))["may_change"] is True


async def test_grids_without_anybody_are_shown_to_those_above(street: Street) -> None:
    await staffed(street)

    def leave(tx: Transaction) -> None:
        tx.people.add_unit(Unit("new", "grid", "新网格", "street"))
        tx.people.save_officer(replace(tx.people.officer("charlie"), active=False))

    await street.store.write(leave)
    async with street.officer("bob") as bob:
        vacant = (await week(bob))["vacant"]
        assert [unit["name"] for unit in vacant] == ["东山网格", "新网格"]
    async with street.officer("alice") as alice:
        assert (await week(alice))["vacant"] == []


async def test_what_makes_no_roster_is_refused(lone_street: Street) -> None:
    street = lone_street
    await staffed(street)
    good = {"unit": "lake", "officer": "dina", "starts": 480, "ends": 1080, "weekday": 0}
    async with street.officer("bob") as bob:
        for change, field in (
            ({"weekday": None}, "weekday"),
            ({"day": MONDAY}, "weekday"),
            ({"officer": "nobody"}, "officer"),
            ({"starts": 1440}, "starts"),
        ):
            answer = await bob.post("/api/duty/shifts", json={**good, **change})
            assert answer.status_code == 422, (change, answer.text)
            assert field in answer.json()["error"]["fields"]
        assert (await bob.post("/api/duty/shifts", json={**good, "unit": "x"})).status_code == 404
        away = {"officer": "alice", "first_day": MONDAY, "last_day": "2026-11-22"}
        assert (await bob.post("/api/duty/absences", json=away)).status_code == 422
        self_ = {**away, "last_day": MONDAY, "substitute": "alice"}
        assert (await bob.post("/api/duty/absences", json=self_)).status_code == 422
        assert (await bob.post("/api/duty/shifts/none/remove")).status_code == 404


async def test_the_directory_names_departments_and_their_people(street: Street) -> None:
    await staffed(street)
    async with street.officer("alice") as alice:
        found = (await alice.get("/api/directory")).json()
        none = (await alice.get("/api/directory", params={"q": "住建"})).json()
        rooms = (await alice.get("/api/directory", params={"kind": "mediation"})).json()
    (entry,) = found["items"]
    assert (entry["unit"]["name"], entry["code"]) == ("人社局", "hr")
    assert [(p["name"], p["phone"]) for p in entry["people"]] == [("钱芳", "028-2")]
    assert none["items"] == rooms["items"] == []
    assert "password" not in str(found)
