"""Every route declares who may call it, and those for officers refuse everybody else."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from bot.channels import webchat
from cli.console_parts import documented_routers
from handoff_console import deps
from handoff_console.app import ROUTERS
from tests.handoff_console.street import Street

OPEN = {"/api/login"}


def calls(dependant: Dependant) -> Iterator[object]:
    yield getattr(dependant.call, "__func__", dependant.call)
    for each in dependant.dependencies:
        yield from calls(each)


def routes() -> list[APIRoute]:
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def test_every_console_route_declares_its_caller() -> None:
    assert len(routes()) >= 20
    for route in routes():
        declared = {deps.officer, deps.anybody} & set(calls(route.dependant))
        assert len(declared) == 1, route.path
        assert (deps.anybody in declared) == (route.path in OPEN), route.path


def test_every_web_chat_route_declares_its_caller() -> None:
    known = {webchat.WebChat.resident, webchat.anybody}
    chat = [r for r in documented_routers()[0].routes if isinstance(r, APIRoute)]
    assert len(chat) == 6
    for route in chat:
        assert len(known & set(calls(route.dependant))) == 1, route.path


async def test_without_a_login_no_route_answers(lone_street: Street) -> None:
    async with lone_street.stranger() as client:
        for route in routes():
            if route.path in OPEN:
                continue
            path = route.path.replace("{", "").replace("}", "")
            for method in route.methods or ():
                answer = await client.request(method, path, json={})
                assert answer.status_code == 401, (method, path)
