"""What becomes restricted is out of sight on every route, for every role that is not named.

The cases are worked on openly first; then it turns out that they are for few (hidden.scene_of).
Each route of the console is then asked as each role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import httpx
from fastapi.routing import APIRoute

from handoff_console.app import ROUTERS
from handoff_console.live_items import concerned, item, read_facts
from storage.unit_of_work import SqlTransaction
from storage.views import sight_of
from tests.handoff_console.hidden import OTHERS, Scene, scene_of
from tests.handoff_console.street import Street
from tests.handoff_console.test_capture import PNG


def routes() -> Iterator[APIRoute]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path != "/api/events":
                yield route


def addresses(route: APIRoute, scene: Scene) -> Iterator[tuple[str, dict[str, str]]]:
    """The route with everything known in the place of its parameters."""
    asked = [each.name for each in route.dependant.path_params]
    for values in product(*(scene.ids.get(name, ["x"]) for name in asked)):
        path = route.path
        for name, value in zip(asked, values, strict=True):
            path = path.replace("{" + name + "}", value)
        yield path, {}
        for query in route.dependant.query_params:
            for value in scene.ids.get(query.name, ()):
                yield path, {query.name: value}


def tells(scene: Scene, answer: httpx.Response) -> bool:
    """Whether an answer holds a secret, or a file that only such a case has."""
    if answer.status_code == 200 and "json" not in answer.headers["content-type"]:
        return True
    return any(secret in answer.text for secret in scene.secrets())


async def test_no_route_tells_of_it(lone_street: Street) -> None:
    scene = await scene_of(lone_street)
    found: dict[str, list[str]] = {}
    for name in ("bob", *OTHERS):
        async with lone_street.officer(name) as client:
            for route in routes():
                if "GET" not in (route.methods or ()):
                    continue
                for path, query in addresses(route, scene):
                    answer = await client.get(path, params=query)
                    if tells(scene, answer):
                        found.setdefault(name, []).append(str(answer.request.url))
    assert len(found.pop("bob")) > 30  # he is of a named role: there is something to be seen
    assert found == {}


async def test_no_live_event_tells_of_it(lone_street: Street) -> None:
    scene = await scene_of(lone_street)

    def told(tx: SqlTransaction) -> dict[str, list[str]]:
        events = tx.events.after(0, 10_000)
        facts, units = read_facts(tx, events), tx.people.all_units()
        found: dict[str, list[str]] = {}
        for event in events:
            audience = concerned(event, facts)
            made = item(event, facts, audience, audience)
            for officer in tx.people.organisation().officers.values():
                seen = made.seen_by(sight_of(units.get(officer.unit_id or ""), officer)) or b""
                if any(secret in seen.decode() for secret in scene.secrets()):
                    found.setdefault(officer.id, []).append(event.kind.value)
        return found

    found = await lone_street.store.read(told)
    assert len(found.pop("bob")) > 30
    assert found.pop("root")
    assert found == {}


BODY: dict[str, object] = {
    "number": "JS000000-0001",
    "epoch": 1,
    "to": "queue",
    "text": "x",
    "client_id": "c",
    "activity": "viewing",
    "unit_id": "lake",
    "departments": ["office"],
    "place": "x",
    "matter": "x",
    "arrive_by": "2026-11-22T18:00:00+08:00",
    "outcome": "settled",
    "result": "x",
    "opinion": "x",
    "reason": "overdue",
    "instead": "x",
    "what": "x",
    "day": "2026-11-22",
    "others": 1,
    "others_done": 1,
    "level": "ordinary",
    "org_id": "office",
    "action": "x",
    "duty": "meet",
    "source": "proactive",
    "answer": "yes",
    "how": "visit",
    "mediator_id": "sun",
    "asked_at": "2026-11-22T11:00:00+08:00",
    "at": "2026-11-22T18:00:00+08:00",
    "held": True,
    "form": "oral",
    "effective_on": "2026-11-22",
    "phase": "stopped",
    "party": "resident",
    "due_on": "2026-12-01",
    "kept": True,
    "court": "x",
    "on": "2026-11-22",
    "stage": "confirmed",
    "category": "other",
    "came": True,
    "starts_at": "2026-11-25T09:00:00+08:00",
}
"""Something for every field that a route about a case asks for."""
OF_A_UNIT = ("/api/booking/", "/api/grids/", "/api/links/", "/api/duty/")
"""Calendars, boundaries, codes and duty are a unit's, whoever comes by them."""


def body_of(route: APIRoute) -> dict[str, Any]:
    """What the route asks for, as httpx sends it."""
    asked = route.body_field.field_info.annotation if route.body_field else None
    fields = getattr(asked, "model_fields", {})
    if "file" in fields:
        return {"files": {"file": ("a.png", PNG, "image/png")}}
    return {"json": {name: BODY[name] for name, each in fields.items() if each.is_required()}}


async def test_no_route_does_anything_with_it(lone_street: Street) -> None:
    """It is answered as a case that there is not: nobody learns even that there is one."""
    scene = await scene_of(lone_street)
    scene.know("verb", "accept", "resolve", "fly")
    scene.know("index", "0")
    scene.ids["number"] = scene.hidden
    kept = await lone_street.store.read(lambda tx: [tx.cases.get(n) for n in scene.hidden])
    found: list[tuple[str, str, str, str]] = []
    for name in OTHERS:
        async with lone_street.officer(name) as client:
            for route in routes():
                asked = {each.name for each in route.dependant.path_params} - {"verb", "unit_id"}
                if "POST" not in (route.methods or ()) or not asked:
                    continue
                if route.path.startswith(OF_A_UNIT):
                    continue
                body = body_of(route)
                nothing = replace(scene, ids={**scene.ids, **{name: ["0" * 32] for name in asked}})
                expected = await client.post(next(addresses(route, nothing))[0], **body)
                for path in {path for path, _ in addresses(route, scene)}:
                    answer = await client.post(path, **body)
                    if (answer.status_code, answer.text) != (expected.status_code, expected.text):
                        found.append((name, path, answer.text[:300], expected.text[:200]))
    assert found == []
    after = await lone_street.store.read(lambda tx: [tx.cases.get(n) for n in scene.hidden])
    assert after == kept
