"""What stands before every route: size limits, security headers, counts, and the last safety net.

Pure ASGI: one wrapper around ``receive`` and one around ``send``, nothing buffered.
"""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.webchat_lines import FILES_WORTH
from config.problems import Problem, language_of, problem_texts, too_large

log = structlog.get_logger()
MOST_JSON_BYTES = 1024 * 1024
MULTIPART_SLACK = 64 * 1024  # what a form adds around a file
UPLOADS = frozenset({"/api/chat/messages", "/api/captures"})  # several files at once
OF_A_CASE = ("/api/cases/", "/files")  # how the paths begin and end that take one paper or photo

REQUESTS = Counter("jiesu_http_requests", "HTTP requests", ["method", "route", "status"])
SECONDS = Histogram(
    "jiesu_http_seconds",
    "Seconds from request to the first byte of its answer",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=(self)"),
)
# Styles may be inline: the component library positions its pop-ups that way. Scripts may not.
_PAGE = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors "
)
_NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'"

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """``upload`` is the largest file, in bytes; ``frame_ancestors`` may embed the chat page."""

    upload: int
    frame_ancestors: str = "'self'"


def error_response(problem: Problem, language: str) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """Status, body and headers of a refusal."""
    texts = problem_texts()
    body = json.dumps(texts.answer(problem, language), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    return texts.status(problem.code), body, headers


class Guard:
    """The application as the server sees it."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self._limits = limits
        self._api = _headers(_NOTHING, frame_deny=True)
        self._page = _headers(_PAGE + "'none'", frame_deny=True)
        self._chat = _headers(_PAGE + limits.frame_ancestors, frame_deny=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._security(scope["path"]))
        given = {name: value for name, value in scope["headers"] if name in _READ}
        exchange.language = language_of(given.get(b"accept-language", b"").decode("latin-1"))
        problem = self._refused(scope, given, exchange)
        if problem is not None:
            await exchange.refuse(problem)
            return
        try:
            await self.app(scope, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 - supervised: whoever asked gets an answer, the log no personal data
            _log(error, scope)
            if not exchange.started:
                await exchange.refuse(Problem("internal"))

    def _security(self, path: str) -> Headers:
        if path.startswith("/api/"):
            return self._api
        return self._chat if path == "/chat" else self._page

    def _refused(
        self, scope: Scope, given: Mapping[bytes, bytes], exchange: _Exchange
    ) -> Problem | None:
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return Problem("malformed")
        exchange.most = MOST_JSON_BYTES
        if given.get(b"content-type", b"").startswith(b"multipart/form-data"):
            exchange.most = self._most_of_a_form(scope["path"])
        declared = given.get(b"content-length", b"0")
        if not declared.isdigit():
            return Problem("malformed")
        return too_large(exchange.most) if int(declared[:18]) > exchange.most else None

    def _most_of_a_form(self, path: str) -> int:
        begins, ends = OF_A_CASE
        if path in UPLOADS:
            return self._limits.upload * FILES_WORTH + MULTIPART_SLACK
        if path.startswith(begins) and path.endswith(ends):
            return self._limits.upload + MULTIPART_SLACK
        return MOST_JSON_BYTES


_READ = frozenset({b"content-length", b"content-type", b"accept-language"})


def _headers(policy: str, *, frame_deny: bool) -> Headers:
    deny = ((b"x-frame-options", b"DENY"),) if frame_deny else ()
    return (*_ALWAYS, (b"content-security-policy", policy.encode()), *deny)


class _Exchange:
    """One request and its answer on their way through."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, security: Headers) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._security = security
        self._began = time.perf_counter()
        self._bytes = 0
        self.most = MOST_JSON_BYTES
        self.language = "zh"
        self.started = False
        self._too_large = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            if self._bytes > self.most:
                # Raised, so that no route acts on the part it has; ``send`` sees to the answer.
                self._too_large = True
                raise too_large(self.most)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._too_large:
                await self.refuse(too_large(self.most))
                return
            self._start(message)
        elif self._too_large:
            return
        await self._send(message)

    async def refuse(self, problem: Problem) -> None:
        """Answer with an error."""
        status, body, headers = error_response(problem, self.language)
        headers.append((b"connection", b"close"))
        start: dict[str, Any] = {"type": "http.response.start", "status": status}
        start["headers"] = headers
        self._start(start)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _start(self, message: Any) -> None:
        self.started = True
        message["headers"] = [*message.get("headers", ()), *self._security]
        route = getattr(self._scope.get("route"), "path", "none")
        method = self._scope["method"]
        known = method if method in _METHODS else "other"
        REQUESTS.labels(known, route, message["status"]).inc()
        SECONDS.labels(route).observe(time.perf_counter() - self._began)


def _log(error: Exception, scope: Scope) -> None:
    """Where it happened; never the error's text, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename][-4:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in ours]
    route = getattr(scope.get("route"), "path", "none")
    log.error("request_failed", error=type(error).__name__, route=route, where=where)
