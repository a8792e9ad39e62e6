"""The built pages: two documents that are always asked for again, and assets that never change."""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

NOT_BUILT = (
    "页面还没有构建，请在项目目录里运行 make web，然后刷新本页。\n"
    "The pages are not built yet: run `make web` in the project directory, then reload.\n"
)
FOREVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class _Asset:
    body: bytes
    squeezed: bytes | None
    mime: str


class Pages:
    """Reads files below ``folder`` as they are asked for and keeps assets in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._assets: dict[str, _Asset] = {}

    def router(self) -> APIRouter:
        """``/``, ``/chat``, ``/assets/…`` and the icon."""
        router = APIRouter(include_in_schema=False)
        pages: dict[str, Callable[..., Response]] = {
            "/": self.console,
            "/chat": self.chat,
            "/icon.svg": self.icon,
            "/assets/{name}": self.asset,
        }
        for path, page in pages.items():
            router.add_api_route(path, page, methods=["GET", "HEAD"])
        return router

    def console(self, request: Request) -> Response:
        """The officers' page."""
        return self._document("index.html", request)

    def chat(self, request: Request) -> Response:
        """The residents' page."""
        return self._document("chat.html", request)

    def icon(self, request: Request) -> Response:
        """The icon."""
        return self._document("icon.svg", request)

    def asset(self, name: str, request: Request) -> Response:
        """A script or style; its name changes with its content."""
        known = self._assets.get(name)
        if known is None:
            known = self._assets[name] = self._read(self._folder / "assets" / name)
        return _send(known, request, FOREVER)

    def _document(self, name: str, request: Request) -> Response:
        path = self._folder / name
        if not path.is_file():
            return PlainTextResponse(NOT_BUILT, 503, {"Cache-Control": "no-store"})
        return _send(self._read(path), request, "no-cache")

    def _read(self, path: Path) -> _Asset:
        # A name with a slash never gets here: the route takes one part of a path.
        if path.name.startswith(".") or not path.is_file():
            raise HTTPException(404)
        mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        body = path.read_bytes()
        squeeze = mime.startswith(COMPRESSIBLE) and len(body) > 1024
        return _Asset(body, gzip.compress(body) if squeeze else None, mime)


def _send(asset: _Asset, request: Request, cache: str) -> Response:
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    body = asset.body
    if asset.squeezed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = asset.squeezed
    return Response(body, headers=headers, media_type=asset.mime)
