"""Where it is: which unit the words and the shared location name, and the one question about it.

Where several places fit, the resident is asked once; where none does, or none of them is meant,
a human says which grid it is. Nothing is guessed and nothing is asked twice.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.facts import SHARED_LOCATION
from bot.dialogue.requests import ParamValue, Reply
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft, Where
from casework.case import Case, SlotValue
from casework.desk.assigning import Whereabouts
from casework.gazetteer import Gazetteer
from casework.geometry import Point
from casework.intake import Form, has
from casework.resolving import Candidate, Doubt, Resolved
from casework.turn import Button

WHICH = "which_place"
"""What is asked, and the name the question is counted under."""

_ORDINALS = ("first", "second", "third", "fourth")
_LONG = 24  # characters of a line that is more than an answer to which place


def located(scene: Scene, draft: Draft) -> Draft:
    """The draft with what its place comes to; looked up again only when the place changed."""
    places = scene.around.places
    if places is None:
        return draft
    said = _said(draft)
    if draft.where is not None and draft.where.said == said:
        return draft
    return replace(draft, where=_where(places, said, look_up(places, draft.slots)))


def take_known(scene: Scene, form: Form, slots: dict[str, SlotValue]) -> None:
    """幸福里的电梯坏了: a name of the gazetteer is the place where nothing else was found.

    Not where work is complained of: what is named there may be where somebody lives.
    """
    places, said = scene.around.places, scene.said
    if places is None or said.empty or "employer" in form.slots or "place" not in form.slots:
        return
    if has(slots, "place") or has(slots, "location"):
        return
    name = places.mentioned(said.text)
    if name is not None:
        start = said.text.index(name)
        slots["place"] = SlotValue(name, name, scene.heard.turn_id, start, start + len(name))


def lying_in(scene: Scene, draft: Draft, unit_id: str) -> Draft:
    """The draft at a place whose unit is known beforehand, while its words stay as they are."""
    places = scene.around.places
    if places is None or places.unit(unit_id) is None:
        return draft
    return replace(draft, where=Where(_said(draft), unit_id, _doubt(places, unit_id)))


def look_up(places: Gazetteer, slots: dict[str, SlotValue]) -> Resolved:
    """Place and location first; a project counts where they say nothing."""
    point = point_of(slots)
    found = places.locate(_words(slots, "place"), point)
    if found.unit_id is None and not found.candidates:
        project = places.locate(_words(slots, "project"), point)
        if project.unit_id is not None or project.candidates:
            return project
    return found


def point_of(slots: dict[str, SlotValue]) -> Point | None:
    """The shared location."""
    held = slots.get("location")
    if held is None or not isinstance(held.value, list | tuple) or len(held.value) != 2:
        return None
    return float(held.value[0]), float(held.value[1])


def ask_which(scene: Scene, draft: Draft) -> tuple[Draft, Reply] | None:
    """The one question about the place, where it helps and there is room for it."""
    where = draft.where
    if where is None or not where.options or draft.asked.get(WHICH):
        return None
    if draft.questions >= scene.form(draft).max_questions:
        return None
    asked = {**draft.asked, WHICH: 1}
    return replace(draft, asked=asked, questions=draft.questions + 1), question(scene, where)


def question(scene: Scene, where: Where) -> Reply:
    """Is it this one, or which of these."""
    words = scene.book.words
    none = words.button("none_of_these", f"where:{scene.state.serial}:none")
    if len(where.titles) == 1:
        yes = words.button("that_place", f"where:{scene.state.serial}:0")
        return Reply("ask_is_place", {"name": where.titles[0]}, (yes, none))
    choices = tuple(
        Button(title, f"where:{scene.state.serial}:{at}") for at, title in enumerate(where.titles)
    )
    return Reply("ask_which_place", {}, (*choices, none))


def answered(scene: Scene, draft: Draft) -> tuple[Draft, tuple[Reply, ...]] | None:
    """The answer in words; None when the line is about something else."""
    where = draft.where
    if scene.asking[0] != WHICH or where is None or not where.options:
        return None
    said = scene.said
    if said.empty or len(said.bare) > _LONG:
        return None
    if said.whole & {"dont_know", "skip", "deny"} or said.has("none_of_these"):
        return none_of_these(draft)
    at = _chosen(scene, where)
    if at is not None:
        return chosen(scene, draft, at)
    return _elsewhere(scene, draft)


def pressed(scene: Scene, draft: Draft, about: str) -> tuple[Draft, tuple[Reply, ...]] | None:
    """The answer by button; None when it is of another question."""
    where = draft.where
    serial, _, answer = about.partition(":")
    if scene.asking[0] != WHICH or where is None or serial != str(scene.state.serial):
        return None
    if answer == "none":
        return none_of_these(draft)
    if not answer.isdigit() or int(answer) >= len(where.options):
        return None
    return chosen(scene, draft, int(answer))


def chosen(scene: Scene, draft: Draft, at: int) -> tuple[Draft, tuple[Reply, ...]]:
    """One of the places it was asked about."""
    where = draft.where or Where()
    named = _with_name(scene, draft, where.titles[at])
    unit_id = where.options[at]
    doubt = _doubt(scene.around.places, unit_id)
    settled = Where(_said(named), unit_id, doubt)
    return replace(named, where=settled), ()


def none_of_these(draft: Draft) -> tuple[Draft, tuple[Reply, ...]]:
    """A human will say; the resident's words stay as they are."""
    where = draft.where or Where()
    settled = Where(where.said, None, Doubt.UNKNOWN.value)
    return replace(draft, where=settled), (Reply("place_left_open"),)


