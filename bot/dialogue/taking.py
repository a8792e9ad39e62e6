"""Taking a complaint down, from its second line to the read-back."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import places, smalltalk
from bot.dialogue.complaint import another, opening, received_words, remembered
from bot.dialogue.filling import Absorbed, absorb
from bot.dialogue.forms import go_on, repeat
from bot.dialogue.handing import not_understood
from bot.dialogue.readback import (
    ask_what_to_change,
    file_it,
    kept_as_case,
    readback_buttons,
    slot_line,
    worked_out,
)
from bot.dialogue.requests import Reply, Step, WithdrawCase
from bot.dialogue.said import Said
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from bot.dialogue.story import keep
from bot.dialogue.weighing import guessed, settled, weigh
from bot.dialogue.wishes import visits
from casework.intake import given, has, missing


def take(scene: Scene, draft: Draft) -> Step:
    """One more line about the complaint being taken."""
    return (
        _withdrawn(scene, draft)
        or _put_aside(scene, draft)
        or _said_before(scene, draft)
        or _wrong_without_right(scene, draft)
        or _home_visit(scene, draft)
        or _photo_named(scene)
        or _number_kept(scene)
        or _at_place(scene, draft)
        or _at_category(scene, draft)
        or _at_readback(scene, draft)
        or _filled(scene, draft)
        or _at_edit(scene, draft)
        or smalltalk.respond(scene)
        or _taken_up_again(scene, draft)
        or _unanswered(scene, draft)
        or _registers(scene)
        or _kept(scene, draft)
        or not_understood(scene)
    )


def _withdrawn(scene: Scene, draft: Draft) -> Step | None:
    """不反映了: the resident's own words, so nothing is asked and nothing is kept from them."""
    if not scene.said.withdraws:
        return None
    requests = (WithdrawCase(draft.number),) if draft.number else ()
    scene = scene.with_draft(None)
    return scene.answer(Reply("dropped"), requests=requests)


def _put_aside(scene: Scene, draft: Draft) -> Step | None:
    """四天。另外孩子学校的事…: the answer is taken, the other matter remembered."""
    found = another(scene, draft)
    if found is None:
        return None
    later, first = found
    scene = remembered(scene, later)
    if first is None:
        return repeat(scene, Reply("noted_later"))
    taken = absorb(replace(scene, said=first), draft)
    return go_on(scene, taken.draft, Reply("noted_later"))


def _said_before(scene: Scene, draft: Draft) -> Step | None:
    """刚说过了: an apology, and the question is let go."""
    asked = scene.asked_slots
    if not asked or "already" not in scene.said.parts or not scene.said.short:
        return None
    declined = tuple(name for name in asked if name not in draft.declined)
    draft = replace(draft, declined=draft.declined + declined)
    return go_on(scene, draft, Reply("already"))


def _home_visit(scene: Scene, draft: Draft) -> Step | None:
    """能不能派个人来家里弄: taken down as what they want; whoever takes over decides."""
    if not visits(scene):
        return None
    taken = absorb(scene, weigh(scene, draft))
    if taken.draft.read_back:
        return changed(scene, taken).led_by(Reply("home_visit"))
    return go_on(scene, taken.draft, Reply("home_visit"))


def _number_kept(scene: Scene) -> Step | None:
    """身份证号我不给: it was never asked for, and the question stays as it was."""
    said = scene.said
    wary = said.has("skip", "question", "unwilling") or any(
        said.does(a) for a in ("skip", "deny", "anonymous")
    )
    if "id_number" not in said.parts or not wary or any(c.isdigit() for c in said.text):
        return None
    return scene.answer(Reply("id_never"), asking=scene.state.asking)


def _photo_named(scene: Scene) -> Step | None:
    """[图片], typed by a program that could not send the picture: no answer to anything."""
    if "photo_text" not in scene.said.whole:
        return None
    return repeat(scene, Reply("photo_named"))


