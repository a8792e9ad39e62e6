"""Danger: what rings, 已收到, and the checklist it is closed with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter

from casework.alerts import Checklist
from casework.desk import alerts as desk
from casework.organisation import Organisation
from config.problems import Problem
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.render_crisis import alert_shape, checklist_choices
from handoff_console.shapes_crisis import AlertList, AlertShape, ChecklistBody
from storage.unit_of_work import SqlTransaction
from storage.views_alerts import AlertLine, get_alert, list_alerts

router = APIRouter(prefix="/api/alerts", tags=["alerts"])
SHOWN_AFTER = timedelta(days=7)  # closed ones stay in the list this long


@router.get("")
async def alerts(viewer: Caller, deps: Deps) -> AlertList:
    """Open alerts this officer may see, the newest first, then those closed lately."""
    since = deps.clock() - SHOWN_AFTER

    def work(tx: SqlTransaction) -> AlertList:
        lines = list_alerts(tx, viewer.sight, since)
        organisation = _named(tx, lines)
        safe, with_whom = checklist_choices()
        items = [alert_shape(line, viewer.officer, organisation) for line in lines]
        return AlertList(items=items, safe=safe, with_whom=with_whom)

    return await deps.store.read(work)


@router.post("/{alert_id}/acknowledge")
async def acknowledge(alert_id: str, viewer: Caller, deps: Deps) -> AlertShape:
    """已收到. The first one counts; whoever comes later is shown who it was."""

    def work(tx: SqlTransaction) -> None:
        get_alert(tx, viewer.sight, alert_id)
        desk.acknowledge(tx, alert_id, viewer.officer, deps.book.response, deps.clock())

    await deps.store.write(work)
    return await _one(alert_id, viewer, deps)


@router.post("/{alert_id}/close")
async def close(alert_id: str, body: ChecklistBody, viewer: Caller, deps: Deps) -> AlertShape:
    """Close it by the checklist; 422 names what is missing, 403 before anybody acknowledged."""
    at = body.next_contact_at
    if at is not None and at.tzinfo is None:
        raise Problem("invalid", fields={"next_contact_at": "needs_zone"})
    given = Checklist(body.safe, body.with_whom, at)

    def work(tx: SqlTransaction) -> None:
        get_alert(tx, viewer.sight, alert_id)
        desk.close(tx, alert_id, viewer.officer, given, deps.clock())

    await deps.store.write(work)
    return await _one(alert_id, viewer, deps)


def _named(tx: SqlTransaction, lines: Sequence[AlertLine]) -> Organisation:
    """The officers these alerts are about."""
    asked = {call.officer_id for line in lines for call in line.alert.called}
    asked |= {line.alert.acknowledged_by for line in lines if line.alert.acknowledged_by}
    return Organisation({}, {officer.id: officer for officer in tx.people.officers(asked)})


async def _one(alert_id: str, viewer: Viewer, deps: ConsoleDeps) -> AlertShape:
    def work(tx: SqlTransaction) -> AlertShape:
        line = get_alert(tx, viewer.sight, alert_id)
        return alert_shape(line, viewer.officer, _named(tx, [line]))

    return await deps.store.read(work)
