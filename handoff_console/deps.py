"""What the console's routes work with, and who may call them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from casework.errors import NotAllowed
from casework.organisation import Role
from config.load import Book
from config.problems import Problem
from handoff_console.auth import Logins, Viewer
from handoff_console.digests import DigestDesk
from handoff_console.field_work import FieldWork
from handoff_console.live import Live
from handoff_console.presence import Presences
from storage.engine import SqlStore
from storage.files import FileStore

COOKIE = "jiesu_session"
SAFE = frozenset({"GET", "HEAD"})
READERS = frozenset({Role.AUDITOR})
"""Who only reads, whatever a route is for; leaving is everybody's."""
LEAVING = "/api/logout"


@dataclass(frozen=True, slots=True)
class ConsoleDeps:
    """Everything the console works with; ``clock`` gives the time in UTC.

    ``model`` gives the digest of the language model that serves, None where it is not known.
    """

    store: SqlStore
    book: Book
    files: FileStore
    digests: DigestDesk
    logins: Logins
    live: Live
    presences: Presences
    clock: Callable[[], datetime]
    field_work: FieldWork
    model: Callable[[], str | None] = lambda: None


def console_deps(request: Request) -> ConsoleDeps:
    """What ``app.create_console`` was given; its router puts it on each request."""
    return cast("ConsoleDeps", request.state.console)


Deps = Annotated[ConsoleDeps, Depends(console_deps)]


def anybody() -> None:
    """A route anyone may call."""


async def officer(request: Request, deps: Deps) -> Viewer:
    """Whoever is logged in; every request but a reading one must carry the CSRF token, and is
    not for an auditor."""
    token = request.cookies.get(COOKIE, "")
    viewer = await deps.logins.find(token, deps.clock()) if token else None
    if viewer is None:
        raise Problem("not_logged_in")
    if request.method not in SAFE:
        given = request.headers.get("x-csrf-token", "")
        if not secrets.compare_digest(given.encode(), viewer.csrf_token.encode()):
            raise Problem("csrf")
        if viewer.officer.role in READERS and request.url.path != LEAVING:
            raise NotAllowed
    return viewer


Caller = Annotated[Viewer, Depends(officer)]
