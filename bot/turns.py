"""One resident's line, decided: understood outside, everything else in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

import structlog

from bot.around import Neighbourhood
from bot.channels.base import Received
from bot.dialogue import overlap, policy, rights
from bot.dialogue.around import NOWHERE
from bot.dialogue.replies import lines
from bot.dialogue.requests import Step
from bot.dialogue.state import DialogueState, Heard, KnownCase
from bot.english.engine import for_both
from bot.language import judge
from bot.requests_desk import carry_out
from bot.speech import Ears, words_of, worth_hearing
from casework.case import Case
from casework.conversation import Conversation, bot_may_speak, waits_in_queue
from casework.desk import voices
from casework.desk.conversations import hand_off, say
from casework.digest import LOCAL
from casework.organisation import Organisation
from casework.ports import Store, Transaction
from casework.turn import Line, Speaker, Turn
from config.load import Book
from nlu.engine import Engine, RemoteEngine
from nlu.understanding import Understanding

log = structlog.get_logger()
MOST_REMEMBERED = 10_000  # conversations
UNDERSTOOD = 4000  # characters; what follows is kept and read by people
MOST_TRIES = 6  # lines of one conversation arriving through several processes at once


class Basis(NamedTuple):
    """What a line is understood against: the slot asked for, and the story told before it."""

    context: str | None
    told: str


class Meant(NamedTuple):
    """A line as the engine understands it, alone and with the story before it."""

    line: Understanding | None
    story: Understanding | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """The transaction found that another line, or another question, comes first."""

    turn: Turn
    basis: Basis


@dataclass(frozen=True, slots=True)
class Decided:
    """The line is decided, and this is what the next one is understood against."""

    basis: Basis


class TurnDesk:
    """Decides lines. Pure rules do the deciding; this puts them into a transaction."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        book: Book,
        clock: Callable[[], datetime],
        ears: Ears | None = None,
        neighbourhood: Neighbourhood | None = None,
    ) -> None:
        self._store = store
        self._neighbourhood = neighbourhood
        self._around = NOWHERE
        self._ears = ears
        self._engine = for_both(engine, book)
        self._remote = self._engine if isinstance(self._engine, RemoteEngine) else None
        self._book = book
        self._clock = clock
        # What each conversation was asked last, as far as this process knows. A hint: of lines
        # that arrived together, the second is understood right the first time.
        self._asked: dict[str, Basis] = {}

    async def decide_next(self, conversation_id: str, received: Received | None = None) -> bool:
        """Decide about the conversation's oldest undecided line; False when there is none.

        Supervised: when the bot fails, a human gets the conversation.
        """
        try:
            return await self._decide(conversation_id, received)
        except Exception as error:  # noqa: BLE001 - supervised: the line must reach a human all the same
            # The type only: an error's text may carry what the resident wrote.
            name = type(error).__name__
            log.error("turn_failed", error=name, conversation=conversation_id)  # noqa: TRY400
            return await self._fail(conversation_id)

    async def _decide(self, conversation_id: str, received: Received | None) -> bool:
        if self._neighbourhood is not None:
            self._around = await self._neighbourhood.current()
        if received is not None:
            basis = self._asked.get(conversation_id, _basis(received.conversation))
            first = Undecided(received.turn, basis)
        else:
            found = await self._store.read(lambda tx: _oldest(tx, conversation_id))
            if found is None:
                return False
            first = found
        wanted = first.turn.id
        tries = 0
        while tries < MOST_TRIES:
            plan = first = await self._listened(first)
            understood = await self._understand(first)

            def work(
                tx: Transaction, plan: Undecided = plan, meant: Meant = understood
            ) -> Undecided | Decided | None:
                return self._in_transaction(tx, plan, meant)

            outcome = await self._store.write(work)
            if outcome is None:
                return False
            self._remember(conversation_id, outcome.basis)
            if isinstance(outcome, Undecided):
                first, tries = outcome, tries + 1
                continue
            if plan.turn.id == wanted:
                return True
            # That was an older line, left by another process; ours is still to come.
            found = await self._store.read(lambda tx: _oldest(tx, conversation_id))
            if found is None:
                return True
            first, tries = found, 0
        return True  # still busy: the sweep, or the process that is ahead of us, goes on

    def _remember(self, conversation_id: str, basis: Basis) -> None:
        self._asked.pop(conversation_id, None)
        self._asked[conversation_id] = basis
        if len(self._asked) > MOST_REMEMBERED:
            del self._asked[next(iter(self._asked))]

    async def _listened(self, plan: Undecided) -> Undecided:
        """With what a machine heard, where one listens; an empty transcript is a failed try."""
        recording = worth_hearing(plan.turn) if self._ears is not None else None
        if self._ears is None or recording is None:
            return plan
        words = await self._ears.transcribe(recording)
        return replace(plan, turn=replace(plan.turn, transcript=words or ""))

    async def _understand(self, plan: Undecided) -> Meant:
        """The line alone, and with what was told before it."""
        text = words_of(plan.turn)[:UNDERSTOOD]
        if not text.strip():
            return Meant(None, None)
        said_on = plan.turn.at.astimezone(LOCAL).date()
        line = await self._ask(text, plan.basis.context, said_on)
        if not plan.basis.told:
            return Meant(line, None)
        return Meant(line, await self._ask(f"{plan.basis.told}，{text}", None, said_on))

    async def _ask(self, text: str, context: str | None, said_on: date) -> Understanding:
        """Waits only for an engine in another process; ours is called without a thread."""
        if self._remote is not None:
            return await self._remote.aunderstand(text, context, now=said_on)
        return self._engine.understand(text, context, now=said_on)

    def _in_transaction(
        self, tx: Transaction, plan: Undecided, meant: Meant
    ) -> Undecided | Decided | None:
        conversation = tx.conversations.get(plan.turn.conversation_id, lock=True)
        oldest = tx.turns.oldest_unhandled(conversation.id)
        if oldest is None:
            return None
        state = DialogueState.from_json(conversation.dialogue)
        same = oldest.id == plan.turn.id
        known = plan.turn.transcript if same else None
        basis = Basis(state.context, state.told)
        if not same or basis != plan.basis or oldest.text != plan.turn.text:
            return Undecided(replace(oldest, transcript=known), basis)
        now = self._clock()
        conversation, oldest = voices.taken(tx, conversation, oldest, known, now)
        conversation, state, wishes = self._in_language(conversation, state, oldest)
        book = self._book.speaking(conversation.language)
        line = replace(
            heard(oldest, meant.line, wishes),
            story=meant.story,
            overtaken=overlap.is_overtaken(state, oldest.at),
            followed=_is_followed(tx, oldest),
        )
        step = self._step(tx, conversation, state, line, now)
        done = carry_out(tx, conversation, step, now, book)
        spoken = lines(done.replies, done.facts, book.words)
        after, _ = say(tx, done.conversation, spoken, now)
        state = overlap.asked_at(done.state, step, now)
        after = _with_state(after, state)
        tx.conversations.save(after, conversation.epoch)
        tx.turns.mark_handled(oldest.id, now)
        return Decided(Basis(state.context, state.told))

    def _step(
        self,
        tx: Transaction,
        conversation: Conversation,
        state: DialogueState,
        line: Heard,
        now: datetime,
    ) -> Step:
        cases = known_cases(tx, conversation)
        book = self._book.speaking(conversation.language)
        if bot_may_speak(conversation):
            return policy.step(state, line, cases, now, book, self._around)
        if waits_in_queue(conversation):
            return policy.wait(state, line, cases, now, book, self._around)
        quiet = policy.listen(state, line, cases, now, book, self._around)
        return quiet if rights.parts(quiet) else replace(quiet, replies=())

    def _in_language(
        self, conversation: Conversation, state: DialogueState, turn: Turn
    ) -> tuple[Conversation, DialogueState, bool]:
        """Both in the language of this line; and whether the line only asks for one."""
        typed = words_of(turn) if turn.button is None else ""
        fixed = state.language_fixed
        told = judge(typed, conversation.language, self._book.tongues, fixed=fixed)
        conversation = replace(conversation, language=told.language)
        return conversation, replace(state, language_fixed=fixed or told.wished), told.only

    async def _fail(self, conversation_id: str) -> bool:
        """Hand the conversation to a human with the words prepared for it."""

        def work(tx: Transaction) -> bool:
            before = tx.conversations.get(conversation_id, lock=True)
            oldest = tx.turns.oldest_unhandled(conversation_id)
            if oldest is None:
                return False
            now = self._clock()
            voiced, _ = voices.taken(tx, before, oldest, None, now)
            after = hand_off(tx, voiced, "bot_failed", now)
            words = self._book.speaking(before.language).words
            if after.epoch != before.epoch:
                after, _ = say(tx, after, [Line(words.text("bot_failed"))], now)
            if after != before:
                tx.conversations.save(after, before.epoch)
            tx.turns.mark_handled(oldest.id, now)
            return True

        return await self._store.write(work)


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


