"""From ``intake/*.yaml`` to casework's forms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from casework.intake import ANONYMOUS, AnswerKind, Choice, Form, Need, Question, Slot
from config.hotlines import Hotlines
from config.reading import Node, Source

SHARED = "intake/slots.yaml"
_KINDS = get_args(AnswerKind)
_FORM_KEYS = (
    "category",
    "deadline",
    "opening",
    "consult",
    "evidence",
    "slots",
    "questions",
    "max_questions",
)


@dataclass(frozen=True, slots=True)
class Shared:
    """The slots all forms know, the short form's slots and the questions used by default."""

    slots: Mapping[str, Slot]
    short: tuple[str, ...]
    questions: tuple[Question, ...]


def read_forms(
    source: Source, names: Mapping[str, str], deadlines: Mapping[str, object], hotlines: Hotlines
) -> dict[str, Form]:
    """One form per category. Raises BadConfiguration, also for a category without a form."""
    shared = _shared(source.read(SHARED))
    forms: dict[str, Form] = {}
    for file in source.names("intake"):
        if file == SHARED:
            continue
        top = source.read(file)
        top.mapping(_FORM_KEYS)
        category = top.need("category").one_of(list(names))
        if category in forms:
            raise top.wrong(f"{category!r} has two forms")
        top.need("deadline").one_of(list(deadlines))
        forms[category] = _form(top, names[category], shared, hotlines)
    for category in names:
        if category not in forms:
            raise source.read("taxonomy.yaml").wrong(f"{category!r} has no file in config/intake")
    return {category: forms[category] for category in names}


def _form(top: Node, name: str, shared: Shared, hotlines: Hotlines) -> Form:
    entries = top.mapping(_FORM_KEYS)
    wanted = _wanted(entries.get("slots"), top, shared)
    category = top.need("category").text()
    rest = {
        key: slot
        for key, slot in shared.slots.items()
        if key not in wanted and (not slot.only or category in slot.only)
    }
    slots = {**wanted, **rest}
    own = _questions(entries["questions"], tuple(wanted)) if "questions" in entries else ()
    limit = int(entries["max_questions"].number(1, 12)) if "max_questions" in entries else 6
    form = Form(
        category=category,
        name=name,
        slots=slots,
        questions=_in_order(own, shared.questions, tuple(wanted)),
        opening=top.need("opening").text(),
        consult=hotlines.fill(top.need("consult")),
        evidence=top.need("evidence").text(),
        deadline=top.need("deadline").text(),
        max_questions=limit,
    )
    asked = {slot for question in form.questions for slot in question.slots}
    for slot in form.wanted:
        if slot not in asked:
            raise top.wrong(f"slot {slot!r} has no question")
    return form


def _wanted(node: Node | None, top: Node, shared: Shared) -> dict[str, Slot]:
    if node is None:
        chosen = {}
        for name in shared.short:
            unless = {"identity_mode": frozenset({ANONYMOUS})} if name == "phone" else {}
            instead = ("location",) if name == "place" else ()
            chosen[name] = replace(
                shared.slots[name], need=Need.REQUIRED, unless=unless, instead=instead
            )
        return chosen
    found = {}
    for item in node.items():
        slot = _slot(item, shared.slots)
        for other in (*slot.instead, *slot.unless):
            if other not in shared.slots:
                raise item.wrong(f"{other!r} is no slot")
        found[slot.name] = slot
    if not found:
        raise top.wrong("no slots")
    return found


def _slot(node: Node, known: Mapping[str, Slot] | None = None) -> Slot:
    entries = node.mapping(("name", *_READ))
    name = node.need("name").text()
    if known is not None and name not in known:
        raise node.wrong(f"{name!r} is not in {SHARED}")
    base = known[name] if known is not None else Slot(name, node.need("label").text())
    given = {key: _READ[key](entry) for key, entry in entries.items() if key in _READ}
    slot = replace(base, **given)
    if (slot.kind == "choice") != bool(slot.choices):
        raise node.wrong("a slot of kind choice needs choices, no other may have them")
    return slot


def _choice(node: Node) -> Choice:
    entries = node.mapping(("value", "title", "words", "act"))
    words = entries["words"].texts() if "words" in entries else ()
    act = entries["act"].one_of(("affirm", "deny")) if "act" in entries else None
    return Choice(node.need("value").text(), node.need("title").text(), words, act)


_READ: dict[str, Callable[[Node], Any]] = {
    "label": Node.text,
    "need": lambda node: Need(node.one_of([str(need) for need in Need])),
    "kind": lambda node: node.one_of(_KINDS),
    "display": Node.text,
    "choices": lambda node: tuple(_choice(each) for each in node.items()),
    "instead": Node.texts,
    "aliases": Node.texts,
    "only": Node.texts,
    "unless": lambda node: {k: frozenset(v.texts()) for k, v in node.mapping().items()},
}


def _questions(node: Node, slots: Collection[str]) -> tuple[Question, ...]:
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


def _in_order(
    own: tuple[Question, ...], shared: tuple[Question, ...], wanted: tuple[str, ...]
) -> tuple[Question, ...]:
    """Questions by the place of their first slot in the form, those for several slots first."""
    covered = {question.slots for question in own}
    usable = [q for q in shared if q.slots not in covered and set(q.slots) <= set(wanted)]
    every = [*own, *usable]
    return tuple(
        sorted(every, key=lambda q: (min(wanted.index(s) for s in q.slots), -len(q.slots)))
    )


def _shared(top: Node) -> Shared:
    top.mapping(("slots", "short", "questions"))
    slots = {}
    for name, node in top.need("slots").mapping().items():
        entries = node.mapping(tuple(_READ))
        values = {key: each.value for key, each in entries.items()}
        slots[name] = _slot(Node(node.file, node.key, {"name": name, **values}))
    short = top.need("short").texts()
    for name in short:
        if name not in slots:
            raise top.need("short").wrong(f"{name!r} is no slot")
    return Shared(slots, short, _questions(top.need("questions"), slots))
