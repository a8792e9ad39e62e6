"""Coming by a code on a wall: who and where are filled in, said in a sentence, and open to change.

The resident never has to know how it works: a code that no longer counts is a normal beginning,
and a matter they are in the middle of goes on as it was.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import places
from bot.dialogue.forms import fresh, repeat
from bot.dialogue.requests import ParamValue, Reply, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from casework.case import SlotValue
from casework.links import Link, LinkKind, is_link

_FILLED = frozenset({"place", "respondent", "name", "phone", "identity_mode"})


def arrived(scene: Scene) -> Step | None:
    """The answer to a scanned code; None when the line is nothing of the kind."""
    if not is_link(scene.heard.start):
        return None
    link, draft = scene.heard.link, scene.state.draft
    if draft is not None and not _untouched(draft):
        told = Reply("link_over") if link is None else Reply("link_later", {"name": link.name})
        return repeat(scene, told)
    if link is None:
        return scene.answer(Reply("link_over"), Reply("invite"))
    scene, draft = fresh(scene)
    draft = _filled(scene, draft, link)
    return scene.with_draft(draft).answer(told_of(link), Reply("ask_story"), asking="slot:issue")


def told_of(link: Link) -> Reply:
    """What was filled in, and that it can be changed; at an enterprise also that it sees nobody."""
    values: dict[str, ParamValue] = {"name": link.name, "place": link.place}
    if not link.respondent:
        return Reply("link_place", values)
    values["respondent"] = link.respondent
    at_work = link.kind is LinkKind.ENTERPRISE
    return Reply("link_enterprise" if at_work else "link_respondent", values)


def _untouched(draft: Draft) -> bool:
    """Whether nothing was told since an earlier code filled it in."""
    return draft.scanned and draft.category is None and set(draft.slots) <= _FILLED


def _filled(scene: Scene, draft: Draft, link: Link) -> Draft:
    """Who and where, from the line that opened the link; no words of the resident stand behind."""
    named = {"respondent": link.respondent, "place": link.place}
    slots = {
        name: SlotValue(value, "", scene.heard.turn_id) for name, value in named.items() if value
    }
    draft = replace(draft, slots={**draft.slots, **slots}, scanned=True)
    return places.lying_in(scene, draft, link.unit_id)
