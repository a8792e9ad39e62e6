"""Who is complained about, under the name the form has for them."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from casework.intake import has

_OTHER, _EMPLOYER = "respondent", "employer"


def named(scene: Scene, draft: Draft) -> Draft:
    """The draft with the enterprise of a scanned code as the employer, where the form asks for one.

    A respondent in the resident's own words stays one: a foreman is not the employer.
    """
    held = draft.slots.get(_OTHER)
    if not draft.scanned or draft.category is None or held is None or held.text:
        return draft
    if _EMPLOYER not in scene.form(draft).slots or has(draft.slots, _EMPLOYER):
        return draft
    rest = {name: slot for name, slot in draft.slots.items() if name != _OTHER}
    return replace(draft, slots={**rest, _EMPLOYER: held})
