"""One line and everything it is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.around import NOWHERE, Around
from bot.dialogue.replies import moment_text
from bot.dialogue.requests import ParamValue, Reply, Request, Step
from bot.dialogue.said import Said, hear
from bot.dialogue.state import DialogueState, Draft, Heard, KnownCase
from casework.case import OPEN, Case, Status
from casework.copying import replace
from casework.intake import Form, kind_of
from casework.turn import Button
from config.load import Book


@dataclass(frozen=True, slots=True)
class Scene:
    """The arguments of a step, with the line read once.

    ``lapsed`` is the state before a draft was dropped because the clock had filed it: the line may
    still answer what was asked then.
    """

    state: DialogueState
    heard: Heard
    cases: tuple[KnownCase, ...]
    now: datetime
    book: Book
    said: Said
    lapsed: DialogueState | None = None
    around: Around = NOWHERE

    @property
    def asking(self) -> tuple[str, str]:
        """What the last message asked: its kind and what it was about."""
        kind, _, about = (self.state.asking or "").partition(":")
        return kind, about

    @property
    def asked_slots(self) -> tuple[str, ...]:
        """The slots the last message asked for."""
        kind, about = self.asking
        return tuple(about.split(",")) if kind == "slot" and about else ()

    @property
    def corrects(self) -> bool:
        """Whether the line says that something before was wrong."""
        wrong = tuple(self.book.phrases.part["negated"])
        marked = "correction" in self.said.parts or self.said.does("correct")
        marked = marked or ("negated" in self.said.parts and self.said.bare.startswith(wrong))
        return self.heard.edits or marked

    def with_state(self, state: DialogueState) -> Scene:
        """The same line under another state."""
        return replace(self, state=state)

    def with_draft(self, draft: Draft | None) -> Scene:
        """The same line with another draft."""
        return replace(self, state=replace(self.state, draft=draft))

    def form(self, draft: Draft) -> Form:
        """The draft's form, for its kind; the one for everything else while all is open."""
        return self.book.forms[draft.category or "other"].of(kind_of(draft.slots))

    def case(self, number: str | None) -> KnownCase | None:
        """The case of this number, if it is one of this conversation."""
        return next((known for known in self.cases if known.case.number == number), None)

    def filed(self) -> list[KnownCase]:
        """Cases with a number the resident knows of, newest first."""
        known = [k for k in self.cases if k.case.status is not Status.DRAFT]
        return sorted(known, key=lambda k: (k.case.opened_at, k.case.number), reverse=True)

    def open_cases(self) -> list[KnownCase]:
        """Cases still being worked on or waiting for the resident's answer, newest first."""
        alive = OPEN | {Status.DONE_WAIT}
        return [known for known in self.filed() if known.case.status in alive]

    def meant(self) -> KnownCase | None:
        """The case a line after filing is most likely about: named, of its category, or last."""
        filed = self.filed()
        named = next((k for k in filed if k.case.number.lower() in self.said.text.lower()), None)
        if named is not None:
            return named
        alive = self.open_cases() or filed
        understood = self.said.understanding
        ranking = understood.category_ranking[:2] if understood else ()
        if len(alive) > 1:
            for ranked in ranking:
                same = [k for k in alive if k.case.category == ranked.name]
                if len(same) == 1 and ranked.confidence >= self.book.thresholds.hint:
                    return same[0]
        last = next((k for k in alive if k.case.number == self.state.last_number), None)
        return last or (alive[0] if alive else None)

    def moment(self, at: datetime | None) -> str:
        """A moment in the resident's words; nothing known is an empty text."""
        return moment_text(at, self.now, self.book.words) if at else ""

    def button(self, key: str, payload: str) -> Button:
        """A button with its title from the words."""
        return self.book.words.button(key, payload)

    def answer(
        self,
        *replies: Reply,
        requests: Sequence[Request] = (),
        asking: str | None = None,
        understood: bool = True,
    ) -> Step:
        """A step from this state that asks ``asking``; an understood line ends a row of misses."""
        state = replace(self.state, asking=asking)
        if understood:
            state = replace(state, misses=0)
        return Step(state, replies, tuple(requests))


def scene(
    state: DialogueState,
    heard: Heard,
    cases: Sequence[KnownCase],
    now: datetime,
    book: Book,
    around: Around = NOWHERE,
) -> Scene:
    """Set the scene, dropping a draft that has been filed or taken back behind the policy."""
    found = Scene(state, heard, tuple(cases), now, book, hear(heard, book.phrases), around=around)
    draft = state.draft
    known = found.case(draft.number) if draft and draft.number else None
    if known is not None and known.case.status is not Status.DRAFT:
        kept = replace(state, draft=None, asking=None, last_number=known.case.number)
        return replace(found, state=kept, lapsed=state)
    return found


def without_owner(params: Mapping[str, ParamValue]) -> dict[str, ParamValue]:
    """The params of a reply that names whoever has the case once it was carried out."""
    return {name: value for name, value in params.items() if name != "owner"}


def case_params(case: Case, owner_name: str, book: Book) -> dict[str, str | int | float]:
    """What the texts about a case need."""
    return {
        "number": case.number,
        "owner": owner_name,
        "status": book.words.statuses[case.status.value],
        "subject": book.categories.get(case.category, case.category),
    }
