"""Turns: the conversation's record, which is the inbox too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, literal_column, select, update

from casework.conversation import Conversation
from casework.copying import replace
from casework.errors import NotFound
from casework.outbox import Delivery
from casework.turn import Button, Inbound, Line, Media, Speaker, Turn, received
from storage.ids import new_id
from storage.outbox import OUTBOX_COLUMNS, outbox_row
from storage.prepared import Prepared, Row
from storage.tables import outbox, turns

# Written out, not bound: the partial index is only used where its condition can be seen, and
# SQLite, which sees bound values too, would compile the statement anew each time.
_UNHANDLED = (turns.c.handled_at.is_(None), turns.c.speaker == literal_column("'resident'"))
_INSERT = Prepared(insert(turns))
_LET_GO = Prepared(
    update(outbox)
    .where(
        outbox.c.channel == bindparam("on_channel"),
        outbox.c.chat == bindparam("in_chat"),
        outbox.c.status == literal_column("'pending'"),
        outbox.c.attempts == literal_column("0"),
        outbox.c.part == literal_column("0"),
        outbox.c.error.is_(None),
        outbox.c.due_at > bindparam("at_once"),
    )
    .values(due_at=bindparam("at_once"))
)
_INSERT_OUTBOX = Prepared(insert(outbox).values({n: bindparam(n) for n in OUTBOX_COLUMNS}))
_BY_EXTERNAL = Prepared(
    select(turns).where(
        turns.c.channel == bindparam("on_channel"), turns.c.external_id == bindparam("wanted")
    ),
    turns,
)
_GET = Prepared(select(turns).where(turns.c.id == bindparam("wanted")), turns)
_OLDEST = Prepared(
    select(turns)
    .where(turns.c.conversation_id == bindparam("within"), *_UNHANDLED)
    .order_by(turns.c.seq)
    .limit(1),
    turns,
)
_HANDLED = Prepared(
    update(turns)
    .where(turns.c.id == bindparam("wanted"), turns.c.handled_at.is_(None))
    .values(handled_at=bindparam("moment"))
)
_AMEND = Prepared(
    update(turns)
    .where(turns.c.id == bindparam("wanted"))
    .values(text=bindparam("new_text"), extra=bindparam("new_extra"))
)
_AFTER = Prepared(
    select(turns)
    .where(turns.c.conversation_id == bindparam("within"), turns.c.seq > bindparam("behind"))
    .order_by(turns.c.seq)
    .limit(bindparam("most")),
    turns,
)


def _extra(turn: Turn) -> dict[str, Any] | None:
    extra: dict[str, Any] = {}
    if turn.buttons:
        extra["buttons"] = [[b.title, b.payload] for b in turn.buttons]
    if turn.media:
        extra["media"] = [asdict(m) for m in turn.media]
    for name in ("button", "start", "location", "contact", "edits", "transcript", "album"):
        value = getattr(turn, name)
        if value is not None:
            extra[name] = value
    return extra or None


def from_row(data: Row) -> Turn:
    """A table row as a turn."""
    extra = data["extra"] or {}
    location = extra.get("location")
    return Turn(
        id=data["id"],
        conversation_id=data["conversation_id"],
        seq=data["seq"],
        speaker=Speaker(data["speaker"]),
        text=data["text"],
        at=data["at"],
        epoch=data["epoch"],
        officer_id=data["officer_id"],
        external_id=data["external_id"],
        button=extra.get("button"),
        start=extra.get("start"),
        buttons=tuple(Button(*pair) for pair in extra.get("buttons", ())),
        media=tuple(Media(**m) for m in extra.get("media", ())),
        location=tuple(location) if location else None,
        contact=extra.get("contact"),
        edits=extra.get("edits"),
        handled_at=data["handled_at"],
        delivery=data["delivery"],
        delivery_error=data["delivery_error"],
        transcript=extra.get("transcript"),
        album=extra.get("album"),
    )


def _values(turn: Turn, channel: str) -> dict[str, Any]:
    return {
        "id": turn.id,
        "conversation_id": turn.conversation_id,
        "seq": turn.seq,
        "speaker": turn.speaker.value,
        "channel": channel,
        "external_id": turn.external_id,
        "text": turn.text,
        "at": turn.at,
        "epoch": turn.epoch,
        "officer_id": turn.officer_id,
        "extra": _extra(turn),
        "handled_at": turn.handled_at,
        "delivery": turn.delivery,
        "delivery_error": turn.delivery_error,
    }


def _spoken(
    conversation: Conversation,
    lines: Sequence[Line],
    speaker: Speaker,
    at: datetime,
    officer_id: str | None,
    external_id: str | None,
) -> tuple[Turn, ...]:
    """Outgoing lines as the conversation's next turns."""
    return tuple(
        Turn(
            id=new_id(),
            conversation_id=conversation.id,
            seq=conversation.last_seq + place,
            speaker=speaker,
            text=line.text,
            at=at,
            epoch=conversation.epoch,
            officer_id=officer_id,
            external_id=external_id if place == 1 else None,
            buttons=line.buttons,
            media=line.media,
            handled_at=at,
        )
        for place, line in enumerate(lines, start=1)
    )


