"""Log in, who am I, log out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from casework.organisation import Role
from config.problems import Problem
from handoff_console.auth import hash_token
from handoff_console.deps import COOKIE, Caller, Deps, anybody
from handoff_console.render import officer_shape
from handoff_console.shapes import OfficerShape, Shape, Words

router = APIRouter(tags=["login"])
_KEEPERS = frozenset({Role.STREET, Role.ADMIN})


class LoginBody(Shape):
    """A name and a password."""

    username: Annotated[Words, Field(min_length=1, max_length=64)]
    password: Annotated[Words, Field(min_length=1, max_length=1024)]


class MeShape(Shape):
    """The officer at this screen and what their requests must carry.

    ``missing_years`` are years whose public holidays jiesu does not know and deadlines reach into:
    told to those who can do something about it.
    """

    officer: OfficerShape
    csrf_token: str
    missing_years: tuple[int, ...] = ()


@router.post("/api/login", dependencies=[Depends(anybody)])
async def log_in(body: LoginBody, request: Request, response: Response, deps: Deps) -> OfficerShape:
    """Open a session; the cookie is the only place its token is."""
    now = deps.clock()
    address = request.client.host if request.client else ""
    token = await deps.logins.log_in(body.username, body.password, address, now)
    before = request.cookies.get(COOKIE)
    if before:
        await deps.logins.log_out(hash_token(before))
    response.set_cookie(
        COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )
    response.headers["Cache-Control"] = "no-store"
    viewer = await deps.logins.find(token, now)
    if viewer is None:  # the account was closed at this very moment
        raise Problem("not_logged_in")
    return officer_shape(viewer.officer, viewer.unit)


@router.get("/api/me")
async def me(viewer: Caller, response: Response, deps: Deps) -> MeShape:
    """Who is logged in here."""
    response.headers["Cache-Control"] = "no-store"
    told = viewer.officer.role in _KEEPERS
    return MeShape(
        officer=officer_shape(viewer.officer, viewer.unit),
        csrf_token=viewer.csrf_token,
        missing_years=deps.book.missing_years(deps.clock()) if told else (),
    )


@router.post("/api/logout", status_code=204)
async def log_out(viewer: Caller, deps: Deps) -> Response:
    """End the session and its live streams."""
    await deps.logins.log_out(viewer.token_hash)
    deps.live.log_out(viewer.token_hash)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response
