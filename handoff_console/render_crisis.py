"""From alerts and tasks to the console's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from casework.alerts import SAFE, WITH_WHOM, rings_for
from casework.case import Case
from casework.masking import masked
from casework.organisation import Officer, Organisation
from casework.tasks import FOLLOW_UP, outcomes
from config.load import Book
from config.words import fill
from handoff_console.render import called
from handoff_console.shapes import CrisisLevel
from handoff_console.shapes_crisis import AlertShape, CallShape, ChoiceShape, TaskShape
from handoff_console.texts import console_texts
from storage.views_alerts import AlertLine, TaskLine


def alert_shape(line: AlertLine, viewer: Officer, organisation: Organisation) -> AlertShape:
    """An alert as this officer reads it."""
    alert, texts = line.alert, console_texts()
    return AlertShape(
        id=alert.id,
        conversation_id=alert.conversation_id,
        case_number=alert.case_number,
        title=called(line.title, line.channel, alert.conversation_id),
        level=cast("CrisisLevel", alert.level),
        kind=alert.kind,
        kind_name=texts.dangers.get(alert.kind, alert.kind),
        raised_at=alert.raised_at,
        called=[
            CallShape(
                officer_id=call.officer_id,
                name=_name(organisation, call.officer_id),
                level=call.level,
                level_name=texts.chain.get(call.level, call.level),
                at=call.at,
            )
            for call in alert.called
        ],
        next_at=alert.next_at,
        exhausted_at=alert.exhausted_at,
        acknowledged_by=_name(organisation, alert.acknowledged_by) or None,
        acknowledged_at=alert.acknowledged_at,
        fine_at=alert.fine_at,
        quiet_at=alert.quiet_at,
        closed_at=alert.closed_at,
        safe=alert.safe,
        with_whom=alert.with_whom,
        next_contact_at=alert.next_contact_at,
        restricted=line.restricted,
        safe_to_contact=line.safe_to_contact,
        ringing=rings_for(alert, viewer, organisation),
    )


def _name(organisation: Organisation, officer_id: str | None) -> str:
    officer = organisation.officers.get(officer_id or "")
    return officer.name if officer is not None else ""


def checklist_choices() -> tuple[list[ChoiceShape], list[ChoiceShape]]:
    """The answers to: is the resident safe, and with whom."""
    texts = console_texts()
    return (
        [ChoiceShape(code=code, name=texts.safe.get(code, code)) for code in SAFE],
        [ChoiceShape(code=code, name=texts.with_whom.get(code, code)) for code in WITH_WHOM],
    )


def task_shape(
    line: TaskLine, words: str | None, names: Mapping[str, str], now: datetime
) -> TaskShape:
    """A task with what it may end with."""
    task, texts = line.task, console_texts()
    return TaskShape(
        id=task.id,
        kind=task.kind,
        kind_name=texts.tasks.get(task.kind, task.kind),
        conversation_id=task.conversation_id,
        case_number=task.case_number,
        title=masked(line.title),
        officer_id=task.officer_id,
        officer_name=names.get(task.officer_id, ""),
        due_at=task.due_at,
        overdue=task.done_at is None and task.due_at <= now,
        done_at=task.done_at,
        outcome=task.outcome,
        outcomes=[
            ChoiceShape(code=code, name=texts.outcomes.get(code, code))
            for code in outcomes(task.kind)
        ],
        restricted=line.restricted,
        safe_to_contact=line.safe_to_contact,
        words=words,
    )


def greeting(
    line: TaskLine, case: Case | None, officer: Officer, organisation: Organisation, book: Book
) -> str | None:
    """The words offered for a follow-up (wording E); the officer changes and sends them herself."""
    if outcomes(line.task.kind) is not FOLLOW_UP or case is None:
        return None
    due = book.words.moment(case.due_at, line.task.due_at) if case.due_at else ""
    units = list(organisation.chain(case.unit_id))
    above = [unit for unit in units if unit.kind != "grid"] or units
    params = {
        "community": above[0].name if above else "",
        "name": officer.name,
        "matter": book.categories.get(case.category, ""),
        "owner": _name(organisation, case.owner_id),
        "due": due,
    }
    return fill("follow_up", book.crisis.follow_up, params)
