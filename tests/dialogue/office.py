"""The other side of a story: the real executor on a store in memory, officers and time.

What residents say goes through ``casework.desk`` and ``bot.turns`` as in the product; a story
only looks at what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.around import Neighbourhood
from bot.channels.base import Received
from bot.dialogue.requests import Step
from bot.dialogue.state import DialogueState, Heard
from bot.turns import TurnDesk
from casework.case import Case
from casework.conversation import Conversation, Holder, HolderKind
from casework.desk import clock, moving
from casework.desk.conversations import receive
from casework.effects import ANSWER_WAIT, Given
from casework.events import Event, Kind
from casework.organisation import Officer, Place, PlaceKind, Role, Unit
from casework.ports import Transaction
from casework.turn import Inbound, Line, Media, Speaker, Turn
from cli.demo import add_units, demo_data
from config.load import Book
from config.places import load_naming
from nlu.engine import Engine
from storage.memory import MemoryStore

T = TypeVar("T")

START = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # a Tuesday, nine in the morning in Shanghai
OWNER = "林晓梅"
NUMBER = "JS260303-{:04}"
"""The numbers of the cases of that day, from 1."""
CHANNEL, CHAT = "terminal", "story"


def done(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that has nothing to wait for: memory and our engine never do."""
    try:
        work.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("it waits for something")


class Watched(TurnDesk):
    """The executor, with the last step kept to be looked at and no failure forgiven."""

    step = Step(DialogueState())

    def _step(
        self,
        tx: Transaction,
        conversation: Conversation,
        state: DialogueState,
        line: Heard,
        now: datetime,
    ) -> Step:
        self.step = super()._step(tx, conversation, state, line, now)
        return self.step

    async def _fail(self, conversation_id: str) -> bool:
        raise  # noqa: PLE0704 - called while the failure is handled


