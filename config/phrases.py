"""Words the dialogue recognises itself: short answers, marks of a correction, and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from config.reading import Node

WHOLE = (
    "go_higher",
    "affirm",
    "deny",
    "edit",
    "ask_human",
    "dont_know",
    "skip",
    "leave_none",
    "hold_on",
    "solved",
    "not_solved",
    "withdraw",
    "greet",
    "thank",
    "goodbye",
    "ask_status",
    "urge",
    "more",
    "another",
    "my_info",
    "privacy",
    "erase",
    "erase_sure",
    "erase_no",
    "erase_keep",
    "erase_withdraw",
    "stop",
    "grown_up",
    "sensitive_yes",
    "sensitive_no",
    "safety_yes",
    "safety_no",
    "not_meant",
    "out",
    "hush",
    "countdown_done",
    "countdown_stop",
    "contact_message",
    "contact_call",
    "contact_appointment",
    "contact_none",
    "alone",
    "photo_text",
    "all_of",
    "first",
    "second",
    "third",
    "fourth",
    "score_1",
    "score_2",
    "score_3",
    "score_4",
    "score_5",
    "book_reception",
    "book_adviser",
    "book_mediator",
    "book_joint_desk",
    "book_mine",
    "book_cancel",
    "book_move",
    "book_other",
    "book_yes",
    "book_drop",
    "mediation_yes",
    "mediation_no",
    "mediation_later",
)
PART = (
    "whom",
    "owes",
    "by_the_way",
    "residence",
    "clause_end",
    "no_name",
    "head_count",
    "kept_from",
    "praises",
    "hours",
    "shop",
    "ago",
    "located",
    "done_yet",
    "place_end",
    "addressed",
    "called",
    "their_service",
    "hurry",
    "each",
    "office",
    "office_acts",
    "go_higher",
    "disagrees",
    "anonymous",
    "confidential",
    "real_name",
    "not_anonymous",
    "not_real_name",
    "my_info",
    "privacy",
    "erase",
    "erase_sure",
    "stop",
    "grown_up",
    "no_call",
    "correction",
    "another",
    "edit",
    "not_solved",
    "solved",
    "vague",
    "ask_status",
    "wait",
    "question",
    "dont_know",
    "skip",
    "ask_human",
    "generic",
    "sentence",
    "time",
    "place",
    "since",
    "withdraw",
    "withdraw_own",
    "withdraw_not",
    "filler",
    "rough",
    "upset",
    "demand",
    "register",
    "already",
    "no_consent",
    "consult",
    "opener",
    "not_amount",
    "negated",
    "no_phone",
    "home_visit",
    "total",
    "demand_end",
    "reach",
    "household",
    "id_number",
    "unwilling",
    "not_meant",
    "out",
    "hush",
    "child",
    "at_home",
    "next_door",
    "contact_message",
    "contact_call",
    "contact_appointment",
    "contact_none",
    "same",
    "apart",
    "none_of_these",
    "service_point",
    "who",
    "since_then",
    "dissatisfied",
    "recurs",
    "what_of",
    "announces",
    "two_matters",
    "counts_first",
    "first_matter",
    "second_matter",
    "book_reception",
    "book_adviser",
    "book_mediator",
    "book_joint_desk",
    "book_named",
    "book_not",
    "book_mine",
    "book_cancel",
    "book_move",
    "book_cannot",
    "book_other",
    "book_drop",
    "mediation_wish",
    "mediation_leave",
    "mediator_pick",
    "judicial_wish",
    "named_yes",
    "named_no",
    "promise_kept",
    "promise_broken",
)


_LATIN = re.compile(r"[A-Za-z][A-Za-z'’]* ?")


def size(text: str) -> int:
    """Characters, an English word counting as two: so lengths mean the same in every language."""
    return len(_LATIN.sub("..", text))


def position(word: str, text: str) -> int:
    """Where ``word`` stands in ``text``, -1 when nowhere; English ones only as whole words."""
    at = text.find(word)
    while at >= 0 and not _stands(word, text, at):
        at = text.find(word, at + 1)
    return at


def _stands(word: str, text: str, at: int) -> bool:
    end = at + len(word)
    before = at > 0 and _letter(word[0]) and _letter(text[at - 1])
    after = end < len(text) and _letter(word[-1]) and _letter(text[end])
    return not (before or after)


def _letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def holds(words: Iterable[str], text: str) -> bool:
    """Whether one of these words stands in the text."""
    anywhere, apart = _ready(tuple(words))
    if anywhere is not None and anywhere.search(text) is not None:
        return True
    return any(word in text and position(word, text) >= 0 for word in apart)


@cache
def _ready(words: tuple[str, ...]) -> tuple[re.Pattern[str] | None, tuple[str, ...]]:
    """One pattern for the words that may stand anywhere; those that must stand apart."""
    apart = tuple(word for word in words if _letter(word[0]) or _letter(word[-1]))
    anywhere = [re.escape(word) for word in words if word not in apart]
    return re.compile("|".join(anywhere)) if anywhere else None, apart


@dataclass(frozen=True, slots=True)
class Phrases:
    """``whole`` must be all a line says, ``part`` may stand anywhere in it.

    ``head`` and ``tail`` are fillers taken off an answer (就是张三啊 → 张三), longest first.
    """

    whole: Mapping[str, frozenset[str]]
    part: Mapping[str, tuple[str, ...]]
    head: tuple[str, ...]
    tail: tuple[str, ...]


def read_phrases(top: Node) -> Phrases:
    """``phrases.zh.yaml``; every list must be there. Raises BadConfiguration."""
    top.mapping(("whole", "part", "strip"))
    whole, part, strip = top.need("whole"), top.need("part"), top.need("strip")
    whole.mapping(WHOLE)
    part.mapping(PART)
    strip.mapping(("head", "tail"))
    return Phrases(
        {name: frozenset(w.lower() for w in whole.need(name).texts()) for name in WHOLE},
        {name: part.need(name).texts() for name in PART},
        tuple(sorted(strip.need("head").texts(), key=len, reverse=True)),
        tuple(sorted(strip.need("tail").texts(), key=len, reverse=True)),
    )
