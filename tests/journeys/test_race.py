"""1,000 races between a bot's turn and twenty officers who take the conversation over.

Half the chats are pushed through the relay to a platform, half are web chats, where committing is
delivering. Not one line of the bot may reach a resident after the take-over, and exactly one
officer wins each time.

That the test can fail was tried by taking the guards out one at a time, 1,000 races each on SQLite:
without the holder check of the turn's transaction (bot.turns) 235 conversations got a line of the
bot after the take-over; without the epoch check at the lease (storage.outbox) 145 residents got a
message sent after it; without the wait for a message on its way (casework.desk.silence) 84 did.
"""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from bot.inbox import Inbox
from bot.relay import Relay
from bot.turns import TurnDesk
from casework.conversation import Conversation
from casework.desk.conversations import open_conversation
from casework.desk.silence import take_over_in_silence
from casework.errors import Superseded
from casework.organisation import Officer, Role
from casework.outbox import OutgoingMessage
from casework.ports import Store, Transaction
from casework.turn import Inbound, Speaker
from cli.demo import seed
from config.load import Book
from nlu.engine import Engine
from storage import schema
from storage.engine import SqlStore, open_store
from storage.unit_of_work import Committed

T = TypeVar("T")
RACES = 1000
AT_ONCE = 10
TAKERS = 20
MOMENTS = ("at once", "stored", "answered", "sending")
order = itertools.count()  # one order for what happens in the loop and in the writer's thread


@dataclass
class Platform:
    """A chat platform: takes a while, and remembers when each message arrived."""

    name: str = "telegram"
    arrived: dict[str, list[int]] = field(default_factory=dict)
    begun: dict[str, asyncio.Event] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def is_group(self, chat: str) -> bool:
        return False

    async def send(self, message: OutgoingMessage) -> bool:
        self.begun[message.chat].set()
        for _ in range(self.chance.randrange(40)):
            await asyncio.sleep(0)
        self.arrived.setdefault(message.chat, []).append(next(order))
        return False


class Stamped:
    """A store that notes when a transaction ran, from inside it: before its commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.stamp = -1

    async def write(self, work: Callable[[Transaction], T]) -> T:
        def stamped(tx: Transaction) -> T:
            result = work(tx)
            self.stamp = next(order)
            return result

        return await self._store.write(stamped)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await self._store.read(work)


@dataclass
class Outcome:
    """What came of one race."""

    chat: str
    taken: Conversation
    stamp: int
    winners: int


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(params=["sqlite", "postgres"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[SqlStore]:
    url: str = request.getfixturevalue(f"{request.param}_url")
    await schema.upgrade(url)
    opened = open_store(url)
    await seed(opened)
    yield opened
    await opened.close()


async def _officers(store: SqlStore) -> list[Officer]:
    officers = [Officer(f"taker-{n}", f"taker-{n}", "", Role.GRID, None) for n in range(TAKERS)]

    def work(tx: Transaction) -> None:
        for each in officers:
            tx.people.add_officer(each)

    await store.write(work)
    return officers


async def _take(
    store: SqlStore, conversation: Conversation, officer: Officer
) -> tuple[Conversation, int] | None:
    stamped = Stamped(store)
    try:
        taken = await take_over_in_silence(stamped, conversation.id, officer, now)
    except Superseded:
        return None
    return taken, stamped.stamp


@dataclass
class Arena:
    """What a race needs, and when its takers start."""

    store: SqlStore
    inbox: Inbox
    platform: Platform
    officers: list[Officer]
    answered: dict[str, asyncio.Event] = field(default_factory=dict)

    def committed(self, done: Committed) -> None:
        for turn in done.turns:
            if turn.speaker is Speaker.BOT:
                self.answered[turn.conversation_id].set()

    async def race(self, number: int, moment: str, wait: int) -> Outcome:
        """The line and, from ``moment`` and ``wait`` rounds of the loop on, the takers."""
        channel = "telegram" if number % 2 else "webchat"
        chat = f"chat-{number}"
        begun = self.platform.begun.setdefault(chat, asyncio.Event())
        opened = await self.store.write(lambda tx: open_conversation(tx, channel, chat, "", now()))
        answered = self.answered.setdefault(opened.id, asyncio.Event())
        # A line that comes with its conversation is decided where it is stored.
        known = opened.id if number % 4 == 0 else None
        text = "你好，楼上天天半夜吵，翠湖花园3栋"
        line = Inbound(channel, f"{number}", chat, now(), text=text, conversation_id=known)
        stored = asyncio.create_task(self.inbox.receive(line))
        if moment == "stored":
            await stored
        elif moment == "answered":
            await answered.wait()
        elif moment == "sending":
            await (begun if channel == "telegram" else answered).wait()
        for _ in range(wait):
            await asyncio.sleep(0)
        taken = await asyncio.gather(*(_take(self.store, opened, each) for each in self.officers))
        await stored
        won = [each for each in taken if each is not None]
        return Outcome(chat, won[0][0], won[0][1], len(won))


@pytest.mark.slow
@pytest.mark.timeout(2400)
async def test_the_bot_is_silent_after_a_take_over(
    store: SqlStore, engine: Engine, book: Book
) -> None:
    chance = random.Random(20261122)
    platform = Platform()
    relay = Relay(store, [platform], now)
    store.watch(lambda committed: relay.wake(committed.pushed))
    inbox = Inbox(store, TurnDesk(store, engine, book, now))
    arena = Arena(store, inbox, platform, await _officers(store))
    store.watch(arena.committed)
    relaying = asyncio.create_task(relay.run())

    outcomes: list[Outcome] = []
    for first in range(0, RACES, AT_ONCE):
        races = (
            arena.race(n, chance.choice(MOMENTS), chance.randrange(12))
            for n in range(first, first + AT_ONCE)
        )
        outcomes += await asyncio.gather(*races)
    await inbox.idle()
    relay.close()
    await relaying

    assert [each.winners for each in outcomes] == [1] * RACES
    spoken = silenced = refused = 0
    for each in outcomes:
        late = [stamp for stamp in platform.arrived.get(each.chat, []) if stamp > each.stamp]
        assert late == []
        turns = await store.read(lambda tx, each=each: tx.turns.after(each.taken.id, 0))  # type: ignore[misc]
        bot = [turn for turn in turns if turn.speaker is Speaker.BOT]
        assert [turn for turn in bot if turn.seq > each.taken.last_seq] == []
        spoken += bool(bot)
        silenced += not bot
        refused += any(turn.delivery == "refused" for turn in bot)
    # Every outcome must be common, or there was no race.
    assert min(spoken, silenced, refused) > RACES // 50, (spoken, silenced, refused)
