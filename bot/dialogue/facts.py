"""The facts the engine found in a line, put into the slots they belong to.

A filled slot changes only when it is asked for, being corrected, added to (a building for the
estate) or summed up (一共…, after its parts were told).
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import answers, sums
from bot.dialogue.said import trimmed, without_tail
from bot.dialogue.scene import Scene
from casework.case import SlotValue
from casework.intake import AnswerKind, Form, has
from config.phrases import holds
from nlu.extract.place_words import (
    ends_like_place,
    is_beside,
    is_fragment,
    is_numbered,
    is_said_of,
    is_sentence,
    is_vague,
    looks_like_place,
    merged,
)
from nlu.understanding import Entity

SHARED_LOCATION = "[location]"
"""The place's value when all that is known of it is a shared location."""

_CERTAIN = 0.6  # a place this sure says more than a point on the map
_NAMED = 0.85  # a place this sure is named, and may take the place of one pointed at
_TOKEN = re.compile(r"[^\s，,。；;！!？?]+")
_NAMES = frozenset({"place", "project", "employer", "respondent"})
_FIRMS = frozenset({"employer", "respondent"})
_OF_WORK = frozenset({"employer", "project"})
"""Kept also where the form has no use for them, while the matter may turn out to be work …"""
_WORK = frozenset({"wage_arrears", "labour_other"})
_PERHAPS = 0.15  # … which is this likely then
_NAMED_SO = 6  # characters of a bare name before its building
_LONGEST = 34  # characters of a place
_POINTER = 2  # characters before a building that only point: 对面, 隔壁
_BEFORE = 5  # characters before a value in which it is denied or called the whole


def take_entities(
    scene: Scene, form: Form, slots: dict[str, SlotValue], asked: tuple[str, ...], *, words: bool
) -> None:
    """Facts the engine found; without ``words`` none that it read into what was asked."""
    said = scene.said
    if said.waits or said.does("ask_status"):
        return
    free = scene.asking[0] in {"edit", "readback"} or scene.corrects
    seen: set[str] = set()
    for found in _meant(scene, form, asked):
        entity = _fuller(scene, found) if found.entity == "place" else found
        name = entity.entity
        number = not isinstance(entity.value, str) or any(c.isdigit() for c in entity.text)
        guessed = not words and name in scene.asked_slots and not number
        if name in seen or guessed:
            continue
        kind = _kind(form, entity)
        value = answers.kept(entity, scene.heard.turn_id, kind, scene.book.phrases)
        value = sums.for_all(scene, slots, entity, value)
        value = _completed(slots, entity, value, free=free or name in asked)
        old, changeable = slots.get(name), free or name in asked or _renews(scene, slots, entity)
        if not has(slots, name) or old is None or (changeable and old.value != value.value):
            slots[name] = value
            seen.add(name)


def _fuller(scene: Scene, place: Entity) -> Entity:
    """五一路 供销社宿舍 2单元顶楼: the words around a place that are part of it."""
    text, spans = scene.said.text, [match.span() for match in _TOKEN.finditer(scene.said.text)]
    inside = [at for at, (a, b) in enumerate(spans) if a < place.end and place.start < b]
    if not inside:
        return place
    first, last = inside[0], inside[-1]
    if first > 0 and _is_estate(scene, place, spans[first - 1]):
        start = spans[first - 1][0]
        words = text[start : place.end]
        return replace(place, start=start, text=words, value=words)
    if not _is_place(scene, spans[first][0], spans[last][1]):
        return place
    while last + 1 < len(spans) and _goes_on(scene, spans[last], spans[last + 1], spans[last + 1]):
        last += 1
    while first > 0 and _goes_on(scene, spans[first - 1], spans[first], spans[first - 1]):
        first -= 1
    words = _bare(scene, spans[first][0], spans[last][1])
    start = text.find(words)
    if len(words) <= len(place.text) or start < 0 or len(words) > _LONGEST:
        return place
    before = words.removesuffix(place.text)
    if is_fragment(place.text) and words != before and 0 < len(before) <= _POINTER:
        return place  # 对面5号楼, of the estate told before
    ends = ends_like_place(words) or words.endswith(scene.book.phrases.part["place_end"])
    if not ends or is_said_of(words, place.text):
        return place
    return replace(place, start=start, end=start + len(words), text=words, value=words)


