"""The HTTP side: Bot API methods, long polling, files, and pushing to a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.bot_api.calls import Calls
from tests.bot_api.faults import Fault, Refusal
from tests.bot_api.world import Json, World

TOKEN = "42:TEST"
LONGEST_POLL = 50.0  # seconds, as the real one
FIRST_RETRY = 0.02  # seconds; the real one starts at about a second
LAST_RETRY = 1.0


class BotApi:
    """A World behind HTTP. ``faults`` are tried in order before each call."""

    def __init__(self, world: World | None = None, *, token: str = TOKEN) -> None:
        self.world = world or World(bot_id=int(token.partition(":")[0]))
        self.token = token
        self.calls = Calls(self.world)
        self.faults: list[Fault] = []
        self.released = asyncio.Event()  # ends every ``hang``
        self.arrived: list[tuple[str, int | None]] = []  # every call, answered or not
        self.webhook: Json = {}
        self.webhook_error: str | None = None
        self._poll: asyncio.Event | None = None
        self._pusher: asyncio.Task[None] | None = None

    def application(self) -> web.Application:
        """The routes a bot uses."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.on_cleanup.append(self._close)
        return app

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given, files = await _parameters(request)
        chat = _number(given.get("chat_id"))
        self.arrived.append((method, chat))
        fault = next((f for f in self.faults if f.strikes(method, chat)), None)
        try:
            self._know(request.match_info["token"])
            if fault is not None:
                answer = await self._struck(fault, request, method, given, files)
                if answer is not None:
                    return answer
            result = await self._run(method, given, files)
        except Refusal as refusal:
            return web.json_response(refusal.as_json(), status=refusal.code)
        return web.json_response({"ok": True, "result": result}, dumps=_dumps)

    def _know(self, token: str) -> None:
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    async def _struck(
        self, fault: Fault, request: web.Request, method: str, given: Json, files: dict[str, bytes]
    ) -> web.StreamResponse | None:
        """What a fault makes of the call; None to carry it out after all."""
        refusal = fault.refusal()
        if refusal is not None:
            raise refusal
        if fault.kind == "garbage":
            return web.Response(text="<html>bad gateway</html>", status=502)
        done = await self._run(method, given, files) if fault.after else None
        if fault.kind == "hang":
            self.world.touch()
            await self.released.wait()
        elif fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif request.transport is not None:
            request.transport.abort()
            return web.Response()
        return web.json_response({"ok": True, "result": done}) if fault.after else None

    async def _run(self, method: str, given: Json, files: dict[str, bytes]) -> Any:
        waiting = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
        }.get(method.lower())
        if waiting is not None:
            return await waiting(given)
        return self.calls.run(method, given, files)

    async def _get_updates(self, given: Json) -> list[Json]:
        if self.webhook.get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._poll is not None:
            self._poll.set()
        ended = self._poll = asyncio.Event()
        self._allow(given)
        self.world.confirm(int(given.get("offset") or 0))
        limit = min(100, max(1, int(given.get("limit") or 100)))
        patience = min(LONGEST_POLL, float(given.get("timeout") or 0))

        def waiting() -> bool:
            return ended.is_set() or bool(self.world.updates)

        if patience and not waiting():
            with contextlib.suppress(TimeoutError):
                await self.world.until(waiting, patience)
        if ended.is_set():
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        self._poll = None
        batch = [update for update, _ in zip(self.world.updates, range(limit), strict=False)]
        self.world.polls.append({"offset": given.get("offset"), "updates": len(batch)})
        self.world.touch()
        return batch

    def _allow(self, given: Json) -> None:
        if "allowed_updates" in given:
            listed = given["allowed_updates"]
            kinds = json.loads(listed) if isinstance(listed, str) else listed
            self.world.allowed = frozenset(kinds) if kinds else None

    async def _set_webhook(self, given: Json) -> bool:
        await self._delete_webhook({})
        self._allow(given)
        if given.get("url"):
            self.webhook = dict(given)
            self._pusher = asyncio.create_task(self._push())
        self.world.touch()
        return True

    async def _delete_webhook(self, given: Json) -> bool:
        if self._pusher is not None:
            self._pusher.cancel()
            self._pusher = None
        self.webhook = {}
        if str(given.get("drop_pending_updates", "")).lower() == "true":
            self.world.updates.clear()
        return True

    async def _webhook_info(self, _given: Json) -> Json:
        info = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates),
        }
        if self.webhook_error is not None:
            info |= {"last_error_date": 1, "last_error_message": self.webhook_error}
        return info

    async def _push(self) -> None:
        """POST updates one after the other; each again until it is answered with 2xx."""
        headers = {"Content-Type": "application/json"}
        if self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = str(self.webhook["secret_token"])
        pause = FIRST_RETRY
        async with ClientSession(timeout=ClientTimeout(total=60)) as session:
            while True:
                await self.world.until(lambda: self.world.updates, seconds=86_400)
                update = self.world.updates[0]
                if await self._posted(session, headers, update):
                    self.world.confirm(update["update_id"] + 1)
                    pause = FIRST_RETRY
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LAST_RETRY)

    async def _posted(self, session: ClientSession, headers: dict[str, str], update: Json) -> bool:
        try:
            url = str(self.webhook["url"])
            async with session.post(url, data=_dumps(update), headers=headers) as answer:
                if 200 <= answer.status < 300:
                    return True
                self.webhook_error = f"Wrong response from the webhook: {answer.status}"
        except (ClientError, TimeoutError) as error:
            self.webhook_error = type(error).__name__
        self.world.touch()
        return False

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.arrived.append(("file", None))
        fault = next((f for f in self.faults if f.strikes("file", None)), None)
        if fault is not None and fault.kind == "drop":
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault is not None and fault.kind == "hang":
            await self.released.wait()
        elif fault is not None:
            return web.Response(status=500)
        for stored in self.world.files.values():
            if stored["file_path"] == path and request.match_info["token"] == self.token:
                return web.Response(body=stored["data"])
        return web.Response(status=404)

    async def _close(self, _app: web.Application) -> None:
        self.released.set()
        await self._delete_webhook({})


async def _parameters(request: web.Request) -> tuple[Json, dict[str, bytes]]:
    given: Json = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json":
        given |= await request.json()
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = value.file.read()
            else:
                given[name] = value
    return given, files


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
