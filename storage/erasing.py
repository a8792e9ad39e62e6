"""Taking words away: turns, messages, notes and files of a conversation; what is due for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    literal,
    or_,
    select,
    text,
    update,
)

from casework.erasing import Kept, Limits, Taken
from casework.outbox import Delivery
from storage.tables import CLOSED_CASE, IDLE_TALK, cases, conversations, files, outbox, turns
from storage.tables_beside import notes

ERASED = "erased"
"""Why a message that was still to be sent never will be."""

_PENDING = Delivery.PENDING.value


class SqlErasing:
    """casework.erasing.Erasing on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def blank(self, conversation_id: str, kept: Kept, at: datetime) -> Taken:
        """Empty what was said; give up what was sent."""
        return Taken(
            turns=self._turns(conversation_id, kept),
            files=self._files(conversation_id, kept, at),
            notes=self._notes(conversation_id, kept),
            messages=self._messages(conversation_id, kept, at),
        )

    def _turns(self, conversation_id: str, kept: Kept) -> int:
        decided = or_(turns.c.handled_at.is_not(None), turns.c.id == literal(kept.current))
        return self._run(
            update(turns)
            .where(
                turns.c.conversation_id == conversation_id,
                or_(turns.c.text != "", turns.c.extra.is_not(None)),
                decided,
                turns.c.id.not_in(sorted(kept.turns)),
                *_older(turns.c.at, kept),
            )
            .values(text="", extra=None)
        )

    def _files(self, conversation_id: str, kept: Kept, at: datetime) -> int:
        return self._run(
            update(files)
            .where(
                files.c.conversation_id == conversation_id,
                files.c.erased_at.is_(None),
                files.c.id.not_in(sorted(kept.files)),
                *_older(files.c.at, kept),
            )
            .values(erased_at=at, name="")
        )

    def _notes(self, conversation_id: str, kept: Kept) -> int:
        mine = notes.c.conversation_id == conversation_id
        return self._run(delete(notes).where(mine, *_older(notes.c.at, kept)))

    def _messages(self, conversation_id: str, kept: Kept, at: datetime) -> int:
        """Of a turn that stays, the message stays as well."""
        pending = outbox.c.status == _PENDING
        return self._run(
            update(outbox)
            .where(
                outbox.c.conversation_id == conversation_id,
                outbox.c.text != "",
                or_(outbox.c.turn_id.is_(None), outbox.c.turn_id.not_in(sorted(kept.turns))),
                *_older(outbox.c.created_at, kept),
            )
            .values(
                text="",
                extra=None,
                status=case((pending, Delivery.REFUSED.value), else_=outbox.c.status),
                error=case((pending, ERASED), else_=outbox.c.error),
                settled_at=case(
                    (pending, literal(at, outbox.c.settled_at.type)), else_=outbox.c.settled_at
                ),
            )
        )

    def due_cases(self, limits: Limits, limit: int) -> list[str]:
        """Each kind is found by an index of its own."""
        closed, unfiled = text(CLOSED_CASE), text(f"{CLOSED_CASE} AND filed_at IS NULL")
        filed = text(f"{CLOSED_CASE} AND filed_at IS NOT NULL")
        asked = and_(text("forget AND anonymised_at IS NULL"), closed)
        kinds = (
            (asked,),
            (unfiled, cases.c.closed_at <= limits.unfiled),
            (filed, cases.c.restricted.is_(False), cases.c.closed_at <= limits.ordinary),
            (filed, cases.c.restricted.is_(True), cases.c.closed_at <= limits.restricted),
        )
        found: dict[str, None] = {}
        for conditions in kinds:
            query = select(cases.c.number).where(*conditions).order_by(cases.c.closed_at)
            found.update(dict.fromkeys(self._connection.execute(query.limit(limit)).scalars()))
        return list(found)[:limit]

    def due_talks(self, before: datetime, limit: int) -> list[str]:
        """Nothing of a complaint is left in them, or never was."""
        query = (
            select(conversations.c.id)
            .where(
                text(IDLE_TALK),
                conversations.c.last_at <= before,
                # Not «= bot»: most are, and SQLite would read those instead of the partial index.
                conversations.c.holder_kind.not_in(("queue", "officer")),
            )
            .order_by(conversations.c.last_at)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def doomed_files(self, limit: int) -> list[str]:
        """Given up, by a transaction that is committed."""
        query = select(files.c.id).where(files.c.erased_at.is_not(None)).limit(limit)
        return list(self._connection.execute(query).scalars())

    def drop_files(self, file_ids: Collection[str]) -> None:
        """Their rows go last."""
        self._run(
            delete(files).where(files.c.id.in_(sorted(file_ids)), files.c.erased_at.is_not(None))
        )

    def _run(self, statement: Any) -> int:
        return int(self._connection.execute(statement).rowcount)


def _older(column: ColumnElement[datetime], kept: Kept) -> tuple[ColumnElement[bool], ...]:
    return (column <= kept.before,) if kept.before is not None else ()
