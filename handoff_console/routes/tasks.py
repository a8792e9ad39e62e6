"""我的待办: what is to be done by when, and with what it ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from casework.desk import tasks as desk
from casework.organisation import Organisation
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.render_crisis import greeting, task_shape
from handoff_console.shapes_crisis import OutcomeBody, TaskList, TaskShape, TaskView
from storage.unit_of_work import SqlTransaction
from storage.views_alerts import TaskLine, get_task, list_tasks

router = APIRouter(prefix="/api/tasks", tags=["tasks"])


@router.get("")
async def tasks(
    viewer: Caller, deps: Deps, view: Annotated[TaskView, Query()] = "mine"
) -> TaskList:
    """Tasks not done yet, due first."""

    def work(tx: SqlTransaction) -> TaskList:
        lines = list_tasks(tx, viewer.sight, mine=view == "mine")
        own = sum(line.task.officer_id == viewer.officer.id for line in lines)
        items = [_shape(tx, line, viewer, deps) for line in lines]
        return TaskList(items=items, mine=own)

    return await deps.store.read(work)


@router.post("/{task_id}/done")
async def done(task_id: str, body: OutcomeBody, viewer: Caller, deps: Deps) -> TaskShape:
    """Done, with its outcome."""

    def work(tx: SqlTransaction) -> None:
        get_task(tx, viewer.sight, task_id)
        desk.finish(tx, task_id, viewer.officer, body.outcome, deps.clock())

    await deps.store.write(work)

    def read(tx: SqlTransaction) -> TaskShape:
        line = get_task(tx, viewer.sight, task_id)
        return _shape(tx, line, viewer, deps)

    return await deps.store.read(read)


def _shape(tx: SqlTransaction, line: TaskLine, viewer: Viewer, deps: ConsoleDeps) -> TaskShape:
    case = tx.cases.get(line.task.case_number) if line.task.case_number else None
    units = tx.people.chain(case.unit_id) if case is not None else []
    asked = {line.task.officer_id, line.task.done_by, case.owner_id if case is not None else None}
    people = tx.people.officers(each for each in asked if each is not None)
    near = Organisation({u.id: u for u in units}, {o.id: o for o in people})
    words = greeting(line, case, viewer.officer, near, deps.book.officers)
    return task_shape(line, words, {o.id: o.name for o in people}, deps.clock())
