"""What a line is understood as, before any transaction: heard, then read alone and in its story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from bot.dialogue import matters
from bot.dialogue.state import DialogueState, Heard
from bot.english.engine import for_both
from bot.speech import Ears, words_of, worth_hearing
from casework.conversation import Conversation
from casework.digest import LOCAL
from casework.turn import Inbound, Turn
from config.load import Book
from nlu.engine import Engine, RemoteEngine
from nlu.understanding import Understanding

UNDERSTOOD = 4000  # characters; what follows is kept and read by people


class Basis(NamedTuple):
    """What a line is understood against: the slot asked for, and the story told before it."""

    context: str | None
    told: str


class Meant(NamedTuple):
    """A line as the engine understands it, alone and with the story before it."""

    line: Understanding | None
    story: Understanding | None
    parts: tuple[tuple[str, Understanding], ...] = ()
    """The matters of a line that announces several, each alone."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """The transaction found that another line, or another question, comes first."""

    turn: Turn
    basis: Basis


class Listener:
    """Hears recordings and understands lines. Nothing here is kept or decided."""

    def __init__(self, engine: Engine, book: Book, ears: Ears | None) -> None:
        self._ears = ears
        self._engine = for_both(engine, book)
        self._phrases = book.phrases
        self._remote = self._engine if isinstance(self._engine, RemoteEngine) else None

    async def listened(self, plan: Undecided) -> Undecided:
        """With what a machine heard, where one listens; an empty transcript is a failed try."""
        recording = worth_hearing(plan.turn) if self._ears is not None else None
        if self._ears is None or recording is None:
            return plan
        words = await self._ears.transcribe(recording)
        return replace(plan, turn=replace(plan.turn, transcript=words or ""))

    async def understand(self, plan: Undecided) -> Meant:
        """The line alone, and with what was told before it."""
        return await self._read(words_of(plan.turn), plan.turn.at, plan.basis)

    async def foresee(self, inbound: Inbound, basis: Basis) -> Meant | None:
        """The same of a line that is not stored yet: None where that would have to wait, for an
        engine in another process or for what came with the line."""
        if self._remote is not None or inbound.media:
            return None
        return await self._read(inbound.text, inbound.at, basis)

    async def _read(self, words: str, at: datetime, basis: Basis) -> Meant:
        text = words[:UNDERSTOOD]
        if not text.strip():
            return Meant(None, None)
        said_on = at.astimezone(LOCAL).date()
        line = await self._ask(text, basis.context, said_on)
        pieces = matters.parted(text, self._phrases) or ()
        parts = tuple([(piece, await self._ask(piece, None, said_on)) for piece in pieces])
        if not basis.told:
            return Meant(line, None, parts)
        return Meant(line, await self._sum_up(f"{basis.told}，{text}", said_on), parts)

    async def _ask(self, text: str, context: str | None, said_on: date) -> Understanding:
        """Waits only for an engine in another process; ours is called without a thread."""
        if self._remote is not None:
            return await self._remote.aunderstand(text, context, now=said_on)
        return self._engine.understand(text, context, now=said_on)

    async def _sum_up(self, story: str, said_on: date) -> Understanding:
        """What it is about and how urgent; its facts were taken line by line."""
        if self._remote is not None:
            return await self._remote.aunderstand(story, None, now=said_on)
        return self._engine.gist(story, said_on)


def heard(turn: Turn, understood: Understanding | None, wishes: bool = False) -> Heard:
    """The stored line as the policy hears it."""
    spoken = bool(turn.transcript) and not turn.text.strip()
    return Heard(
        turn_id=turn.id,
        text=words_of(turn),
        understanding=understood,
        button=turn.button,
        start=turn.start,
        location=turn.location,
        # What was said counts as typed; the recording stays with its line.
        media=() if spoken else turn.media,
        contact=turn.contact,
        edits=turn.edits is not None,
        spoken=spoken,
        late=turn.late,
        wishes=wishes,
    )


def basis_of(conversation: Conversation) -> Basis:
    """What the conversation's next line is understood against, as stored."""
    state = DialogueState.from_json(conversation.dialogue)
    return Basis(state.context, state.told)
