"""An officer at the console's API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx


class OfficerAtConsole:
    """Logged in; methods are what the buttons of the console do."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self._headers = {"X-CSRF-Token": token}

    @classmethod
    async def log_in(
        cls, http: httpx.AsyncClient, username: str, password: str
    ) -> OfficerAtConsole:
        body = {"username": username, "password": password}
        (await http.post("/api/login", json=body)).raise_for_status()
        me = (await http.get("/api/me")).raise_for_status().json()
        return cls(http, me["csrf_token"])

    async def get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = (await self._http.get(path)).raise_for_status().json()
        return answer

    async def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self._http.post(path, json=body or {}, headers=self._headers)

    async def find(self, words: str) -> str:
        """The id of the conversation whose newest resident line is ``words``."""
        page = await self.get("/api/conversations?view=all")
        return str(next(row["id"] for row in page["items"] if words in row["preview"]))

    async def open(self, conversation_id: str) -> dict[str, Any]:
        return await self.get(f"/api/conversations/{conversation_id}")

    async def take_over(self, conversation_id: str) -> int:
        answer = await self.post(f"/api/conversations/{conversation_id}/takeover")
        assert answer.status_code == 200, answer.text
        return int(answer.json()["epoch"])

    async def reply(self, conversation_id: str, epoch: int, text: str) -> httpx.Response:
        body = {"client_id": uuid4().hex, "text": text, "epoch": epoch}
        return await self.post(f"/api/conversations/{conversation_id}/replies", body)

    async def release(self, conversation_id: str, epoch: int, to: str) -> httpx.Response:
        body = {"epoch": epoch, "to": to}
        return await self.post(f"/api/conversations/{conversation_id}/release", body)

    async def act(self, number: str, verb: str, **given: str) -> httpx.Response:
        return await self.post(f"/api/cases/{number}/{verb}", dict(given))
