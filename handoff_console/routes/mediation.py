"""调解: ask both sides, meet, agree or end; all of it at one case."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from casework.case import Case
from casework.desk import mediation as desk
from casework.desk import mediation_meetings as meetings
from casework.desk.mediation import OtherSide, Proposal
from casework.desk.mediation_meetings import Minutes, Pledge
from casework.desk.mediation_noted import write_down
from casework.mediation import Agreement, Answer, Phase, Session, Source
from casework.promises import Party
from config.problems import Problem
from handoff_console.deps import Caller, Deps
from handoff_console.mediation_panel import changed, panel, require_file
from handoff_console.shapes_mediation import (
    AgreementBody,
    MediationEndBody,
    MediationPanel,
    MediatorBody,
    MinutesBody,
    OtherBody,
    ProposalBody,
    ResidentBody,
    SessionBody,
)
from storage.unit_of_work import SqlTransaction

router = APIRouter(prefix="/api/cases/{number}/mediation", tags=["mediation"])


def _zoned(moment: datetime, name: str) -> datetime:
    if moment.tzinfo is None:
        raise Problem("invalid", fields={name: "malformed"})
    return moment


@router.get("")
async def of_case(number: str, viewer: Caller, deps: Deps) -> MediationPanel:
    """The case's mediations, and what this officer may do."""
    return await deps.store.read(lambda tx: panel(tx, viewer, number, deps))


@router.post("")
async def propose(number: str, body: ProposalBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Propose it; the resident is asked once, in plain words."""
    given = Proposal(Source(body.source), body.mediator_id, body.since_year)

    def work(tx: SqlTransaction, _: Case) -> None:
        desk.propose(tx, number, given, viewer.officer, deps.book, deps.clock())

    return await changed(number, viewer, deps, work)


@router.post("/resident")
async def resident(number: str, body: ResidentBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Write down what the resident told an officer; the resident hears what was noted."""
    if body.answer is None and body.named is None:
        raise Problem("invalid", fields={"answer": "required"})
    now = deps.clock()

    def work(tx: SqlTransaction, _: Case) -> None:
        said = None if body.answer is None else Answer(body.answer)
        write_down(tx, number, said, body.named, viewer.officer, deps.book, now)

    return await changed(number, viewer, deps, work)


@router.post("/other")
async def other(number: str, body: OtherBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Write down what the other side said; with both yes it begins."""
    said = OtherSide(Answer(body.answer), body.how, _zoned(body.asked_at, "asked_at"))

    def work(tx: SqlTransaction, _: Case) -> None:
        desk.other_side(tx, number, said, viewer.officer, deps.book, deps.clock())

    return await changed(number, viewer, deps, work)


@router.post("/mediator")
async def mediator(number: str, body: MediatorBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Give it to another mediator."""
    rule, now = deps.book.mediation, deps.clock()

    def work(tx: SqlTransaction, _: Case) -> None:
        desk.choose(tx, number, body.mediator_id, rule, now, officer=viewer.officer)

    return await changed(number, viewer, deps, work)


@router.post("/begin")
async def start(number: str, viewer: Caller, deps: Deps) -> MediationPanel:
    """Begin what both have agreed to."""

    def work(tx: SqlTransaction, _: Case) -> None:
        desk.start(tx, number, viewer.officer, deps.book, deps.clock())

    return await changed(number, viewer, deps, work)


@router.post("/sessions")
async def plan(number: str, body: SessionBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Plan a meeting; the resident is told."""
    session = Session(_zoned(body.at, "at"), body.place, body.online, body.apart)

    def work(tx: SqlTransaction, _: Case) -> None:
        meetings.plan(tx, number, session, viewer.officer, deps.book, deps.clock())

    return await changed(number, viewer, deps, work)


@router.post("/sessions/{index}")
async def minutes(
    number: str, index: int, body: MinutesBody, viewer: Caller, deps: Deps
) -> MediationPanel:
    """Write down what came of a meeting."""
    given = Minutes(index, body.held, tuple(body.present), body.minutes)

    def work(tx: SqlTransaction, _: Case) -> None:
        meetings.write_down(tx, number, given, viewer.officer, deps.book, deps.clock())

    return await changed(number, viewer, deps, work)


@router.post("/agreement")
async def agreement(number: str, body: AgreementBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Both agreed: promises with their days, and the thirty days for the court."""
    paper = Agreement(body.form, body.effective_on, body.number.strip(), body.file_id)
    pledges = [Pledge(Party(each.party), each.what, each.due_on) for each in body.promises]

    def work(tx: SqlTransaction, case: Case) -> None:
        require_file(tx, case, body.file_id)
        book, now = deps.book, deps.clock()
        meetings.agree(tx, number, paper, pledges, viewer.officer, book, now)

    return await changed(number, viewer, deps, work)


@router.post("/end")
async def end(number: str, body: MediationEndBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """It ended without an agreement."""
    phase = Phase(body.phase)

    def work(tx: SqlTransaction, _: Case) -> None:
        meetings.end(tx, number, phase, body.reason, viewer.officer, deps.book, deps.clock())

    return await changed(number, viewer, deps, work)
