"""Places and names in English lines, by the words before them and the words in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.understanding import Entity

_PLACE_NOUN = (
    r"(?:road|rd|street|st|avenue|ave|lane|alley|building|bldg|block|tower|community|compound|estate|"
    r"gardens?|garden|court|residence|village|town|district|square|plaza|mall|market|park|"
    r"supermarket|"
    r"school|kindergarten|hospital|station|bridge|gate|entrance|intersection|crossroads?|crossing|"
    r"factory|"
    r"site|flat|apartment|room|unit|floor|bay|city|mansion|centre|center|bus stop|university|"
    r"college)"
)
_STOP = (
    r"(?:since|because|and|but|for|from|who|which|that|when|where|while|so|they|it|he|she|we|i|my|our|is|are|was|"
    r"were|has|have|had|does|do|did|there|every|always|last|this|yesterday|today|now|all|owes?|with|without|"
    r"please|keeps?|makes?|made|never|not|until|after|before|already|about|still|again|night|to)"
)
_WORD = r"[A-Za-z0-9\u4e00-\u9fff][\w'’#&-]*"
_AT = re.compile(
    rf"\b(?:at|near|in|on|outside|opposite|behind|beside|next to|in front of|around|inside)\s"
    rf"(?P<place>(?:the\s)?(?:(?!{_STOP}\b){_WORD}(?:\s|,\s(?=(?:block|building|unit|room|flat|floor|no)\b))?){{1,9}})",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    rf"\b(?P<place>(?:[A-Z][\w'’]*\s){{1,4}}{_PLACE_NOUN}\b(?:,?\s(?:building|block|unit|room|flat|no\.?|floor)\s?\w+)*)"
)
_NOUN = re.compile(rf"\b{_PLACE_NOUN}\b", re.IGNORECASE)
_NOT_PLACE = re.compile(
    r"^(?:the\s)?(?:night|morning|evening|afternoon|day|weekends?|time|front|general|total|fact|january|february|"
    r"march|april|may|june|july|august|september|october|november|december|\d{4}|summer|winter|"
    r"spring|autumn|work|home|school|hospital|market|building|all|once|least|last|fire|cash|"
    r"\d{1,2}(?:st|nd|rd|th)?\s[a-z]+|"
    r"wechat|foot|my|our|their|his|her|your|me|us|him|them|least|charge|touch|trouble|danger|"
    r"money|pay|wages|"
    r"(?:a|an|one|two|three|four|five|six|seven|\d+)\s(?:few\s)?(?:days?|weeks?|months?|years?|hours?|minutes?))\b\s*$",
    re.IGNORECASE,
)
_ORG = (
    r"(?:Company|Co\.?,? ?Ltd\.?|Ltd\.?|Corporation|Corp|Group|Construction|"
    r"Property(?: Management)?|Management|"
    r"Restaurant|Gym|Fitness|Hotel|School|Hospital|Kindergarten|Supermarket|Factory|Shop|Store|Bar|KTV|"
    r"Real Estate|Decoration|Engineering|Services?|Logistics|Electronics|Clinic|"
    r"Bank|Training|Education|Club)"
)
_COMPANY = re.compile(rf"\b(?P<name>(?:[A-Z][\w'’&]*\s){{1,4}}{_ORG})(?![\w])")
_CALLED = re.compile(
    r"\b(?P<who>boss|contractor|foreman|company|employer|manager|supervisor|agency|factory|"
    r"developer|landlord|neighbou?r|shop|store|gym|seller)\s(?:is\s)?(?:called|named|is)\s"
    r"(?P<name>(?:(?:Mr|Ms|Mrs|Boss|Master)\.?\s)?(?:[A-Z\u4e00-\u9fff][\w'’&]*\s?){1,5})"
)
_BOSS = re.compile(
    r"\b(?:[Bb]oss|[Cc]ontractor|[Ff]oreman)\s(?P<name>(?:(?:Mr|Ms|Mrs)\.?\s)?(?:[A-Z\u4e00-\u9fff][\w'’]+\s?){1,3})"
)
_WORKS = re.compile(
    r"\b(?:[Ww]ork(?:s|ed|ing)?|[Ee]mployed)\s(?:for|by)\s"
    r"(?P<name>(?:[A-Z\u4e00-\u9fff][\w'’&]*\s?){1,5})"
)
_MINE = re.compile(
    r"\b(?:[Mm]y name is|[Mm]y name's|I am called)\s(?P<name>(?:[A-Z][\w'’]*\s?){1,3})"
)
_THEM = re.compile(
    r"\b(?P<name>(?:(?:upstairs|downstairs|next[- ]door)\sneighbou?rs?"
    r"|(?:neighbou?rs?|family|people|man|woman|couple|flat|apartment)\s"
    r"(?:upstairs|downstairs|next door|above|below)))\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:is|are|was|were|has|have|owes?|because|my|i|they|he|she|we|not|no|since|know|don't|it's|skip|say|"
    r"anonymous|human|please|person|yuan|months?|years?|weeks?|what|why|how|who|where)\b|\d{7}|[?？]",
    re.IGNORECASE,
)
"""A line with one of these is more than the name of a place."""
_FIRM = frozenset({"boss", "contractor", "foreman", "company", "employer", "agency", "factory"})
_LONGEST = 60


def names(text: str, category: str | None, asked: str | None) -> Iterator[Entity]:
    """Who and where; ``asked`` is the slot that was asked for, if one was."""
    if asked == "place" and len(text) <= _LONGEST and not _TELLS.search(text):
        whole = re.search(r"\w.*\w|\w", text.strip(), re.DOTALL)
        if whole is not None:
            start = text.index(whole.group())
            end = start + len(whole.group())
            yield Entity("place", start, end, whole.group(), whole.group(), 0.8)
            return
    employed = category in {"wage_arrears", "labour_other"} or asked == "employer"
    taken: list[tuple[int, int]] = []
    for entity in (*_others(text, employed=employed), *_own(text)):
        if not any(entity.start < end and start < entity.end for start, end in taken):
            taken.append((entity.start, entity.end))
            yield entity
    place = _place(text, taken)
    if place is not None:
        yield place


def _others(text: str, *, employed: bool) -> Iterator[Entity]:
    side = "employer" if employed else "respondent"
    for match in _CALLED.finditer(text):
        name = side if match.group("who") in _FIRM else "respondent"
        yield _entity(name, match, "name", 0.8)
    for match in _BOSS.finditer(text):
        yield _entity(side, match, "name", 0.7)
    for match in _WORKS.finditer(text):
        yield _entity("employer", match, "name", 0.8)
    for match in _COMPANY.finditer(text):
        yield _entity(side, match, "name", 0.75)
    for match in _THEM.finditer(text):
        yield _entity("respondent", match, "name", 0.75)


def _own(text: str) -> Iterator[Entity]:
    for match in _MINE.finditer(text):
        yield _entity("name", match, "name", 0.85)


def _place(text: str, taken: list[tuple[int, int]]) -> Entity | None:
    """The likeliest place: one with a word for places in it, then the longest with a capital."""
    found = []
    for match in (*_AT.finditer(text), *_NUMBERED.finditer(text)):
        entity = _entity("place", match, "place", 0.8)
        words = entity.text
        clash = any(entity.start < end and start < entity.end for start, end in taken)
        if clash or _NOT_PLACE.match(words) or len(words) > _LONGEST:
            continue
        named = _NOUN.search(words) is not None and len(words.split()) > 1
        capital = any(part[0].isupper() for part in words.split()) or not words.isascii()
        if named or capital:
            found.append((capital, named, len(words), entity))
    return max(found, key=lambda each: each[:3])[3] if found else None


def _entity(name: str, match: re.Match[str], group: str, sure: float) -> Entity:
    words = re.sub(r"^(?:the|a|an)\s", "", match.group(group).strip(" ,."), flags=re.IGNORECASE)
    start = match.string.index(words, match.start(group))
    return Entity(name, start, start + len(words), words, words, sure)
