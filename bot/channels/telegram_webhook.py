"""Updates Telegram posts to us. Answered with 200 only when they are stored."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import structlog
from fastapi import APIRouter, Request, Response

if TYPE_CHECKING:
    from bot.channels.telegram_intake import Intake

log = structlog.get_logger()
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  the header's name
LARGEST_BODY = 1024 * 1024  # bytes; an update has a few thousand


class Webhook:
    """Takes updates from Telegram and nobody else."""

    def __init__(self, intake: Intake, secret: str) -> None:
        if not secret:
            raise ValueError("a webhook without a secret would take updates from anybody")
        self._intake = intake
        self._secret = secret.encode()

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status. Anything but 200 makes Telegram deliver the update again."""
        given = headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return 403 if given else 401
        if len(body) > LARGEST_BODY:
            return 413
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return 400
        if not self._intake.username:
            return 503
        try:
            await self._intake.take([update])
        except Exception as error:  # noqa: BLE001  supervised: Telegram keeps it and comes again
            log.warning("webhook_not_stored", error=type(error).__name__)
            return 503
        return 200


def webhook_routes(webhook: Webhook) -> APIRouter:
    """POST /telegram/webhook."""
    router = APIRouter()

    @router.post("/telegram/webhook", include_in_schema=False)
    async def receive(request: Request) -> Response:
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return Response(status_code=413)
        return Response(status_code=await webhook.handle(request.headers, await request.body()))

    return router
