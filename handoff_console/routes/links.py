"""Codes on walls: made, listed, drawn and taken down by community, street and administrators."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from casework import links as rules
from casework.desk.links import put_up, take_down
from casework.digest import LOCAL
from casework.errors import NotAllowed, NotFound
from casework.links import Link
from config.problems import Problem
from handoff_console import codes
from handoff_console.auth import Viewer
from handoff_console.codes import Door, Doors
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.shapes import UnitShape, Words
from handoff_console.shapes_crisis import ChoiceShape
from handoff_console.shapes_links import LinkBody, LinkList, LinkShape, SheetShape
from storage.unit_of_work import SqlTransaction
from storage.views_links import LinkLine, area_link, area_links
from storage.views_places import one_place

router = APIRouter(prefix="/api/links", tags=["links"])
COUNTED = timedelta(days=30)
MOST = 200  # codes a list shows; of more, one is found by its words

Search = Annotated[Words, Query(max_length=40)]


@router.get("")
async def links(viewer: Caller, deps: Deps, request: Request, q: Search = "") -> LinkList:
    """The codes of the officer's area, the newest first; with ``q``, those it is in."""
    _require(viewer)
    doors = deps.field_work.doors(str(request.base_url))
    words, since = deps.field_work.words, _since(deps.clock())
    found = await deps.store.read(
        lambda tx: area_links(tx, viewer.sight, since, q.strip(), MOST + 1)
    )
    return LinkList(
        items=[_shape(line, deps, doors) for line in found[:MOST]],
        more=len(found) > MOST,
        kinds=[ChoiceShape(code=code, name=name) for code, name in words.links.items()],
        sheet=SheetShape(
            heading=words.sheet.heading,
            steps=list(words.sheet.steps),
            private=words.sheet.private,
            human=words.sheet.human,
        ),
    )


@router.post("", status_code=201)
async def make(viewer: Caller, deps: Deps, request: Request, body: LinkBody) -> LinkShape:
    """A new code."""
    _require(viewer)
    doors, now = deps.field_work.doors(str(request.base_url)), deps.clock()

    def work(tx: SqlTransaction) -> Link:
        try:
            return put_up(tx, _link(tx, body, now), viewer.officer, now)
        except NotFound:
            raise Problem("invalid", fields={"unit_id": "not_a_choice"}) from None

    made = await deps.store.write(work)
    return await deps.store.read(lambda tx: _seen(tx, made.id, viewer, deps, doors))


@router.post("/{link_id}/revoke")
async def revoke(link_id: str, viewer: Caller, deps: Deps, request: Request) -> LinkShape:
    """The code no longer counts; whoever scans it begins as if there were none."""
    _require(viewer)
    doors, now = deps.field_work.doors(str(request.base_url)), deps.clock()
    await deps.store.write(lambda tx: take_down(tx, link_id, viewer.officer, now))
    return await deps.store.read(lambda tx: _seen(tx, link_id, viewer, deps, doors))


@router.get("/{link_id}/code.svg", response_class=Response)
async def code_svg(
    link_id: str,
    viewer: Caller,
    deps: Deps,
    request: Request,
    to: Annotated[Door, Query()] = "web",
) -> Response:
    """The code for printing."""
    address = await _address(link_id, viewer, deps, request, to)
    return _picture(codes.svg(address), "image/svg+xml", f"{link_id}-{to}.svg")


@router.get("/{link_id}/code.png", response_class=Response)
async def code_png(
    link_id: str,
    viewer: Caller,
    deps: Deps,
    request: Request,
    to: Annotated[Door, Query()] = "web",
) -> Response:
    """The code for whatever takes no SVG."""
    address = await _address(link_id, viewer, deps, request, to)
    return _picture(codes.png(address), "image/png", f"{link_id}-{to}.png")


async def _address(
    link_id: str, viewer: Viewer, deps: ConsoleDeps, request: Request, to: Door
) -> str:
    """Where the code leads. Raises NotFound where the officer has no such code, or no such door."""
    _require(viewer)
    doors = deps.field_work.doors(str(request.base_url))
    seen = await deps.store.read(lambda tx: _seen(tx, link_id, viewer, deps, doors))
    address = seen.web if to == "web" else seen.telegram
    if address is None:
        raise NotFound
    return address


def _picture(body: bytes, mime: str, name: str) -> Response:
    headers = {
        "Cache-Control": "private, max-age=300",
        "Content-Disposition": f'inline; filename="{name}"',
    }
    return Response(body, media_type=mime, headers=headers)


def _require(viewer: Viewer) -> None:
    if not rules.may_make(viewer.officer):
        raise NotAllowed


def _since(now: datetime) -> date:
    return (now - COUNTED).astimezone(LOCAL).date()


def _link(tx: SqlTransaction, body: LinkBody, now: datetime) -> Link:
    """The body as a link. Raises Problem without a unit."""
    known = one_place(tx, body.place_id) if body.place_id else None
    if body.place_id and known is None:
        raise Problem("invalid", fields={"place_id": "not_a_choice"})
    unit_id = known.unit_id if known is not None else body.unit_id
    if not unit_id:
        raise Problem("invalid", fields={"unit_id": "required"})
    until = None
    if body.last_day is not None:
        until = datetime.combine(body.last_day + timedelta(days=1), time(), LOCAL)
    return Link(
        id=rules.new_id(),
        kind=body.kind,
        name=body.name,
        respondent=body.respondent,
        place=body.place or (known.name if known is not None else ""),
        unit_id=unit_id,
        made_at=now,
        place_id=body.place_id or None,
        valid_until=until,
    )


def _seen(
    tx: SqlTransaction, link_id: str, viewer: Viewer, deps: ConsoleDeps, doors: Doors
) -> LinkShape:
    """The link as this officer sees it. Raises NotFound outside their area."""
    line = area_link(tx, viewer.sight, _since(deps.clock()), link_id)
    return _shape(line, deps, doors)


def _shape(line: LinkLine, deps: ConsoleDeps, doors: Doors) -> LinkShape:
    link, unit = line.link, line.unit
    payload = deps.field_work.keys.seal(link.id)
    return LinkShape(
        id=link.id,
        kind=link.kind,
        kind_name=deps.field_work.words.links[link.kind.value],
        name=link.name,
        respondent=link.respondent,
        place=link.place,
        unit=UnitShape(id=unit.id, name=unit.name, kind=unit.kind),
        made_at=link.made_at,
        made_by=line.made_by,
        valid_until=link.valid_until,
        revoked_at=link.revoked_at,
        standing=link.standing(deps.clock()),
        opened=line.opened,
        web=doors.web(payload),
        telegram=doors.telegram(payload),
    )
