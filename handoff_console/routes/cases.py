"""Cases: find them, read one, move it along its lifecycle."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from casework.case import Case, Status
from casework.conversation import Conversation
from casework.desk.cases import file
from casework.desk.conversations import actor_of
from casework.desk.joining import merge
from casework.desk.moving import act, locked, require_coverage
from casework.desk.notifying import tell
from casework.desk.reclassify import Correction, may_reclassify, reclassify
from casework.errors import Incomplete, NotFound, Unchanged, VersionConflict
from casework.events import Kind
from casework.organisation import Officer
from config.load import Book
from config.problems import Problem, of_casework
from handoff_console import cursor as cursors
from handoff_console import dossier, other_cases
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.errors import told_changes, told_holder
from handoff_console.render import (
    case_row,
    event_shape,
    placing_shape,
    ties_shape,
)
from handoff_console.resident import consent_shape, may_read_private
from handoff_console.routes.proof import require_proof
from handoff_console.shapes import CasePage, DossierShape, Shape, Words
from handoff_console.verbs import (
    DOORS,
    CaseDetail,
    VerbBody,
    moves_of,
    require_verb,
    verb_shapes,
)
from storage.unit_of_work import SqlTransaction
from storage.views import area_below, officer_names
from storage.views_case_lists import CaseFilter, count_unplaced, list_cases
from storage.views_cases import CaseLine, get_case, timeline
from storage.views_ties import hidden_among, ties

router = APIRouter(tags=["cases"])
PAGE = 50
STATUSES = frozenset(status.value for status in Status)
KEY = (datetime, str)


class ReclassifyBody(Shape):
    """The category the case belongs to, and its kind. ``version``: refuse when the case has changed
    since."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    category: Annotated[Words, Field(max_length=32)]
    kind: Annotated[Words, Field(max_length=32)] | None = None
    reason: Annotated[Words, Field(max_length=4000)] | None = None


class CaseQuery(BaseModel):
    """Which cases are wanted. ``status`` may name several with commas; ``unplaced``: the open ones
    that wait for their grid; ``mine``: what the caller owns; ``order=due``: only what is open, the
    next to be answered first."""

    model_config = ConfigDict(extra="ignore")
    q: Annotated[Words, Field(max_length=100)] = ""
    status: Annotated[str, Field(max_length=200)] = ""
    category: Annotated[str, Field(max_length=32)] = ""
    grid: Annotated[str, Field(max_length=32)] = ""
    unplaced: bool = False
    mine: bool = False
    order: Literal["newest", "due"] = "newest"
    cursor: Annotated[str | None, Field(max_length=400)] = None

    def statuses(self, book: Book) -> tuple[str, ...]:
        """The statuses wanted. Raises Problem for a status or category there is not."""
        wanted = tuple(filter(None, self.status.split(",")))
        if not STATUSES.issuperset(wanted):
            raise Problem("invalid", fields={"status": "not_a_choice"})
        if self.category and self.category not in book.categories:
            raise Problem("invalid", fields={"category": "not_a_choice"})
        return wanted


@router.get("/api/cases")
async def cases(viewer: Caller, deps: Deps, asked: Annotated[CaseQuery, Query()]) -> CasePage:
    """Cases this officer may see, the newest first, or what is open, the next due first."""
    statuses = asked.statuses(deps.book)
    after = cursors.decode(asked.cursor, KEY)

    def work(tx: SqlTransaction) -> CasePage:
        unit = tx.people.unit(asked.grid) if asked.grid else None
        wanted = CaseFilter(
            asked.q,
            statuses,
            asked.category or None,
            area_below(unit.path if unit else "") if asked.grid else None,
            asked.unplaced,
            by_due=asked.order == "due",
            mine=asked.mine,
        )
        lines = list_cases(tx, viewer.sight, wanted, after, PAGE + 1)
        last = lines[PAGE - 1] if len(lines) > PAGE else None
        return CasePage(
            items=[case_row(line, deps.book) for line in lines[:PAGE]],
            next=cursors.encode([_key(last, asked.order), last.number]) if last else None,
            unplaced=count_unplaced(tx, viewer.sight),
        )

    return await deps.store.read(work)


def _key(line: CaseLine, order: str) -> str:
    at = line.due_at if order == "due" and line.due_at is not None else line.opened_at
    return at.isoformat()


def _dossier(
    case: Case, conversation: Conversation, viewer: Viewer, deps: ConsoleDeps
) -> DossierShape:
    private = may_read_private(viewer.officer, [case], deps.book)
    consent = consent_shape(conversation.dialogue)
    reader = dossier.Reader(clear=True, private=private)
    return dossier.shape(dossier.of_case(case), deps.book, reader, consent=consent)