def _wrong_without_right(scene: Scene, draft: Draft) -> Step | None:
    """地址写错了, and no more: ask for the right one."""
    said, form = scene.said, scene.form(draft)
    if not said.short or "correction" not in said.parts:
        return None
    if absorb(scene, draft, story=False).changed:
        return None
    for slot in form.slots.values():
        named = any(alias in said.text for alias in (slot.label, *slot.aliases))
        if named and has(draft.slots, slot.name):
            return ask_new_value(scene, draft, slot.name)
    return None


def _at_place(scene: Scene, draft: Draft) -> Step | None:
    """石桥村, when it was asked which 石桥."""
    found = places.answered(scene, draft)
    return go_on(scene, found[0], *found[1]) if found is not None else None


def _at_category(scene: Scene, draft: Draft) -> Step | None:
    """The answer to what it is about, by a title or a name; more of the story counts as well."""
    if scene.asking[0] != "category":
        return None
    category = scene.book.category_words.get(scene.said.bare)
    if category is not None:
        return category_named(scene, draft, category)
    if smalltalk_only(scene):
        return None
    weighed = weigh(scene, draft)
    taken = absorb(scene, weighed)
    if taken.draft.category is None and scene.said.empty:
        return None
    draft = taken.draft
    draft = draft if draft.category else guessed(scene, draft)
    return go_on(scene, draft, *opening(scene, draft))


def category_named(scene: Scene, draft: Draft, category: str) -> Step:
    """Go on with the category the resident named."""
    draft = settled(draft, category)
    return go_on(scene, draft, *opening(scene, draft))


def smalltalk_only(scene: Scene) -> bool:
    """Whether the line is talk about something else than the question."""
    acts = ("abuse", "consult_policy", "ask_capability", "thank", "greet", "chitchat", "goodbye")
    return any(scene.said.does(act) for act in acts)


def _at_readback(scene: Scene, draft: Draft) -> Step | None:
    """对 files it; 要改 asks what; anything with a fact in it is a correction."""
    if scene.asking[0] != "readback":
        return None
    said = scene.said
    if "affirm" in said.whole and "edit" not in said.whole:
        return file_it(scene, draft)
    taken = absorb(scene, weigh(scene, draft))
    if not set(taken.changed) - {"details"} and _keeps_back(said):
        return repeat(scene, Reply("never_mind"))
    if taken.something or taken.draft.category != draft.category:
        done = changed(scene, taken)
        return done.led_by(_rules(scene)) if smalltalk.asks_the_way(scene) else done
    if said.has("edit") or "deny" in said.whole or said.does("correct"):
        return ask_what_to_change(scene, draft)
    if said.surely("affirm") and said.short and not _by_the_way(scene):
        return file_it(scene, draft)  # 网签过的 tells something and agrees to nothing
    return None


def _by_the_way(scene: Scene) -> bool:
    """对了 合同我有 tells one thing more and agrees to nothing."""
    return scene.said.bare.startswith(scene.book.phrases.part["by_the_way"])


def _keeps_back(said: Said) -> bool:
    """不留电话, 不方便说, when nothing is asked any more: it was heard, and that is all."""
    if said.whole & {"skip", "dont_know"}:
        return True
    return said.short and bool(said.parts & {"skip", "dont_know", "no_phone", "no_call"})


def _rules(scene: Scene) -> Reply:
    """What is known for certain of the ways there are."""
    return Reply("consult", {"consult": smalltalk.consulted(scene).consult})


def changed(scene: Scene, taken: Absorbed) -> Step:
    """What was changed or added after the read-back, and the two buttons again."""
    draft, form = taken.draft, scene.form(taken.draft)
    hidden = {"details", "location"}
    shown = [name for name in taken.changed if name in form.slots and name not in hidden]
    shown = [name for name in shown if not worked_out(form, draft, name)]
    if missing(form, draft.slots, draft.declined) or draft.category != _category(scene):
        return go_on(scene, draft)
    lines = [slot_line(scene, form.slots[name], draft.slots[name]) for name in shown]
    offered = readback_buttons(scene)
    if lines:
        reply = Reply("changed", {"summary": "\n".join(lines)}, offered)
    else:
        reply = Reply("story_added", {}, offered)
    step = scene.with_draft(draft).answer(*received_words(scene), reply, asking="readback")
    return step.plus(*kept_as_case(scene, draft))


