"""What the clock does with a notice: a reminder, a report upward, a word to the signer, an end.

Each is decided on the locked notice, so of any number of clocks one does it and the others find it
done.
"""

from __future__ import annotations

from datetime import datetime

from casework import whistle_rules, whistle_time
from casework.case import Case, Status
from casework.desk.left_behind import leave
from casework.desk.moving import locked, move
from casework.desk.rulebook import Rulebook
from casework.desk.whistle_telling import (
    NO_SHOW,
    REMINDED,
    Practice,
    message,
    names_of,
    note,
    over,
    people_of,
    tell_department,
)
from casework.effects import Given
from casework.events import SYSTEM, Event, Kind
from casework.organisation import Officer, Role
from casework.ports import Transaction
from casework.tasks import WHISTLE_NO_SHOW, Task
from casework.whistle import Due, Outcome, Whistle
from casework.working_calendar import CHINA


def on_time(
    tx: Transaction,
    whistle_id: str,
    version: int,
    practice: Practice,
    rulebook: Rulebook,
    now: datetime,
) -> bool:
    """Do what is due. False when another clock did it, or it is not to be done any more.

    A case that went on by another way than a verb of the lifecycle has left its notice behind.
    """
    found = tx.whistles.get(whistle_id)
    _, case = locked(tx, found.case_number)
    whistle = tx.whistles.get(whistle_id, lock=True)
    due = whistle_time.due(whistle, practice.rules, now)
    if whistle.version != version or not due:
        return False
    if case.status is not Status.WHISTLE:
        return leave(tx, whistle_id, now)
    names = names_of(tx, whistle)
    for unit_id in due.remind:
        _remind(tx, whistle, unit_id, names, practice, now)
    if due.report:
        _report(tx, whistle, due, practice, now)
    if due.nudge and not due.lapse:
        note(tx, Kind.WHISTLE_NUDGED, whistle, now, SYSTEM, officer=_signer(tx, whistle, case, now))
    changed = whistle_time.done(whistle, due, now)
    if due.lapse:
        _lapse(tx, changed, practice, rulebook, now)
    else:
        tx.whistles.save(whistle_time.timed(changed, practice.rules))
    return True


def _remind(
    tx: Transaction,
    whistle: Whistle,
    unit_id: str,
    names: dict[str, str],
    practice: Practice,
    now: datetime,
) -> None:
    """Half of the time is over and nobody has signed."""
    data = {"department": unit_id, "department_name": names[unit_id]}
    note(tx, Kind.WHISTLE_REMINDED, whistle, now, SYSTEM, **data)
    tell_department(tx, whistle, unit_id, REMINDED, now, SYSTEM)
    text = practice.words.for_officers(REMINDED, whistle, [names[unit_id]])
    message(tx, people_of(tx, unit_id, now), text, now)


def _report(tx: Transaction, whistle: Whistle, due: Due, practice: Practice, now: datetime) -> None:
    """Nobody was there at the moment: the level above gets it to look into, once."""
    names = names_of(tx, whistle)
    above = _above(tx, whistle, practice, now)
    for unit_id in due.report:
        data: dict[str, object] = {"department": unit_id, "department_name": names[unit_id]}
        if above is not None:
            data["officer"] = above.id
        note(tx, Kind.WHISTLE_NO_SHOW, whistle, now, SYSTEM, **data)
        tell_department(tx, whistle, unit_id, NO_SHOW, now, SYSTEM)
    if above is None:
        return
    task = Task(
        id=tx.new_id(),
        kind=WHISTLE_NO_SHOW,
        conversation_id=whistle.conversation_id,
        officer_id=above.id,
        created_at=now,
        due_at=whistle.arrive_by + practice.rules.nudge_after,
        case_number=whistle.case_number,
    )
    tx.tasks.add(task)
    data = {"task": task.id, "task_kind": task.kind, "officer": above.id}
    tx.events.append(
        Event(Kind.TASK_SET, now, SYSTEM, whistle.conversation_id, whistle.case_number, data)
    )
    text = practice.words.for_officers(NO_SHOW, whistle, [names[each] for each in due.report])
    message(tx, [above], text, now)


def _signer(tx: Transaction, whistle: Whistle, case: Case, now: datetime) -> str:
    """Who is to end it: whoever signed it, or has the case where they are gone."""
    here = tx.people.officer(whistle.signed_by).serves(now.astimezone(CHINA).date())
    return whistle.signed_by if here else case.owner_id


def _above(tx: Transaction, whistle: Whistle, practice: Practice, now: datetime) -> Officer | None:
    """Who hears of it: people of the calling unit and those above it, the nearest first; who is
    away only where nobody else is there."""
    chain = [unit.id for unit in tx.people.chain(whistle.unit_id)]
    today = now.astimezone(CHINA).date()
    staff = [*tx.people.staff(chain), *tx.people.staff_of_role([Role.ADMIN])]
    there = [officer for officer in staff if officer.serves(today)]
    there.sort(key=lambda each: chain.index(each.unit_id) if each.unit_id in chain else len(chain))
    role = tx.people.officer(whistle.signed_by).role
    away = {each.officer_id for each in tx.rosters.absences_of([o.id for o in there], today, today)}
    here = [officer for officer in there if officer.id not in away]
    rules = practice.rules
    found = whistle_time.reported_to(rules, whistle, here, role)
    return found or whistle_time.reported_to(rules, whistle, there, role)


def _lapse(
    tx: Transaction, whistle: Whistle, practice: Practice, rulebook: Rulebook, now: datetime
) -> None:
    """Nobody has ended it: the case goes on with its owner."""
    language = tx.conversations.get(whistle.conversation_id).language
    text = practice.words.outcome(Outcome.LAPSED, "", language)
    given = Given(text, code=Outcome.LAPSED.value)
    over(tx, whistle_rules.ended(whistle, Outcome.LAPSED, "", None, now), SYSTEM, now)
    move(tx, whistle.case_number, "end_whistle", SYSTEM, rulebook, now, given)
