"""Small records beside a conversation: kept files and officers' notes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from casework.errors import NotFound
from casework.turn import Media
from storage.tables import files, officers
from storage.tables_beside import notes


class Note(NamedTuple):
    """An internal remark; residents never see it."""

    id: str
    officer_name: str
    text: str
    at: datetime


class SqlFiles:
    """casework.ports.Files on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, media: Media, conversation_id: str, at: datetime) -> None:
        """Remember a kept file."""
        self._connection.execute(
            insert(files),
            {
                "id": media.id,
                "conversation_id": conversation_id,
                "kind": media.kind,
                "name": media.name,
                "mime": media.mime,
                "size": media.size,
                "at": at,
            },
        )

    def get(self, file_id: str) -> tuple[Media, str]:
        """The file and its conversation. Raises NotFound, also for one that was given up."""
        wanted = select(files).where(files.c.id == file_id, files.c.erased_at.is_(None))
        row = self._connection.execute(wanted).one_or_none()
        if row is None:
            raise NotFound
        return Media(row.id, row.kind, row.name, row.mime, row.size), row.conversation_id


class SqlNotes:
    """Officers' notes on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, note_id: str, conversation_id: str, officer_id: str, text: str, at: datetime
    ) -> None:
        """Store a note."""
        self._connection.execute(
            insert(notes),
            {
                "id": note_id,
                "conversation_id": conversation_id,
                "officer_id": officer_id,
                "text": text,
                "at": at,
            },
        )

    def of_conversation(self, conversation_id: str) -> list[Note]:
        """A conversation's notes, oldest first."""
        query = (
            select(notes.c.id, officers.c.name, notes.c.text, notes.c.at)
            .join(officers, officers.c.id == notes.c.officer_id)
            .where(notes.c.conversation_id == conversation_id)
            .order_by(notes.c.at, notes.c.id)
        )
        return [Note(*row) for row in self._connection.execute(query)]