def _is_estate(scene: Scene, place: Entity, before: tuple[int, int]) -> bool:
    """云锦东方 6栋, asked where: the bare name before a building is the estate's."""
    words = scene.said.text[before[0] : before[1]]
    taken = any(e.start < before[1] and before[0] < e.end for e in scene.said.entities)
    plain = 2 <= len(words) <= _NAMED_SO and looks_like_place(words) and not is_sentence(words)
    asked = "place" in scene.asked_slots and before[0] == 0 and is_fragment(place.text)
    return asked and plain and not taken


def _goes_on(
    scene: Scene, left: tuple[int, int], right: tuple[int, int], fresh: tuple[int, int]
) -> bool:
    """Whether only a pause lies between two words, and the ``fresh`` one is of a place."""
    return scene.said.text[left[1] : right[0]].isspace() and _is_place(scene, *fresh)


def _bare(scene: Scene, start: int, end: int) -> str:
    phrases = scene.book.phrases
    return without_tail(trimmed(scene.said.text[start:end], phrases), phrases)


def _is_place(scene: Scene, start: int, end: int) -> bool:
    """Whether these words are a place and hold no other fact."""
    words = _bare(scene, start, end)
    others = (e for e in scene.said.entities if e.entity not in _NAMES)
    if any(e.start < end and start < e.end for e in others) or not looks_like_place(words):
        return False
    return holds(scene.book.phrases.part["place"], words) or any(char.isdigit() for char in words)


def _completed(
    slots: dict[str, SlotValue], entity: Entity, value: SlotValue, *, free: bool
) -> SlotValue:
    """21栋, of the estate told before, is all of the place."""
    old = slots.get(entity.entity)
    if entity.entity != "place" or old is None:
        return value
    if not is_fragment(entity.text):
        part = isinstance(old.value, str) and is_beside(old.value)
        here = part and not any(char.isdigit() for char in entity.text)
        here = here and not is_vague(entity.text)
        return replace(value, value=f"{value.value}{old.value}") if here else value
    if not isinstance(old.value, str) or old.value == SHARED_LOCATION or is_fragment(old.value):
        return value
    whole = merged(old.value, entity.text)
    return replace(value, value=whole) if free or whole.startswith(old.value) else old


def _renews(scene: Scene, slots: dict[str, SlotValue], entity: Entity) -> bool:
    """Whether the value says more than the one before, without correcting it."""
    old = slots.get(entity.entity)
    if old is None:
        return True
    if entity.entity == "amount_yuan":
        return _is_after(scene, entity, "total")
    if entity.entity == "place":
        certain = old.value == SHARED_LOCATION and entity.confidence >= _CERTAIN
        clearer = entity.confidence >= _NAMED and not is_vague(entity.text)
        unnamed = str(old.value).startswith(scene.book.phrases.part["no_name"])
        better = clearer and (unnamed or is_vague(str(old.value)) or is_guess(scene, old))
        return certain or is_fragment(entity.text) or better
    return False


def is_guess(scene: Scene, place: SlotValue) -> bool:
    """Whether a place is one only because it was asked for: nothing in it says that it is."""
    words = str(place.value)
    if place.value == SHARED_LOCATION or is_numbered(words):
        return False
    return not holds(scene.book.phrases.part["place"], words.lower())


def _is_after(scene: Scene, entity: Entity, phrases: str) -> bool:
    """Whether one of these words stands shortly before the value."""
    before = scene.said.text[max(0, entity.start - _BEFORE) : entity.start]
    return any(word in before for word in scene.book.phrases.part[phrases])