def _filled(scene: Scene, draft: Draft) -> Step | None:
    """Whatever the line gave, then the next question."""
    was_open = draft.category is None
    weighed = weigh(scene, draft)
    taken = absorb(scene, weighed)
    settled_now = was_open and taken.draft.category is not None
    if not taken.something and not settled_now:
        return None
    before = opening(scene, taken.draft) if settled_now else _noted(scene, taken)
    still = scene.with_draft(taken.draft)
    if scene.said.empty and scene.asked_slots and not _answered(still, taken):
        return repeat(still, *before)
    if smalltalk.asks_the_way(scene):  # 我欠的是两万，能仲裁吗: the fact and the question, both
        before = (*before, _rules(scene))
    if taken.changed and (scene.asking[0] == "edit" or taken.draft.read_back):
        return changed(scene, taken)
    if scene.said.does("abuse"):
        step = smalltalk.respond(still)
        if step is not None:
            return step
    return go_on(scene, taken.draft, *before)


def _answered(scene: Scene, taken: Absorbed) -> bool:
    form, slots = scene.form(taken.draft), taken.draft.slots
    return all(given(form, slots, name) for name in scene.asked_slots)


def _at_edit(scene: Scene, draft: Draft) -> Step | None:
    """Which slot is wrong, said by its name; or nothing is."""
    if scene.asking[0] != "edit":
        return None
    form, said = scene.form(draft), scene.said
    if said.whole & {"affirm", "deny", "thank"}:
        return go_on(scene, draft)
    if _keeps_back(said):
        return go_on(scene, draft, Reply("never_mind"))
    for slot in form.slots.values():
        if said.bare and any(name in said.bare for name in (slot.label, *slot.aliases)):
            return ask_new_value(scene, draft, slot.name)
    return None


def ask_new_value(scene: Scene, draft: Draft, name: str) -> Step:
    """Ask for the right value of one slot; the question this puts off was not asked yet."""
    label = scene.form(draft).slots[name].label
    put_off = {each: max(0, draft.asked.get(each, 0) - 1) for each in scene.asked_slots}
    draft = replace(draft, asked={**draft.asked, **put_off})
    return scene.with_draft(draft).answer(
        Reply("ask_new_value", {"label": label}), asking=f"slot:{name}"
    )


def _taken_up_again(scene: Scene, draft: Draft) -> Step | None:
    """The bot has the conversation back from a human: on with the form, whatever was said."""
    return go_on(scene, draft) if scene.state.asking is None else None


def _unanswered(scene: Scene, draft: Draft) -> Step | None:
    """The line is talk the form cannot use: ask again in other words, or let the question go."""
    asked = scene.form(draft).slots.get(next(iter(scene.asked_slots), ""))
    bare = scene.said.whole & {"affirm", "deny", "dont_know", "skip"}
    if asked is None or not bare or (asked.kind == "text" and "affirm" in bare):
        return None
    return go_on(scene, draft)


def _registers(scene: Scene) -> Step | None:
    """我要登记, while it is being taken down: on with the question."""
    said = scene.said
    return repeat(scene) if "register" in said.parts and said.short else None


def _kept(scene: Scene, draft: Draft) -> Step | None:
    """Whatever tells something is taken down, also where no slot and no rule has a use for it."""
    kept = keep(scene, weigh(scene, draft))
    if kept is None:
        return None
    if scene.asking[0] in {"readback", "edit"}:
        step = scene.with_draft(kept).answer(
            Reply("story_added", {}, readback_buttons(scene)), asking="readback"
        )
        return step.plus(*kept_as_case(scene, kept))
    return go_on(scene, kept, *_noted(scene, Absorbed(kept, ("details",))))


def _category(scene: Scene) -> str | None:
    return scene.state.draft.category if scene.state.draft else None


def _noted(scene: Scene, taken: Absorbed) -> tuple[Reply, ...]:
    """A short word that it was taken down."""
    received = received_words(scene)
    if received:
        return received
    if taken.declined and not taken.changed:
        return (Reply("never_mind"),)
    number = scene.state.draft.questions % 3 if scene.state.draft else 0
    return (Reply(f"noted_{number}"),) if number else ()
