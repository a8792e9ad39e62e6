"""From a line to the draft's slots: whatever was said, in any order, with corrections."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.dialogue import answers, identity
from bot.dialogue.facts import SHARED_LOCATION, is_guess, take_entities
from bot.dialogue.late import take_called, take_late, take_office
from bot.dialogue.passing import denied, take_told, tells_otherwise
from bot.dialogue.place_told import told_further
from bot.dialogue.places import take_known
from bot.dialogue.said import Said, without_edges
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from bot.dialogue.story import take_story
from bot.dialogue.wishes import take_demand
from casework.case import SlotValue
from casework.intake import CONFIDENTIAL, Form, Slot, given, has
from config.phrases import holds, size
from nlu.extract.place_words import is_fragment, merged, names_firm

_SHORT = 14


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The draft after a line. ``changed`` names slots set or changed, ``declined`` newly refused
    ones; ``told`` is whether the line was kept as part of the story."""

    draft: Draft
    changed: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    told: bool = False

    @property
    def something(self) -> bool:
        """Whether the line gave anything at all."""
        return bool(self.changed or self.declined or self.told)


def absorb(scene: Scene, draft: Draft, *, story: bool = True, answering: bool = True) -> Absorbed:
    """Everything the line gives the draft; with ``story``, prose that fits no slot as well.

    A line that is not ``answering`` was meant for us (换真人): a number in it counts all the same.
    """
    asked = scene.asked_slots if answering else ()
    form = scene.form(draft)
    slots = dict(draft.slots)
    take_entities(scene, form, slots, asked, words=answering)
    take_known(scene, form, slots)
    _take_marks(scene, slots)
    _take_attachments(scene, slots)
    if scene.corrects and draft.slots and slots == draft.slots:
        _take_correction(scene, form, draft, slots)
    _take_answer(scene, form, slots, draft, asked)
    refused = _refused(scene, form, slots, draft, asked)
    told = story and not refused and take_story(scene, draft, slots)
    filled = dict(slots)
    take_told(scene, form, slots, draft, asked)
    identity.take_back(scene, form, slots, draft)
    changed = tuple(name for name in slots if slots[name] != draft.slots.get(name))
    facts = [n for n in changed if n in filled and n not in {"details", "issue"}]
    latest = facts[-1] if facts else draft.latest
    merged = replace(draft, slots=slots, declined=draft.declined + refused, latest=latest)
    return Absorbed(merged, changed, refused, told)


def _take_marks(scene: Scene, slots: dict[str, SlotValue]) -> None:
    """How the resident wants to appear, in their own words at any time."""
    said, turn_id = scene.said, scene.heard.turn_id
    if "contact_message" in said.whole and scene.state.draft is not None:
        slots["contact_time"] = SlotValue(said.text.strip(), said.text.strip(), turn_id)
    wish = identity.told(scene)
    if wish is not None:
        slots["identity_mode"] = wish
    take_demand(scene, slots)
    if "identity_mode" not in slots and said.surely("anonymous") and "kept_from" in said.parts:
        slots["identity_mode"] = SlotValue(CONFIDENTIAL, said.text.strip(), turn_id)


def _take_attachments(scene: Scene, slots: dict[str, SlotValue]) -> None:
    heard = scene.heard
    if heard.location is not None:
        slots["location"] = SlotValue(list(heard.location), "", heard.turn_id)
        if not has(slots, "place"):
            slots["place"] = SlotValue(SHARED_LOCATION, "", heard.turn_id)
    if heard.contact:
        slots["phone"] = SlotValue(heard.contact, heard.contact, heard.turn_id)
    if heard.media:
        old = slots["evidence"].value if has(slots, "evidence") else []
        files = list(old) if isinstance(old, list) else [old]
        fresh = [media.id for media in heard.media if media.id not in files]
        slots["evidence"] = SlotValue(files + fresh, "", heard.turn_id)


