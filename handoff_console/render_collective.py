"""From group cases to the console's JSON."""

from __future__ import annotations

from datetime import date, datetime

from casework import collective as rules
from casework.case import Case
from casework.collective import Collective, Count, Item, State
from casework.desk import collective as desk
from casework.working_calendar import CHINA
from config.load import Book
from handoff_console.auth import Viewer
from handoff_console.shapes_collective import (
    CollectiveShape,
    HouseholdShape,
    ProgressShape,
    SheetLineShape,
)
from storage.unit_of_work import SqlTransaction
from storage.views_collective import MOST_HOUSEHOLDS, households


def group_shape(
    tx: SqlTransaction, case: Case, viewer: Viewer, book: Book, now: datetime
) -> CollectiveShape:
    """A leading case as a group, as this officer may see it."""
    may_make = desk.may_make(tx, viewer.officer, case)
    may_keep = desk.may_keep(tx, viewer.officer, case)
    found = tx.collectives.of(case.number)
    if found is None:
        people = rules.reporters(case, tx.cases.joined_to(case.number))
        count = Count(people, 0, people)
        group = Collective("", case.number, State.DECLINED, case.opened_at)
    else:
        group, count = found, tx.collectives.count(found)
    today = now.astimezone(CHINA).date()
    named = viewer.officer.role in rules.NAMED or case.owner_id == viewer.officer.id
    active = group.state is State.ACTIVE
    return CollectiveShape(
        number=case.number,
        state=group.state.value if found is not None else "none",
        count=count_shape(count),
        others=group.others,
        others_done=group.others_done,
        summary=group.summary,
        told=group.told,
        untold=len(tx.collectives.untold(group, MOST_HOUSEHOLDS)) if group.next_at else 0,
        items=[_item(each, today) for each in tx.collectives.items(group.id)],
        households=_households(tx, viewer, group, book) if named and active else None,
        may_make=may_make and case.joined is None,
        may_keep=may_keep and active,
        may_post=active and desk.may_post(tx, viewer.officer, case),
    )


def count_shape(count: Count) -> ProgressShape:
    """已办 x / n."""
    return ProgressShape(households=count.households, done=count.done, reporters=count.reporters)


def _item(item: Item, today: date) -> SheetLineShape:
    late = item.done_on is None and item.due_on is not None and item.due_on < today
    return SheetLineShape(
        id=item.id,
        what=item.what,
        who=item.who,
        unit_id=item.unit_id,
        officer_id=item.officer_id,
        due_on=item.due_on,
        money=item.money,
        done_on=item.done_on,
        late=late,
    )


def _households(
    tx: SqlTransaction, viewer: Viewer, group: Collective, book: Book
) -> list[HouseholdShape]:
    names = book.officers.words.statuses
    return [
        HouseholdShape(
            number=each.number,
            status_name=names[each.status],
            done=each.done,
            done_on=each.done_on,
            what=each.what,
            may=each.may,
        )
        for each in households(tx, viewer.sight, group)
    ]
