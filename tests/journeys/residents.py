"""One resident, three doors: the same journey is walked through each."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx

JIESU = Path(sys.executable).with_name("jiesu")
PATIENCE = 60  # seconds a line may take on a busy machine
# The smallest picture there is: one transparent pixel.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@dataclass(frozen=True)
class Heard:
    """What reached the resident: the words, and the buttons by title."""

    text: str
    buttons: dict[str, str]


class Resident(Protocol):
    """Somebody with a complaint."""

    async def say(self, text: str) -> Heard:
        """Send a line; gives the answer to it."""
        ...

    async def press(self, payload: str, title: str) -> Heard:
        """Press a button of the last answer."""
        ...

    async def send(self, kind: str, text: str = "") -> Heard:
        """Send a photo, with a caption or without."""
        ...

    async def tell(self, text: str) -> None:
        """Send a line nobody is expected to answer; when this returns it is stored."""
        ...

    async def hear(self) -> Heard:
        """The next line that arrives unasked."""
        ...


def _heard(message: dict[str, Any]) -> Heard:
    return Heard(message["text"], {b["title"]: b["payload"] for b in message["buttons"]})


class WebResident:
    """On the chat page's API."""

    def __init__(self, http: httpx.AsyncClient, token: str, conversation_id: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self.conversation_id = conversation_id
        self._seen = 0

    @classmethod
    async def arrive(cls, http: httpx.AsyncClient) -> WebResident:
        made = (await http.post("/api/chat/sessions")).raise_for_status().json()
        return cls(http, made["token"], made["conversation_id"])

    async def _send(self, body: dict[str, Any]) -> None:
        answer = await self._http.post(
            "/api/chat/messages", json={"client_id": uuid4().hex, **body}, headers=self._headers
        )
        assert answer.status_code == 202, answer.text

    async def say(self, text: str) -> Heard:
        await self._send({"text": text})
        return await self.hear()

    async def press(self, payload: str, title: str) -> Heard:
        await self._send({"button": payload})
        return await self.hear()

    async def send(self, kind: str, text: str = "") -> Heard:
        assert kind == "photo"
        answer = await self._http.post(
            "/api/chat/messages",
            data={"client_id": uuid4().hex, "text": text},
            files={"file": ("现场.png", PIXEL)},
            headers=self._headers,
        )
        assert answer.status_code == 202, answer.text
        return await self.hear()

    async def tell(self, text: str) -> None:
        await self._send({"text": text})

    async def hear(self) -> Heard:
        url = f"/api/chat/events?after={self._seen}"
        async with (
            asyncio.timeout(PATIENCE),
            self._http.stream("GET", url, headers=self._headers) as stream,
        ):
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                self._seen = message["seq"]
                if message["from"] != "resident":
                    return _heard(message)
        raise AssertionError("the stream ended")


class TelegramResident:
    """In a private chat on the local Bot API server."""

    def __init__(self, control: httpx.AsyncClient, chat: int) -> None:
        self._control = control
        self.chat = chat
        self._seen = 0
        self._last = 0

    @classmethod
    async def arrive(cls, control: httpx.AsyncClient) -> TelegramResident:
        made = (await control.post("/control/people", json={"name": "王大姐"})).json()
        return cls(control, made["id"])

    async def say(self, text: str) -> Heard:
        await self._write(text)
        return await self.hear()

    async def tell(self, text: str) -> None:
        await self._write(text)
        async with asyncio.timeout(PATIENCE):
            # What the bot fetched it acknowledges once it is stored: in another process.
            while (await self._control.get("/control/state")).json()["waiting"]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def _write(self, text: str) -> None:
        answer = await self._control.post("/control/text", json={"chat": self.chat, "text": text})
        answer.raise_for_status()

    async def send(self, kind: str, text: str = "") -> Heard:
        body = {
            "chat": self.chat,
            "kind": kind,
            "base64": base64.b64encode(PIXEL).decode(),
            "caption": text,
        }
        (await self._control.post("/control/media", json=body)).raise_for_status()
        return await self.hear()

    async def press(self, payload: str, title: str) -> Heard:
        body = {"chat": self.chat, "message_id": self._last, "data": payload}
        (await self._control.post("/control/press", json=body)).raise_for_status()
        return await self.hear()

    async def hear(self) -> Heard:
        params = {"chat": self.chat, "bot": 1, "count": self._seen + 1, "timeout": PATIENCE}
        answer = await self._control.get("/control/said", params=params, timeout=PATIENCE + 5)
        said = answer.json()["said"]
        assert len(said) > self._seen, "nothing arrived"
        message = said[self._seen]
        self._seen += 1
        self._last = message["message_id"]
        pressed = {b["text"]: b["callback_data"] for row in message["buttons"] for b in row}
        return Heard(message["text"], pressed)


class TerminalResident:
    """At `jiesu chat --json`, beside the server on the same data."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._waiting: list[Heard] = []

    @classmethod
    async def arrive(cls, data: Path, environment: dict[str, str]) -> TerminalResident:
        process = await asyncio.create_subprocess_exec(
            JIESU,
            "chat",
            "--json",
            "--data",
            str(data),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **environment},
        )
        return cls(process)

    async def _turn(self, line: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        async with asyncio.timeout(PATIENCE):
            turn = json.loads(await self._process.stdout.readline())
        self._waiting += [_heard(reply) for reply in turn["replies"]]

    async def say(self, text: str) -> Heard:
        await self._turn(text)
        return self._waiting.pop(0)

    async def press(self, payload: str, title: str) -> Heard:
        await self._turn(json.dumps({"button": payload, "text": title}, ensure_ascii=False))
        return self._waiting.pop(0)

    async def send(self, kind: str, text: str = "") -> Heard:
        await self._turn(json.dumps({kind: True, "text": text}, ensure_ascii=False))
        return self._waiting.pop(0)

    async def tell(self, text: str) -> None:
        await self._turn(text)

    async def hear(self) -> Heard:
        if not self._waiting:
            await self._turn('{"wait": "PT0S"}')
        return self._waiting.pop(0)

    async def leave(self) -> None:
        """End the process by ending its input."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