def _take_correction(scene: Scene, form: Form, draft: Draft, slots: dict[str, SlotValue]) -> None:
    """金额写错了，两万三: the slot is named, or the one filled last is meant."""
    text = scene.said.text
    named = [s for s in form.slots.values() if any(a in text for a in (s.label, *s.aliases))]
    known = [slot for slot in named if has(draft.slots, slot.name)]
    slot = next(iter(known or named), None)
    if slot is None and draft.latest and size(text) <= 20:
        slot = form.slots.get(draft.latest)
    if slot is None:
        return
    rest = _after_mark(text, slot, scene.book.phrases.part["correction"])
    if not rest:
        return
    said = replace(scene.said, text=rest, understanding=None)
    value = answers.read(slot, said, scene.heard.turn_id, scene.book.phrases)
    if value is not None and value.value is not None:
        old = draft.slots.get(slot.name)
        if slot.kind == "place" and old is not None and is_fragment(str(value.value)):
            value = replace(value, value=merged(str(old.value), str(value.value)))
        start = text.rfind(value.text)
        slots[slot.name] = replace(value, start=start, end=start + len(value.text))


def _after_mark(text: str, slot: Slot, marks: tuple[str, ...]) -> str:
    """What follows the last mark of a correction; else what follows the slot's name."""
    ends = [text.rfind(mark) + len(mark) for mark in marks if mark in text]
    if not ends:
        ends = [text.rfind(a) + len(a) for a in (slot.label, *slot.aliases) if a in text]
    return without_edges(text[max(ends) :]) if ends else without_edges(text)


def _take_answer(
    scene: Scene, form: Form, slots: dict[str, SlotValue], draft: Draft, asked: tuple[str, ...]
) -> None:
    """A bare answer to what was asked, whatever the engine makes of it."""
    wanting = [name for name in asked if not given(form, slots, name)]
    if len(asked) == 1 and has(draft.slots, asked[0]) and slots == draft.slots:
        wanting = [asked[0]]  # it is being corrected
    said = scene.said
    if any(form.slots[name].kind == "text" for name in wanting):
        _take_in_passing(scene, form, slots, ("place",))  # where, when it was asked what
        wanting = wanting if "place" not in slots.keys() - draft.slots.keys() else []
    for name in sorted(wanting, key=lambda name: form.slots[name].kind != "time"):
        slot = form.slots[name]
        other = tells_otherwise(form, said, slot)
        fits = _may_answer(scene, slot) and _tells_when(scene, form, slot)
        if said.text.strip() and fits and not other:
            value = _read(scene, slot, said, slots)
            if value is not None and not denied(form, said, slot, value):
                slots[_meant_for(scene, slot, slots, value, draft)] = value
                said = replace(said, text=said.text.replace(value.text, " ", 1))
    for name in wanting:
        _take_instead(scene, form, slots, form.slots[name])
    take_office(scene, form, slots, draft)
    if slots == draft.slots:
        take_late(scene, form, slots, draft)
    if {"place", "employer", "respondent"} & set(asked):
        take_called(scene, form, slots)
    if asked or scene.asking[0] == "readback":
        alone = (
            ("happened_since", "period_months", "people_n", "amount_yuan")
            if slots == draft.slots
            else ()
        )
        late = [n for n in draft.asked if n in form.slots and n not in asked]
        late = [n for n in late if form.slots[n].choices or form.slots[n].kind == "name"]
        late = (
            late if slots == draft.slots or not late else [n for n in late if form.slots[n].choices]
        )
        _take_in_passing(scene, form, slots, ("place", *alone, *late))


def _read(scene: Scene, slot: Slot, said: Said, slots: dict[str, SlotValue]) -> SlotValue | None:
    """The slot's value in what is left of the line; words that just named the place name nobody."""
    phrases = scene.book.phrases
    value = _by_act(scene, slot) or answers.read(slot, said, scene.heard.turn_id, phrases)
    where = value is not None and slot.kind == "name" and answers.is_place(slots, value, phrases)
    return None if where else value


def _meant_for(
    scene: Scene, slot: Slot, slots: dict[str, SlotValue], value: SlotValue, draft: Draft
) -> str:
    """Which slot an answer is for: 小码匠编程, asked where the shop is, says who it is."""
    other = "employer"
    firm = slot.name == "place" and names_firm(str(value.value))
    if firm and "employer" in scene.form(draft).slots and not has(slots, other):
        return other  # 盛源食品厂, asked where it is
    other = "respondent"
    if slot.name != "place" or other not in slot.instead or has(slots, other):
        return slot.name
    marked = holds(scene.book.phrases.part["place"], value.text)
    return slot.name if marked or any(char.isdigit() for char in value.text) else other


