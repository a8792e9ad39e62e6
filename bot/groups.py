"""What the bot does in a residents' group: bind it for the digest, and send people elsewhere.

It never stores what a group says, and it never talks about a complaint there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Protocol

from casework.desk import digests
from casework.events import Event, Kind
from casework.outbox import OutgoingMessage
from casework.ports import Store, Transaction

# A lively group may call the bot often; it answers "write to me privately" no more often than this.
QUIET = timedelta(minutes=1)
LONGEST_CODE = 64  # characters; longer ones are not even looked up


@dataclass(frozen=True, slots=True)
class Room:
    """A group the bot was spoken to in."""

    channel: str
    chat: str
    title: str


class GroupWords(Protocol):
    """The texts (config.telegram.TelegramWords)."""

    def text(self, key: str, **params: str) -> str: ...


def queue(tx: Transaction, channel: str, chat: str, text: str, now: datetime) -> None:
    """Put a message that belongs to no conversation into the outbox."""
    tx.outbox.add(OutgoingMessage(0, channel, chat, text, created_at=now, due_at=now))


class GroupDesk:
    """Answers in groups. ``digest_at`` is the local time of the evening digest."""

    def __init__(self, store: Store, words: GroupWords, digest_at: time) -> None:
        self._store = store
        self._words = words
        self._digest_at = digest_at
        self._answered: dict[str, datetime] = {}

    async def bind(
        self, room: Room, code: str, *, is_admin: bool | None, link: str, now: datetime
    ) -> None:
        """``/bind CODE``. ``is_admin`` is None when the platform could not tell."""
        if is_admin is None:
            await self._answer(room, self._words.text("bind_failed"), now)
        elif not is_admin:
            await self._answer(room, self._words.text("bind_not_admin"), now)
        elif not code:
            await self._answer(room, self._words.text("bind_usage"), now)
        else:
            await self._store.write(lambda tx: self._bind(tx, room, code, link, now))

    async def welcome(self, room: Room, link: str, now: datetime) -> None:
        """The bot was added to the group."""
        await self._answer(room, self._words.text("group_hello", link=link), now)

    async def send_away(self, room: Room, link: str, now: datetime) -> None:
        """Somebody spoke to the bot in front of everybody."""
        last = self._answered.get(room.chat)
        if last is not None and now - last < QUIET:
            return
        self._answered = {c: at for c, at in self._answered.items() if now - at < QUIET}
        self._answered[room.chat] = now
        await self._answer(room, self._words.text("group_private", link=link), now)

    async def digest_opened(self, channel: str, chat: str, now: datetime) -> None:
        """An admin opened the bot, so that it may write to them."""
        text = self._words.text("digest_ready")
        await self._store.write(lambda tx: queue(tx, channel, chat, text, now))

    async def link_officer(self, channel: str, chat: str, code: str, now: datetime) -> None:
        """An officer wants to be told of danger in this private chat."""

        def work(tx: Transaction) -> None:
            usable = code if len(code) <= LONGEST_CODE else ""
            linked = bool(usable) and digests.link_officer(tx, usable, channel, chat, now)
            key = "officer_linked" if linked else "officer_wrong_code"
            queue(tx, channel, chat, self._words.text(key), now)

        await self._store.write(work)

    async def _answer(self, room: Room, text: str, now: datetime) -> None:
        await self._store.write(lambda tx: queue(tx, room.channel, room.chat, text, now))

    def _bind(self, tx: Transaction, room: Room, code: str, link: str, now: datetime) -> None:
        """The code is used up, the group bound and the answer queued together, or none of it."""
        known = any(g.channel == room.channel and g.chat == room.chat for g in tx.groups.all())
        group = None
        if len(code) <= LONGEST_CODE:
            group = digests.bind(
                tx, code, room.channel, room.chat, room.title, now, self._digest_at
            )
        if group is not None:
            text = self._words.text("bind_done", link=link)
        elif known:
            # The same update delivered twice must not call the group's own code wrong.
            text = self._words.text("bind_already", link=link)
        else:
            text = self._words.text("bind_wrong_code")
        queue(tx, room.channel, room.chat, text, now)


async def set_reachable(
    store: Store, channel: str, chat: str, reason: str | None, now: datetime
) -> None:
    """A resident blocked the bot (``reason``) or let it in again (None); officers see it."""

    def work(tx: Transaction) -> None:
        conversation = tx.conversations.of_chat(channel, chat, lock=True)
        if conversation is None or conversation.unreachable == reason:
            return
        changed = replace(conversation, unreachable=reason)
        tx.conversations.save(changed, conversation.epoch)
        if reason is not None:
            data = {"error": reason}
            tx.events.append(
                Event(Kind.DELIVERY_FAILED, now, conversation_id=conversation.id, data=data)
            )

    await store.write(work)
