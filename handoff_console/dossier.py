"""The dossier beside a conversation: each slot with the words it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from casework import intake
from casework.case import Case, SlotValue, Status
from casework.intake import Form, Slot
from casework.masking import masked
from casework.privacy import without_door
from config.load import Book
from handoff_console.resident import identity_shape
from handoff_console.shapes import ConsentShape, DossierShape, SlotShape
from handoff_console.texts import console_texts

_KNOWN = frozenset(each.name for each in fields(SlotValue))


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint wherever it stands: still being taken down, or a case already."""

    status: Literal["empty", "collecting", "complete", "filed"] = "empty"
    category: str | None = None
    secondary: str | None = None
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    declined: Sequence[str] = ()


def of_case(case: Case) -> Complaint:
    """A case's complaint."""
    status: Literal["complete", "filed"] = "complete" if case.status is Status.DRAFT else "filed"
    return Complaint(status, case.category, case.secondary, case.slots)


def of_conversation(dialogue: Mapping[str, Any], cases: Sequence[Case]) -> Complaint:
    """The complaint being talked about: the one the bot is taking down, else the newest case."""
    draft = dialogue.get("draft")
    if isinstance(draft, Mapping):
        number = draft.get("number")
        case = next((each for each in cases if each.number == number), None)
        if case is None or case.status is Status.DRAFT:
            return _of_draft(draft)  # it knows what was declined, and whether it was read back
        return of_case(case)
    return of_case(cases[-1]) if cases else Complaint()


def _of_draft(draft: Mapping[str, Any]) -> Complaint:
    slots = {name: _slot(held) for name, held in (draft.get("slots") or {}).items()}
    category = draft.get("category")
    status: Literal["empty", "collecting", "complete"] = "empty"
    if category or slots:
        status = "complete" if draft.get("read_back") else "collecting"
    return Complaint(
        status, category, draft.get("secondary"), slots, tuple(draft.get("declined") or ())
    )


def _slot(held: Mapping[str, Any]) -> SlotValue:
    known = {name: value for name, value in held.items() if name in _KNOWN}
    return SlotValue(**{"value": None, **known})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. Without ``clear`` numbers that name a person are covered, without ``private``
    what was told under a separate consent."""

    clear: bool
    private: bool


def shape(
    complaint: Complaint,
    book: Book,
    reader: Reader,
    *,
    reason: str | None = None,
    consent: ConsentShape | None = None,
) -> DossierShape:
    """The dossier as JSON, as far as this reader may read it."""
    slots = complaint.slots
    if not reader.private:
        slots = without_door(slots, book.privacy.record.clues)
    base = book.forms.get(complaint.category or "")
    form = base.of(intake.kind_of(complaint.slots)) if base else None
    missing = intake.missing(form, complaint.slots, complaint.declined) if form else ()
    return DossierShape(
        category=complaint.category,
        category_name=book.categories.get(complaint.category or ""),
        secondary=complaint.secondary,
        status=complaint.status,
        slots=[_shape(slot, slots, reader) for slot in _ordered(form, slots, book)],
        missing=list(missing),
        handoff_reason=reason,
        identity=identity_shape(complaint.slots),
        consent=consent,
    )


def _ordered(form: Form | None, slots: Mapping[str, SlotValue], book: Book) -> list[Slot]:
    """The form's slots that are wanted or known, then what else is known."""
    own = list(form.slots.values()) if form else []
    shown = [slot for slot in own if slot.name in slots or intake.is_wanted(slot, slots)]
    names = {slot.name for slot in own}
    return shown + [_elsewhere(name, book) for name in slots if name not in names]


def _elsewhere(name: str, book: Book) -> Slot:
    """A slot this form does not have: another form knows what it is called."""
    found = (form.slots[name] for form in book.forms.values() if name in form.slots)
    return next(found, Slot(name, name))


def _shape(slot: Slot, slots: Mapping[str, SlotValue], reader: Reader) -> SlotShape:
    held = slots.get(slot.name)
    if held is not None and slot.sensitive and not reader.private:
        covered = console_texts().identity["private"]
        held = SlotValue(covered, turn_id=None)
        slot = Slot(slot.name, slot.label, slot.need)
    value = held.value if held else None
    words = held.text if held else ""
    display = _display(slot, held)
    if not reader.clear:
        value = _covered(value)
        words, display = masked(words), masked(display)
    return SlotShape(
        name=slot.name,
        label=slot.label,
        required=intake.is_required(slot, slots),
        value=value,
        display=display,
        text=words or None,
        turn_id=held.turn_id if held else None,
        start=held.start if held else None,
        end=held.end if held else None,
        private=slot.sensitive,
    )


def _covered(value: Any) -> Any:
    if isinstance(value, list):
        return [_covered(each) for each in value]
    return masked(value) if isinstance(value, str) else value


def _display(slot: Slot, held: SlotValue | None) -> str:
    if held is None:
        return ""
    value = held.value
    if value in (None, "", []):
        return held.text
    title = next((choice.title for choice in slot.choices if choice.value == value), None)
    if title is not None:
        return title
    if slot.kind == "media":
        value = len(value) if isinstance(value, list) else 1
    elif isinstance(value, list):
        value = "、".join(str(each) for each in value)
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    if slot.kind == "time" and held.text not in {"", shown}:
        shown = f"{held.text} · {shown}"  # what was said, and the day it was worked out to be
    return slot.display.replace("{value}", shown)