def case_detail(tx: SqlTransaction, viewer: Viewer, number: str, deps: ConsoleDeps) -> CaseDetail:
    """A case as this officer sees it. Raises NotFound when they may not."""
    case, line = get_case(tx, viewer.sight, number)
    conversation = tx.conversations.get(case.conversation_id)
    names = officer_names(tx)
    happened = timeline(tx, case)
    hidden = hidden_among(tx, other_cases.named(happened), viewer.sight)
    happened = [other_cases.without(event, hidden) for event in happened]
    return CaseDetail(
        case=case_row(line, deps.book),
        correctable=may_reclassify(case, viewer.officer),
        dossier=_dossier(case, conversation, viewer, deps),
        timeline=[event_shape(event, names) for event in happened],
        moves=moves_of(tx, number),
        verbs=verb_shapes(tx, case, viewer.officer, deps.clock()),
        undeliverable=conversation.unreachable is not None,
        placing=placing_shape(case, happened, viewer.officer),
        ties=ties_shape(ties(tx, viewer.sight, case), deps.book.officers),
    )


@router.get("/api/cases/{number}")
async def one_case(number: str, viewer: Caller, deps: Deps) -> CaseDetail:
    """A case with its dossier, its history and what may be done with it."""
    return await deps.store.read(lambda tx: case_detail(tx, viewer, number, deps))


@router.post("/api/cases/{number}/reclassify")
async def correct_category(
    number: str, viewer: Caller, deps: Deps, body: ReclassifyBody
) -> CaseDetail:
    """Say which category and kind the case belongs to; the correction is kept to learn from. What
    becomes restricted goes to a named role: whoever may not see it any more is told so."""
    if body.category not in deps.book.categories:
        fields = {"category": "not_a_choice"}
        raise Problem("invalid", fields=fields, beside={"allowed": list(deps.book.categories)})
    form = deps.book.forms[body.category]
    if body.kind is not None and body.kind not in form.kinds:
        beside = {"allowed": list(form.kinds)}
        raise Problem("invalid", fields={"kind": "not_a_choice"}, beside=beside)
    of_kind, now = form.of(body.kind), deps.clock()
    correction = Correction(
        category=body.category,
        rules=deps.book,
        names=deps.book.categories,
        reason=(body.reason or "").strip() or None,
        model=deps.model(),
        kind=body.kind,
        kind_name=of_kind.kind_name if body.kind is not None else "",
        restricted=of_kind.restricted,
    )

    def work(tx: SqlTransaction) -> None:
        get_case(tx, viewer.sight, number)
        _, case = locked(tx, number)
        if body.version is not None and body.version != case.version:
            raise VersionConflict
        try:
            reclassify(tx, number, correction, viewer.officer, now)
        except Unchanged as refused:
            others = [name for name in deps.book.categories if name != body.category]
            raise Problem(of_casework(refused).code, beside={"allowed": others}) from None

    await deps.store.write(work)
    try:
        return await deps.store.read(lambda tx: case_detail(tx, viewer, number, deps))
    except NotFound:
        raise Problem("restricted_now") from None


@router.post("/api/cases/{number}/{verb}")
async def use_verb(
    number: str, verb: str, viewer: Caller, deps: Deps, body: VerbBody | None = None
) -> CaseDetail:
    """Move the case along; the resident is told in the same transaction. Who comes second is told
    what the first did meanwhile."""
    given, now = body or VerbBody(), deps.clock()

    def work(tx: SqlTransaction) -> None:
        case, _ = get_case(tx, viewer.sight, number)
        with told_holder(tx), told_changes(tx, case, given.version, deps.book):
            if given.version is not None and given.version != case.version:
                raise VersionConflict
            require_verb(tx, case, verb, viewer.officer, now)
            require_proof(tx, case, given.proof)
            if verb in DOORS:
                raise Incomplete(DOORS[verb])
            if verb == "file":
                _file(tx, case, viewer.officer, now, deps)
            elif verb == "merge":
                merge(tx, number, given.other or "", viewer.officer, deps.book, now)
            else:
                words, version = given.given(), given.version
                officer = viewer.officer
                act(tx, number, verb, officer, now, deps.book, given=words, version=version)

    await deps.store.write(work)
    return await deps.store.read(lambda tx: case_detail(tx, viewer, number, deps))


def _file(
    tx: SqlTransaction, case: Case, officer: Officer, now: datetime, deps: ConsoleDeps
) -> None:
    """An officer files a draft for its resident."""
    conversation = tx.conversations.get(case.conversation_id, lock=True)
    require_coverage(tx, case, conversation, officer)
    filed = file(tx, case.number, deps.book, now, actor=actor_of(officer))
    tell(tx, conversation, filed, Kind.CASE_FILED, officer, deps.book, now)
