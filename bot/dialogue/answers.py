"""Reading a bare answer to the question just asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.dialogue.said import Said, trimmed, without_edges
from casework.case import SlotValue
from casework.intake import AnswerKind, Slot
from config.phrases import Phrases, holds, position, size
from nlu.extract.numbers import parse
from nlu.extract.people import find_people
from nlu.extract.period import find_periods
from nlu.extract.place_words import is_sentence, looks_like_place, without_villages
from nlu.extract.span import Span
from nlu.normalize import normalize
from nlu.understanding import Entity

_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[2-9]\d{6,7})(?!\d)")
_LONGEST: dict[AnswerKind, int] = {"name": 20, "place": 60, "time": 24, "text": 500}
_VAGUE = 12
_ONE_NAME = 10  # characters; 样板间是实木的 交的是复合板 is no name
_LONG_FOR_A_NAME = 5  # characters; 楼上那家的 is still somebody
_LASTING = frozenset({"period_months", "duration", "period"})
_LEAST = 20  # yuan that a bare number comes to at least
_CROWD = 1000  # nobody counts so many heads in a bare number
GUESSED = 0.5
"""A place this sure is one only because it was asked for."""
_MOST: dict[AnswerKind, float] = {"money": 1e10, "months": 600, "count": 1e6}
_FAMILY: dict[AnswerKind, tuple[str, ...]] = {
    "money": ("amount_yuan", "money"),
    "months": ("period_months", "duration", "period"),
    "count": ("people_n", "people_other"),
    "time": ("happened_since", "last_paid", "period_months", "date", "time", "duration"),
    "name": ("employer", "respondent", "project", "organisation", "person"),
    "place": ("place", "project"),
    "phone": ("phone",),
}


def read(slot: Slot, said: Said, turn_id: str, phrases: Phrases) -> SlotValue | None:
    """The slot's value in a line that answers for it; None when the line holds none.

    A number that is only hinted at (好几万) is a value of None with its words.
    """
    found = _entity(slot, said, phrases)
    if found is not None:
        return kept(found, turn_id, slot.kind, phrases)
    if slot.kind == "choice":
        return choose(slot, said, turn_id)
    if slot.kind == "phone":
        match = _PHONE.search(normalize(said.text).text.replace(" ", ""))
        return SlotValue(match.group(), match.group(), turn_id) if match else None
    if slot.kind in {"money", "months", "count"}:
        return _number(slot, said, turn_id, phrases)
    return _words(slot, said, turn_id, phrases)


def kept(entity: Entity, turn_id: str, kind: AnswerKind, phrases: Phrases) -> SlotValue:
    """An entity as a slot's value; a name loses what is said before it (叫江屿置业)."""
    value = entity.value
    if kind == "time" and not isinstance(value, str):
        value = entity.text  # 一年, asked since when, in their own words
    if kind in {"name", "place"} and isinstance(value, str):
        value = trimmed(value, phrases) or value
    return SlotValue(value, entity.text, turn_id, entity.start, entity.end)


def choose(slot: Slot, said: Said, turn_id: str) -> SlotValue | None:
    """The choice whose longest word is in the line; a longer match wins (没有签 over 签)."""
    normal = normalize(said.text)
    text = normal.text
    places = _endings_of_places(said)
    best: tuple[int, str, str] | None = None
    for choice in slot.choices:
        for word in (choice.title.lower(), choice.value, *choice.words, *choice.bare):
            named = word in choice.bare and word in places
            if position(word, text) >= 0 and (best is None or len(word) > best[0]) and not named:
                best = (len(word), choice.value, word)
    if best is None:
        return None
    at = position(best[2], text)
    start, end = normal.span(at, at + best[0])
    return SlotValue(best[1], said.text[start:end], turn_id, start, end)


def _endings_of_places(said: Said) -> str:
    """What the line calls a place: 小区 of 建材小区 does not say how many it concerns."""
    places = [e.text for e in said.entities if e.entity == "place" and e.confidence > GUESSED]
    return " ".join(text for text in places if text == said.bare)


