"""What a new notice begins with: a place and words without the resident, and who can be called."""

from __future__ import annotations

from datetime import datetime

from casework import duty
from casework.case import Case
from casework.desk.conversations import actor_of
from casework.lifecycle import allowed_verbs
from casework.organisation import Officer
from casework.privacy import PLACE, title_for
from casework.reach import reach_of
from casework.whistle import MATTER_LENGTH, PLACE_LENGTH, Rules, Whistle
from casework.whistle_rules import de_identified
from casework.working_calendar import CHINA
from config.load import Book
from handoff_console.shapes_whistle import DraftShape, NameShape
from storage.unit_of_work import SqlTransaction


def draft_of(
    tx: SqlTransaction, case: Case, officer: Officer, book: Book, now: datetime
) -> DraftShape | None:
    """None where this officer may not sign a notice about the case now."""
    rules, record = book.whistle.rules, book.privacy.record
    if not rules.may_sign(officer) or case.restricted:
        return None
    near = reach_of(tx, case, officer, now)
    if "whistle" not in allowed_verbs(case, actor_of(officer), now, near):
        return None
    if not duty.covers(tx, officer, case.unit_id):
        return None
    held = case.slots.get(PLACE)
    called = tx.conversations.get(case.conversation_id).title
    place = record.clues.doorless(str(held.value)) if held is not None else ""
    place = de_identified(place, case, record, called).replace(record.clues.mark, "").strip()
    today = now.astimezone(CHINA).date()
    units = [unit for unit in tx.people.departments() if unit.valid(today)]
    staff = tx.people.staff([unit.id for unit in tx.people.chain(case.unit_id)])
    matter = de_identified(title_for(case.title, case.slots, record), case, record, called)
    return DraftShape(
        place=place[:PLACE_LENGTH],
        matter=matter[:MATTER_LENGTH],
        earliest=now + rules.least,
        latest=now + rules.most,
        departments=[NameShape(id=unit.id, name=unit.name) for unit in units],
        helpers=[
            NameShape(id=each.id, name=each.name)
            for each in staff
            if each.id != officer.id and each.serves(today)
        ],
    )


def may_act(tx: SqlTransaction, officer: Officer, whistle: Whistle, rules: Rules) -> bool:
    """Whether this officer may write down what departments did, and end the notice."""
    return rules.may_sign(officer) and duty.covers(tx, officer, whistle.unit_id)
