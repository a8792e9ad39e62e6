"""What a line says, as far as the dialogue can tell without the rest of the conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue.state import Heard
from config.phrases import Phrases, holds, position, size
from nlu.normalize import normalize
from nlu.understanding import Entity, Understanding

LONGEST = 2000
"""Characters of a line the dialogue reads; the turn itself keeps all of it."""

SURE = 0.5
"""From here on the engine's word for an act counts without a phrase of our own."""

HARMLESS = frozenset({"greet", "thank", "goodbye", "chitchat", "praise", "ask_capability"})
"""Acts whose answer costs nothing when it is wrong; the engine's best guess is enough."""

TALK = HARMLESS | {"abuse", "ask_human", "ask_status", "urge", "consult_policy"}
"""Acts addressed to the bot; anything else may be part of a story."""

HUMAN, CHAT, GREET = "ask_human", "chitchat", "greet"
OWN_WITHDRAWAL = "withdraw_own"
BARE_NAME = 8  # characters of a name that stands alone
_FIRM = 0.35
_TELLING = 0.4
_CERTAIN = 0.8
_LONG = 8
_WORTH = 5
_DECIDED = 0.7
_SHORT = 12

_EDGE = re.compile(r"^[\s\W_]+|[\s\W_]+$")
_CONTENT = re.compile(r"\w")
_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")  # the pauses of a voice typed out
_CLAUSE = re.compile(r"[^\s,，。.；;！!]+")
_BREAK = re.compile(r"[\s\W_]+")
_MOST_PIECES = 4  # short answers in one line that are one answer
_LONGEST_WITHDRAWAL = 18  # characters of a clause that takes it back
_REST = 3  # characters after those words
_PLAINLY = 0.9  # an act this sure is no part of a story


@dataclass(frozen=True, slots=True)
class Said:
    """``text`` is what was typed, capped; ``bare`` the same without case, edges and fillers.

    ``whole`` names the phrase lists that are all of the line, ``parts`` those found inside it.
    """

    text: str
    bare: str
    whole: frozenset[str]
    parts: frozenset[str]
    understanding: Understanding | None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read: blank, punctuation or pictures only."""
        return _CONTENT.search(self.text) is None and not self.whole

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The facts the engine found."""
        return self.understanding.entities if self.understanding else ()

    def does(self, act: str) -> bool:
        """Whether the line is this act, by its words or by the engine's firm opinion."""
        if act in self.whole:
            return True
        understood = self.understanding
        if understood is None or understood.act != act or self.empty:
            return False
        sure = understood.act_ranking[0].confidence if understood.act_ranking else 0.0
        if self._tells and (act == CHAT or (act in HARMLESS and sure < _PLAINLY)):
            return False
        if act == GREET and self._tells_after_greeting:
            return False
        return sure >= (_FIRM if act in HARMLESS else _DECIDED if act == HUMAN else SURE)

    def surely(self, act: str) -> bool:
        """Whether the engine has hardly a doubt that the line is this act."""
        understood = self.understanding
        if understood is None or understood.act != act or not understood.act_ranking:
            return False
        return understood.act_ranking[0].confidence >= _PLAINLY

    @property
    def short(self) -> bool:
        """Whether the line is short enough for a phrase inside it to be its whole point."""
        return size(self.bare) <= _SHORT

    @property
    def waits(self) -> bool:
        """Whether the line asks how long it takes, and is no story with those words in it."""
        return "wait" in self.parts and size(self.bare) <= _SHORT

    @property
    def withdraws(self) -> bool:
        """Whether the resident takes it back in so many words: 撤回, 我不投诉了."""
        told = self.short and "question" not in self.parts
        if "withdraw" in self.whole or (told and "withdraw" in self.parts):
            return True
        return OWN_WITHDRAWAL in self.parts and "question" not in self.parts

    @property
    def informs(self) -> bool:
        """Whether the line tells something, as far as the engine can say with some certainty."""
        understood = self.understanding
        if understood is None or not understood.act_ranking:
            return False
        if understood.act != "inform":
            if understood.act == GREET:
                return self._tells_after_greeting
            return understood.act == CHAT and self._tells
        return understood.act_ranking[0].confidence >= _TELLING

    @property
    def _tells(self) -> bool:
        """Whether a line taken for talk is long and near enough to a category to be a matter."""
        ranking = self.understanding.category_ranking if self.understanding else ()
        return size(self.bare) >= _LONG and bool(ranking) and ranking[0].confidence >= _FIRM

    @property
    def _tells_after_greeting(self) -> bool:
        """你好，我想反映隔壁装修噪音: whoever greets may tell at once what it is."""
        ranking = self.understanding.category_ranking if self.understanding else ()
        plain = bool(ranking) and ranking[0].confidence >= _CERTAIN and ranking[0].name != "other"
        return plain and self._tells

    @property
    def talks(self) -> bool:
        """Whether the line is talk with the bot rather than about the matter."""
        understood = self.understanding
        if understood is None or self.informs or not understood.act_ranking:
            return False
        sure = understood.act_ranking[0].confidence
        return understood.act in TALK and (sure >= SURE or size(self.bare) < _LONG)

    @property
    def consults(self) -> bool:
        """Whether the line asks what the rules are, and tells no facts of a case."""
        facts = any(e.entity in {"amount_yuan", "period_months", "phone"} for e in self.entities)
        return self.does("consult_policy") or ("consult" in self.parts and not facts)

    @property
    def complaint(self) -> str | None:
        """The category of a line that reads as a complaint of its own."""
        understood = self.understanding
        if understood is None or understood.category is None:
            return None
        sure = understood.category_ranking[0].confidence
        firm = self.informs and (sure >= _FIRM or size(self.bare) >= _LONG)
        return understood.category if firm or sure >= _CERTAIN else None

    @property
    def category(self) -> str | None:
        """What the line is about, also where it only adds to a complaint (欠了三个月没给)."""
        understood = self.understanding
        if self.complaint is not None or understood is None or not understood.category_ranking:
            return self.complaint
        first = understood.category_ranking[0]
        other = understood.act_ranking[0].confidence if understood.act_ranking else 0.0
        if first.confidence < _CERTAIN or size(self.bare) < _WORTH or self.whole:
            return None
        return first.name if self.informs or other < _DECIDED else None

    def has(self, *names: str) -> bool:
        """Whether one of these phrase lists is in the line, whole or as a part."""
        return any(name in self.whole or name in self.parts for name in names)


