"""The append-only record. Sequence numbers follow the order of commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, text

from casework.events import Actor, ActorKind, Event, Kind
from storage.prepared import Prepared
from storage.tables import events

# Any number, the same for every process: whoever numbers events holds it until the commit, so
# that a reader who has seen seq 9 can never find an 8 appearing behind it.
NUMBERING_LOCK = 7_469_001
# Without the number: the database gives it.
_INSERT = Prepared(
    insert(events).values({c.name: bindparam(c.name) for c in events.c if c.name != "seq"})
)


def from_row(row: Row[Any]) -> Event:
    """A table row as an event."""
    data = row._mapping
    return Event(
        kind=Kind(data["kind"]),
        at=data["at"],
        actor=Actor(ActorKind(data["actor_kind"]), data["actor_id"], data["actor_name"]),
        conversation_id=data["conversation_id"],
        case_number=data["case_number"],
        data=data["data"],
        seq=data["seq"],
    )


class SqlEvents:
    """casework.ports.Events on a SQL connection; ``flush`` writes them as the last statement."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.pending: list[Event] = []

    def append(self, event: Event) -> None:
        """Note an event; it is written when the transaction ends."""
        self.pending.append(event)

    def flush(self) -> list[Event]:
        """Write the noted events."""
        done, self.pending = self.pending, []
        if not done:
            return done
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": NUMBERING_LOCK}
            )
        rows = [
            {
                "kind": event.kind.value,
                "at": event.at,
                "actor_kind": event.actor.kind.value,
                "actor_id": event.actor.id,
                "actor_name": event.actor.name,
                "conversation_id": event.conversation_id,
                "case_number": event.case_number,
                "data": event.data,
            }
            for event in done
        ]
        _INSERT.run_many(self._connection, rows)
        return done

    def after(self, seq: int, limit: int) -> list[Event]:
        """The events behind ``seq``, in order."""
        query = select(events).where(events.c.seq > seq).order_by(events.c.seq).limit(limit)
        return [from_row(row) for row in self._connection.execute(query)]

    def of_case(self, number: str) -> list[Event]:
        """A case's timeline."""
        query = select(events).where(events.c.case_number == number).order_by(events.c.seq)
        return [from_row(row) for row in self._connection.execute(query)]

    def last_seq(self) -> int:
        """The newest event's number, 0 when there is none."""
        return int(self._connection.execute(select(func.max(events.c.seq))).scalar() or 0)
