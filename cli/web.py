"""One web application out of the doors' routes, the pages and what operators look at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from cli.web_errors import install_errors
from cli.web_guard import Guard, Limits
from cli.web_pages import Pages

log = structlog.get_logger()
Verdict = bool | Literal["degraded"]
"""Whether a thing can be used; degraded: by its stand-in, which is enough to be ready."""
Check = Callable[[], Awaitable[Verdict]]
CHECK_SECONDS = 3.0
SHUTDOWN_SECONDS = 10


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the application is made of. ``checks`` answer /readyz, by name."""

    routers: Sequence[APIRouter]
    limits: Limits
    static: Path
    checks: Mapping[str, Check] = field(default_factory=dict)


def build_api(parts: WebParts) -> FastAPI:
    """The routes, without what guards them."""
    app = FastAPI(
        title="jiesu 接诉",
        version=version("jiesu"),
        docs_url=None,
        redoc_url=None,
        # Tracing would look at every request; /metrics counts what we need.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    for router in (*parts.routers, _operators(parts.checks), Pages(parts.static).router()):
        # Their routes are whole: included, each would be built anew, 0.15 s of every start.
        app.router.routes.extend(router.routes)
    install_errors(app)
    return app


def build_app(parts: WebParts) -> Guard:
    """The application as a server runs it."""
    return Guard(build_api(parts), parts.limits)


def _operators(checks: Mapping[str, Check]) -> APIRouter:
    router = APIRouter(tags=["operation"])

    @router.head("/healthz", include_in_schema=False)
    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.head("/readyz", include_in_schema=False)
    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether everything the service needs can be used now."""
        found = await asyncio.gather(*(_passes(check) for check in checks.values()))
        words = dict(zip(checks, map(_word, found), strict=True))
        return JSONResponse(words, 200 if all(found) else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        """Counters and timings for Prometheus."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def _word(found: Verdict) -> str:
    if isinstance(found, str):
        return found
    return "ok" if found else "failed"


async def _passes(check: Check) -> Verdict:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception as error:  # noqa: BLE001 - supervised: what cannot be asked is not ready
        log.warning("check_failed", error=type(error).__name__)
        return False


class WebServer(uvicorn.Server):
    """uvicorn, which ends the live streams first: it would wait for them otherwise."""

    def __init__(
        self, app: ASGIApp, host: str, port: int, stops: Sequence[Callable[[], None]]
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                access_log=False,  # addresses and query strings identify people
                server_header=False,
                lifespan="off",
                ws="none",
                log_config=None,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        self._stops = stops
        self.ready = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it listens, once ready; with port 0 the system chose the port."""
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Begin to listen."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self.ready.set()

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """End the streams, then everything else."""
        for stop in self._stops:
            stop()
        await super().shutdown(sockets)  # type: ignore[arg-type]
