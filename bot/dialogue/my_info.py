"""What is kept of a resident, told to them (PIPL §45), and the notice of §17."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.dialogue.readback import shortened, shown
from bot.dialogue.requests import Reply
from bot.dialogue.scene import Scene
from casework.case import Case, SlotValue
from casework.intake import ANONYMOUS, CONFIDENTIAL, REAL_NAME, Form, has
from casework.masking import masked, masked_name
from casework.privacy import IDENTITY, NAME, PHONE, mode_of, sources
from config.words import CHINA

_CASES = 6  # told of in full; the whole must stay one message of a phone's screen or two
_VALUE = 40  # characters of each value
_APART = frozenset({IDENTITY, NAME, PHONE, "evidence", "details", "location"})
_DAYS_A_YEAR = 365


def told(scene: Scene) -> tuple[Reply, ...]:
    """Everything, in one message: how they appear, consent, cases with what they hold, files."""
    replies = [Reply("info_head"), _consent(scene)]
    draft = scene.state.draft
    newest = sorted(scene.cases, key=lambda k: (k.case.opened_at, k.case.number), reverse=True)
    known = [k for k in newest if k.case.anonymised_at is None]
    current = draft.slots if draft else (known[0].case.slots if known else {})
    if current:
        replies.append(_about_them(scene, current))
    number = draft.number if draft else None
    replies += [_case(scene, each.case) for each in known[:_CASES] if each.case.number != number]
    if len(known) > _CASES:
        replies.append(Reply("info_more", {"count": len(known) - _CASES}))
    if draft is not None:
        slots = _slots(scene, scene.form(draft), draft.slots)
        replies.append(Reply("info_draft", {"slots": slots}))
    if not known and draft is None:
        replies.append(Reply("info_none"))
    files = _files(scene)
    if files:
        replies.append(Reply("info_files", {"count": files}))
    return (*replies, Reply("info_rights", _periods(scene)))


def notice(scene: Scene) -> Reply:
    """Why, what, how long, who sees it, and what one can do about it."""
    return Reply("privacy", {**_periods(scene), "contact": scene.book.privacy.contact})


def _consent(scene: Scene) -> Reply:
    state = scene.state
    if state.consent is None:
        return Reply("info_no_consent")
    at = _day(scene, datetime.fromisoformat(state.consent_at)) if state.consent_at else ""
    return Reply("info_consent", {"version": state.consent, "at": at})


def _about_them(scene: Scene, slots: Mapping[str, SlotValue]) -> Reply:
    words = scene.book.words
    nothing = words.text("info_nothing")
    name, phone = slots.get(NAME), slots.get(PHONE)
    return Reply(
        "info_identity",
        {
            "mode": words.text(_MODES[mode_of(slots)]),
            "name": masked_name(str(name.value)) if name and name.value else nothing,
            "phone": masked(str(phone.value)) if phone and phone.value else nothing,
        },
    )


def _case(scene: Scene, case: Case) -> Reply:
    return Reply(
        "info_case",
        {
            "number": case.number,
            "subject": scene.book.categories.get(case.category, case.category),
            "status": scene.book.words.statuses[case.status.value],
            "at": _day(scene, case.opened_at),
            "slots": _slots(scene, scene.book.forms[case.category], case.slots),
        },
    )


def _slots(scene: Scene, form: Form, slots: Mapping[str, SlotValue]) -> str:
    """Names and values, numbers that name a person covered: others may look at the screen too."""
    words = scene.book.words
    parts = [
        words.text(
            "info_slot",
            {
                "label": slot.label,
                "value": shortened(masked(shown(scene, slot, slots[name])), _VALUE),
            },
        )
        for name, slot in form.slots.items()
        if name not in _APART and has(slots, name)
    ]
    return words.text("between_slots").join(parts) or words.text("info_nothing")


def _files(scene: Scene) -> int:
    held = [slot for known in scene.cases for slot in known.case.slots.values()]
    draft = scene.state.draft
    held += list(draft.slots.values()) if draft else []
    return len(sources(slot for slot in held)[1])


def _periods(scene: Scene) -> dict[str, str | int | float]:
    kept = scene.book.privacy.retention
    return {"days": kept.unfiled.days, "years": _years(kept.ordinary)}


def _years(length: timedelta) -> str:
    return f"{length.days / _DAYS_A_YEAR:g}"


def _day(scene: Scene, at: datetime) -> str:
    local = at.astimezone(CHINA)
    return scene.book.words.text("info_day", {"day": f"{local:%Y-%m-%d}"})


_MODES = {
    REAL_NAME: "mode_real",
    CONFIDENTIAL: "mode_confidential",
    ANONYMOUS: "mode_anonymous",
}
