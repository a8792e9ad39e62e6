"""Events made ready for the live page: worded, with their turn, and with whom they concern."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.events import Event, Kind
from casework.masking import masked
from casework.turn import Turn
from handoff_console import other_cases
from handoff_console.render import event_shape, turn_shape
from handoff_console.shapes import EventShape, TurnShape
from storage.unit_of_work import SqlTransaction
from storage.views import Sight, names_among, turns_by_id
from storage.views_audience import Audience, audiences
from storage.views_ties import hidden_among

WITH_TURN = frozenset(
    {
        Kind.TURN_RECEIVED,
        Kind.TURN_AMENDED,
        Kind.TURN_SENT,
        Kind.DELIVERED,
        Kind.DELIVERY_FAILED,
        Kind.VOICE_LEFT,
        Kind.VOICE_HEARD,
    }
)
OUT_OF_SIGHT = "out_of_sight"
MOST_REMEMBERED = 5_000


class LiveEvent(EventShape):
    """An event with the line it tells of."""

    turn: TurnShape | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One event as bytes of the stream: in full, with numbers covered, and as little as whoever
    loses sight of the conversation must know to take it off the screen."""

    seq: int
    audience: Audience
    before: Audience
    clear: bytes
    covered: bytes
    gone: bytes

    def seen_by(self, sight: Sight) -> bytes | None:
        """What this officer gets; None for nothing."""
        if self.audience.knows(sight):
            return self.clear
        if self.audience.admits(sight):
            return self.covered
        return self.gone if self.gone and self.before.admits(sight) else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read to word a batch of events. ``hidden`` are the restricted cases they name."""

    turns: Mapping[str, Turn]
    audiences: Mapping[str, Audience]
    names: Mapping[str, str]
    paths: Mapping[str, str]
    hidden: Collection[str]


def read_facts(tx: SqlTransaction, events: Sequence[Event]) -> Facts:
    """Everything a batch of events needs, a few queries for all of it."""
    turn_ids = [str(e.data["turn"]) for e in events if e.kind in WITH_TURN and "turn" in e.data]
    conversation_ids = [e.conversation_id for e in events if e.conversation_id is not None]
    turns = turns_by_id(tx, turn_ids)
    return Facts(
        turns=turns,
        audiences=audiences(tx, conversation_ids),
        names=names_among(tx, _named(events, turns.values())),
        paths={unit.id: unit.path for unit in tx.people.units(_units(events))},
        hidden=hidden_among(tx, other_cases.named(events)),
    )


def _named(events: Sequence[Event], turns: Iterable[Turn]) -> set[str]:
    """Whoever may be named: the actors, the speakers, and any id an event holds."""
    found = {event.actor.id for event in events} | {turn.officer_id for turn in turns}
    held = {value for event in events for value in event.data.values() if isinstance(value, str)}
    return {each for each in found if each is not None} | held


def _units(events: Sequence[Event]) -> set[str]:
    """The units that events of no conversation are about."""
    alone = [event.data.get("unit") for event in events if event.conversation_id is None]
    return {str(unit) for unit in alone if unit is not None}


class Audiences:
    """Who could see a conversation at its last event, for as many as are worth remembering."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, Audience] = OrderedDict()

    def before(self, conversation_id: str | None, now: Audience) -> Audience:
        """Who could see it before; remembers who can now."""
        if conversation_id is None:
            return now
        before = self._last.pop(conversation_id, now)
        self._last[conversation_id] = now
        if len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)
        return before


def item(event: Event, facts: Facts, before: Audience, now: Audience) -> Item:
    """An event as bytes."""
    turn = facts.turns.get(str(event.data.get("turn"))) if event.kind in WITH_TURN else None
    plain = event_shape(other_cases.without(event, facts.hidden), facts.names).model_dump(
        mode="python"
    )
    shown = turn_shape(turn, facts.names, clear=True) if turn else None
    clear = _block(event.seq, event.kind.value, LiveEvent(**plain, turn=shown))
    covered = clear
    if turn is not None and any(masked(t) != t for t in (turn.text, turn.transcript or "")):
        hidden = turn_shape(turn, facts.names, clear=False)
        covered = _block(event.seq, event.kind.value, LiveEvent(**plain, turn=hidden))
    gone = _gone(plain, event.seq) if before != now else b""
    return Item(event.seq, now, before, clear, covered, gone)


def concerned(event: Event, facts: Facts) -> Audience:
    """Whom an event concerns: its conversation's audience and who took part in it. Of a restricted
    one only its audience: who had a part in it before may not read it once more from the start."""
    base = facts.audiences.get(event.conversation_id or "", Audience())
    if base.restricted:
        return base
    parts = (event.actor.id, event.data.get("to_officer"), event.data.get("officer"))
    unit = event.data.get("unit") if event.conversation_id is None else None
    if unit is not None:
        path = facts.paths.get(str(unit), "")
        base = Audience(base.everybody, base.officers, base.units | {path})
    return base.with_officers([str(part) for part in parts if part is not None])


def _gone(plain: Mapping[str, object], seq: int) -> bytes:
    bare = {**plain, "kind": OUT_OF_SIGHT, "summary": "", "case_number": None, "data": {}}
    bare["actor"] = {"kind": "system", "name": ""}
    return _block(seq, OUT_OF_SIGHT, LiveEvent.model_validate(bare))


def _block(seq: int, kind: str, event: LiveEvent) -> bytes:
    body = event.model_dump_json(by_alias=True)
    return f"id: {seq}\nevent: {kind}\ndata: {body}\n\n".encode()
