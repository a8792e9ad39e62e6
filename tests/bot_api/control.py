"""Endpoints for tests in other processes and for the page: be a resident, read what was sent.

Everything under /control answers JSON; ``GET /control/said`` waits until there is something new.
"""

from __future__ import annotations

import base64
import contextlib
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.bot_api.faults import Fault
from tests.bot_api.server import BotApi
from tests.bot_api.world import Json

PAGE = Path(__file__).with_name("page.html")


class Control:
    """The control endpoints of one server."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.world = api.world

    def add_to(self, app: web.Application) -> None:
        """Mount the endpoints and the page."""
        app.router.add_get("/", self.page)
        app.router.add_get("/control/state", self.state)
        app.router.add_get("/control/said", self.said)
        app.router.add_get("/control/files/{file_id}", self.file)
        app.router.add_post("/control/people", self.people)
        app.router.add_post("/control/groups", self.groups)
        app.router.add_post("/control/faults", self.order_fault)
        app.router.add_post("/control/{what}", self.act)

    async def page(self, _request: web.Request) -> web.StreamResponse:
        """The page where a person can chat as a resident."""
        return web.FileResponse(PAGE)

    async def state(self, _request: web.Request) -> web.StreamResponse:
        """Chats, people, and how much the bot has not yet fetched."""
        chats = [
            {**chat.as_json(), "title": chat.title, "members": chat.members}
            for chat in self.world.chats.values()
            if chat.moved_to is None
        ]
        return web.json_response(
            {
                "bot": self.world.bot,
                "chats": chats,
                "people": list(self.world.people.values()),
                "waiting": len(self.world.updates),
                "answered": self.world.answered,
                "calls": len(self.api.arrived),
            }
        )

    async def said(self, request: web.Request) -> web.StreamResponse:
        """Lines behind ``after`` (of ``chat``; only the bot's with ``bot=1``), waiting up to
        ``timeout`` seconds for ``count`` of them."""
        after = int(request.query.get("after", 0))
        count = int(request.query.get("count", 1))
        chat = int(request.query["chat"]) if "chat" in request.query else None
        only_bot = request.query.get("bot") == "1"
        mine = self.world.bot["id"]

        def found() -> list[Any]:
            return [
                said
                for said in self.world.said[after:]
                if chat in (None, said.chat) and (not only_bot or said.sender == mine)
            ]

        with contextlib.suppress(TimeoutError):
            wait = float(request.query.get("timeout", 0))
            await self.world.until(lambda: len(found()) >= count, wait)
        return web.json_response(
            {"said": [said.as_json(mine) for said in found()], "last": len(self.world.said)}
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file someone sent."""
        stored = self.world.files.get(request.match_info["file_id"])
        if stored is None:
            return web.Response(status=404)
        return web.Response(body=stored["data"], content_type=stored.get("mime_type", "image/jpeg"))

    async def people(self, request: web.Request) -> web.StreamResponse:
        """``{"name"}`` → a new person's id."""
        given = await request.json()
        person = self.world.person(given.get("name", "张三"), given.get("id"))
        self.world.touch()
        return web.json_response({"id": person})

    async def groups(self, request: web.Request) -> web.StreamResponse:
        """``{"title","admins","members"}`` → a new group's id."""
        given = await request.json()
        group = self.world.group(
            given["title"], admins=given["admins"], members=given.get("members")
        )
        self.world.touch()
        return web.json_response({"id": group})

    async def order_fault(self, request: web.Request) -> web.StreamResponse:
        """A Fault's fields; ``{"clear":true}`` takes all back."""
        given = await request.json()
        if given.get("clear"):
            self.api.faults.clear()
            self.api.released.set()
        else:
            self.api.faults.append(Fault(**given))
        return web.json_response({"ok": True})

    async def act(self, request: web.Request) -> web.StreamResponse:
        """One thing a resident does; answers the update it made."""
        given: Json = await request.json()
        done = self._act(request.match_info["what"], given)
        if done is None:
            return web.json_response({"error": "unknown"}, status=404)
        return web.json_response(done)

    def _act(self, what: str, given: Json) -> Json | None:
        world, chat = self.world, int(given.pop("chat", 0))
        match what:
            case "text":
                if "reply_to" in given:
                    given["reply_to_message"] = world.find(chat, given.pop("reply_to")).raw
                return world.text(chat, **given)
            case "media":
                return world.media(
                    chat, given.pop("kind", "photo"), base64.b64decode(given.pop("base64")), **given
                )
            case "press" | "location" | "contact" | "edit" | "membership":
                done: Json = getattr(world, what)(chat, **given)
                return done
            case "migrate":
                return {"id": world.migrate(chat)}
        return None
