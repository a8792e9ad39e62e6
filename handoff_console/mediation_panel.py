"""What an officer sees of a case's mediations, and how a verb on them is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from casework import mediation as rules
from casework.case import Case
from casework.desk.mediating import require_handling, require_work
from casework.desk.mediators import choices, rooms
from casework.desk.promises import chases
from casework.errors import InOtherHands, NotAllowed, NotFound
from casework.mediation import (
    LIVE,
    AlreadyAnswered,
    Answer,
    Excluded,
    Mediation,
    NotNow,
    Source,
)
from casework.organisation import Officer
from config.problems import Problem
from handoff_console.auth import Viewer
from handoff_console.deps import ConsoleDeps
from handoff_console.errors import told_changes, told_holder
from handoff_console.render_mediation import (
    choices_of,
    mediation_shape,
    mediator_shape,
    named,
)
from handoff_console.shapes_mediation import MediationPanel
from storage.unit_of_work import SqlTransaction
from storage.views import officer_names
from storage.views_cases import get_case


@contextmanager
def refusals(tx: SqlTransaction, case: Case, deps: ConsoleDeps) -> Iterator[None]:
    """What cannot be done, said in words that fit a mediation."""
    with told_holder(tx), told_changes(tx, case, None, deps.book):
        try:
            yield
        except Excluded as refused:
            raise Problem("mediation_excluded") from refused
        except AlreadyAnswered:
            raise Problem("mediation_declined") from None
        except NotNow as refused:
            raise Problem(f"mediation_{refused.why}") from None


def panel(tx: SqlTransaction, viewer: Viewer, number: str, deps: ConsoleDeps) -> MediationPanel:
    """A case's mediations as this officer sees them. Raises NotFound when they may not."""
    case, _ = get_case(tx, viewer.sight, number)
    found, now, rule = tx.mediations.of_case(number), deps.clock(), deps.book.mediation
    names, promised = officer_names(tx), tx.promises.of_case(number)
    live = next((each for each in found if each.phase in LIVE), None)
    may = handles(tx, viewer.officer, case, found, now)
    known = rooms(tx, case) if may and (live or not found) else None
    fresh = live or (found[0] if found else None)
    who = choices(tx, case, fresh or _nobodys(case, now), rule, now) if known else []
    refused = _refused(tx, case, found, deps)
    return MediationPanel(
        items=[
            mediation_shape(
                each,
                [promise for promise in promised if promise.mediation_id == each.id],
                tx.confirmations.get(each.id),
                names,
                rule,
                now,
            )
            for each in found
        ],
        may_propose=refused is None and works(tx, viewer.officer, case, now),
        may_handle=may
        or any(each.kept is None and chases(tx, each, viewer.officer) for each in promised),
        refused=named(refused) if refused else None,
        mediators=[mediator_shape(each, known) for each in who if known],
        **choices_of(),
    )


def handles(
    tx: SqlTransaction, officer: Officer, case: Case, found: list[Mediation], now: datetime
) -> bool:
    """Whether the officer mediates the newest of these, or does the case's work."""
    try:
        require_handling(tx, officer, case, found[0] if found else None, now)
    except (NotAllowed, InOtherHands):
        return False
    return True


def works(tx: SqlTransaction, officer: Officer, case: Case, now: datetime) -> bool:
    """Whether the case is this officer's to work on."""
    try:
        require_work(tx, officer, case, now)
    except (NotAllowed, InOtherHands):
        return False
    return True


def _nobodys(case: Case, now: datetime) -> Mediation:
    """What mediators would be suggested for, before anybody proposes."""
    return Mediation("", case.number, case.conversation_id, Source.PROACTIVE, now)


def _refused(
    tx: SqlTransaction, case: Case, found: list[Mediation], deps: ConsoleDeps
) -> str | None:
    """The code of why no mediation may be proposed now."""
    danger = tx.alerts.open_of(case.conversation_id) is not None
    rule = deps.book.mediation
    try:
        rules.may_propose(case, found, rule, by_resident=False, danger=danger)
    except Excluded as refused:
        return f"excluded_{refused.why}"
    except AlreadyAnswered:
        return "already_declined"
    except NotAllowed:
        return "not_now"
    return "already_declined" if rule.told_before(case) is Answer.NO else None


async def changed(
    number: str, viewer: Viewer, deps: ConsoleDeps, work: Callable[[SqlTransaction, Case], object]
) -> MediationPanel:
    """Run a verb on a case this officer may see; the panel afterwards."""

    def whole(tx: SqlTransaction) -> None:
        case, _ = get_case(tx, viewer.sight, number)
        with refusals(tx, case, deps):
            work(tx, case)

    await deps.store.write(whole)
    return await deps.store.read(lambda tx: panel(tx, viewer, number, deps))


def require_file(tx: SqlTransaction, case: Case, file_id: str | None) -> None:
    """Raise Problem unless the file was kept with this case's conversation."""
    if file_id is None:
        return
    try:
        _, conversation_id = tx.files.get(file_id)
    except NotFound:
        conversation_id = ""
    if conversation_id != case.conversation_id:
        raise Problem("invalid", fields={"file_id": "unknown"})