def _meant(scene: Scene, form: Form, asked: tuple[str, ...]) -> list[Entity]:
    """The entities that are slots of this form, one slot for the same words.

    A company is the employer where the form has one and the other side where not; a place is no
    employer unless that was asked for; doors count as people where nobody counted heads.
    """
    said, phrases = scene.said, scene.book.phrases
    named = [_named_for(scene, form, entity) for entity in sums.meant(scene)]
    wide = form.slots.keys() | (_OF_WORK if _may_be_work(scene) else set())
    known = [e for e in named if e.entity in wide]
    known = [e for e in known if answers.believable(e, _kind(form, e), said, phrases)]
    if said.consults and scene.state.draft is not None:
        known = [e for e in known if _kind(form, e) != "choice"]  # 没有合同能认定吗 tells nothing
    if "not_amount" in said.parts:
        known = [e for e in known if e.entity != "amount_yuan"]
    if "negated" in said.parts:
        known = [e for e in known if not _is_denied(scene, e, known)]
    spans = {(e.entity, e.start) for e in known}
    kept = []
    for entity in known:
        name, start = entity.entity, entity.start
        here = "employer" in form.slots  # else the respondent is who the company is
        twice = name == "respondent" and here and ("employer", start) in spans
        twice = twice or (name == "employer" and not here and ("respondent", start) in spans)
        place = name in {"employer", "respondent"} and ("place", start) in spans
        if name in _FIRMS and _is_where(scene, entity, known):
            continue
        if name in asked or not (twice or place):
            kept.append(entity)
    return kept


def _is_where(scene: Scene, entity: Entity, known: list[Entity]) -> bool:
    """Whether a name is of the place and of nobody: 小王庄, asked who it is, while nobody knows
    where; 老纺织厂家属院4号楼."""
    said, phrases, draft = scene.said, scene.book.phrases, scene.state.draft
    if answers.is_home(entity, known, said, phrases):
        return True
    if entity.entity != "respondent" or draft is None or has(draft.slots, "place"):
        return False
    same = (
        e for e in known if e.entity == "place" and (e.start, e.end) == (entity.start, entity.end)
    )
    sure = any(each.confidence > answers.GUESSED for each in same)
    return sure and not answers.tells_who(entity.text, phrases) and "place" not in scene.asked_slots


def _may_be_work(scene: Scene) -> bool:
    """Whether the complaint may yet turn out to be about somebody's work."""
    understood = scene.heard.story or scene.said.understanding
    ranking = understood.category_ranking if understood else ()
    return any(r.name in _WORK and r.confidence >= _PERHAPS for r in ranking)


def _kind(form: Form, entity: Entity) -> AnswerKind:
    return form.slots[entity.entity].kind if entity.entity in form.slots else "name"


def _named_for(scene: Scene, form: Form, entity: Entity) -> Entity:
    names = {other.entity for other in scene.said.entities}
    if entity.entity == "place" and entity.confidence <= answers.GUESSED:
        shop = "respondent" in form.slots["place"].instead and names.isdisjoint(_FIRMS)
        if shop and not holds(scene.book.phrases.part["place"], entity.text):
            return replace(entity, entity="respondent")  # 小码匠编程, asked where the shop is
    if entity.entity == "employer" and "employer" not in form.slots and "respondent" not in names:
        return replace(entity, entity="respondent")
    if entity.entity == "households" and "people_n" not in names:
        return replace(entity, entity="people_n")
    return entity


def _is_denied(scene: Scene, entity: Entity, known: list[Entity]) -> bool:
    """不是3栋，是5栋: the first of two values is the wrong one."""
    before = scene.said.text[: entity.start].rstrip()
    denied = before.endswith(tuple(scene.book.phrases.part["negated"]))
    return denied and sum(other.entity == entity.entity for other in known) > 1
