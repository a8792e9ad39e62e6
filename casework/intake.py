"""What a complaint must contain, which question is next, and when it may be filed.

A form is data (``config/intake/*.yaml``). A slot is *given* when it has a value or the
resident's words for one, or another slot stands in for it, or what was said makes it
unnecessary (an anonymous resident has no phone).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from casework.case import SlotValue

AnswerKind = Literal[
    "text",
    "name",
    "place",
    "time",
    "money",
    "months",
    "count",
    "phone",
    "choice",
    "location",
    "media",
]
"""How a bare answer to a question about the slot is read."""


KIND = "kind"
"""The slot that holds a complaint's sub-kind: a key of its form's ``kinds``."""

REAL_NAME, CONFIDENTIAL, ANONYMOUS = "实名", "保密", "匿名"
"""The values of ``identity_mode``, as the contract has them."""


class Need(StrEnum):
    """How badly a slot is wanted: required, asked once, or only if volunteered."""

    REQUIRED = "required"
    ONCE = "once"
    VOLUNTEERED = "volunteered"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a slot with few answers: its value, button title and the words for it.

    ``act`` is ``affirm`` or ``deny`` when a bare yes or no means this answer.
    """

    value: str
    title: str
    words: tuple[str, ...] = ()
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to know. ``display`` shows a value, such as ``{value}元``.

    ``instead`` are slots any of which stands in for this one; ``unless`` maps a slot to the
    values that make this one unnecessary. ``aliases`` are what residents call the slot when they
    correct it (地址写错了). ``only`` are the categories the slot means anything in; () is all.
    """

    name: str
    label: str
    need: Need = Need.VOLUNTEERED
    kind: AnswerKind = "text"
    display: str = "{value}"
    choices: tuple[Choice, ...] = ()
    instead: tuple[str, ...] = ()
    unless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """How to ask for one slot, or for several in one breath. ``variants`` are tried in turn."""

    slots: tuple[str, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One category's form. ``slots`` and ``questions`` are in the order they matter.

    ``opening`` is said once when the complaint is recognised, ``consult`` answers a question of
    policy, ``deadline`` names a deadline class and ``max_questions`` limits the asking.
    """

    category: str
    name: str
    slots: Mapping[str, Slot]
    questions: tuple[Question, ...]
    opening: str
    consult: str
    evidence: str
    deadline: str
    max_questions: int = 6

    @property
    def wanted(self) -> tuple[str, ...]:
        """The slots that are required or asked once, in order."""
        return tuple(s.name for s in self.slots.values() if s.need is not Need.VOLUNTEERED)


def has(slots: Mapping[str, SlotValue], name: str) -> bool:
    """Whether the slot holds a value, or words that leave the value open (好几万)."""
    held = slots.get(name)
    return held is not None and (held.value not in (None, "", []) or bool(held.text.strip()))


def kind_of(slots: Mapping[str, SlotValue]) -> str | None:
    """The complaint's sub-kind, None while it is not known."""
    held = slots.get(KIND)
    return str(held.value) if held is not None and held.value else None


def given(form: Form, slots: Mapping[str, SlotValue], name: str) -> bool:
    """Whether nothing more is needed for this slot."""
    slot = form.slots.get(name)
    if slot is None or has(slots, name) or any(has(slots, other) for other in slot.instead):
        return True
    return any(
        other in slots and str(slots[other].value) in values
        for other, values in slot.unless.items()
    )


def missing(
    form: Form, slots: Mapping[str, SlotValue], declined: Collection[str] = ()
) -> tuple[str, ...]:
    """The required slots that are neither given nor declined, in the form's order."""
    return tuple(
        name
        for name, slot in form.slots.items()
        if slot.need is Need.REQUIRED and name not in declined and not given(form, slots, name)
    )


def complete(form: Form, slots: Mapping[str, SlotValue], declined: Collection[str] = ()) -> bool:
    """Whether the complaint may be read back and filed."""
    return not missing(form, slots, declined)


def workable(form: Form, slots: Mapping[str, SlotValue]) -> bool:
    """Whether somebody could act on it as it is: where it is, and something of what it is."""
    told = [name for name in (*form.wanted, "issue") if name not in {"place", "phone"}]
    return given(form, slots, "place") and any(has(slots, name) for name in told)


def next_question(
    form: Form,
    slots: Mapping[str, SlotValue],
    declined: Collection[str],
    asked: Mapping[str, int],
    questions: int,
) -> tuple[tuple[str, ...], str] | None:
    """The slots to ask for next and the words to ask them with; None when nothing is to be asked.

    Never asks for a slot that is given or declined, asks ``once`` slots once and required ones
    twice, and stops at ``max_questions``: when few are left, what must be known comes before
    what may be, and what was never asked before what was.
    """
    open_slots = {
        name
        for name in form.wanted
        if name not in declined
        and not given(form, slots, name)
        and asked.get(name, 0) < _tries(form, name)
    }
    fitting = [q for q in form.questions if open_slots.issuperset(q.slots)]
    pressing = [q for q in fitting if _is_pressing(form, q)]
    room = form.max_questions - questions
    if room <= 0 or not fitting:
        return None
    fresh = [q for q in pressing if not any(asked.get(name) for name in q.slots)]
    if fresh and _needed(fresh) >= room:
        question = fresh[0]
    else:
        question = (pressing if pressing and _needed(pressing) >= room else fitting)[0]
    turn = max(asked.get(name, 0) for name in question.slots)
    return question.slots, question.variants[turn % len(question.variants)]


def _needed(questions: Sequence[Question]) -> int:
    """How many messages it takes to ask them all, those for several slots first."""
    covered: set[str] = set()
    count = 0
    for question in questions:
        if covered.isdisjoint(question.slots):
            covered |= set(question.slots)
            count += 1
    return count


def _tries(form: Form, name: str) -> int:
    return 2 if form.slots[name].need is Need.REQUIRED else 1


def _is_pressing(form: Form, question: Question) -> bool:
    return any(form.slots[name].need is Need.REQUIRED for name in question.slots)
