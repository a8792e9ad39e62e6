"""Hearing a complaint: beginning a new one, and noticing a second one."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import answers, matters
from bot.dialogue.filling import absorb
from bot.dialogue.forms import fresh, go_on
from bot.dialogue.requests import Reply, Step
from bot.dialogue.said import Said, without_edges
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft, Later
from bot.dialogue.story import keep
from bot.dialogue.weighing import weigh
from casework.case import Case, SlotValue, Status
from casework.intake import has
from config.phrases import holds, size

_SECOND = 6  # characters a second complaint has at least
_MOST_LATER = 3
_KEPT = 500
_PLAIN = 0.8  # a category this sure is a matter, also when it is put as a question


def is_complaint(scene: Scene) -> bool:
    """Whether the line brings something to take down."""
    said, understood = scene.said, scene.said.understanding
    if scene.heard.location or scene.heard.media:
        return True
    if understood is None or said.empty or said.whole:
        return False
    plain = understood.category_ranking and understood.category_ranking[0].confidence >= _PLAIN
    if said.does("consult_policy"):
        return False
    if said.does("ask_status") and (scene.filed() or not plain or said.has("ask_status")):
        return False  # 我低保咋个没得了, of nothing filed, is no question about a case
    if said.category is not None or said.does("suggest"):
        return True
    facts = any(entity.entity in scene.book.forms["other"].slots for entity in said.entities)
    return said.informs and (facts or size(without_edges(said.text)) > _SECOND)


def begin(scene: Scene, category: str | None = None, *, tells: bool = False) -> Step:
    """Take down a new complaint from its first line; one that ``tells`` is kept as it stands."""
    scene, later = matters.first_of(scene)
    later = later or second_matter(scene)
    scene, draft = fresh(scene)
    draft = weigh(scene, replace(draft, category=category, chosen=category is not None))
    if draft.category is None and scene.said.does("suggest"):
        draft = replace(draft, category="other")
    draft = absorb(scene, draft).draft
    if tells and not has(draft.slots, "issue"):
        draft = keep(scene, draft) or draft
    if later is not None:
        draft = replace(draft, secondary=None)
        scene = remembered(scene, later)
    return go_on(scene.with_draft(draft), draft, *opening(scene, draft))


def opening(scene: Scene, draft: Draft) -> tuple[Reply, ...]:
    """One warm line once the subject is known, or a word about what was received."""
    received = received_words(scene)
    if draft.category is None:
        return received
    return (*received, Reply("opening", {"opening": scene.form(draft).opening}))


def received_words(scene: Scene) -> tuple[Reply, ...]:
    """What is said about a file or location that came in."""
    heard = scene.heard
    if heard.media:
        return (_got_files([media.kind for media in heard.media]),)
    if heard.contact:
        return (Reply("got_contact"),)
    return (Reply("got_location"),) if heard.location else ()


def _got_files(kinds: list[str]) -> Reply:
    if "voice" in kinds:
        return Reply("got_voice")
    if set(kinds) == {"photo"}:
        many = Reply("got_photos", {"count": len(kinds)})
        return many if len(kinds) > 1 else Reply("got_evidence")
    return Reply("got_video") if set(kinds) == {"video"} else Reply("got_files")


def second_matter(scene: Scene) -> Later | None:
    """Two complaints in one line: the second, for later.

    Only where the words say so (另外还有…) and the engine hears a second subject. Which words
    belong to which is for people to see, so both keep the whole line.
    """
    understood, text = scene.said.understanding, without_edges(scene.said.text)
    if understood is None or understood.secondary is None or "another" not in scene.said.parts:
        return None
    starts = min(text.find(mark) for mark in scene.book.phrases.part["another"] if mark in text)
    if starts < _SECOND:
        return None
    return Later(text[:_KEPT], understood.secondary, scene.heard.turn_id)


def another(scene: Scene, draft: Draft) -> tuple[Later, Said | None] | None:
    """A second complaint brought up while the first is being taken; None when it is none.

    With it comes what was said before it in the same line, if anything.
    """
    understood, text = scene.said.understanding, scene.said.text
    if understood is None or "another" not in scene.said.parts or draft.category is None:
        return None
    category = scene.said.category
    if category is None or category == draft.category:
        return None
    marks = [mark for mark in scene.book.phrases.part["another"] if mark in text]
    at = min(text.index(mark) for mark in marks)
    length = max(len(mark) for mark in marks if text.startswith(mark, at))
    rest = without_edges(text[at + length :])
    later = Later(rest if size(rest) >= _SECOND else text, category, scene.heard.turn_id)
    before = without_edges(text[:at])
    if not before or before in scene.book.phrases.part["by_the_way"]:
        return later, None
    entities = tuple(e for e in understood.entities if e.end <= at)
    first = replace(understood, category=None, entities=entities)
    bare = without_edges(text[:at])
    return later, Said(text[:at], bare, frozenset(), frozenset(), first)


def remembered(scene: Scene, later: Later) -> Scene:
    """The scene with a complaint put aside; a few are enough to remember."""
    state = scene.state
    later = replace(later, beside=True)
    kept = (*state.later, later) if len(state.later) < _MOST_LATER else state.later
    return scene.with_state(replace(state, later=kept))


def resume(scene: Scene, held: Later) -> Step:
    """Take down a complaint that was put aside earlier, from the words it was told in."""
    scene, draft = fresh(scene.with_state(replace(scene.state, held=None)))
    issue = SlotValue(held.text, held.text, held.turn_id)
    first = scene.case(scene.state.last_number) if held.beside else None
    kept = first is not None and first.case.status is not Status.WITHDRAWN
    beside = first.case.number if first is not None and kept else None
    slots = {**draft.slots, "issue": issue} if held.text else draft.slots
    if first is not None and kept and _same_place(scene, first.case, held):
        slots = {**slots, "place": first.case.slots["place"]}
    draft = replace(draft, category=held.category, slots=slots, beside=beside, number=held.number)
    return go_on(
        scene, draft, *opening(replace(scene, heard=replace(scene.heard, media=())), draft)
    )


def _same_place(scene: Scene, first: Case, held: Later) -> bool:
    """Whether the second matter of one breath lies where the first does: 一个是桥栏杆，一个是水黄.

    Said of the same sort of thing, with no place of its own; the read-back shows it.
    """
    here = first.category == held.category and has(first.slots, "place")
    return here and not holds(scene.book.phrases.part["place"], held.text)


def facts_of(scene: Scene) -> dict[str, SlotValue]:
    """The facts of the line by slot, for a case that exists already."""
    known = scene.book.forms["other"].slots
    return {
        entity.entity: answers.kept(
            entity, scene.heard.turn_id, known[entity.entity].kind, scene.book.phrases
        )
        for entity in reversed(scene.said.entities)
        if entity.entity in known
    }