def _entity(slot: Slot, said: Said, phrases: Phrases) -> Entity | None:
    names = (slot.name, *(name for name in _FAMILY.get(slot.kind, ()) if name != slot.name))
    for name in names:
        found = next((e for e in said.entities if e.entity == name), None)
        if found is None or (slot.kind == "name" and is_home(found, said.entities, said, phrases)):
            continue
        if believable(found, slot.kind, said, phrases):
            return found
    return None


def _number(slot: Slot, said: Said, turn_id: str, phrases: Phrases) -> SlotValue | None:
    """A line that is nothing but a number, or words that leave it open (好几万)."""
    if slot.kind == "count" and "alone" in said.whole:
        return _placed(1, said.text.strip(), said, turn_id)
    words = trimmed(_rest(slot, said, phrases.tail), phrases)
    number = parse(normalize(words).text)
    crowd = slot.kind == "count" and number is not None and number.value >= _CROWD
    if crowd and words.isalnum() and words == said.text.strip():
        return None  # 两万, asked how many they are, is what they are owed
    if slot.kind == "money" and _is_too_little(words):
        return None
    if number is not None and 0 < number.value <= _MOST[slot.kind]:
        value = number.value if slot.kind == "months" else int(number.value)
        return _placed(value, words, said, turn_id)
    span = quantity(slot.kind, words) if slot.kind != "money" else None
    if span is not None:
        return _placed(span.value, words, said, turn_id)
    if "vague" in said.parts and 0 < size(words) <= _VAGUE and not said.entities:
        return _placed(None, words, said, turn_id)
    return None


def _is_too_little(words: str) -> bool:
    """4, asked how much: nobody complains of four yuan, so it counts something else."""
    return words.isascii() and words.isdigit() and int(words) < _LEAST


def _words(slot: Slot, said: Said, turn_id: str, phrases: Phrases) -> SlotValue | None:
    """The line itself, less the facts that answer something else and the fillers around it."""
    rest = _rest(slot, said, phrases.tail)
    words = trimmed(_after_echo(rest), phrases)
    if slot.kind == "place":
        words = words if _fits(slot, words, phrases) else _placelike(words, phrases)
        if rest != said.text and not holds(phrases.part["place"], words):
            return None  # 上个礼拜通知的, asked where: what is left of it is no place
    if slot.kind == "name" and (_is_where(said, phrases) or _tells_how_long(words, said)):
        return None
    if not words or not re.search(r"\w", words) or size(words) > _LONGEST.get(slot.kind, 0):
        return None
    if not _fits(slot, words, phrases):
        return None
    return _placed(words, words, said, turn_id)


def _after_echo(text: str) -> str:
    """哪个老板？刘波: the answer, after the question said over again."""
    answer = without_edges(re.split(r"[?？]", text)[-1])
    return answer or text


def _tells_how_long(words: str, said: Said) -> bool:
    """Whether a length of time is said of these words: 怀孕 of 怀孕四个月 names nobody."""
    spans = [e for e in said.entities if e.entity in _LASTING and e.confidence > GUESSED]
    text = said.text
    return any(
        text[: e.start].endswith(words) or (words and text[e.end :].startswith(words))
        for e in spans
    )


def _fits(slot: Slot, words: str, phrases: Phrases) -> bool:
    """Whether the words can be a name, a place or a time, and not a sentence about it."""
    if slot.kind == "text":
        return True
    laughs = len(words) > 1 and len(set(words)) == 1 and not words.isdigit()
    if laughs or holds(phrases.part["question"], words) or words.startswith(phrases.tail):
        return False
    if slot.kind == "time":
        return holds(phrases.part["time"], words.lower())
    if quantity("months", words) or quantity("count", words):
        return False
    if not (looks_like_place(words) if slot.kind == "place" else not is_sentence(words)):
        return False
    if slot.kind == "name" and _is_clause(words, phrases):
        return False
    return not holds(phrases.part["sentence"], words.lower()) and "，" not in words


