"""More about a case that exists: late answers, additions, files, or something new after all."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.complaint import begin, facts_of, is_complaint, received_words, resume
from bot.dialogue.filling import absorb
from bot.dialogue.requests import AmendCase, Reply, Step
from bot.dialogue.said import without_edges
from bot.dialogue.scene import Scene, case_params
from bot.dialogue.state import KnownCase, Later
from casework.case import CLOSED, Case, SlotValue
from casework.intake import has


def late_answer(scene: Scene) -> Step | None:
    """An answer to the form's last question, after the clock has filed what there was."""
    old = scene.lapsed
    draft = old.draft if old else None
    known = scene.case(draft.number) if draft else None
    if old is None or draft is None or known is None or scene.said.empty:
        return None
    taken = absorb(scene.with_state(old), draft, story=False)
    changed = {name: taken.draft.slots[name] for name in taken.changed}
    return added(scene, known, changed) if changed else None


def add_or_new(scene: Scene) -> Step | None:
    """Does it belong to the case, or is it something new?"""
    held = scene.state.held
    if scene.asking[0] != "add_or_new" or held is None:
        return None
    if scene.said.has("another") or "deny" in scene.said.whole:
        return resume(scene, held)
    if scene.said.has("more") or "affirm" in scene.said.whole:
        return add_held(scene, held)
    return None


def add_held(scene: Scene, held: Later) -> Step:
    """Put what was said before the question into the case."""
    scene = scene.with_state(replace(scene.state, held=None))
    known = scene.meant()
    if known is None:
        return resume(scene, held)
    value = with_details(known.case, held.text, held.turn_id)
    return added(scene, known, {"details": value})


def new_matter(scene: Scene) -> Step | None:
    """A new complaint, or more about the old one; one question where it could be either."""
    known, understood = scene.meant(), scene.said.understanding
    if not is_complaint(scene) and not scene.heard.contact:
        return None
    if known is None or known.case.status in CLOSED:
        return begin(scene)
    heard = scene.heard
    if (heard.media or heard.location or heard.contact) and (
        understood is None or scene.said.empty
    ):
        return added(scene, known, attached(scene, known.case))
    category = scene.said.complaint
    if scene.said.has("another") and scene.said.category is not None:
        return begin(scene)
    same = category is None or category in {known.case.category, known.case.secondary}
    sure = understood.category_ranking[0].confidence if understood else 0.0
    if category is None or same or sure < scene.book.thresholds.sure:
        return more(scene, known)
    held = Later(without_edges(scene.said.text)[:500], category, scene.heard.turn_id)
    scene = scene.with_state(replace(scene.state, held=held))
    buttons = (scene.button("more", "more:add"), scene.button("another", "more:new"))
    params = case_params(known.case, known.owner_name, scene.book)
    return scene.answer(Reply("add_or_new", params, buttons), asking="add_or_new")


def more(scene: Scene, known: KnownCase) -> Step:
    """Further facts and words go into the open case."""
    text = scene.said.text.strip()
    old = known.case.slots
    facts = {n: v for n, v in facts_of(scene).items() if not has(old, n) or scene.corrects}
    slots = {**facts, **attached(scene, known.case)}
    if text:
        slots["details"] = with_details(known.case, text, scene.heard.turn_id)
    return added(scene, known, slots)


def added(scene: Scene, known: KnownCase, slots: dict[str, SlotValue]) -> Step:
    number = known.case.number
    params = case_params(known.case, known.owner_name, scene.book)
    requests = [AmendCase(number, slots)] if slots else []
    return scene.answer(*received_words(scene), Reply("added", params), requests=requests)


def attached(scene: Scene, case: Case) -> dict[str, SlotValue]:
    heard, found = scene.heard, dict[str, SlotValue]()
    if heard.media:
        old = case.slots["evidence"].value if has(case.slots, "evidence") else []
        files = [*(old if isinstance(old, list) else [old]), *(m.id for m in heard.media)]
        found["evidence"] = SlotValue(files, "", heard.turn_id)
    if heard.location:
        found["location"] = SlotValue(list(heard.location), "", heard.turn_id)
    if heard.contact:
        found["phone"] = SlotValue(heard.contact, heard.contact, heard.turn_id)
    return found


def with_details(case: Case, text: str, turn_id: str | None) -> SlotValue:
    """The case's details with one more line."""
    old = str(case.slots["details"].value) if has(case.slots, "details") else ""
    joined = f"{old}\n{text}" if old else text
    return SlotValue(joined[-4000:], text[:500], turn_id)
