"""The bot on a local Telegram: real store, real inbox, real relay, aiogram over real HTTP.

Only what the bot answers is the test's own: an echo, so that the tests are about delivery.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.base import Received
from bot.channels.telegram import TelegramChannel, TelegramOptions
from bot.inbox import Inbox
from bot.pacing import Pacing
from bot.relay import Relay
from casework.conversation import Conversation, bot_may_speak
from casework.desk.conversations import say
from casework.ports import Transaction
from casework.turn import Button, Inbound, Line, Media, Speaker, Turn
from config.telegram import load_telegram_words
from storage.engine import SqlStore
from storage.files import FileStore
from storage.unit_of_work import SqlTransaction
from tests.bot_api.memory import Said
from tests.fixtures.bot_api import ServedBotApi

PATIENCE = 60.0  # seconds a thing may take on a busy machine
LARGEST_FILE = 100_000


class Clock:
    """The time, moved on by hand; once stopped, by nothing else."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.stopped: datetime | None = None

    def __call__(self) -> datetime:
        return (self.stopped or datetime.now(UTC)) + self.ahead

    def stop(self) -> None:
        """Stand still from now on, however long the test takes."""
        self.stopped = datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(seconds=seconds)


class Echo:
    """bot.inbox.Decider: answers each line with its own words, in as many lines as it has."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.buttons: tuple[Button, ...] = ()

    async def decide_at_once(
        self, inbound: Inbound, conversation_id: str, keep: Callable[[Transaction], Received]
    ) -> tuple[Received, bool]:
        return await self._store.write(keep), False

    async def decide_next(self, conversation_id: str, received: Received | None = None) -> bool:
        """Answer the oldest line, if the bot holds the conversation."""

        def work(tx: Transaction) -> bool:
            conversation = tx.conversations.get(conversation_id, lock=True)
            turn = tx.turns.oldest_unhandled(conversation_id)
            if turn is None:
                return False
            tx.turns.mark_handled(turn.id, self._clock())
            if bot_may_speak(conversation):
                lines = [Line(text, self.buttons) for text in answer_to(turn).split("\n")]
                spoken, _ = say(tx, conversation, lines, self._clock())
                tx.conversations.save(spoken, conversation.epoch)
            return True

        return await self._store.write(work)


def answer_to(turn: Turn) -> str:
    """What the echo says to a line."""
    parts = [
        turn.text,
        turn.button and f"button {turn.button}",
        turn.start and f"start {turn.start}",
    ]
    parts += [turn.contact and f"contact {turn.contact}", *(m.mime for m in turn.media)]
    if turn.location is not None:
        parts.append("location {} {}".format(*turn.location))
    if turn.edits is not None:
        parts.append("edited")
    return " | ".join(part for part in parts if part)


@dataclass
class Street:
    """Everything between the residents' phones and the database."""

    api: ServedBotApi
    store: SqlStore
    clock: Clock
    echo: Echo
    inbox: Inbox
    channel: TelegramChannel
    relay: Relay
    files: FileStore
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def run(self, *, relay: bool = True, channel: bool = True) -> None:
        """Start what the serving process runs."""
        if channel:
            self.tasks.append(asyncio.create_task(self.channel.run()))
        if relay:
            self.tasks.append(asyncio.create_task(self.relay.run()))

    async def stop(self) -> None:
        """Stop it as the serving process does."""
        self.relay.close()
        for task in self.tasks:
            if task.get_coro().__qualname__ != "Relay.run":  # type: ignore[union-attr]
                task.cancel()
        for task in self.tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.tasks.clear()
        await self.inbox.close()
        await self.channel.close()

    async def kill(self) -> None:
        """As kill -9 would: nothing is finished, nothing told."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
        await self.channel.bot.session.close()

    async def introduced(self) -> None:
        """The bot knows its own name (without polling)."""
        self.channel.intake.username = (await self.channel.bot.get_me()).username or ""

    async def hears(self, count: int, chat: int | None = None) -> list[Said]:
        """What the bot has said once it has said ``count`` things."""
        await self.api.world.until(lambda: len(self.api.world.sent(chat)) >= count, PATIENCE)
        return self.api.world.sent(chat)

    async def acknowledged(self) -> None:
        """Every update so far is acknowledged to Telegram."""
        await self.api.world.until(lambda: not self.api.world.updates, PATIENCE)

    async def conversation(self, chat: int) -> Conversation:
        """The resident's conversation."""
        found = await self.store.read(lambda tx: tx.conversations.of_chat("telegram", str(chat)))
        assert found is not None
        return found

    async def turns(self, chat: int, speaker: Speaker | None = None) -> list[Turn]:
        """What was said in it."""
        conversation = await self.conversation(chat)
        turns = await self.store.read(lambda tx: tx.turns.after(conversation.id, 0))
        return [turn for turn in turns if speaker in (None, turn.speaker)]

    async def say(self, chat: int, *texts: str) -> Conversation:
        """The bot says something unasked."""
        return await self._say(chat, [Line(text, self.echo.buttons) for text in texts])

    async def say_with(self, chat: int, text: str, *media: Media) -> Conversation:
        """The same with files."""
        return await self._say(chat, [Line(text, media=media)])

    async def _say(self, chat: int, lines: list[Line]) -> Conversation:
        def work(tx: Transaction) -> Conversation:
            conversation = tx.conversations.of_chat("telegram", str(chat), lock=True)
            assert conversation is not None
            spoken, _ = say(tx, conversation, lines, self.clock())
            tx.conversations.save(spoken, conversation.epoch)
            return spoken

        return await self.store.write(work)

    async def break_database(self) -> None:
        """Nothing can be stored from now on."""
        await self._sql("ALTER TABLE turns RENAME TO turns_away")

    async def mend_database(self) -> None:
        """It can again."""
        await self._sql("ALTER TABLE turns_away RENAME TO turns")

    async def _sql(self, statement: str) -> None:
        def work(tx: SqlTransaction) -> None:
            tx.connection.exec_driver_sql(statement)

        await self.store.write(work)

    async def settled(self, chat: int, count: int, *, status: str = "sent") -> list[Turn]:
        """The bot's turns once ``count`` of them are settled so; waits for commits."""
        return await self.store_until(
            lambda turns: [t for t in turns if t.delivery == status], chat, count
        )

    async def store_until(
        self, wanted: Callable[[list[Turn]], list[Turn]], chat: int, count: int
    ) -> list[Turn]:
        """The wanted turns once there are ``count``; woken by every commit."""
        committed = asyncio.Event()
        self.store.watch(lambda _committed: committed.set())
        async with asyncio.timeout(PATIENCE):
            while len(found := wanted(await self.turns(chat))) < count:
                await committed.wait()
                committed.clear()
        return found


def build_street(
    api: ServedBotApi, store: SqlStore, folder: Path, options: TelegramOptions | None = None
) -> Street:
    """The parts, put together as cli does, none of them running."""
    clock = Clock()
    echo = Echo(store, clock)
    inbox = Inbox(store, echo)
    files = FileStore(folder / "files", LARGEST_FILE)

    async def read_file(media: Media) -> bytes:
        return await asyncio.to_thread(files.path(media.id).read_bytes)

    given = options or TelegramOptions(token=api.token)
    channel = TelegramChannel(
        replace(given, api_base=api.url),
        inbox,
        store,
        files,
        read_file,
        load_telegram_words(),
        clock,
    )
    relay = Relay(store, [channel], clock, pacing={"telegram": Pacing()}, jitter=lambda: 0.0)
    store.watch(lambda committed: relay.wake(committed.pushed))
    return Street(api, store, clock, echo, inbox, channel, relay, files)