class SqlTurns:
    """casework.ports.Turns on a SQL connection; ``added`` collects what this transaction wrote."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.added: list[Turn] = []
        self.pushed: set[str] = set()

    def _one(self, query: Prepared, values: Row) -> Turn | None:
        found = query.rows(self._connection, values)
        return from_row(found[0]) if found else None

    def by_external(self, channel: str, external_id: str) -> Turn | None:
        """The line stored under the platform's id."""
        return self._one(_BY_EXTERNAL, {"on_channel": channel, "wanted": external_id})

    def get(self, turn_id: str) -> Turn:
        """Raises NotFound."""
        found = self._one(_GET, {"wanted": turn_id})
        if found is None:
            raise NotFound
        return found

    def add_received(
        self, conversation: Conversation, inbound: Inbound
    ) -> tuple[Conversation, Turn]:
        """Store a resident's line as the next seq."""
        turn = received(new_id(), conversation, inbound)
        _INSERT.run(self._connection, _values(turn, conversation.channel))
        self.added.append(turn)
        return replace(conversation, last_seq=turn.seq, last_at=inbound.at), turn

    def add_spoken(
        self,
        conversation: Conversation,
        lines: Sequence[Line],
        speaker: str,
        at: datetime,
        *,
        officer_id: str | None = None,
        external_id: str | None = None,
        push: bool = False,
        hold_until: datetime | None = None,
    ) -> tuple[Conversation, tuple[Turn, ...]]:
        """Store outgoing lines as the next seqs; with ``push`` also into the outbox, to be sent
        from ``hold_until`` on. Without it, what was held for this chat goes first, now."""
        new = _spoken(conversation, lines, Speaker(speaker), at, officer_id, external_id)
        if push:
            new = tuple(replace(turn, delivery=Delivery.PENDING.value) for turn in new)
        if not new:
            return conversation, new
        channel = conversation.channel
        _INSERT.run_many(self._connection, [_values(turn, channel) for turn in new])
        if push:
            if hold_until is None:
                named = {"on_channel": channel, "in_chat": conversation.chat, "at_once": at}
                _LET_GO.run(self._connection, named)
            rows = [outbox_row(turn, conversation, hold_until) for turn in new]
            _INSERT_OUTBOX.run_many(self._connection, rows)
            self.pushed.add(channel)
        self.added.extend(new)
        return replace(conversation, last_seq=new[-1].seq, last_at=at), new

    def oldest_unhandled(self, conversation_id: str) -> Turn | None:
        """The next line to decide about."""
        return self._one(_OLDEST, {"within": conversation_id})

    def mark_handled(self, turn_id: str, at: datetime) -> bool:
        """False when it was handled already."""
        return _HANDLED.run(self._connection, {"wanted": turn_id, "moment": at}) == 1

    def amend(self, turn: Turn) -> None:
        """Save a line's text, files, transcript and deep link."""
        named = {"wanted": turn.id, "new_text": turn.text, "new_extra": _extra(turn)}
        _AMEND.run(self._connection, named)

    def conversations_with_unhandled(self, before: datetime, limit: int) -> list[str]:
        """Conversations whose oldest undecided line was received before ``before``."""
        query = (
            select(turns.c.conversation_id)
            .where(*_UNHANDLED)
            .group_by(turns.c.conversation_id)
            .having(func.min(turns.c.at) < before)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> list[Turn]:
        """The turns behind ``seq``, in order."""
        named = {"within": conversation_id, "behind": seq, "most": limit}
        return [from_row(row) for row in _AFTER.rows(self._connection, named)]
