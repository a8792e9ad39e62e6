"""From stored things to the console's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from casework.case import Case
from casework.conversation import Conversation, Holder
from casework.desk.placing import may_place
from casework.events import Event
from casework.masking import masked
from casework.organisation import Officer, Unit
from casework.turn import Turn
from config.load import Book
from handoff_console.presence import Present
from handoff_console.shapes import (
    ActorShape,
    ButtonShape,
    CaseRow,
    ConversationRow,
    CrisisLevel,
    EventShape,
    HolderShape,
    Language,
    MediaShape,
    OfficerShape,
    OwnerShape,
    PlacingShape,
    PresenceShape,
    TieShape,
    TiesShape,
    TurnShape,
    UnitShape,
)
from handoff_console.texts import console_texts
from storage.views import ConversationLine
from storage.views_cases import CaseLine
from storage.views_ties import Tie, Ties

# A line refused at the fence was not delivered either; why stands beside it.
_DELIVERY = {"pending": "pending", "sent": "sent", "failed": "failed", "refused": "failed"}


def officer_shape(officer: Officer, unit: Unit | None) -> OfficerShape:
    """An officer."""
    area = UnitShape(id=unit.id, name=unit.name, kind=unit.kind) if unit else None
    return OfficerShape(
        id=officer.id,
        username=officer.username,
        name=officer.name,
        role=officer.role.value,
        unit=area,
    )


def holder_shape(holder: Holder, names: Mapping[str, str]) -> HolderShape:
    """Who holds a conversation."""
    name = names.get(holder.officer_id) if holder.officer_id else None
    return HolderShape(kind=holder.kind.value, officer_id=holder.officer_id, name=name)


def holder_of(conversation: Conversation, names: Mapping[str, str]) -> HolderShape:
    """Who holds this one."""
    return holder_shape(conversation.holder, names)


def called(title: str, channel: str, conversation_id: str) -> str:
    """What officers call a conversation: the name its channel gave, else channel and number."""
    nameless = f"{console_texts().channels.get(channel, '')} {conversation_id[-4:]}"
    return masked((title or nameless).strip())


def conversation_row(line: ConversationLine, numbers: Iterable[str], book: Book) -> ConversationRow:
    """A conversation in a list; numbers that name a person are covered."""
    return ConversationRow(
        id=line.id,
        channel=line.channel,
        title=called(line.title, line.channel, line.id),
        preview=book.privacy.record.clues.hidden(masked(line.preview)),
        holder=HolderShape.model_validate(
            {
                "kind": line.holder_kind,
                "officer_id": line.holder_officer_id,
                "name": line.holder_name,
            }
        ),
        epoch=line.epoch,
        category=line.category,
        category_name=book.categories.get(line.category or ""),
        crisis=cast("CrisisLevel", line.crisis),
        urgent=line.urgent,
        waiting_since=line.waiting_since,
        last_at=line.last_at,
        last_seq=line.last_seq,
        unread=max(0, line.last_seq - line.seen_seq),
        unheard=line.unheard,
        language=cast("Language", line.language),
        case_numbers=list(numbers),
    )


def turn_shape(turn: Turn, names: Mapping[str, str], *, clear: bool) -> TurnShape:
    """A line of a conversation; without ``clear`` numbers that name a person are covered."""
    return TurnShape(
        id=turn.id,
        seq=turn.seq,
        speaker=turn.speaker.value,
        officer_name=names.get(turn.officer_id) if turn.officer_id else None,
        text=_line(turn, clear=clear),
        buttons=[ButtonShape(title=b.title, payload=b.payload) for b in turn.buttons],
        media=[
            MediaShape.model_validate(
                {
                    "id": m.id,
                    "kind": m.kind,
                    "name": m.name,
                    "mime": m.mime,
                    "size": m.size,
                    "url": f"/api/files/{m.id}",
                }
            )
            for m in turn.media
        ],
        location=turn.location,
        edited=turn.edits is not None,
        transcript=_words(turn.transcript, clear=clear),
        at=turn.at,
        delivery=_DELIVERY.get(turn.delivery or ""),  # type: ignore[arg-type]
        delivery_error=turn.delivery_error,
    )


def _words(text: str | None, *, clear: bool) -> str | None:
    return text if text is None or clear else masked(text)


def _line(turn: Turn, *, clear: bool) -> str:
    if turn.erased:
        return console_texts().identity["erased"]
    return turn.text if clear else masked(turn.text)


def presence_shape(present: Present) -> PresenceShape:
    """Who is there."""
    return PresenceShape(
        officer_id=present.officer_id, name=present.name, activity=present.activity
    )


def case_row(line: CaseLine, book: Book) -> CaseRow:
    """A case in a list; numbers that name a person are covered."""
    return CaseRow(
        number=line.number,
        category=line.category,
        category_name=book.categories.get(line.category, line.category),
        status=line.status,
        status_name=book.words.statuses.get(line.status, line.status),
        version=line.version,
        title=masked(line.title),
        urgent=line.urgent,
        owner=OwnerShape(officer_id=line.owner_id, name=line.owner_name, unit_name=line.unit_name),
        due_at=line.due_at,
        next_at=line.next_at,
        supervision=line.supervision,
        source=line.source,
        opened_at=line.opened_at,
        conversation_id=line.conversation_id,
        rating=line.rating,
        placed=line.placed,
        restricted=line.restricted,
    )


def ties_shape(found: Ties, book: Book) -> TiesShape:
    """What a case is tied to."""

    def tie(each: Tie) -> TieShape:
        name = book.words.statuses.get(each.status, each.status)
        return TieShape(number=each.number, status_name=name, may=each.may)

    return TiesShape(
        leading=tie(found.leading) if found.leading else None,
        residents=found.residents,
        joined=[tie(each) for each in found.joined],
        linked=[tie(each) for each in found.linked],
    )


def placing_shape(case: Case, happened: Iterable[Event], officer: Officer) -> PlacingShape:
    """What an officer needs to say where a case belongs."""
    codes = [str(event.data["why"]) for event in happened if event.data.get("why")]
    held = case.slots.get("location")
    point = held.value if held is not None and isinstance(held.value, list) else None
    return PlacingShape(
        placed=case.placed,
        why=console_texts().doubts.get(codes[-1]) if codes and not case.placed else None,
        text=(case.slots["place"].text or "") if "place" in case.slots else "",
        location=(float(point[0]), float(point[1])) if point and len(point) == 2 else None,
        may=may_place(officer, case),
    )


def event_shape(event: Event, names: Mapping[str, str]) -> EventShape:
    """An event with its line of text."""
    texts = console_texts()
    return EventShape(
        seq=event.seq,
        kind=event.kind.value,
        at=event.at,
        actor=ActorShape(kind=event.actor.kind.value, name=texts.actor(event)),
        summary=texts.summary(event, names),
        conversation_id=event.conversation_id,
        case_number=event.case_number,
        data=event.data,
    )
