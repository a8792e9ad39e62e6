"""More about a case that exists: late answers, additions, files, or something new after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.dialogue.complaint import begin, facts_of, is_complaint, received_words, resume
from bot.dialogue.filling import absorb
from bot.dialogue.pointing import another_thing, choose, chosen, pointed
from bot.dialogue.requests import AmendCase, Reply, Request, Step
from bot.dialogue.said import without_edges
from bot.dialogue.scene import Scene, case_params
from bot.dialogue.state import KnownCase, Later
from casework.case import Case, SlotValue, Status
from casework.intake import has

_WORDS = 500  # characters kept until it is known where they belong
_WIDE, _CERTAIN = 0.9, 0.97  # how sure the engine must be of another subject to ask about it
_JUST = timedelta(minutes=10)


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


def asked_for(scene: Scene) -> Step | None:
    """The answer to what an officer still needs, however short, also that there is none."""
    waiting = [known for known in scene.open_cases() if known.case.status is Status.AWAIT_INFO]
    said = scene.said
    if len(waiting) != 1 or scene.state.asking is not None or said.empty:
        return None
    if not {"deny", "dont_know"} & {*said.whole}:
        talk = said.talks and not any(letter.isdigit() for letter in said.text)
        if said.whole or talk or said.complaint is not None or "question" in said.parts:
            return None
    return more(scene, waiting[0])


def add_or_new(scene: Scene) -> Step | None:
    """Does it belong to the case, or is it something new?"""
    held, kind = scene.state.held, scene.asking[0]
    if kind not in {"add_or_new", "added"} or held is None:
        return None
    if scene.said.has("another", "apart") or "deny" in scene.said.whole:
        return resume(scene, held)
    if kind == "add_or_new" and (scene.said.has("more") or "affirm" in scene.said.whole):
        return add_held(scene, held)
    return None


def add_held(scene: Scene, held: Later) -> Step:
    """Put what was said before the question into the case."""
    scene = scene.with_state(replace(scene.state, held=None))
    known = scene.meant()
    if known is None:
        return resume(scene, held)
    return added(scene, known, _slots_of(held, known.case))


def new_matter(scene: Scene) -> Step | None:
    """A new complaint, or more about an open case; one question where it could be either."""
    alive, heard, said = scene.open_cases(), scene.heard, scene.said
    since = "since_then" in said.parts and not said.empty and bool(alive)
    if not is_complaint(scene) and not heard.contact and not since:
        return None
    if not alive or scene.asking[0] == "new":
        return begin(scene) if is_complaint(scene) else None
    wordless = said.understanding is None or said.empty
    known = pointed(scene, alive) or _just_filed(scene, alive)
    if not wordless:
        if said.has("another") and said.category is not None:
            return begin(scene)
        if _plainly_another(scene, alive) and scene.asking[0] != "add_or_new":
            return _ask_whether_new(scene, known or alive[0])
    if known is None:
        scene = scene.with_state(replace(scene.state, held=_kept(scene)))
        return choose(scene, "add", alive)
    if wordless:
        return added(scene, known, attached(scene, known.case))
    return _doubtful(scene, more(scene, known), alive)


def _doubtful(scene: Scene, step: Step, alive: Sequence[KnownCase]) -> Step:
    """Added without asking; where it may be something else after all there is a button for that."""
    category, since = scene.said.complaint, "since_then" in scene.said.parts
    ours = {None, *(known.case.category for known in alive)}
    if since or (category in ours and not another_thing(scene, alive)):
        return step
    held = replace(_kept(scene), category=category, files=(), location=None, contact=None)
    reply = step.replies[-1]
    button = scene.button("another", "more:new")
    replies = (*step.replies[:-1], replace(reply, buttons=(*reply.buttons, button)))
    state = replace(step.state, held=held, asking="added")
    return replace(step, state=state, replies=replies)


def _just_filed(scene: Scene, alive: Sequence[KnownCase]) -> KnownCase | None:
    """The case whose receipt was given a moment ago."""
    last = scene.case(scene.state.last_number)
    if last is None or last not in alive or last.case.filed_at is None:
        return None
    return last if scene.now - last.case.filed_at <= _JUST else None


def _plainly_another(scene: Scene, alive: Sequence[KnownCase]) -> bool:
    """Whether the subject is another one than of any open case, by a wide margin.

    What has happened since (前天有人来看了看，没动手) is news of the case, however it sounds.
    """
    category, understood = scene.said.complaint, scene.said.understanding
    ours = {c for known in alive for c in (known.case.category, known.case.secondary)}
    if category is None or understood is None or category in ours:
        return False
    rule, limits = scene.book.nearby, scene.book.thresholds
    if any(word in scene.said.text for k in alive for word in rule.thing(k.case).words):
        return False
    sure = {ranked.name: ranked.confidence for ranked in understood.category_ranking}
    ahead = sure.get(category, 0.0) - max(sure.get(name or "", 0.0) for name in ours)
    least = _CERTAIN if "since_then" in scene.said.parts else _WIDE
    return sure.get(category, 0.0) >= least and ahead >= least - limits.margin


def _ask_whether_new(scene: Scene, known: KnownCase) -> Step:
    held = replace(_kept(scene), category=scene.said.complaint)
    scene = scene.with_state(replace(scene.state, held=held))
    buttons = (scene.button("more", "more:add"), scene.button("another", "more:new"))
    params = case_params(known.case, known.owner_name, scene.book)
    return scene.answer(Reply("add_or_new", params, buttons), asking="add_or_new")


def _kept(scene: Scene) -> Later:
    """The line, until it is known which case it belongs to."""
    heard = scene.heard
    files = tuple(media.id for media in heard.media)
    return Later(
        without_edges(scene.said.text)[:_WORDS],
        None,
        heard.turn_id,
        files=files,
        location=heard.location,
        contact=heard.contact,
    )


def add_to(scene: Scene, known: KnownCase) -> Step:
    """The answer to which case it belongs to: what was kept goes there."""
    held = scene.state.held
    scene = scene.with_state(replace(scene.state, held=None))
    slots = _slots_of(held, known.case) if held else {}
    return added(scene, known, slots)


def let_go(scene: Scene) -> tuple[Scene, tuple[Request, ...]]:
    """Asked which case it belongs to, the resident speaks of something else: nothing is lost.

    What was kept goes into the likeliest case.
    """
    held = scene.state.held
    answered = (
        scene.said.has("another", "apart") or scene.heard.button or "deny" in scene.said.whole
    )
    if scene.asking[0] == "added" and not answered:
        return scene.with_state(replace(scene.state, held=None, asking=None)), ()
    pressed = (scene.heard.button or "").startswith("about:add:")
    if held is None or scene.asking != ("which", "add") or pressed:
        return scene, ()
    alive = scene.open_cases()
    if not alive or chosen(scene, alive):
        return scene, ()
    known = _just_filed(scene, alive) or alive[0]
    scene = scene.with_state(replace(scene.state, held=None, asking=None))
    return scene, (AmendCase(known.case.number, _slots_of(held, known.case)),)


def _slots_of(held: Later, case: Case) -> dict[str, SlotValue]:
    found: dict[str, SlotValue] = {}
    if held.files:
        found["evidence"] = SlotValue([*_evidence(case), *held.files], "", held.turn_id)
    if held.location:
        found["location"] = SlotValue(list(held.location), "", held.turn_id)
    if held.contact:
        found["phone"] = SlotValue(held.contact, held.contact, held.turn_id)
    if held.text:
        found["details"] = with_details(case, held.text, held.turn_id)
    return found


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
        files = [*_evidence(case), *(m.id for m in heard.media)]
        found["evidence"] = SlotValue(files, "", heard.turn_id)
    if heard.location:
        found["location"] = SlotValue(list(heard.location), "", heard.turn_id)
    if heard.contact:
        found["phone"] = SlotValue(heard.contact, heard.contact, heard.turn_id)
    return found


def _evidence(case: Case) -> list[object]:
    old = case.slots["evidence"].value if has(case.slots, "evidence") else []
    return list(old) if isinstance(old, list) else [old]


def with_details(case: Case, text: str, turn_id: str | None) -> SlotValue:
    """The case's details with one more line."""
    old = str(case.slots["details"].value) if has(case.slots, "details") else ""
    joined = f"{old}\n{text}" if old else text
    return SlotValue(joined[-4000:], text[:500], turn_id)
