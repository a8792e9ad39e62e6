"""随手报: from one line of an officer to a filed case, once."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.around import Neighbourhood
from casework.case import Source, Status
from casework.channels import DESK
from casework.gazetteer import Gazetteer
from casework.organisation import Role
from casework.ports import Transaction
from cli.web import WebParts, build_app
from cli.web_guard import Limits
from config.places import load_naming
from handoff_console.app import create_console
from tests.handoff_console.street import MINUTE, Street

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LAMP = {
    "client_id": "c1",
    "source": "patrol",
    "category": "public_facility",
    "kind": "light",
    "text": "三盏路灯不亮",
    "place": "翠湖花园",
}


async def register(
    client: httpx.AsyncClient, photos: int = 0, **given: Any
) -> tuple[int, dict[str, Any]]:
    files = [("file", (f"{n}.png", PNG, "image/png")) for n in range(photos)]
    data = {"given": json.dumps({**LAMP, **given}, ensure_ascii=False)}
    # Without files httpx would send no multipart body.
    parts: list[Any] = [("given", (None, data["given"])), *files]
    answer = await client.post("/api/captures", files=parts)
    return answer.status_code, answer.json()


async def test_a_patrol_files_a_case_with_a_photo(street: Street) -> None:
    async with street.officer("alice") as alice:
        status, made = await register(alice, photos=2)
        seen = (await alice.get(f"/api/cases/{made['number']}")).json()
        conversation = seen["case"]["conversation_id"]
        talk = (await alice.get(f"/api/conversations/{conversation}")).json()
        photo = talk["turns"][0]["media"][0]["url"]
        assert (await alice.get(photo)).content == PNG
    assert status == 201
    assert (made["title"], made["owner"]["name"], made["may_open"]) == (
        "路灯 · 翠湖花园",
        "艾丽",
        True,
    )
    assert (made["placed"], made["unit_name"], made["before"]) == (True, "翠湖网格", [])
    assert made["due_at"] is not None
    assert [turn["from"] for turn in talk["turns"]] == ["officer"]
    assert talk["turns"][0]["text"] == "三盏路灯不亮"
    assert [event["kind"] for event in seen["timeline"]] == [
        "case_drafted",
        "case_filed",
        "case_captured",
    ]
    assert seen["timeline"][-1]["summary"] == "艾丽现场登记"
    case = await street.store.read(lambda tx: tx.cases.get(made["number"]))
    assert (case.source, case.status, case.kind) == (Source.PATROL, Status.DISPATCHED, "light")
    assert case.contacted_at is not None
    held = await street.store.read(lambda tx: tx.conversations.get(case.conversation_id))
    assert (held.channel, held.has_cases, held.unit_id) == (DESK, True, "lake")


async def test_what_is_sent_twice_is_registered_once(street: Street) -> None:
    async with street.officer("alice") as alice, street.officer("charlie") as charlie:
        first = await register(alice, photos=1)
        again = await register(alice, photos=1)
        other = await register(charlie)  # another officer's page may have the same id
        listed = (await alice.get("/api/cases")).json()["items"]
    assert (first[0], again[0], other[0]) == (201, 200, 201)
    assert first[1] == again[1]
    assert other[1]["number"] != first[1]["number"]
    assert len(listed) == 2


async def test_of_ten_at_once_one_registers(street: Street) -> None:
    async with street.officer("alice") as alice:
        answers = await asyncio.gather(*(register(alice, photos=1) for _ in range(10)))
        listed = (await alice.get("/api/cases")).json()["items"]
    assert sorted(status for status, _ in answers) == [200] * 9 + [201]
    assert len({made["number"] for _, made in answers}) == 1
    assert len(listed) == 1


async def test_it_is_routed_by_where_it_is_not_by_who_saw_it(street: Street) -> None:
    async with street.officer("alice") as alice:
        _, made = await register(alice, place="东山小区")
        seen = await alice.get(f"/api/cases/{made['number']}")
    assert (made["owner"]["name"], made["may_open"], seen.status_code) == ("查理", False, 404)


async def test_a_grid_that_was_chosen_counts_whatever_the_words_say(lone_street: Street) -> None:
    async with lone_street.officer("alice") as alice:
        _, made = await register(alice, place="翠湖花园", unit_id="hill")
        status, refused = await register(alice, client_id="c2", unit_id="nowhere")
        _, wide = await register(alice, client_id="c3", place="桥头", unit_id="street")
    assert (made["unit_name"], made["placed"]) == ("东山网格", True)
    assert (status, refused["error"]["fields"].keys()) == (422, {"unit_id"})
    assert wide["placed"] is False


async def test_a_visit_keeps_how_the_resident_agreed(street: Street) -> None:
    named: dict[str, Any] = {"name": "李桂兰", "phone": "13800138000", "source": "visit"}
    async with street.officer("alice") as alice:
        status, refused = await register(alice, **named)
        assert (status, refused["error"]["fields"]) == (422, {"consent": "必填"})
        _, made = await register(alice, **named, consent="spoken")
        seen = (await alice.get(f"/api/cases/{made['number']}")).json()
        rows = (await alice.get("/api/conversations?view=all")).json()["items"]
    slots = {slot["name"]: slot["value"] for slot in seen["dossier"]["slots"]}
    assert (slots["name"], slots["phone"]) == ("李桂兰", "13800138000")
    assert "李" not in made["title"]
    assert rows[0]["title"] == "李桂兰"
    kept = await street.store.read(lambda tx: tx.captures.of_case(made["number"]))
    assert kept is not None
    assert (kept.consent, kept.officer_id) == ("spoken", "alice")


async def test_what_12345_passed_on_names_its_number_and_the_earlier_case(street: Street) -> None:
    async with street.officer("bob") as bob:
        status, refused = await register(bob, source="hotline")
        assert (status, refused["error"]["fields"].keys()) == (422, {"outside_number"})
        hotline: dict[str, Any] = {"source": "hotline", "outside_number": " CD2026-77 "}
        _, first = await register(bob, **hotline)
        street.time.pass_by(MINUTE)
        _, second = await register(bob, **hotline, client_id="c2")
        origin = (await bob.get(f"/api/captures/of/{first['number']}")).json()
    assert first["before"] == []
    assert second["before"] == [first["number"]]
    async with street.officer("charlie") as charlie:
        hidden = await charlie.get(f"/api/captures/of/{first['number']}")
    assert (origin["source_name"], origin["outside_number"]) == ("12345 转来", "CD2026-77")
    assert (origin["by"], origin["consent_name"], origin["no_chat"]) == ("鲍勃", None, True)
    assert hidden.status_code == 404
    case = await street.store.read(lambda tx: tx.cases.get(first["number"]))
    assert (case.source, case.contacted_at) == (Source.HOTLINE, None)
    assert case.contact_by is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"place": ""}, "place"),
        ({"source": "resident"}, "source"),
        ({"source": "rumour"}, "source"),
        ({"category": "weather"}, "category"),
        ({"kind": "elephant"}, "kind"),
        ({"client_id": "a b"}, "client_id"),
        ({"lat": 91, "lng": 0}, "lat"),
    ],
)
async def test_what_is_wrong_is_named(
    lone_street: Street, wrong: dict[str, Any], field: str
) -> None:
    async with lone_street.officer("alice") as alice:
        status, refused = await register(alice, **wrong)
        nothing = (await alice.get("/api/cases")).json()["items"]
    assert (status, refused["error"]["fields"].keys()) == (422, {field})
    assert nothing == []


async def test_only_photos_and_only_so_many(lone_street: Street) -> None:
    async with lone_street.officer("alice") as alice:
        given = ("given", (None, json.dumps(LAMP)))
        script: Any = [given, ("file", ("a.png", b"#!/bin/sh", "image/png"))]
        assert (await alice.post("/api/captures", files=script)).status_code == 415
        assert (await register(alice, photos=7))[0] == 422
        assert (await alice.post("/api/captures", json=LAMP)).status_code == 422
        broken: Any = [("given", (None, "{"))]
        assert (await alice.post("/api/captures", files=broken)).status_code == 422


async def test_a_resident_s_own_case_was_registered_by_nobody(lone_street: Street) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"))
    async with lone_street.officer("alice") as alice:
        origin = (await alice.get(f"/api/captures/of/{number}")).json()
    assert (origin["source"], origin["by"], origin["no_chat"]) == ("resident", None, False)


async def test_a_sweep_is_offered_only_when_something_was_mended(lone_street: Street) -> None:
    async with lone_street.officer("bob") as bob:
        _, made = await register(bob)
        number = made["number"]
        early = await bob.post(f"/api/captures/of/{number}/sweep")
        for verb, given in (
            ("accept", {}),
            ("resolve", {"text": "换了灯泡", "code": "answered"}),
        ):
            answer = await bob.post(f"/api/cases/{number}/{verb}", json=given)
            assert answer.status_code == 200, answer.text
        offered = (await bob.get(f"/api/captures/of/{number}")).json()
        asked = await bob.post(f"/api/captures/of/{number}/sweep")
        tasks = (await bob.get("/api/tasks?view=all")).json()["items"]
    async with lone_street.officer("charlie") as charlie:
        hidden = await charlie.post(f"/api/captures/of/{number}/sweep")
    assert (early.status_code, offered["sweep"]) == (403, True)
    assert (asked.status_code, asked.json()["sweep"]) == (201, False)
    assert [(task["kind_name"], task["officer_name"]) for task in tasks] == [("同类排查", "艾丽")]
    assert hidden.status_code == 404


async def test_readers_register_nothing(lone_street: Street) -> None:
    def hire(tx: Transaction) -> None:
        alice = tx.people.officer("alice")
        reader = replace(alice, id="rae", username="rae", role=Role.AUDITOR)
        tx.people.add_officer(reader)

    await lone_street.store.write(hire)
    async with lone_street.officer("rae") as rae:
        status, refused = await register(rae)
    assert (status, refused["error"]["code"]) == (403, "not_allowed")


async def test_the_form_offers_buttons_and_everything_to_search(lone_street: Street) -> None:
    async with lone_street.officer("alice") as alice:
        form = (await alice.get("/api/captures/form")).json()
    assert [each["code"] for each in form["sources"]] == [
        "patrol",
        "visit",
        "walk_in",
        "letter",
        "hotline",
    ]
    known = {(each["category"], each["kind"]) for each in form["matters"]}
    assert {(each["category"], each["kind"]) for each in form["common"]} <= known
    assert {category for category, kind in known if kind is None} == set(
        lone_street.deps.book.categories
    )
    manhole = next(each for each in form["matters"] if each["kind"] == "manhole")
    assert "窨井" in manhole["words"]


async def test_where_a_phone_is(lone_street: Street) -> None:
    """The demo's map, with its boundaries: the grid, and the places around, that grid's first."""
    from cli.demo import add_units, demo_data  # noqa: PLC0415

    await lone_street.store.write(lambda tx: add_units(tx, demo_data()))
    hood = Neighbourhood(lone_street.store, load_naming())

    async def area() -> Gazetteer | None:
        return (await hood.current()).places

    work = replace(lone_street.deps.field_work, area=area)
    deps = replace(lone_street.deps, field_work=work)
    parts = WebParts([create_console(deps)], Limits(upload=200_000), deps.files.directory)
    street = replace(lone_street, app=build_app(parts), deps=deps)
    async with street.officer("alice") as alice:
        here = (await alice.get("/api/captures/where?lat=30.6588&lng=104.0650")).json()
        sea = (await alice.get("/api/captures/where?lat=10&lng=10")).json()
        found = (await alice.get("/api/captures/places?q=锦绣")).json()["items"]
        odd = (await alice.get("/api/captures/places?q=%25")).json()["items"]
        assert (await alice.get("/api/captures/where?lat=x&lng=1")).status_code == 422
        _, made = await register(alice, place="", lat=30.6588, lng=104.0650)
    assert here["unit"]["name"] == "柳岸社区第一网格"
    assert [each["name"] for each in here["near"]][:2] == ["柳岸社区便民服务站", "翠湖花园"]
    assert [each["metres"] for each in here["near"]] == sorted(
        each["metres"] for each in here["near"]
    )
    assert sea == {"unit": None, "near": []}
    assert [each["name"] for each in found] == ["锦绣家园", "锦绣商务楼"]
    assert odd == []
    assert (made["unit_name"], made["placed"]) == ("柳岸社区第一网格", True)
