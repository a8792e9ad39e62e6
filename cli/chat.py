"""One resident at the terminal."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bot.dialogue.state import DialogueState
from casework import intake
from casework.case import SlotValue
from casework.channels import TERMINAL
from casework.conversation import Conversation
from casework.desk.conversations import open_conversation
from casework.ports import Transaction
from casework.turn import Inbound, Media, Speaker, Turn
from cli.chat_lines import SAMPLES, Attached, BadLine, Said, parse_line
from cli.demo import seed
from cli.house import House
from storage.files import FileRefused
from storage.unit_of_work import SqlTransaction

DATE = re.compile(r"\d{4}(-\d\d){0,2}")


class TerminalChat:
    """A conversation over stdin and stdout."""

    def __init__(self, house: House, chat: str) -> None:
        self._house = house
        self._chat = chat
        self._clockwork = house.clockwork()
        self._seen = 0
        self._count = 0
        self._conversation_id = ""

    async def open(self) -> None:
        """Find or open the conversation; a database without officers gets the demo street."""
        organisation = await self._house.store.read(lambda tx: tx.people.organisation())
        if not organisation.officers:
            await seed(self._house.store)
        now = self._house.clock()
        opened = await self._house.store.write(
            lambda tx: open_conversation(tx, TERMINAL, self._chat, "", now)
        )
        self._conversation_id = opened.id
        self._seen = opened.last_seq

    async def hear(self, said: Said) -> dict[str, Any]:
        """Carry one line through the house; gives the turn as the contract prints it."""
        self._count += 1
        if said.wait is not None:
            await self._wait(said.wait)
        if said.speaks:
            await self._receive(said)
        await self._house.inbox.idle()
        turns = await self._house.store.read(
            lambda tx: tx.turns.after(self._conversation_id, self._seen)
        )
        self._seen = turns[-1].seq if turns else self._seen
        state = await self._house.store.read(self._state)
        replies = [reply_json(turn) for turn in turns if turn.speaker is not Speaker.RESIDENT]
        return {"turn": self._count, "resident": said.shown, "replies": replies, "state": state}

    async def _wait(self, length: timedelta) -> None:
        self._house.clock.ahead += length
        while await self._clockwork.tick(self._house.clock()):
            await self._house.inbox.idle()

    async def _receive(self, said: Said) -> None:
        media = [await self._kept(each) for each in said.files]
        await self._house.inbox.receive(
            Inbound(
                channel=TERMINAL,
                external_id=f"{self._conversation_id}:{uuid4().hex}",
                chat=self._chat,
                at=self._house.clock(),
                text=said.text.replace("\0", ""),
                button=said.button,
                location=said.location,
                contact=said.contact,
                media=tuple(media),
                conversation_id=self._conversation_id,
            )
        )

    async def _kept(self, file: Attached) -> Media:
        """Raises BadLine."""
        voice = file.kind == "voice"
        try:
            if file.path is None:
                return await self._house.files.keep(file.kind, SAMPLES[file.kind], voice=voice)
            data = await asyncio.to_thread(file.path.read_bytes)
            return await self._house.files.keep(file.path.name, data, voice=voice)
        except OSError as error:
            raise BadLine(f"cannot read {file.path}: {error.strerror}") from error
        except FileRefused as error:
            raise BadLine(f"{file.path} is not kept: {error.code}") from error

    def _state(self, tx: SqlTransaction) -> dict[str, Any]:
        conversation = tx.conversations.get(self._conversation_id)
        return {
            "holder": conversation.holder.kind.value,
            "crisis": conversation.crisis,
            "active": self._active(conversation),
            "cases": _cases(tx, conversation),
        }

    def _active(self, conversation: Conversation) -> dict[str, Any] | None:
        draft = DialogueState.from_json(conversation.dialogue).draft
        if draft is None:
            return None
        form = self._house.book.forms.get(draft.category or "")
        missing = list(intake.missing(form, draft.slots, draft.declined)) if form else []
        return {
            "category": draft.category,
            "slots": plain(draft.slots),
            "missing": missing,
        }


def plain(slots: dict[str, SlotValue]) -> dict[str, Any]:
    """Slot values without where they came from; a day also in the words it was told in."""
    return {name: _told(slot) for name, slot in slots.items()}


def _told(slot: SlotValue) -> Any:
    """去年5月31 (2025-05-31): words that mean a day, and the day they meant when they were said."""
    dated = isinstance(slot.value, str) and DATE.fullmatch(slot.value) is not None
    words = slot.text.strip()
    return f"{words} ({slot.value})" if dated and words and words != slot.value else slot.value


def reply_json(turn: Turn) -> dict[str, Any]:
    """A line of the bot or an officer, as ``jiesu chat --json`` prints it."""
    buttons = [{"title": each.title, "payload": each.payload} for each in turn.buttons]
    return {"text": turn.text, "buttons": buttons, "from": turn.speaker.value}


def _cases(tx: Transaction, conversation: Conversation) -> list[dict[str, Any]]:
    return [
        {
            "number": case.number,
            "category": case.category,
            "status": case.status.value,
            "slots": plain(case.slots),
            "owner": tx.people.officer(case.owner_id).name,
            "urgent": case.urgent,
        }
        for case in tx.cases.of_conversation(conversation.id)
    ]


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        words = line.rstrip("\r\n")
        if words.strip():
            yield words


def _show(turn: dict[str, Any]) -> None:
    for reply in turn["replies"]:
        sys.stdout.write(f"\n{reply['text']}\n")
        if reply["buttons"]:
            sys.stdout.write("  ".join(f"[{each['title']}]" for each in reply["buttons"]) + "\n")
    sys.stdout.write("\n")
    sys.stdout.flush()


async def chat(house: House, *, as_json: bool, resume: str | None) -> None:
    """Talk until stdin ends. Raises BadLine for a line it cannot use."""
    terminal = TerminalChat(house, resume or uuid4().hex)
    await terminal.open()
    lines = _lines()
    while True:
        line = await asyncio.to_thread(next, lines, None)
        if line is None:
            return
        turn = await terminal.hear(parse_line(line))
        if as_json:
            sys.stdout.write(json.dumps(turn, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            _show(turn)
