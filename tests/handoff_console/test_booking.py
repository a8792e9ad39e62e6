"""The console's calendar: opened by those who may, seen by those who receive."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework.booking import Appointment
from casework.booking_slots import key
from casework.desk import booking as desk
from casework.desk.collective import make
from casework.ports import Transaction
from casework.working_calendar import CHINA
from config.group_texts import group_book
from tests.handoff_console.street import Street

MONDAY = date(2026, 11, 23)  # the street's clock stands on the Sunday before
CALENDAR = {
    "kind": "reception",
    "title": "街道领导接访日",
    "unit_id": "street",
    "host_id": "bob",
    "named": True,
    "place": "一楼接待室",
    "materials": ["身份证"],
    "weekdays": [0, 2],
    "spans": [{"opens": 540, "closes": 660}],
    "slot_minutes": 60,
}


async def opened(street: Street, by: str = "bob", **changed: object) -> dict[str, object]:
    async with street.officer(by) as client:
        answer = await client.post("/api/booking/calendars", json={**CALENDAR, **changed})
        assert answer.status_code == 201, answer.text
        found: dict[str, object] = answer.json()
        return found


async def booked(
    street: Street, calendar_id: object, conversation_id: str, hour: int = 9
) -> Appointment:
    at = datetime(2026, 11, 23, hour, tzinfo=CHINA)

    def work(tx: Transaction) -> Appointment:
        talk = tx.conversations.get(conversation_id, lock=True)
        wanted, booker = key(str(calendar_id), at), street.deps.book.booker
        done = desk.book(tx, talk, wanted, booker, street.time(), name="王秀英")
        assert done.appointment is not None, done
        return done.appointment

    return await street.store.write(work)


async def test_a_calendar_is_opened_and_listed(street: Street) -> None:
    made = await opened(street)
    assert (made["kind_name"], made["host_name"], made["mine"]) == ("领导接访", "鲍勃", True)
    async with street.officer("bob") as client:
        found = (await client.get("/api/booking/calendars")).json()
    assert [each["id"] for each in found["items"]] == [made["id"]]
    assert found["may_open"] is True
    assert [each["code"] for each in found["kinds"]] == [
        "reception", "adviser", "mediator", "joint_desk",
    ]  # fmt: skip
    async with street.officer("alice") as client:  # her grid lies below, the street does not
        assert (await client.get("/api/booking/calendars")).json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"spans": [{"opens": 540, "closes": 560}]}, 422, "spans"),
        ({"weekdays": []}, 422, "days"),
        ({"place": " "}, 422, "place"),
        ({"host_id": "nobody"}, 422, "host_id"),
        ({"kind": "joint_desk"}, 422, "case_number"),
        ({"categories": ["gossip"]}, 422, "categories"),
        ({"kind": "party"}, 422, "kind"),
        ({"kind": "joint_desk", "case_number": "JS000000-0001"}, 404, None),
    ],
)
async def test_a_wrong_calendar_says_what_is_wrong(
    lone_street: Street, changed: dict[str, object], status: int, field: str | None
) -> None:
    async with lone_street.officer("bob") as client:
        answer = await client.post("/api/booking/calendars", json={**CALENDAR, **changed})
    assert answer.status_code == status, answer.text
    assert list(answer.json()["error"].get("fields", {})) == ([field] if field else [])


async def test_only_the_own_area_can_be_opened(lone_street: Street) -> None:
    async with lone_street.officer("alice") as client:
        answer = await client.post("/api/booking/calendars", json=CALENDAR)
        assert answer.status_code == 403
        own = {**CALENDAR, "unit_id": "lake", "host_id": "alice"}
        assert (await client.post("/api/booking/calendars", json=own)).status_code == 201


async def test_the_day_is_seen_ticked_and_recorded(street: Street) -> None:
    made = await opened(street)
    talk = await street.talk("我想见领导")
    number = await street.case(talk)
    each = await booked(street, made["id"], talk)
    async with street.officer("bob") as client:
        path = f"/api/booking/appointments/{each.id}/came"
        early = await client.post(path, json={"came": True})
        assert early.status_code == 403, early.text
    street.time.pass_by(timedelta(hours=24))
    async with street.officer("bob") as client:
        day = (await client.get(f"/api/booking/appointments?day={MONDAY}")).json()
        (line,) = day["items"]
        assert (line["name"], line["serial"], line["case_number"]) == ("王秀英", 1, number)
        assert line["standing_name"] == "已约"
        assert (await client.post(path, json={"came": False})).json()["standing"] == "absent"
        body = {
            "appointment_id": each.id,
            "category": "wage_arrears",
            "people": 2,
            "decision": "三天内协调开发商付清",
            "due_at": "2026-11-26T10:00:00+08:00",
        }
        answer = await client.post("/api/booking/receptions", json=body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["leader_name"] == "鲍勃"
        again = await client.post("/api/booking/receptions", json=body)
        assert again.status_code == 403
        walk_in = {"calendar_id": made["id"], "category": "consumer", "decision": "当场说清"}
        assert (await client.post("/api/booking/receptions", json=walk_in)).status_code == 201
        found = (await client.get("/api/booking/receptions")).json()
        assert (found["parties"], found["people"]) == (2, 3)
        assert {each["case_number"] for each in found["items"]} == {number, None}
        day = (await client.get(f"/api/booking/appointments?day={MONDAY}")).json()
        assert (day["items"][0]["standing"], day["items"][0]["recorded"]) == ("attended", True)
        tasks = (await client.get("/api/tasks?view=all")).json()["items"]
        assert [task["kind_name"] for task in tasks] == ["接访时定下的事"]
        assert tasks[0]["outcomes"][0]["name"] == "已落实"


async def test_a_host_sees_no_case_that_is_not_theirs(street: Street) -> None:
    made = await opened(street, host_id="charlie")
    talk = await street.talk("我想见领导")
    await street.case(talk)
    each = await booked(street, made["id"], talk)
    async with street.officer("charlie") as client:
        (line,) = (await client.get(f"/api/booking/appointments?day={MONDAY}")).json()["items"]
        assert (line["name"], line["case_number"], line["case_title"]) == ("王秀英", None, "")
        assert (await client.get("/api/booking/calendars")).json()["items"][0]["mine"] is True
    async with street.officer("alice") as client:
        assert (await client.get(f"/api/booking/appointments?day={MONDAY}")).json()["items"] == []
    street.time.pass_by(timedelta(hours=24))
    async with street.officer("alice") as client:
        refused = await client.post(
            f"/api/booking/appointments/{each.id}/came", json={"came": True}
        )
        assert refused.status_code == 403
        body = {"appointment_id": each.id, "category": "consumer", "decision": "好"}
        assert (await client.post("/api/booking/receptions", json=body)).status_code == 403


async def test_a_day_and_a_calendar_can_be_closed(lone_street: Street) -> None:
    street = lone_street
    made = await opened(street)
    talk = await street.talk("我想见领导")
    await booked(street, made["id"], talk)
    path = f"/api/booking/calendars/{made['id']}"
    async with street.officer("charlie") as client:
        assert (await client.post(f"{path}/close")).status_code == 403
    async with street.officer("bob") as client:
        answer = await client.post(f"{path}/days", json={"day": str(MONDAY)})
        assert answer.json() == {"told": 1}
        assert (await client.post(f"{path}/days", json={"day": str(MONDAY)})).json() == {"told": 0}
        assert (await client.post(f"{path}/close")).json() == {"told": 0}
        assert (await client.get("/api/booking/calendars")).json()["items"] == []
        assert (await client.post("/api/booking/calendars/none/close")).status_code == 404


async def test_at_a_joint_desk_the_household_counts_as_done(street: Street) -> None:
    talk = await street.talk("房产证五年办不下来")
    number = await street.case(talk)
    book = group_book(street.deps.book)

    def group(tx: Transaction) -> None:
        case = tx.cases.get(number)
        tx.cases.save(replace(case, category="housing_developer"), street.time())
        make(tx, number, tx.people.officer("bob"), book, street.time())

    await street.store.write(group)
    made = await opened(street, kind="joint_desk", case_number=number, host_id=None, named=False)
    assert made["progress"] == {"done": 0, "households": 1}
    each = await booked(street, made["id"], talk)
    assert each.case_number == number
    street.time.pass_by(timedelta(hours=24))
    async with street.officer("bob") as client:
        body = {
            "appointment_id": each.id,
            "category": "housing_developer",
            "decision": "证已发",
            "done": True,
        }
        answer = await client.post("/api/booking/receptions", json=body)
        assert answer.status_code == 201, answer.text
        found = (await client.get("/api/booking/calendars")).json()["items"]
        assert found[0]["progress"] == {"done": 1, "households": 1}


async def test_the_host_agrees_on_another_time_and_the_resident_is_told(street: Street) -> None:
    made = await opened(street)
    talk, other = await street.talk("我想见领导"), await street.talk("我也想")
    each = await booked(street, made["id"], talk)
    await booked(street, made["id"], other, hour=10)
    path = f"/api/booking/appointments/{each.id}/move"
    async with street.officer("charlie") as client:
        body = {"starts_at": "2026-11-25T09:00:00+08:00"}
        assert (await client.post(path, json=body)).status_code == 403
        free = f"/api/booking/calendars/{made['id']}/free"
        assert (await client.get(free)).status_code == 403
    async with street.officer("bob") as client:
        times = (await client.get(free)).json()["items"]
        assert datetime.fromisoformat(times[0]) == datetime(2026, 11, 25, 9, tzinfo=CHINA)
        taken = {"starts_at": "2026-11-23T10:00:00+08:00"}
        assert (await client.post(path, json=taken)).status_code == 422
        assert (await client.post(path, json={"starts_at": times[0]})).status_code == 200
    kept = await street.store.read(lambda tx: tx.booking.get(each.id))
    assert (kept.starts_at, kept.moves) == (datetime(2026, 11, 25, 9, tzinfo=CHINA), 1)
    turns = await street.store.read(lambda tx: tx.turns.after(talk, 0))
    assert "改到11月25日（周三）上午9:00" in turns[-1].text