def _is_clause(words: str, phrases: Phrases) -> bool:
    """Whether so many words end as a clause does and no name: 他家砌墙占的."""
    told = holds(phrases.part["ago"], words)  # 腊月里干的活
    if told or any(position(at, words) > 0 for at in phrases.part["located"]):
        return True
    ends = words.endswith(phrases.part["clause_end"]) and size(words) > _LONG_FOR_A_NAME
    several = size(words) > _ONE_NAME and not words.isascii() and len(words.split()) > 1
    return ends or several


def _placelike(words: str, phrases: Phrases) -> str:
    """The part of a longer answer that looks like a place: 美团的站点，在万达旁边."""
    marks = phrases.part["place"]
    pieces = [trimmed(piece, phrases) for piece in re.split(r"[\s，,。；;！!]+", words)]
    parts = [p for p in pieces if any(mark in p for mark in marks) and looks_like_place(p)]
    return trimmed(parts[0], phrases) if parts else ""


def _is_where(said: Said, phrases: Phrases) -> bool:
    """Whether the line answers "who?" with a place and nobody in it: 江南名府6栋2单元."""
    places = [e for e in said.entities if e.entity == "place" and e.confidence > GUESSED]
    told = sum(len(entity.text) for entity in places) * 2 >= len(said.text.strip())
    return bool(places) and told and not tells_who(said.text, phrases)


def is_place(slots: Mapping[str, SlotValue], value: SlotValue, phrases: Phrases) -> bool:
    """Whether these words were just taken for the place, and tell of nobody who lives there."""
    place = slots.get("place")
    if place is None or place.turn_id != value.turn_id or value.text not in place.text:
        return False
    return not tells_who(value.text, phrases)


def tells_who(text: str, phrases: Phrases) -> bool:
    """Whether somebody is told by where they live: 8栋一楼那家, and not 纺织厂家属院4号楼."""
    words = without_villages(text)
    homes = [words.rfind(home) + len(home) for home in phrases.part["residence"] if home in words]
    return holds(phrases.part["household"], words[max(homes, default=0) :])


def quantity(kind: AnswerKind, words: str) -> Span | None:
    """The length of time or number of people that is all these words say: 俩月, 就我."""
    text = normalize(words).text.strip()
    if not text or size(text) > _VAGUE:
        return None
    find = find_periods if kind == "months" else find_people
    names = {"period_months"} if kind == "months" else {"people_n", "people_other"}
    spans = [span for span in find(text, asked=True) if span.entity in names]
    return next((s for s in spans if s.end - s.start == len(text) and s.value), None)


def in_passing(slot: Slot, said: Said, turn_id: str, phrases: Phrases) -> SlotValue | None:
    """What was told while something else was asked: the whole line must look like it."""
    if slot.kind in {"months", "count"}:
        words = trimmed(said.text, phrases)
        span = quantity(slot.kind, words)
        crowd = slot.kind == "count" and words.isdigit() and int(words) >= _CROWD
        if slot.kind == "count" and "alone" in said.whole:
            return _placed(1, said.text.strip(), said, turn_id)
        return _placed(span.value, words, said, turn_id) if span and not crowd else None
    if slot.kind == "name":
        plain = said.short and said.informs and not said.entities and not said.whole
        return _words(slot, said, turn_id, phrases) if plain else None
    if slot.kind == "money":
        number = parse(normalize(trimmed(said.text, phrases)).text)
        large = number is not None and number.value >= _CROWD
        return _number(slot, said, turn_id, phrases) if large else None
    if slot.kind == "choice":
        bare = {*phrases.whole["deny"], *phrases.whole["affirm"]}
        told = choose(slot, said, turn_id)
        return told if told and said.short and told.text not in bare else None
    marks = {"place": ("place",), "time": ("time", "since")}.get(slot.kind, ())
    if not marks or any(mark not in said.parts for mark in marks):
        return None
    return _words(slot, said, turn_id, phrases)