def whereabouts(scene: Scene, draft: Draft) -> Whereabouts | None:
    """What the desk is told of the place; None where nothing was looked up."""
    where = located(scene, draft).where
    return Whereabouts(where.unit_id, where.doubt) if where is not None else None


def moved(scene: Scene, draft: Draft, case: Case) -> Whereabouts | None:
    """The whereabouts, where they are others than the case has."""
    found = whereabouts(scene, draft)
    if found is None:
        return None
    same = case.placed == (found.doubt is None) and found.unit_id in (None, case.unit_id)
    return None if same else found


def _where(places: Gazetteer, said: str, found: Resolved) -> Where:
    doubt = found.doubt.value if found.doubt is not None else None
    candidates = found.candidates if found.doubt is Doubt.AMBIGUOUS else ()
    options = tuple(each.unit_id for each in candidates)
    return Where(said, found.unit_id, doubt, options, titles(places, candidates))


def titles(places: Gazetteer, candidates: tuple[Candidate, ...]) -> tuple[str, ...]:
    """What a button says: the name, and where names are alike, the community or grid it is in."""
    names = [each.name for each in candidates]
    areas = [(each.name, each.area) for each in candidates]
    found = []
    for each in candidates:
        if names.count(each.name) == 1:
            found.append(each.name)
            continue
        unit = places.unit(each.unit_id)
        alike = areas.count((each.name, each.area)) > 1
        area = unit.name if alike and unit is not None else each.area
        found.append(f"{each.name}（{area}）")
    return tuple(found)


def _doubt(places: Gazetteer | None, unit_id: str) -> str | None:
    unit = places.unit(unit_id) if places is not None else None
    return None if unit is not None and unit.kind == "grid" else Doubt.COARSE.value


def _chosen(scene: Scene, where: Where) -> int | None:
    """The option the words name: by its place, by what only it has in its name, by its order."""
    said, places = scene.said, scene.around.places
    if len(where.options) == 1:
        return 0 if "affirm" in said.whole else None
    for at, name in enumerate(_ORDINALS[: len(where.options)]):
        if name in said.whole:
            return at
    found = places.resolve(said.text) if places is not None else Resolved()
    if found.unit_id in where.options:
        return where.options.index(found.unit_id)
    telling = [
        set(title) - {char for other in where.titles if other != title for char in other}
        for title in where.titles
    ]
    named = [at for at, chars in enumerate(telling) if chars & set(said.bare)]
    return named[0] if len(named) == 1 and said.short else None


def _elsewhere(scene: Scene, draft: Draft) -> tuple[Draft, tuple[Reply, ...]] | None:
    """Another place, named instead of those asked about."""
    places = scene.around.places
    found = places.resolve(scene.said.text) if places is not None else Resolved()
    if found.unit_id is None or found.doubt is not None:
        return None
    text = scene.said.text.strip()
    place = SlotValue(text, text, scene.heard.turn_id, 0, len(text))
    draft = replace(draft, slots={**draft.slots, "place": place}, latest="place")
    return replace(draft, where=Where(_said(draft), found.unit_id)), ()


def _with_name(scene: Scene, draft: Draft, title: str) -> Draft:
    """The chosen name beside the resident's own words, for whoever reads the case."""
    held = draft.slots.get("place")
    if held is None or not isinstance(held.value, str) or title in held.value:
        return draft
    name, _, area = title.rstrip("）").partition("（")
    params: dict[str, ParamValue] = {
        "said": held.value,
        "name": area if area and name in held.value else name,
    }
    value = scene.book.words.text("place_chosen", params)
    return replace(draft, slots={**draft.slots, "place": replace(held, value=value)})


def _said(draft: Draft) -> str:
    point = point_of(draft.slots)
    return "|".join((_words(draft.slots, "place"), _words(draft.slots, "project"), str(point)))


def _words(slots: dict[str, SlotValue], name: str) -> str:
    held = slots.get(name)
    if held is None or not has(slots, name) or held.value == SHARED_LOCATION:
        return ""
    return str(held.value or held.text)
