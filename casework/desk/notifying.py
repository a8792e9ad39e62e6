"""What a resident is told when their case moves, and what waits while an officer is speaking.

The bot never speaks into a conversation that an officer holds. What time alone did meanwhile is
kept as an event, and told when the officer has given the conversation back: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from casework.case import CLOSED, OPEN, Case, Status
from casework.channels import DESK
from casework.conversation import Conversation, Holder, HolderKind
from casework.copying import replace
from casework.desk.conversations import actor_of, say
from casework.desk.rulebook import Notices
from casework.desk.speaking import held_until
from casework.events import SYSTEM, Event, Kind
from casework.mediation import LIVE
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Media


def tell(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    event: Kind,
    officer: Officer | None,
    notices: Notices,
    now: datetime,
    *,
    said: str = "",
) -> None:
    """Tell the resident, in the officer's name, else the bot's. Not while an officer holds the
    conversation and time alone has done it: that officer sees it, and it is told when they give
    the conversation back (``caught_up``). In quiet hours it is sent when they end. After a result
    the bot holds again, to ask. Where an officer registered it there is no chat to tell anything
    in: who has it calls, or nobody is to be told."""
    if conversation.channel == DESK:
        return
    if officer is None and conversation.holder.kind is HolderKind.OFFICER:
        _put_off(tx, conversation, case, event, notices, now)
        return
    line = notices.notice(
        event, case, _named(tx, case, event, officer), conversation.language, said
    )
    if line is not None and event is Kind.CASE_RESOLVED:
        line = replace(line, media=_shown(tx, case))
    before, given_back = conversation, False
    mine = officer is not None and conversation.holder == Holder(HolderKind.OFFICER, officer.id)
    if line is not None:
        hold = held_until(tx, conversation, case, notices, now)
        conversation, _ = say(tx, conversation, [line], now, officer=officer, hold_until=hold)
    if event is Kind.CASE_RESOLVED and (mine or conversation.holder.kind is HolderKind.QUEUE):
        conversation, given_back = _given_back(tx, conversation, officer, now), True
    if conversation is not before:
        tx.conversations.save(conversation, before.epoch)
    if given_back:
        caught_up(tx, conversation.id, notices, now)


def _put_off(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    event: Kind,
    notices: Notices,
    now: datetime,
) -> None:
    """Remember what the resident has not been told; its words are found when it is."""
    if notices.notice(event, case, "", conversation.language) is None:
        return
    data = {"of": event.value}
    tx.events.append(Event(Kind.NOTICE_HELD, now, SYSTEM, conversation.id, case.number, data))


def caught_up(tx: Transaction, conversation_id: str, notices: Notices, now: datetime) -> int:
    """Tell a resident, whose conversation no officer holds any more, what happened meanwhile: of
    each case each thing once, as it stands now, and nothing that is over. Returns how many were
    said. The caller has locked the conversation."""
    if tx.conversations.get(conversation_id).holder.kind is HolderKind.OFFICER:
        return 0
    said = 0
    for case in sorted(tx.cases.of_conversation(conversation_id), key=lambda each: each.number):
        held = _held(tx.events.of_case(case.number))
        fresh = [kind for kind in held if _still_news(tx, case, kind)]
        for kind in fresh:
            tell(tx, tx.conversations.get(conversation_id), case, kind, None, notices, now)
        if held:
            data = {"of": [kind.value for kind in fresh]}
            event = Event(Kind.NOTICE_TOLD, now, SYSTEM, conversation_id, case.number, data)
            tx.events.append(event)
        said += len(fresh)
    return said


def _still_news(tx: Transaction, case: Case, kind: Kind) -> bool:
    """Whether what was held back is still so, and still concerns the resident."""
    if case.anonymised_at is not None:
        return False
    if kind is Kind.MEDIATOR_CHOSEN:
        return _mediator(tx, case) is not None
    return case.status in _STILL_NEWS.get(kind, OPEN)


def _mediator(tx: Transaction, case: Case) -> str | None:
    """Who mediates the case, where a mediation is not over."""
    found = tx.mediations.of_case(case.number)
    return next((each.mediator_id for each in found if each.phase in LIVE), None)


def _held(events: Sequence[Event]) -> list[Kind]:
    """What has been held back since the resident last caught up, in the order of its last time."""
    found: dict[Kind, None] = {}
    for event in events:
        if event.kind is Kind.NOTICE_TOLD:
            found.clear()
        elif event.kind is Kind.NOTICE_HELD:
            kind = Kind(event.data["of"])
            found.pop(kind, None)
            found[kind] = None
    return list(found)


def _given_back(
    tx: Transaction, conversation: Conversation, officer: Officer | None, now: datetime
) -> Conversation:
    """The bot has the conversation again, to ask whether it is solved."""
    conversation = replace(
        conversation,
        holder=Holder(HolderKind.BOT),
        epoch=conversation.epoch + 1,
        waiting_since=None,
        handoff_reason=None,
    )
    actor = actor_of(officer) if officer is not None else SYSTEM
    data = {"epoch": conversation.epoch, "to": "bot", "to_officer": None}
    tx.events.append(Event(Kind.RELEASED, now, actor, conversation.id, data=data))
    return conversation


def _shown(tx: Transaction, case: Case) -> tuple[Media, ...]:
    """The photos that show what was done (S4-5); a file of somebody else's case stays there."""
    kept = [tx.files.get(file_id) for file_id in case.proof]
    own = [media for media, conversation_id in kept if conversation_id == case.conversation_id]
    return tuple(media for media in own if media.kind == "photo")


_STILL_NEWS: Mapping[Kind, Collection[Status]] = {
    Kind.CASE_LAPSED: CLOSED,
    Kind.CASE_OUT_OF_MEDIATION: {Status.WORKING},
    Kind.CASE_WHISTLE_ENDED: {Status.WORKING},
    Kind.JUDICIAL_LAPSED: frozenset(Status),  # the agreement outlives the case
}
"""While a case stands so, it is still worth saying; everything else while it is being worked on."""
_OF_OWNER = frozenset(
    {
        Kind.CASE_FILED,
        Kind.CASE_PLACED,
        Kind.CASE_ASSIGNED,
        Kind.CASE_ESCALATED,
        Kind.CASE_HANDED_OVER,
    }
)


def _named(tx: Transaction, case: Case, event: Kind, officer: Officer | None) -> str:
    """Whom the notice names: who has the case from now on, with the office where that is new; of
    another mediator, who it is."""
    if event not in _OF_OWNER and officer is not None:
        return officer.name
    if event is Kind.MEDIATOR_CHOSEN:
        return tx.people.officer(_mediator(tx, case) or case.owner_id).name
    owner = tx.people.officer(case.owner_id).name
    unit = (
        tx.people.unit(case.org_id) if event in {Kind.CASE_ASSIGNED, Kind.CASE_ESCALATED} else None
    )
    return f"{unit.name}{owner}" if unit is not None else owner
