"""Codes on walls: who makes them, what they look like, and that nobody sees who scanned."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from casework.links import Link, LinkKind, is_link
from casework.ports import Transaction
from cli.web import WebParts, build_app
from cli.web_guard import Limits
from handoff_console.app import create_console
from tests.handoff_console.street import Street

PLANT = {
    "kind": "enterprise",
    "name": "宏达电子厂",
    "respondent": "宏达电子有限公司",
    "place": "柳岸街8号",
    "unit_id": "lake",
}


async def make(client: httpx.AsyncClient, **given: object) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/api/links", json={**PLANT, **given})
    return answer.status_code, answer.json()


def with_doors(street: Street, **given: Any) -> Street:
    """The console of a city that named its addresses."""
    work = replace(street.deps.field_work, **given)
    deps = replace(street.deps, field_work=work)
    parts = WebParts([create_console(deps)], Limits(upload=200_000), deps.files.directory)
    return replace(street, app=build_app(parts), deps=deps)


async def test_a_code_is_made_listed_counted_and_taken_down(street: Street) -> None:
    async with street.officer("bob") as bob:
        status, made = await make(bob, last_day="2027-12-31")
        day = street.time().date()
        await street.store.write(lambda tx: tx.links.opened(made["id"], day))
        await street.store.write(lambda tx: tx.links.opened(made["id"], day - timedelta(days=31)))
        listed = (await bob.get("/api/links")).json()
        gone = (await bob.post(f"/api/links/{made['id']}/revoke")).json()
        again = (await bob.post(f"/api/links/{made['id']}/revoke")).json()
    assert status == 201
    assert (made["made_by"], made["standing"], made["opened"]) == ("鲍勃", "good", 0)
    assert made["valid_until"] == "2027-12-31T16:00:00Z"  # midnight in China, after that day
    assert [(each["id"], each["opened"]) for each in listed["items"]] == [(made["id"], 1)]
    assert [each["code"] for each in listed["kinds"]] == ["enterprise", "building", "place"]
    assert (gone["standing"], gone["revoked_at"]) == ("revoked", again["revoked_at"])
    events = await street.store.read(lambda tx: tx.events.after(0, 100))
    told = [event for event in events if event.kind.value.startswith("link_")]
    assert [event.kind.value for event in told] == ["link_made", "link_revoked"]
    assert "宏达" not in str(told)


async def test_of_many_codes_the_newest_are_listed_and_others_found(
    lone_street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff_console.routes.links.MOST", 3)
    now = lone_street.time()

    def put_up(tx: Transaction) -> None:
        for at in range(5):
            made_at = now + timedelta(minutes=at)
            tx.links.add(
                Link(f"link-{at:07}", LinkKind.PLACE, f"第{at}号楼", "", "柳岸", "lake", made_at)
            )

    await lone_street.store.write(put_up)
    async with lone_street.officer("bob") as bob:
        newest = (await bob.get("/api/links")).json()
        found = (await bob.get("/api/links", params={"q": "第0号"})).json()
        wild = (await bob.get("/api/links", params={"q": "%"})).json()
    assert [each["name"] for each in newest["items"]] == ["第4号楼", "第3号楼", "第2号楼"]
    assert newest["more"]
    assert ([each["name"] for each in found["items"]], found["more"]) == (["第0号楼"], False)
    assert wild["items"] == []


async def test_a_code_leads_where_the_city_says_it_is(lone_street: Street) -> None:
    named = with_doors(lone_street, site="https://city.example/", telegram_name="jiesu_bot")
    async with named.officer("bob") as bob:
        _, made = await make(bob)
        svg = await bob.get(f"/api/links/{made['id']}/code.svg?to=telegram")
        png = await bob.get(f"/api/links/{made['id']}/code.png")
        odd = await bob.get(f"/api/links/{made['id']}/code.png?to=fax")
    assert made["web"].startswith("https://city.example/chat?p=L")
    payload = parse_qs(urlsplit(made["web"]).query)["p"][0]
    assert made["telegram"] == f"https://t.me/jiesu_bot?start={payload}"
    assert is_link(payload)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    assert lone_street.deps.field_work.keys.read(payload) == made["id"]
    assert (svg.headers["content-type"], svg.content[:4]) == ("image/svg+xml", b"<svg")
    assert (png.headers["content-type"], png.content[:4]) == ("image/png", b"\x89PNG")
    assert odd.status_code == 422


async def test_without_a_named_site_it_is_where_the_console_was_called(
    lone_street: Street,
) -> None:
    async with lone_street.officer("bob") as bob:
        _, made = await make(bob)
        none = await bob.get(f"/api/links/{made['id']}/code.svg?to=telegram")
    assert made["web"].startswith("http://jiesu.test/chat?p=L")
    assert (made["telegram"], none.status_code) == (None, 404)


async def test_grid_workers_make_none_and_see_none(street: Street) -> None:
    async with street.officer("bob") as bob:
        _, made = await make(bob)
    async with street.officer("alice") as alice:
        for answer in (
            await alice.get("/api/links"),
            await alice.post("/api/links", json=PLANT),
            await alice.post(f"/api/links/{made['id']}/revoke"),
            await alice.get(f"/api/links/{made['id']}/code.svg"),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"kind": "car"}, "kind"),
        ({"unit_id": None}, "unit_id"),
        ({"unit_id": "nowhere"}, "unit_id"),
        ({"place_id": "nowhere"}, "place_id"),
        ({"last_day": "2026-11-21"}, "valid_until"),
    ],
)
async def test_what_is_wrong_is_named(
    lone_street: Street, wrong: dict[str, object], field: str
) -> None:
    async with lone_street.officer("bob") as bob:
        status, refused = await make(bob, **wrong)
    assert (status, refused["error"]["fields"].keys()) == (422, {field})


async def test_at_a_known_place_its_grid_is_the_place_s(lone_street: Street) -> None:
    (place,) = [
        each
        for each in await lone_street.store.read(lambda tx: tx.places.all())
        if each.name == "东山小区"
    ]
    async with lone_street.officer("bob") as bob:
        given = {"kind": "building", "name": "东山小区3栋", "respondent": "", "place": ""}
        _, made = await make(bob, **given, place_id=place.id, unit_id=None)
    assert (made["unit"]["id"], made["place"], made["respondent"]) == ("hill", "东山小区", "")


async def test_a_code_of_another_street_is_not_there(lone_street: Street) -> None:
    async with lone_street.officer("root") as root:
        _, made = await make(root)
        missing = await root.post("/api/links/aaaabbbbcccc/revoke")

    def move(tx: Any) -> None:
        bob = tx.people.officer("bob")
        tx.people.add_officer(replace(bob, id="ben", username="ben", unit_id="hill"))

    await lone_street.store.write(move)
    async with lone_street.officer("ben") as ben:
        listed = (await ben.get("/api/links")).json()["items"]
        seen = await ben.get(f"/api/links/{made['id']}/code.png")
        taken = await ben.post(f"/api/links/{made['id']}/revoke")
    assert (listed, seen.status_code, taken.status_code) == ([], 404, 403)
    assert missing.status_code == 404
