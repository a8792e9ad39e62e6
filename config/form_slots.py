"""Slots, their conditions and the questions for them, as a form's file has them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, get_args

from casework.forms import AnswerKind, Choice, Need, Question, Slot, When
from config.reading import Node

FLAGS = ("urgent",)
"""What a condition may ask of a complaint beside its slots."""

_KINDS = get_args(AnswerKind)


def read_shared_slots(node: Node) -> dict[str, Slot]:
    """The slots every form knows, by name."""
    slots = {}
    for name, entry in node.mapping().items():
        entries = entry.mapping(tuple(_READ))
        values = {key: each.value for key, each in entries.items()}
        slots[name] = read_slot(Node(entry.file, entry.key, {"name": name, **values}))
    return slots


def read_slot(node: Node, known: Mapping[str, Slot] | None = None) -> Slot:
    """A slot of a form: one of ``known`` with changes, or a new one with its own label.

    Raises BadConfiguration for a slot that is neither, and for one that contradicts itself.
    """
    entries = node.mapping(("name", *_READ))
    name = node.need("name").text()
    shared = known.get(name) if known is not None else None
    if known is not None and shared is None and "label" not in entries:
        raise node.wrong(f"{name!r} is not in intake/slots.yaml; a slot of its own needs a label")
    if shared is not None and "kind" in entries:
        raise entries["kind"].wrong(f"{name!r} has its kind in intake/slots.yaml")
    base = shared or Slot(name, node.need("label").text())
    slot = replace(base, **{key: _READ[key](entries[key]) for key in _READ if key in entries})
    if (slot.kind == "choice") != bool(slot.choices):
        raise node.wrong("a slot of kind choice needs choices, no other may have them")
    if slot.words and slot.kind not in {"text", "time"}:
        raise node.wrong("only a slot of kind text or time has words of its own")
    if (slot.need is Need.CONDITIONAL) and slot.when is None:
        raise node.wrong("a conditional slot needs 'when'")
    if slot.when is not None and slot.need in {Need.REQUIRED, Need.VOLUNTEERED}:
        raise node.wrong(f"'when' means nothing for a slot that is {slot.need}")
    _check_choices(node, slot)
    return slot


def check_conditions(node: Node, slots: Mapping[str, Slot]) -> None:
    """Raise BadConfiguration for a condition on what is no slot, or no value of one."""
    for slot in slots.values():
        for other in slot.instead:
            _known(node, slot, other, slots)
        conditions = [slot.unless, slot.when.slots if slot.when else {}]
        for other, values in (pair for each in conditions for pair in each.items()):
            _known(node, slot, other, slots)
            if other == slot.name:
                raise node.wrong(f"slot {slot.name!r} depends on itself")
            allowed = [choice.value for choice in slots[other].choices]
            wrong = sorted(values - set(allowed))
            if allowed and wrong:
                raise node.wrong(
                    f"slot {slot.name!r}: {wrong[0]!r} is no value of {other!r}; "
                    f"known: {', '.join(allowed)}"
                )


def _known(node: Node, slot: Slot, other: str, slots: Mapping[str, Slot]) -> None:
    if other not in slots:
        what = "the form has no kinds" if other == "kind" else f"{other!r} is no slot"
        raise node.wrong(f"slot {slot.name!r}: {what}")


def _check_choices(node: Node, slot: Slot) -> None:
    """Every value and every word once."""
    values = [choice.value for choice in slot.choices]
    for value in values:
        if values.count(value) > 1:
            raise node.wrong(f"{value!r} is there twice")
    owner: dict[str, str] = {}
    for choice in slot.choices:
        for word in (*choice.words, *choice.bare):
            other = owner.setdefault(word, choice.value)
            if other != choice.value:
                raise node.wrong(f"the word {word!r} tells {other!r} and {choice.value!r}")


def read_questions(node: Node, slots: Collection[str]) -> tuple[Question, ...]:
    """The questions of a form. Raises BadConfiguration for one about a slot not wanted."""
    found = []
    for item in node.items():
        item.mapping(("slots", "variants"))
        names = item.need("slots").texts()
        variants = item.need("variants").texts()
        for name in names:
            if name not in slots:
                raise item.wrong(f"{name!r} is no slot asked for here")
        if not names or not variants:
            raise item.wrong("needs slots and variants")
        found.append(Question(names, variants))
    return tuple(found)


def _choice(node: Node) -> Choice:
    entries = node.mapping(("value", "title", "words", "bare", "act"))
    words = entries["words"].texts() if "words" in entries else ()
    bare = entries["bare"].texts() if "bare" in entries else ()
    act = entries["act"].one_of(("affirm", "deny")) if "act" in entries else None
    return Choice(node.need("value").text(), node.need("title").text(), words, bare, act)


def _values(node: Node) -> dict[str, frozenset[str]]:
    return {name: frozenset(each.texts()) for name, each in node.mapping().items()}


def _when(node: Node) -> When:
    entries = _values(node)
    flags = entries.pop("flag", frozenset())
    for flag in flags:
        if flag not in FLAGS:
            raise node.wrong(f"{flag!r} is no flag; known: {', '.join(FLAGS)}")
    if not entries and not flags:
        raise node.wrong("a condition needs a slot, 'kind' or 'flag'")
    return When(entries, flags)


_READ: dict[str, Callable[[Node], Any]] = {
    "label": Node.text,
    "need": lambda node: Need(node.one_of([str(need) for need in Need])),
    "kind": lambda node: node.one_of(_KINDS),
    "display": Node.text,
    "choices": lambda node: tuple(_choice(each) for each in node.items()),
    "instead": Node.texts,
    "aliases": Node.texts,
    "words": Node.texts,
    "only": Node.texts,
    "unless": _values,
    "when": _when,
    "tries": lambda node: int(node.number(1, 2)),
    "from_word": Node.flag,
}