def known_cases(tx: Transaction, conversation: Conversation) -> list[KnownCase]:
    """The conversation's cases with their owners' names and offices."""
    if not conversation.has_cases:
        return []
    cases = tx.cases.of_conversation(conversation.id)
    staff = tx.people.organisation() if cases else None
    return [_known(case, staff) for case in cases if staff is not None]


def _known(case: Case, staff: Organisation) -> KnownCase:
    owner = staff.officers[case.owner_id]
    office = staff.units.get(owner.unit_id or case.unit_id)
    return KnownCase(case, owner.name, office.name if office else "")


def _oldest(tx: Transaction, conversation_id: str) -> Undecided | None:
    turn = tx.turns.oldest_unhandled(conversation_id)
    if turn is None:
        return None
    return Undecided(turn, _basis(tx.conversations.get(conversation_id)))


def _is_followed(tx: Transaction, turn: Turn) -> bool:
    """Whether the resident has written more behind this line already."""
    later = tx.turns.after(turn.conversation_id, turn.seq)
    return any(each.speaker is Speaker.RESIDENT and each.handled_at is None for each in later)


def _basis(conversation: Conversation) -> Basis:
    state = DialogueState.from_json(conversation.dialogue)
    return Basis(state.context, state.told)


def _with_state(conversation: Conversation, state: DialogueState) -> Conversation:
    draft = state.draft
    return replace(
        conversation,
        dialogue=state.to_json(),
        category=draft.category if draft and draft.category else conversation.category,
        urgent=conversation.urgent or bool(draft and draft.urgent),
    )
