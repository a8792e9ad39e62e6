"""随手报: an officer registers what is seen on the street, or what somebody came, wrote or called
about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import ValidationError

from casework.capture import MOST_FILES, TEXT_LENGTH, Capture
from casework.desk import sweeps
from casework.desk.capture import Registered, capture
from casework.errors import NotFound
from casework.geometry import Point
from casework.turn import Media
from config.load import Book
from config.problems import Problem, too_large
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.shapes import OwnerShape, UnitShape, Words
from handoff_console.shapes_capture import (
    CaptureBody,
    CapturedShape,
    CaptureForm,
    CommonShape,
    Lat,
    Lng,
    MatterShape,
    NearPlaceShape,
    OriginShape,
    PlacesShape,
    WhereShape,
)
from handoff_console.shapes_crisis import ChoiceShape
from storage.files import FileRefused, FileStore
from storage.types import keepable
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case
from storage.views_places import PlaceLine, named_places, near_places

router = APIRouter(prefix="/api/captures", tags=["capture"])
WITHIN = 300.0  # metres around a phone
MOST_PLACES = 6


@router.get("/form")
async def form(_viewer: Caller, deps: Deps) -> CaptureForm:
    """What the page offers: where it came from, the commonest matters, and all there are."""
    words = deps.field_work.words
    return CaptureForm(
        sources=[ChoiceShape(code=code, name=name) for code, name in words.sources.items()],
        consents=[ChoiceShape(code=code, name=name) for code, name in words.consents.items()],
        common=[
            CommonShape(
                title=each.title, category=each.category, kind=each.kind, lines=list(each.lines)
            )
            for each in words.common
        ],
        matters=_matters(deps.book),
        most_files=MOST_FILES,
        max_file_bytes=deps.files.max_bytes,
        text_length=TEXT_LENGTH,
    )


def _matters(book: Book) -> list[MatterShape]:
    """Every category, and behind it every kind it has."""
    found: list[MatterShape] = []
    for category, whole in book.forms.items():
        also = [word for word, of in book.category_words.items() if of == category]
        found.append(MatterShape(category=category, kind=None, name=whole.name, words=sorted(also)))
        slot = whole.slots.get("kind")
        told = {choice.value: choice.words for choice in slot.choices} if slot else {}
        found += [
            MatterShape(
                category=category, kind=key, name=kind.kind_name, words=list(told.get(key, ()))
            )
            for key, kind in whole.kinds.items()
        ]
    return found


@router.get("/where")
async def where(
    _viewer: Caller, deps: Deps, lat: Annotated[Lat, Query()], lng: Annotated[Lng, Query()]
) -> WhereShape:
    """The grid a phone is in, and the places around it. Nothing of it is kept."""
    found = await deps.field_work.at((lat, lng))

    def work(tx: SqlTransaction) -> WhereShape:
        unit = tx.people.unit(found.unit_id) if found.unit_id else None
        near = near_places(tx, (lat, lng), WITHIN, MOST_PLACES)
        near.sort(key=lambda each: unit is not None and each.unit_id != unit.id)
        return WhereShape(
            unit=UnitShape(id=unit.id, name=unit.name, kind=unit.kind) if unit else None,
            near=[_near(each) for each in near],
        )

    return await deps.store.read(work)


@router.get("/places")
async def places(
    _viewer: Caller, deps: Deps, q: Annotated[Words, Query(min_length=1, max_length=40)]
) -> PlacesShape:
    """Places with these words in their names."""
    found = await deps.store.read(lambda tx: named_places(tx, q.strip(), MOST_PLACES))
    return PlacesShape(items=[_near(each) for each in found])


def _near(line: PlaceLine) -> NearPlaceShape:
    return NearPlaceShape(
        id=line.id,
        name=line.name,
        unit_id=line.unit_id,
        unit_name=line.unit_name,
        metres=round(line.metres) if line.metres is not None else None,
    )


@router.get("/of/{number}")
async def origin(number: str, viewer: Caller, deps: Deps) -> OriginShape:
    """How a case came to us, for those who may see it."""
    words = deps.field_work.words

    def work(tx: SqlTransaction) -> OriginShape:
        case, _ = get_case(tx, viewer.sight, number)
        name = words.sources.get(case.source.value)
        captured, offered = tx.captures.of_case(number), sweeps.offered(tx, case)
        if captured is None:
            return OriginShape(source=case.source, source_name=name, sweep=offered)
        return OriginShape(
            source=case.source,
            source_name=name,
            by=tx.people.officer(captured.officer_id).name,
            at=captured.at,
            consent_name=words.consents[captured.consent.value] if captured.consent else None,
            outside_number=captured.outside_number,
            no_chat=True,
            sweep=offered,
        )

    return await deps.store.read(work)


@router.post("/of/{number}/sweep", status_code=201)
async def sweep(number: str, viewer: Caller, deps: Deps) -> OriginShape:
    """同类排查: the owner looks after all others of its kind on the same road."""
    now = deps.clock()

    def work(tx: SqlTransaction) -> None:
        get_case(tx, viewer.sight, number)
        sweeps.ask(tx, number, viewer.officer, now)

    await deps.store.write(work)
    return await origin(number, viewer, deps)


@router.post("", status_code=201)
async def register(
    viewer: Caller,
    deps: Deps,
    response: Response,
    given: Annotated[str, Form(max_length=16_384)],
    file: Annotated[list[UploadFile] | None, File()] = None,
) -> CapturedShape:
    """Register and file; 200 instead of 201 where this page's id was registered before.

    ``given`` is a CaptureBody as JSON, ``file`` the photos.
    """
    body = _read(given, deps.book)
    known = await deps.store.read(
        lambda tx: tx.captures.find(viewer.officer.id, body.client_id) is not None
    )
    photos = () if known else await _kept(deps.files, viewer, body.client_id, file or [])
    done = await _registered(viewer, deps, body, photos)
    if not done.new:
        response.status_code = 200
    return await deps.store.read(lambda tx: _captured(tx, viewer, done, body))


def _read(given: str, book: Book) -> CaptureBody:
    """Raises Problem naming the fields that are wrong."""
    try:
        body = CaptureBody.model_validate_json(given)
    except ValidationError as error:
        fields = {str(each["loc"][0]): "malformed" for each in error.errors() if each["loc"]}
        raise Problem("invalid", fields=fields or {"given": "malformed"}) from None
    whole = book.forms.get(body.category)
    if whole is None:
        raise Problem("invalid", fields={"category": "not_a_choice"})
    if body.kind is not None and body.kind not in whole.kinds:
        raise Problem("invalid", fields={"kind": "not_a_choice"})
    return body


async def _kept(
    files: FileStore, viewer: Viewer, client_id: str, given: Sequence[UploadFile]
) -> tuple[Media, ...]:
    """The photos; sent again they keep their ids. Raises Problem for one that cannot be kept."""
    if len(given) > MOST_FILES:
        raise Problem("invalid", fields={"file": "out_of_range"})
    kept = []
    for at, upload in enumerate(given):
        key = f"{viewer.officer.id}:{client_id}:{at}"
        try:
            name, data = keepable(upload.filename or ""), await upload.read()
            kept.append(await files.keep(name, data, key=key))
        except FileRefused as refusal:
            if refusal.code == "too_large":
                raise too_large(files.max_bytes) from None
            raise Problem("wrong_type", fields={"file": "malformed"}) from None
    return tuple(kept)


async def _registered(
    viewer: Viewer, deps: ConsoleDeps, body: CaptureBody, photos: tuple[Media, ...]
) -> Registered:
    point: Point | None = None
    if body.lat is not None and body.lng is not None:
        point = (body.lat, body.lng)
    unit_id = body.unit_id or None
    unit = await deps.store.read(lambda tx: tx.people.unit(unit_id)) if unit_id else None
    if unit_id and unit is None:
        raise Problem("invalid", fields={"unit_id": "not_a_choice"})
    place = body.place.strip()
    lies = await deps.field_work.whereabouts(place, point, unit.kind if unit else None, unit_id)
    given = Capture(
        client_id=body.client_id,
        source=body.source,
        category=body.category,
        kind=body.kind,
        text=body.text,
        place=place,
        unit_id=unit_id,
        point=point,
        media=photos,
        name=body.name,
        phone=body.phone,
        consent=body.consent,
        outside_number=body.outside_number,
    )
    form_meant, now = deps.book.forms[body.category].of(body.kind), deps.clock()
    return await deps.store.write(
        lambda tx: capture(tx, given, viewer.officer, form_meant, lies, deps.book, now)
    )


def _captured(
    tx: SqlTransaction, viewer: Viewer, done: Registered, body: CaptureBody
) -> CapturedShape:
    case = done.case
    owner, unit = tx.people.officer(case.owner_id), tx.people.unit(case.unit_id)
    number = body.outside_number.strip()
    same = tx.captures.of_outside(number) if number else []
    return CapturedShape(
        number=case.number,
        title=case.title,
        owner=OwnerShape(
            officer_id=owner.id, name=owner.name, unit_name=_unit_name(tx, owner.unit_id)
        ),
        unit_name=unit.name if unit is not None else "",
        placed=case.placed,
        due_at=case.due_at,
        may_open=_may_open(tx, viewer, case.number),
        before=[
            each.case_number
            for each in same
            if each.case_number != case.number and _may_open(tx, viewer, each.case_number)
        ],
    )


def _may_open(tx: SqlTransaction, viewer: Viewer, number: str) -> bool:
    try:
        get_case(tx, viewer.sight, number)
    except NotFound:
        return False
    return True


def _unit_name(tx: SqlTransaction, unit_id: str | None) -> str:
    unit = tx.people.unit(unit_id) if unit_id is not None else None
    return unit.name if unit is not None else ""