def hear(heard: Heard, phrases: Phrases) -> Said:
    """Read a line."""
    text = heard.text[:LONGEST]
    lowered = normalize(text).text.strip()
    edgeless = _EDGE.sub("", lowered)
    forms = {lowered, edgeless, "".join(edgeless.split()), without_tail(edgeless, phrases)}
    forms.add(_EDGE.sub("", re.sub(r"[\W_]+", "", edgeless)))
    pieces = _pieces(edgeless, phrases)
    whole = frozenset(
        name
        for name, words in phrases.whole.items()
        if forms & words or (pieces and words.issuperset(pieces))
    )
    joined = _GAP.sub("", lowered)
    readings = (lowered,) if joined == lowered else (lowered, joined)
    parts = frozenset(
        name
        for name, words in phrases.part.items()
        if any(holds(words, reading) for reading in readings)
    )
    if OWN_WITHDRAWAL in parts and not _takes_back(edgeless, phrases):
        parts -= {OWN_WITHDRAWAL}
    return Said(text, edgeless, whole, parts, heard.understanding)


def _pieces(text: str, phrases: Phrases) -> frozenset[str]:
    """对的 提交吧: words that are each all of an answer, and so are together."""
    found = _BREAK.split(text) if size(text) <= _SHORT else []
    if not 1 < len(found) <= _MOST_PIECES:
        return frozenset()
    return frozenset(without_tail(piece, phrases) for piece in found)


def _takes_back(text: str, phrases: Phrases) -> bool:
    """Whether the line ends a clause with it, and the clause tells of nobody else's saying so."""
    for words in _CLAUSE.findall(text):
        found = next((p for p in phrases.part[OWN_WITHDRAWAL] if holds((p,), words)), None)
        if found is not None and len(words) <= _LONGEST_WITHDRAWAL:
            before, _, after = words.partition(found)
            others = any(mark in before for mark in phrases.part["withdraw_not"])
            if not others and len(after) <= _REST:
                return True
    return False


def without_tail(text: str, phrases: Phrases) -> str:
    """The text without particles and punctuation at its end (不知道啊。 → 不知道)."""
    shorter = _EDGE.sub("", text)
    while True:
        tail = next((t for t in phrases.tail if shorter.endswith(t) and shorter != t), None)
        if tail is None:
            return shorter
        shorter = _EDGE.sub("", shorter[: -len(tail)])


def trimmed(text: str, phrases: Phrases) -> str:
    """An answer without what is said around it: 就是张三啊 → 张三."""
    shorter = without_edges(text)
    while True:
        head = next(
            (h for h in phrases.head if _begins(shorter, h) and len(shorter) > len(h)), None
        )
        if head is None:
            return shorter
        shorter = without_edges(shorter[len(head) :])


def _begins(text: str, head: str) -> bool:
    start = text[: len(head) + 1]
    return start.lower().startswith(head) and position(head, start.lower()) == 0


def without_edges(text: str) -> str:
    """The text without blanks and punctuation around it; brackets and the like inside stay."""
    return re.sub(r"^[\s，,。.；;：:、！!？?~…\-]+|[\s，,。.；;：:、！!？?~…\-]+$", "", text)
