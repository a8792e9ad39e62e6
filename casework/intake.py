"""What a complaint must contain, which question is next, and when it may be filed.

A form is data (``config/intake/*.yaml``). A slot is *given* when it has a value or the
resident's words for one, or another slot stands in for it, or what was said makes it
unnecessary (an anonymous resident has no phone).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set

from casework.case import SlotValue
from casework.forms import (
    ANONYMOUS,
    CONFIDENTIAL,
    KIND,
    REAL_NAME,
    AnswerKind,
    Choice,
    Form,
    Need,
    Office,
    Question,
    Route,
    Slot,
    When,
)

__all__ = [
    "ANONYMOUS",
    "CONFIDENTIAL",
    "KIND",
    "REAL_NAME",
    "AnswerKind",
    "Choice",
    "Form",
    "Need",
    "Office",
    "Question",
    "Route",
    "Slot",
    "When",
    "complete",
    "given",
    "has",
    "holds",
    "is_required",
    "is_wanted",
    "kind_of",
    "missing",
    "next_question",
    "workable",
]


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
    return any(_is_one_of(slots, other, values) for other, values in slot.unless.items())


def holds(when: When | None, slots: Mapping[str, SlotValue], flags: Collection[str] = ()) -> bool:
    """Whether a condition holds; no condition always does."""
    if when is None:
        return True
    told = all(_is_one_of(slots, other, values) for other, values in when.slots.items())
    return told and when.flags <= set(flags)


def is_required(slot: Slot, slots: Mapping[str, SlotValue], flags: Collection[str] = ()) -> bool:
    """Whether the slot must be known before filing, as things stand."""
    if slot.need is Need.CONDITIONAL:
        return holds(slot.when, slots, flags)
    return slot.need is Need.REQUIRED


def is_wanted(slot: Slot, slots: Mapping[str, SlotValue], flags: Collection[str] = ()) -> bool:
    """Whether the slot is required or asked once, as things stand."""
    once = slot.need is Need.ONCE and holds(slot.when, slots, flags)
    return once or is_required(slot, slots, flags)


def missing(
    form: Form,
    slots: Mapping[str, SlotValue],
    declined: Collection[str] = (),
    flags: Collection[str] = (),
) -> tuple[str, ...]:
    """The required slots that are neither given nor declined, in the form's order."""
    return tuple(
        name
        for name, slot in form.slots.items()
        if name not in declined and is_required(slot, slots, flags) and not given(form, slots, name)
    )


def complete(
    form: Form,
    slots: Mapping[str, SlotValue],
    declined: Collection[str] = (),
    flags: Collection[str] = (),
) -> bool:
    """Whether the complaint may be read back and filed."""
    return not missing(form, slots, declined, flags)


def workable(form: Form, slots: Mapping[str, SlotValue]) -> bool:
    """Whether somebody could act on it as it is: where it is, and something of what it is."""
    told = [name for name in (*form.wanted, "issue") if name not in {"place", "phone", KIND}]
    return given(form, slots, "place") and any(has(slots, name) for name in told)


def next_question(
    form: Form,
    slots: Mapping[str, SlotValue],
    declined: Collection[str],
    asked: Mapping[str, int],
    questions: int,
    *,
    flags: Collection[str] = (),
    consented: bool = False,
    extras: bool = True,
) -> tuple[tuple[str, ...], str] | None:
    """The slots to ask for next and the words to ask them with; None when nothing is to be asked.

    Never asks for a slot that is given or declined, asks required slots twice at most and others
    once, sensitive ones only when ``consented``, and stops at ``max_questions``: when few are left,
    what must be known comes before what may be, and what was never asked before what was. At most
    ``form.extras`` messages, and none without ``extras``, ask for nothing that must be known.
    """
    tries = {name: _tries(slot, slots, flags, consented) for name, slot in form.slots.items()}
    open_slots = {
        name
        for name, most in tries.items()
        if asked.get(name, 0) < most and name not in declined and not given(form, slots, name)
    }
    fitting = [q for q in form.questions if open_slots.issuperset(q.slots)]
    must = {name for name in tries if is_required(form.slots[name], slots, flags)}
    pressing = [q for q in fitting if not must.isdisjoint(q.slots)]
    if not extras or _extras_asked(form, must, asked) >= form.extras:
        fitting = pressing
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


def _is_one_of(slots: Mapping[str, SlotValue], name: str, values: Collection[str]) -> bool:
    return name in slots and str(slots[name].value) in values


def _needed(questions: Sequence[Question]) -> int:
    """How many messages it takes to ask them all, those for several slots first."""
    covered: set[str] = set()
    count = 0
    for question in questions:
        if covered.isdisjoint(question.slots):
            covered |= set(question.slots)
            count += 1
    return count


def _tries(
    slot: Slot, slots: Mapping[str, SlotValue], flags: Collection[str], consented: bool
) -> int:
    """How often the slot may be asked for: required once or twice, others once or never."""
    if is_required(slot, slots, flags):
        return slot.tries
    askable = slot.need is Need.ONCE or (slot.sensitive and consented)
    return 1 if askable and holds(slot.when, slots, flags) else 0


def _extras_asked(form: Form, must: Set[str], asked: Mapping[str, int]) -> int:
    """How many messages so far asked for nothing that must be known."""
    done = [q for q in form.questions if all(asked.get(n) for n in q.slots)]
    along = {name for q in done if not must.isdisjoint(q.slots) for name in q.slots}
    return _needed([q for q in done if along.isdisjoint(q.slots)])
