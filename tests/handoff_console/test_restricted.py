"""A restricted conversation: named roles, the owner and whoever has a task see it; the rest 404."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.case import SlotValue
from casework.desk import alerts as desk
from casework.desk.cases import Opening, draft, file
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.turn import Media
from tests.handoff_console.street import CHEAP, PASSWORD, Street

WORDS = "昨天晚上又打我，电话13800138000"


@pytest.fixture
async def number(street: Street) -> str:
    """Violence at home in Alice's grid; a colleague of hers and the community are there too."""
    conversation_id = await street.talk(WORDS)

    def work(tx: Transaction) -> str:
        tx.people.add_unit(Unit("lakeside", "community", "翠湖社区", "street"))
        hashed = CHEAP.hash(PASSWORD)
        for name, role, unit in (
            ("dora", Role.GRID, "lake"),
            ("carl", Role.COMMUNITY, "lakeside"),
            ("erin", Role.COMMUNITY, "street"),
        ):
            tx.people.add_officer(Officer(name, name, name, role, unit, hashed))
        slots = {"place": SlotValue("翠湖花园"), "safe_to_contact": SlotValue("只发消息")}
        before = tx.conversations.get(conversation_id, lock=True)
        opening = Opening("family_marriage", slots, "婚姻家庭", crisis="R2", restricted=True)
        case = draft(tx, before, opening, street.time())
        file(tx, case.number, street.deps.book, street.time())
        known = replace(before, has_cases=True, unit_id="lake", restricted=True, crisis="R2")
        tx.conversations.save(known, before.epoch)
        danger = desk.Danger("R2", "violence", case.number)
        desk.raise_alert(tx, known, danger, street.deps.book.response, street.time())
        media = Media("e" * 32, "photo", "照片.png", "image/png", 4)
        tx.files.add(media, conversation_id, street.time())
        return case.number

    return await street.store.write(work)


async def conversation_of(street: Street, number: str) -> str:
    return (await street.store.read(lambda tx: tx.cases.get(number))).conversation_id


@pytest.mark.parametrize("name", ["alice", "dora", "erin", "carl", "charlie"])
async def test_others_of_the_area_see_nothing(street: Street, number: str, name: str) -> None:
    conversation = await conversation_of(street, number)
    async with street.officer(name) as officer:
        for view in ("queue", "mine", "all"):
            page = (await officer.get(f"/api/conversations?view={view}")).json()
            assert (page["items"], page["counts"]) == ([], {"queue": 0, "mine": 0, "all": 0})
        for query in ("", f"?q={number}", "?category=family_marriage", "?grid=lake"):
            assert (await officer.get(f"/api/cases{query}")).json()["items"] == []
        assert (await officer.get("/api/alerts")).json()["items"] == []
        assert (await officer.get("/api/tasks?view=all")).json()["items"] == []
        alert = await street.store.read(lambda tx: tx.alerts.open_of(conversation))
        assert alert is not None
        base = f"/api/conversations/{conversation}"
        answers = [
            await officer.get(base),
            await officer.get(f"/api/cases/{number}"),
            await officer.get("/api/files/" + "e" * 32),
            await officer.post(f"{base}/takeover"),
            await officer.post(f"{base}/notes", json={"text": "x"}),
            await officer.post(f"{base}/presence", json={"activity": "viewing"}),
            await officer.post(f"/api/cases/{number}/accept"),
            await officer.post(f"/api/cases/{number}/reclassify", json={"category": "other"}),
            await officer.post(f"/api/alerts/{alert.id}/acknowledge"),
            await officer.post(f"/api/alerts/{alert.id}/close", json={}),
        ]
        assert [a.status_code for a in answers] == [404] * len(answers)


@pytest.mark.parametrize("name", ["bob", "root"])
async def test_owner_and_named_roles_see_it_with_the_way_of_contact(
    street: Street, number: str, name: str
) -> None:
    conversation = await conversation_of(street, number)
    async with street.officer(name) as officer:
        assert (await officer.get(f"/api/conversations/{conversation}")).status_code == 200
        assert (await officer.get(f"/api/cases/{number}")).status_code == 200
        (alert,) = (await officer.get("/api/alerts")).json()["items"]
        assert (alert["safe_to_contact"], alert["restricted"]) == ("只发消息", True)


async def test_a_task_opens_the_case_it_is_about(street: Street, number: str) -> None:
    conversation = await conversation_of(street, number)
    alert = await street.store.read(lambda tx: tx.alerts.open_of(conversation))
    assert alert is not None

    def work(tx: Transaction) -> None:
        (first, *_) = tx.tasks.open_of_alert(alert.id)
        tx.tasks.save(replace(first, officer_id="dora"))

    await street.store.write(work)
    async with street.officer("dora") as dora:
        assert (await dora.get(f"/api/conversations/{conversation}")).status_code == 200
        assert (await dora.get(f"/api/cases/{number}")).status_code == 200


async def test_live_events_pass_by_who_may_not_see_it(street: Street, number: str) -> None:
    from storage.views import sight_of  # noqa: PLC0415
    from storage.views_audience import audience  # noqa: PLC0415

    conversation = await conversation_of(street, number)

    def admitted(tx: object) -> set[str]:
        known = tx.people.all_units()  # type: ignore[attr-defined]
        told = audience(tx, conversation)  # type: ignore[arg-type]
        staff = tx.people.organisation().officers.values()  # type: ignore[attr-defined]
        return {o.id for o in staff if told.admits(sight_of(known.get(o.unit_id), o))}

    assert await street.store.read(admitted) == {"bob", "root"}


async def test_what_few_may_read_is_no_lesson(street: Street, number: str) -> None:
    async with street.officer("bob") as bob:
        path = f"/api/cases/{number}/reclassify"
        assert (await bob.post(path, json={"category": "other"})).status_code == 200
    assert await street.store.read(lambda tx: tx.reclassifications.all()) == []
