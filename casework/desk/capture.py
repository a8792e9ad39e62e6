"""Registering for others: one line of an officer becomes a filed case, once for each page's id."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework import capture as rules
from casework.capture import FACE_TO_FACE, Capture, Captured
from casework.case import Case
from casework.channels import DESK
from casework.conversation import Conversation
from casework.desk.assigning import Whereabouts
from casework.desk.cases import Opening, draft, file
from casework.desk.conversations import actor_of, say
from casework.desk.rulebook import Rulebook
from casework.events import Event, Kind
from casework.intake import Form
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Line

TITLE_LENGTH = 80  # characters, as a conversation's


@dataclass(frozen=True, slots=True)
class Registered:
    """The case, and whether this call made it."""

    case: Case
    new: bool


def capture(
    tx: Transaction,
    given: Capture,
    officer: Officer,
    form: Form,
    where: Whereabouts | None,
    rulebook: Rulebook,
    now: datetime,
) -> Registered:
    """Register and file. The same ``client_id`` of the same officer is the same case.

    ``form`` is that of the category and kind, ``where`` what was made of the place. The case goes
    through the same routing and deadlines as a resident's. Raises NotAllowed or Incomplete.
    """
    known = tx.captures.find(officer.id, given.client_id)
    if known is not None:
        return Registered(tx.cases.get(known.case_number), new=False)
    rules.require(given, officer)
    conversation, turn_id = _opened(tx, given, form, officer, now)
    case = draft(tx, conversation, _opening(given, form, where, turn_id), now)
    if given.source in FACE_TO_FACE:
        case = tx.cases.save(replace(case, contacted_at=now), now)
    case = file(tx, case.number, rulebook, now, actor=actor_of(officer))
    held = replace(
        conversation,
        category=case.category,
        has_cases=True,
        unit_id=case.unit_id,
        restricted=case.restricted,
        seen_seq=conversation.last_seq,
    )
    tx.conversations.save(held, conversation.epoch)
    _record(tx, given, officer, case, now)
    return Registered(case, new=True)


def _opening(given: Capture, form: Form, where: Whereabouts | None, turn_id: str) -> Opening:
    return Opening(
        category=given.category,
        slots=rules.slots_of(given, turn_id),
        title=rules.title(given, form),
        restricted=form.restricted,
        where=where,
        source=given.source,
    )


def _opened(
    tx: Transaction, given: Capture, form: Form, officer: Officer, now: datetime
) -> tuple[Conversation, str]:
    """A conversation of its own with the officer's line in it, and that line's id. Nothing is
    pushed; what was said stands in one place."""
    title = given.name.strip() if rules.named(given) else ""
    opened = Conversation(
        id=tx.new_id(),
        channel=DESK,
        chat=tx.new_id(),
        created_at=now,
        last_at=now,
        title=(title or rules.title(given, form))[:TITLE_LENGTH],
        preview=rules.title(given, form)[:TITLE_LENGTH],
    )
    tx.conversations.add(opened)
    data = {"channel": DESK}
    tx.events.append(Event(Kind.CONVERSATION_OPENED, now, actor_of(officer), opened.id, data=data))
    line = Line(given.text.strip(), media=given.media)
    conversation, (turn,) = say(tx, opened, [line], now, officer=officer)
    for media in given.media:
        tx.files.add(media, opened.id, now)
    return conversation, turn.id


def _record(tx: Transaction, given: Capture, officer: Officer, case: Case, now: datetime) -> None:
    tx.captures.add(
        Captured(
            officer_id=officer.id,
            client_id=given.client_id,
            case_number=case.number,
            at=now,
            consent=rules.consent_of(given),
            outside_number=given.outside_number.strip() or None,
        )
    )
    data = {"source": given.source.value, "files": len(given.media)}
    tx.events.append(
        Event(Kind.CASE_CAPTURED, now, actor_of(officer), case.conversation_id, case.number, data)
    )
