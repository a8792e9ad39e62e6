"""Taking words away in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.case import Case
from casework.conversation import HolderKind
from casework.erasing import Kept, Limits, Taken
from casework.outbox import Delivery
from casework.turn import Turn
from storage.erasing import ERASED

if TYPE_CHECKING:
    from storage.memory import Tables


class MemoryErasing:
    """casework.erasing.Erasing."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def blank(self, conversation_id: str, kept: Kept, at: datetime) -> Taken:
        """Empty what was said; give up what was sent. Notes are not kept in memory."""
        return Taken(
            turns=self._blank_turns(conversation_id, kept),
            files=self._give_up_files(conversation_id, kept, at),
            messages=self._blank_messages(conversation_id, kept),
        )

    def _blank_turns(self, conversation_id: str, kept: Kept) -> int:
        count = 0
        for turn in list(self._tables.turns.values()):
            decided = turn.handled_at is not None or turn.id == kept.current
            mine = turn.conversation_id == conversation_id and _older(turn.at, kept)
            if mine and decided and turn.id not in kept.turns and not turn.erased:
                self._tables.turns[turn.id] = _emptied(turn)
                count += 1
        return count

    def _give_up_files(self, conversation_id: str, kept: Kept, at: datetime) -> int:
        count, doomed = 0, self._tables.doomed
        for file_id, (media, of) in list(self._tables.files.items()):
            goes = of == conversation_id and file_id not in doomed and file_id not in kept.files
            if goes and _older(self._tables.file_times[file_id], kept):
                self._tables.files[file_id] = (replace(media, name=""), of)
                doomed[file_id] = at
                count += 1
        return count

    def _blank_messages(self, conversation_id: str, kept: Kept) -> int:
        count = 0
        for number, message in list(self._tables.outbox.items()):
            mine = message.conversation_id == conversation_id and message.text != ""
            if mine and message.turn_id not in kept.turns and _older(message.created_at, kept):
                emptied = replace(message, text="", buttons=(), media=())
                if message.status is Delivery.PENDING:
                    emptied = replace(emptied, status=Delivery.REFUSED, error=ERASED)
                self._tables.outbox[number] = emptied
                count += 1
        return count

    def due_cases(self, limits: Limits, limit: int) -> list[str]:
        """As on SQL."""
        due = [case for case, _ in self._tables.cases.values() if _is_due(case, limits)]
        return [c.number for c in sorted(due, key=lambda c: (c.closed_at, c.number))][:limit]

    def due_talks(self, before: datetime, limit: int) -> list[str]:
        """As on SQL."""
        due = [
            c
            for c in self._tables.conversations.values()
            if c.forgotten_seq < c.last_seq
            and not c.has_cases
            and c.last_at <= before
            and c.holder.kind is HolderKind.BOT
        ]
        return [c.id for c in sorted(due, key=lambda c: c.last_at)][:limit]

    def doomed_files(self, limit: int) -> list[str]:
        """Given up."""
        return list(self._tables.doomed)[:limit]

    def drop_files(self, file_ids: Collection[str]) -> None:
        """Their rows go last."""
        for file_id in file_ids:
            if self._tables.doomed.pop(file_id, None) is not None:
                del self._tables.files[file_id]


def _older(at: datetime, kept: Kept) -> bool:
    return kept.before is None or at <= kept.before


def _emptied(turn: Turn) -> Turn:
    return replace(
        turn,
        text="",
        button=None,
        start=None,
        buttons=(),
        media=(),
        location=None,
        contact=None,
        edits=None,
        transcript=None,
        album=None,
    )


def _is_due(case: Case, limits: Limits) -> bool:
    if case.closed_at is None or case.anonymised_at is not None:
        return False
    if case.forget:
        return True
    if case.filed_at is None:
        return case.closed_at <= limits.unfiled
    return case.closed_at <= (limits.restricted if case.restricted else limits.ordinary)