def _take_instead(scene: Scene, form: Form, slots: dict[str, SlotValue], slot: Slot) -> None:
    """上个月, when it was asked how long: a time stands in for a length of time."""
    for name in slot.instead:
        other = form.slots[name]
        if other.kind == "time" and not given(form, slots, slot.name):
            said = scene.said
            value = answers.read(other, said, scene.heard.turn_id, scene.book.phrases)
            if value is not None and said.text.strip() and _may_answer(scene, other):
                slots[name] = value


def _tells_when(scene: Scene, form: Form, slot: Slot) -> bool:
    """洒水车也没有, asked at what hours, tells something else."""
    asks_when = slot.name in form.telling.from_word
    return not asks_when or holds(scene.book.phrases.part["hours"], scene.said.text)


def _take_in_passing(
    scene: Scene, form: Form, slots: dict[str, SlotValue], names: tuple[str, ...]
) -> None:
    """三岔河村, when the phone was asked and the place is still open."""
    for name in names:
        slot = form.slots[name]
        known = name == "place" and has(slots, name)
        if known and not is_guess(scene, slots[name]):
            told_further(scene, slots)
            continue
        if known and slots[name].turn_id == scene.heard.turn_id:
            continue
        wanted = name == "place" or (name in form.wanted and not given(form, slots, name))
        if wanted and _may_answer(scene, slot):
            phrases = scene.book.phrases
            value = answers.in_passing(slot, scene.said, scene.heard.turn_id, phrases)
            twice = value is not None and name == "place" and _is_name(slots, value)
            if value is not None and not twice:
                slots[name] = value


def _is_name(slots: dict[str, SlotValue], value: SlotValue) -> bool:
    """Whether the same words of the same line are a company's or a person's already."""
    named = [slots[name] for name in ("employer", "respondent") if name in slots]
    return any(e.turn_id == value.turn_id and e.text == value.text for e in named)


def _by_act(scene: Scene, slot: Slot) -> SlotValue | None:
    """签过合同吗？对: a yes or no where a choice stands for it."""
    for choice in slot.choices:
        if choice.act and choice.act in scene.said.whole:
            return SlotValue(choice.value, scene.said.text.strip(), scene.heard.turn_id)
    return None


def _may_answer(scene: Scene, slot: Slot) -> bool:
    """Not every line is an answer: thanks, a question of policy and the like are not."""
    said = scene.said
    if slot.kind in {"money", "months", "count", "phone"} and any(c.isdigit() for c in said.text):
        return True
    if slot.kind == "name" and said.surely("anonymous"):
        return False  # 怕着火
    direct = {"choice": {"affirm", "deny"}, "count": {"alone"}}.get(slot.kind, set())
    if said.whole & direct:
        return True
    if said.whole or said.has("dont_know", "skip") or said.empty:
        return False
    if said.short and "upset" in said.parts:
        return False  # 你说气不气人
    acts = ("ask_capability", "abuse", "ask_status", "urge", "thank", "greet")
    return not said.waits and not said.consults and not any(said.does(act) for act in acts)


def _refused(
    scene: Scene, form: Form, slots: dict[str, SlotValue], draft: Draft, asked: tuple[str, ...]
) -> tuple[str, ...]:
    """The slots this line declines."""
    said = scene.said
    short = size(said.bare) <= _SHORT
    nothing_else = slots == draft.slots
    no = nothing_else and (said.does("dont_know") or said.does("skip"))
    no = (
        no
        or not said.whole.isdisjoint({"dont_know", "skip"})
        or (short and not said.parts.isdisjoint({"dont_know", "skip"}))
    )
    if "leave_none" in said.whole and "phone" not in asked:
        return ("phone",) if not has(slots, "phone") and "phone" not in draft.declined else ()
    bare_no = "deny" in said.whole and not slots.keys() - draft.slots.keys()
    open_names = [name for name in asked if not given(form, slots, name)]
    all_of_it = bare_no or not said.whole.isdisjoint({"dont_know", "skip"})
    refused = (open_names if all_of_it else open_names[:1]) if no or bare_no else []
    if ({"no_call", "no_phone"} & said.parts) and not has(slots, "phone"):
        refused.append("phone")
    return tuple(name for name in dict.fromkeys(refused) if name not in draft.declined)