def believable(entity: Entity, kind: AnswerKind, said: Said, phrases: Phrases) -> bool:
    """Whether a name that is nearly the whole line can be one; 到现在连门窗都没安 is no place."""
    if kind == "place" and _acts(entity, said, phrases):
        return False
    if kind == "count" and not _counts(entity, said, phrases):
        return False
    if kind == "name" and (is_sentence(trimmed(entity.text, phrases)) or entity.text.isdigit()):
        return False
    guessed = entity.confidence <= GUESSED and kind in {"name", "place"}
    if guessed and not _guess_holds(entity, kind, said, phrases):
        return False
    scrap = len(entity.text) == 1 and not entity.text.isdigit()  # the 万 of 万象城
    if kind == "money" and (scrap or _is_too_little(entity.text)):
        return False
    if kind not in {"name", "place"} or len(entity.text) * 2 < len(said.text.strip()):
        return True
    if quantity("months", entity.text) or quantity("count", entity.text):
        return False
    return not said.whole and not holds(phrases.part["sentence"], entity.text.lower())


def _guess_holds(entity: Entity, kind: AnswerKind, said: Said, phrases: Phrases) -> bool:
    """Whether it may be one though only the question says so."""
    if said.does("abuse") or holds(phrases.part["question"], entity.text):
        return False  # 垃圾政府, 哪投诉: neither where nor who
    if entity.text.isascii() and entity.text[0].isdigit() and " " in entity.text:
        return holds(phrases.part["place"], entity.text)  # 1500 yuan
    if kind == "name":
        return not _is_clause(entity.text, phrases)
    if holds(phrases.part["head_count"], entity.text):
        return False  # 四年级好几个
    if holds(phrases.part["time"], entity.text) and not holds(phrases.part["place"], entity.text):
        return False  # 这个月发的
    # 店名叫阿强烧烤 is read as a place only because one was asked for
    names = [e for e in said.entities if e.entity not in {"place", "project"}]
    if any(e.start < entity.end and entity.start < e.end for e in names):
        return False
    return looks_like_place(entity.text)


def is_home(entity: Entity, known: Sequence[Entity], said: Said, phrases: Phrases) -> bool:
    """老纺织厂家属院4号楼: whose homes they once were is nobody's name."""
    ends = [e.end for e in known if e.entity == "place" and e.start == entity.start]
    rest = said.text[entity.end : max(ends)] if ends else ""
    return entity.entity != "place" and rest.startswith(phrases.part["residence"])


def _counts(entity: Entity, said: Said, phrases: Phrases) -> bool:
    """Whether heads are counted: not in 不是我一个, nor in 四个月."""
    denied = said.text[: entity.start].rstrip().endswith(phrases.part["negated"])
    return not denied and not any(
        _overlap(entity, e) for e in said.entities if e.entity in _LASTING
    )


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _acts(place: Entity, said: Said, phrases: Phrases) -> bool:
    """镇政府说没钱: an office that says or does something is not where it is; nor are 好几个村."""
    if place.text.startswith(phrases.part["head_count"]):
        return True
    after = said.text[place.end :].lstrip()
    office = place.text.endswith(phrases.part["office"])
    return office and after.startswith(phrases.part["office_acts"])


def _placed(value: object, words: str, said: Said, turn_id: str) -> SlotValue:
    start = said.text.find(words)
    if start < 0:
        return SlotValue(value, words, turn_id)
    return SlotValue(value, words, turn_id, start, start + len(words))


def _rest(slot: Slot, said: Said, tail: tuple[str, ...]) -> str:
    text = said.text
    own = {slot.name, *_FAMILY.get(slot.kind, ())}
    if slot.kind == "name":
        own.add("place")  # neighbours are told by where they live: 8栋一楼那家
    if slot.kind == "text":
        return text
    for entity in sorted(said.entities, key=lambda e: e.start, reverse=True):
        if entity.confidence <= GUESSED:
            continue  # 2680 is a place only because one was asked for
        if entity.entity not in own and text[entity.start : entity.end] == entity.text:
            text = text[: entity.start] + " " + text[entity.end :]
    if text == said.text:
        return text
    pieces = re.split(r"[\s，,。]+", text)
    return "，".join(piece for piece in pieces if not set(piece) <= set(tail))
