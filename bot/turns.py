"""One resident's line, decided: understood outside, everything else in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot import deep_links
from bot.around import Neighbourhood
from bot.channels.base import Received
from bot.dialogue import overlap, policy, rights
from bot.dialogue.around import NOWHERE
from bot.dialogue.replies import lines
from bot.dialogue.requests import Step
from bot.dialogue.state import DialogueState, Heard
from bot.hearing import Basis, Listener, Meant, Undecided, basis_of, heard
from bot.known_cases import known_cases
from bot.language import judge
from bot.requests_desk import carry_out
from bot.speech import Ears, words_of
from casework.conversation import Conversation, bot_may_speak, waits_in_queue
from casework.copying import replace
from casework.desk import voices
from casework.desk.conversations import hand_off, say
from casework.errors import Busy
from casework.links import LinkKeys
from casework.ports import Store, Transaction
from casework.turn import Inbound, Line, Speaker, Turn
from config.load import Book
from nlu.engine import Engine

log = structlog.get_logger()
MOST_REMEMBERED = 10_000  # conversations
NOTHING_ASKED = Basis(None, "")  # as far as this process knows
MOST_TRIES = 6  # lines of one conversation arriving through several processes at once


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
        link_keys: LinkKeys = deep_links.NO_KEYS,
    ) -> None:
        self._store = store
        self._neighbourhood = neighbourhood
        self._link_keys = link_keys
        self._around = NOWHERE
        self._listener = Listener(engine, book, ears)
        self._book = book
        self._clock = clock
        # What each conversation was asked last, as far as this process knows. A hint: of lines
        # that arrived together, the second is understood right the first time.
        self._asked: dict[str, Basis] = {}

    async def decide_at_once(
        self, inbound: Inbound, conversation_id: str, keep: Callable[[Transaction], Received]
    ) -> tuple[Received, bool]:
        """Keep a line and decide about it in one transaction; False when it is only kept.

        So it is with a line that has to wait for something, or behind an older one, with one that
        was understood against another question than was asked, and when the bot fails: it is
        ``decide_next``'s then. Raises what ``keep`` raises.
        """
        basis = self._asked.get(conversation_id, NOTHING_ASKED)
        failed: str | None = None
        try:
            meant = await self._foresee(inbound, basis)
            if meant is not None:
                return await self._keep_and_decide(keep, basis, meant)
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 - supervised: whatever failed, the line is kept
            failed = type(error).__name__
        received = await self._store.write(keep)
        if failed is not None:
            log.error("turn_failed_at_once", error=failed, conversation=conversation_id)
        return received, False

    async def _foresee(self, inbound: Inbound, basis: Basis) -> Meant | None:
        await self._look_around()
        return await self._listener.foresee(inbound, basis)

    async def _keep_and_decide(
        self, keep: Callable[[Transaction], Received], basis: Basis, meant: Meant
    ) -> tuple[Received, bool]:
        def work(tx: Transaction) -> tuple[Received, Undecided | Decided | None]:
            kept = keep(tx)
            if not kept.new:
                return kept, None
            return kept, self._decided(tx, kept.conversation, Undecided(kept.turn, basis), meant)

        received, outcome = await self._store.write(work)
        if outcome is not None:
            self._remember(received.conversation.id, outcome.basis)
        return received, isinstance(outcome, Decided)

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
        await self._look_around()
        if received is not None:
            basis = self._asked.get(conversation_id, basis_of(received.conversation))
            first = Undecided(received.turn, basis)
        else:
            found = await self._store.read(lambda tx: _oldest(tx, conversation_id))
            if found is None:
                return False
            first = found
        wanted = first.turn.id
        tries = 0
        while tries < MOST_TRIES:
            plan = first = await self._listener.listened(first)
            understood = await self._listener.understand(first)

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

    async def _look_around(self) -> None:
        if self._neighbourhood is not None:
            self._around = await self._neighbourhood.current()

    def _remember(self, conversation_id: str, basis: Basis) -> None:
        self._asked.pop(conversation_id, None)
        self._asked[conversation_id] = basis
        if len(self._asked) > MOST_REMEMBERED:
            del self._asked[next(iter(self._asked))]

    def _in_transaction(
        self, tx: Transaction, plan: Undecided, meant: Meant
    ) -> Undecided | Decided | None:
        conversation = tx.conversations.get(plan.turn.conversation_id, lock=True)
        return self._decided(tx, conversation, plan, meant)

    def _decided(
        self, tx: Transaction, conversation: Conversation, plan: Undecided, meant: Meant
    ) -> Undecided | Decided | None:
        """``conversation`` is as stored, and locked."""
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
            parts=meant.parts,
            overtaken=overlap.is_overtaken(state, oldest.at),
            followed=_is_followed(tx, conversation, oldest),
        )
        line = deep_links.arrived(tx, oldest, line, self._link_keys, now)
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
        if told.language != conversation.language:
            conversation = replace(conversation, language=told.language)
        if told.wished and not fixed:
            state = replace(state, language_fixed=True)
        return conversation, state, told.only

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


def _oldest(tx: Transaction, conversation_id: str) -> Undecided | None:
    turn = tx.turns.oldest_unhandled(conversation_id)
    if turn is None:
        return None
    return Undecided(turn, basis_of(tx.conversations.get(conversation_id)))


def _is_followed(tx: Transaction, conversation: Conversation, turn: Turn) -> bool:
    """Whether the resident has written more behind this line already."""
    if conversation.last_seq == turn.seq:
        return False
    later = tx.turns.after(turn.conversation_id, turn.seq)
    return any(each.speaker is Speaker.RESIDENT and each.handled_at is None for each in later)


def _with_state(conversation: Conversation, state: DialogueState) -> Conversation:
    draft = state.draft
    return replace(
        conversation,
        dialogue=state.to_json(),
        category=draft.category if draft and draft.category else conversation.category,
        urgent=conversation.urgent or bool(draft and draft.urgent),
    )