class Office:
    """One conversation. ``step`` and ``line`` are what the last line led to."""

    def __init__(self, book: Book, engine: Engine, *, holder: str = "bot") -> None:
        self.book = book
        self.engine = engine
        self.now = START
        self.turns = 0
        self.line: Line | None = None
        self.store = MemoryStore()
        area = Neighbourhood(self.store, load_naming())
        self.desk = Watched(self.store, engine, book, lambda: self.now, neighbourhood=area)
        self.write(_staff)
        self._id: str | None = None
        if holder != "bot":
            self._receive(Inbound(CHANNEL, "t0", CHAT, self.now))
            self.write(lambda tx: tx.turns.mark_handled(self._last(tx).id, self.now))
            self.holder = holder

    def write(self, work: Callable[[Any], T]) -> T:
        """Run one transaction."""
        return done(self.store.write(work))

    def read(self, work: Callable[[Any], T]) -> T:
        """Run a read."""
        return done(self.store.read(work))

    @property
    def step(self) -> Step:
        """What the last line led to."""
        return self.desk.step

    @property
    def conversation(self) -> Conversation:
        """The conversation as it is stored."""
        assert self._id is not None
        wanted = self._id
        found: Conversation = self.read(lambda tx: tx.conversations.get(wanted))
        return found

    @property
    def state(self) -> DialogueState:
        """What the policy remembers."""
        return DialogueState.from_json(self.conversation.dialogue) if self._id else DialogueState()

    @property
    def cases(self) -> dict[str, Case]:
        """The resident's cases by number."""
        wanted = self._id
        found = self.read(lambda tx: tx.cases.of_conversation(wanted)) if wanted else []
        return {case.number: case for case in found}

    @property
    def holder(self) -> str:
        """Who holds the conversation."""
        return self.conversation.holder.kind.value

    @holder.setter
    def holder(self, kind: str) -> None:
        officer = "second" if kind == "officer" else None
        holder = Holder(HolderKind(kind), officer)

        def work(tx: Transaction) -> None:
            found = tx.conversations.get(self.conversation.id)
            tx.conversations.save(replace(found, holder=holder, epoch=found.epoch + 1), found.epoch)

        self.write(work)

    @property
    def crisis(self) -> str:
        """The worst crisis level so far."""
        return self.conversation.crisis

    def events(self, kind: Kind) -> list[Event]:
        """What has happened of this kind."""
        found: list[Event] = self.read(lambda tx: tx.events.after(0, 1_000_000))
        return [event for event in found if event.kind is kind]

    @property
    def reasons(self) -> list[str]:
        """Why the bot asked for a human."""
        return [event.data["reason"] for event in self.events(Kind.HANDED_OFF)]

    @property
    def urged(self) -> list[str]:
        """The cases that were pressed for."""
        return [event.case_number or "" for event in self.events(Kind.CASE_URGED)]

    @property
    def consents(self) -> int:
        """How often consent was noted."""
        return len(self.events(Kind.CONSENT_NOTED))

    def hear(self, text: str = "", *, edits: bool = False, **extra: Any) -> Step:
        """One line of the resident, received, decided and carried out."""
        if edits:
            extra["edits"] = f"t{self.turns}"
        self.turns += 1
        received = self._receive(Inbound(CHANNEL, f"t{self.turns}", CHAT, self.now, text, **extra))
        done(self.desk.decide_next(received.conversation.id, received))
        self.listened(received.turn.seq)
        self.now += timedelta(seconds=20)
        return self.step

    def listened(self, seq: int) -> None:
        """Take in what the bot said after a line."""
        spoken = self._spoken(after=seq)
        text = "\n".join(turn.text for turn in spoken)
        buttons = tuple(button for turn in spoken for button in turn.buttons)
        self.line = Line(text, buttons) if spoken else None

    def _receive(self, inbound: Inbound) -> Received:
        def work(tx: Transaction) -> Received:
            conversation, turn, new = receive(tx, inbound)
            return Received(turn, conversation, new)

        received = self.write(work)
        self._id = received.conversation.id
        return received

    def _last(self, tx: Transaction) -> Turn:
        found = tx.turns.oldest_unhandled(self._id or "")
        assert found is not None
        return found

    def _spoken(self, after: int) -> list[Turn]:
        wanted = self.conversation.id
        found: list[Turn] = self.read(lambda tx: tx.turns.after(wanted, after))
        return [turn for turn in found if turn.speaker is Speaker.BOT]

    def press(self, wanted: str) -> Step:
        """Press the shown button whose payload begins with ``wanted``, or a stale one as given."""
        shown = self.line.buttons if self.line else ()
        payload = next((b.payload for b in shown if b.payload.startswith(wanted)), wanted)
        title = next((b.title for b in shown if b.payload == payload), "")
        return self.hear(title, button=payload)

    def move_in(self) -> None:
        """The demo street's units and places, with a second 锦绣家园 and officers of two grids."""

        def work(tx: Transaction) -> None:
            add_units(tx, demo_data())
            tx.people.add_place(Place("锦绣家园", "demo-shiqiao-1", kind=PlaceKind.COMMUNITY))
            for unit in ("demo-liuan-1", "demo-shiqiao-1"):
                tx.people.add_officer(Officer(unit, unit, unit, Role.GRID, unit))

        self.write(work)

    def attach(
        self,
        kind: str | list[str],
        text: str = "",
        at: tuple[float, float] = (30.6712, 104.0987),
    ) -> Step:
        """Send a photo, voice message, video, file, location or contact; several files as one."""
        if kind == "location":
            return self.hear(text, location=at)
        if kind == "contact":
            return self.hear(text, contact="13700001111")
        kinds = [kind] if isinstance(kind, str) else kind
        named = [
            f"m{self.turns + 1}" + (f"-{n}" if n > 1 else "") for n in range(1, len(kinds) + 1)
        ]
        media = [
            Media(name, each, "x", "image/jpeg", 10)
            for name, each in zip(named, kinds, strict=True)
        ]
        return self.hear(text, media=tuple(media))

    def officer(self, verb: str, given: str | None = None) -> None:
        """The owner acts on the newest case."""
        case = self.cases[max(self.cases)]
        notices, now = self.book, self.now

        def work(tx: Transaction) -> None:
            owner = tx.people.officer(case.owner_id)
            moving.act(tx, case.number, verb, owner, now, notices, given=Given(given or ""))

        self.write(work)

    def clock(self, verb: str) -> None:
        """The clock files a silent draft (``file``) or lets an answered case lapse (``lapse``)."""
        case = self.cases[max(self.cases)]
        book = self.book
        self.now += clock.SILENCE if verb == "file" else ANSWER_WAIT
        now = self.now

        def work(tx: Transaction) -> bool:
            if verb == "lapse":
                return clock.keep_time(tx, case.number, case.version, book, now)
            return clock.file_silent_draft(tx, case.number, case.version, book, now)

        assert self.write(work), f"{verb} was not to be done"


def _staff(tx: Transaction) -> None:
    """One street, where everything lands on one desk, and a colleague."""
    tx.people.add_unit(Unit("street", "street", "青禾街道"))
    tx.people.add_officer(Officer("owner", "lin", OWNER, Role.STREET, "street"))
    tx.people.add_officer(Officer("second", "han", "韩磊", Role.GRID, "street"))
