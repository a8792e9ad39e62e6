"""A speech-to-text server on a free port that says and does what a test orders."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web


@dataclass
class Asked:
    """One request, as it arrived."""

    fields: dict[str, str]
    filename: str
    mime: str
    data: bytes
    authorization: str


@dataclass
class Transcriber:
    """``answers`` are given in turn, the last one for ever: a text, a status, or raw bytes."""

    answers: list[str | int | bytes] = field(default_factory=lambda: ["你好"])
    asked: list[Asked] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    holding: bool = False
    url: str = ""

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/audio/transcriptions."""
        fields: dict[str, str] = {}
        sent: dict[str, Any] = {}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.filename is not None:
                mime = part.headers.get("Content-Type", "")
                sent = {"filename": part.filename, "mime": mime, "data": bytes(await part.read())}
            else:
                fields[part.name or ""] = await part.text()
        header = request.headers.get("Authorization", "")
        self.asked.append(Asked(fields=fields, authorization=header, **sent))
        if self.holding:
            await self.released.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="application/json")
        return web.json_response({"text": answer})


@asynccontextmanager
async def transcribing() -> AsyncIterator[Transcriber]:
    """The server, while it serves."""
    server = Transcriber()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/v1/audio/transcriptions", server.transcribe)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        server.released.set()
        await runner.cleanup()
