"""From ``intake/*.yaml`` to casework's forms: a file a category, what all share in slots.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from casework.forms import ANONYMOUS, KIND, Form, Need, Question, Slot
from casework.telling import Guards, Telling
from config.form_kinds import SubKind, Texts, kind_slot, read_kinds, read_texts
from config.form_slots import check_conditions, read_questions, read_shared_slots, read_slot
from config.hotlines import Hotlines
from config.reading import Node, Source

SHARED = "intake/slots.yaml"
_KEYS = (
    "category",
    "deadline",
    "restricted",
    "opening",
    "consult",
    "evidence",
    "office",
    "routes",
    "kinds",
    "slots",
    "questions",
    "max_questions",
    "extras",
)
_MOST = 6  # messages before the receipt, domain reference §3


@dataclass(frozen=True, slots=True)
class Shared:
    """The slots all forms know, the short form's slots, default questions and word guards."""

    slots: Mapping[str, Slot]
    short: tuple[str, ...]
    questions: tuple[Question, ...]
    guards: Guards


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
        top.mapping(_KEYS)
        category = top.need("category").one_of(list(names))
        if category in forms:
            raise top.wrong(f"{category!r} has two forms")
        texts = read_texts(top, None, hotlines, deadlines)
        forms[category] = _form(top, names[category], shared, texts, hotlines, deadlines)
    for category in names:
        if category not in forms:
            raise source.read("taxonomy.yaml").wrong(f"{category!r} has no file in config/intake")
    return {category: forms[category] for category in names}


def _form(
    top: Node,
    name: str,
    shared: Shared,
    texts: Texts,
    hotlines: Hotlines,
    deadlines: Mapping[str, object],
) -> Form:
    entries = top.mapping(_KEYS)
    category = top.need("category").text()
    kinds = read_kinds(entries.get("kinds"), texts, hotlines, deadlines)
    own_kind = kind_slot(top, kinds, shared.slots[KIND]) if "kinds" in entries else None
    wanted = _wanted(entries.get("slots"), top, shared, own_kind)
    rest = {
        key: slot
        for key, slot in shared.slots.items()
        if key not in (*wanted, KIND) and (not slot.only or category in slot.only)
    }
    own = {KIND: own_kind} if own_kind is not None and KIND not in wanted else {}
    slots = {**wanted, **own, **rest}
    check_conditions(entries.get("slots", top), slots)
    asked = tuple(n for n, slot in wanted.items() if slot.need is not Need.VOLUNTEERED)
    questions = read_questions(entries["questions"], asked) if "questions" in entries else ()
    form = Form(
        category=category,
        name=name,
        slots=slots,
        questions=_in_order(questions, shared.questions, asked),
        max_questions=_count(entries.get("max_questions"), _MOST, low=1),
        extras=_count(entries.get("extras"), 1, low=0),
        telling=_telling(slots, shared.guards),
        **texts.as_fields(),
    )
    _check_askable(top, form)
    return replace(form, kinds={key: _of_kind(form, key, kind) for key, kind in kinds.items()})


def _of_kind(form: Form, key: str, kind: SubKind) -> Form:
    return replace(form, kind=key, kind_name=kind.name, **kind.texts.as_fields())


def _count(node: Node | None, default: int, *, low: int) -> int:
    if node is None:
        return default
    number = node.number(low, _MOST)
    if number != int(number):
        raise node.wrong("must be a whole number")
    return int(number)


def _check_askable(top: Node, form: Form) -> None:
    asked = {slot for question in form.questions for slot in question.slots}
    for slot in form.wanted:
        if slot not in asked:
            raise top.wrong(f"slot {slot!r} is wanted and has no question")
    required = [s.name for s in form.slots.values() if s.need is Need.REQUIRED]
    alone = {question.slots[0] for question in form.questions if len(question.slots) == 1}
    for slot in required:
        if slot not in alone:
            raise top.wrong(f"required slot {slot!r} needs a question of its own")
    if len(required) > form.max_questions:
        raise top.wrong(f"max_questions must be at least {len(required)}, one a required slot")


def _wanted(node: Node | None, top: Node, shared: Shared, own_kind: Slot | None) -> dict[str, Slot]:
    known = shared.slots if own_kind is None else {**shared.slots, KIND: own_kind}
    if node is None:
        return {name: _short(name, shared.slots[name]) for name in shared.short}
    found: dict[str, Slot] = {}
    for item in node.items():
        slot = read_slot(item, known)
        if slot.name in found:
            raise item.wrong(f"slot {slot.name!r} is there twice")
        found[slot.name] = slot
    if not found:
        raise top.wrong("no slots")
    if own_kind is None and KIND in found:
        raise node.wrong(f"{KIND!r} is wanted and the form has no kinds")
    return found


def _short(name: str, slot: Slot) -> Slot:
    """A slot of the short form: required, with what a form would say of it."""
    unless = {"identity_mode": frozenset({ANONYMOUS})} if name == "phone" else {}
    instead = ("location",) if name == "place" else ()
    return replace(slot, need=Need.REQUIRED, unless=unless, instead=instead)


def _telling(slots: Mapping[str, Slot], guards: Guards) -> Telling:
    """What is told in passing, compiled once: every slot's words."""
    words: dict[str, list[tuple[str, str | None]]] = {}
    for slot in slots.values():
        for choice in slot.choices:
            for word in choice.words:
                words.setdefault(word, []).append((slot.name, choice.value))
        for word in slot.words:
            words.setdefault(word, []).append((slot.name, None))
    from_word = frozenset(slot.name for slot in slots.values() if slot.from_word)
    days = frozenset(slot.name for slot in slots.values() if slot.kind == "time" and slot.words)
    return Telling(words, guards, frozenset({KIND}), from_word, days)


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
    top.mapping(("slots", "short", "questions", "guards"))
    slots = read_shared_slots(top.need("slots"))
    check_conditions(top.need("slots"), slots)
    short = top.need("short").texts()
    for name in short:
        if name not in slots:
            raise top.need("short").wrong(f"{name!r} is no slot")
    guards = top.need("guards")
    guards.mapping(("negations", "affirmed", "doubts"))
    return Shared(
        slots,
        short,
        read_questions(top.need("questions"), tuple(slots)),
        Guards(*(guards.need(key).texts() for key in ("negations", "affirmed", "doubts"))),
    )
