"""Words that tell a fact in passing, and what undoes them."""

from __future__ import annotations

import random
import time

from casework.telling import Guards, Telling

GUARDS = Guards(("不是", "没有", "没", "不"), ("是不是",), ("如果", "吗", "？"))
TELLING = Telling(
    {
        "停水": [("kind", "water")],
        "停水三天": [("lasts", "3")],
        "停电": [("kind", "power")],
        "电": [("kind", "power")],
        "签合同": [("contract", "书面")],
        "没签合同": [("contract", "无")],
        "倒闭了": [("state", "破产")],
        "找过": [("asked", None)],
    },
    GUARDS,
    frozenset({"kind"}),
)


def told(text: str) -> dict[str, str | None]:
    return {slot: each.value for slot, each in TELLING.told(text).items()}


def test_words_tell_their_slot_anywhere_in_a_line() -> None:
    assert told("厂里都倒闭了，你们管管") == {"state": "破产"}
    assert told("什么也没说") == {}
    assert told("") == {}


def test_a_longer_word_hides_the_shorter_inside_it() -> None:
    assert told("当时没签合同") == {"contract": "无"}
    assert told("当时签合同了") == {"contract": "书面"}


def test_words_that_begin_alike_all_count() -> None:
    assert told("停水三天了") == {"kind": "water", "lasts": "3"}


def test_a_negation_right_before_undoes_a_word_and_a_double_one_does_not() -> None:
    assert told("不是停水，是停电") == {"kind": "power"}
    assert told("是不是停水了") == {"kind": "water"}


def test_what_is_asked_or_supposed_is_no_fact_but_names_the_subject() -> None:
    assert told("如果没签合同怎么办") == {}
    assert told("没签合同，能要回来吗") == {"contract": "无"}
    assert told("停水归谁管？") == {"kind": "water"}


def test_most_words_win_then_the_first() -> None:
    assert told("停水又停电，电表箱也响") == {"kind": "power"}
    assert told("停水又停电") == {"kind": "water"}
    assert told("停水停水停水，停电一次电也没有")["kind"] == "power"


def test_free_text_is_the_clause_with_the_word_in_it() -> None:
    line = "灯坏了，找过物业三回，没人来"
    found = TELLING.told(line)["asked"]
    assert found.value is None
    assert line[found.start : found.end] == "找过物业三回"


def test_free_text_may_begin_with_the_word() -> None:
    telling = Telling({"夜里": [("when", None)]}, from_word=frozenset({"when"}))
    line = "门口烧烤摊夜里两点还在吵，没人管"
    found = telling.told(line)["when"]
    assert line[found.start : found.end] == "夜里两点还在吵"


def test_spans_are_those_of_the_words() -> None:
    chance = random.Random(7)
    pieces = ["厂里", "倒闭了", "，", "停电", "没", "签合同", "电", "？", "找过"]
    for _ in range(500):
        line = "".join(chance.choices(pieces, k=chance.randint(0, 12)))
        for slot, each in TELLING.told(line).items():
            words = line[each.start : each.end]
            assert 0 <= each.start < each.end <= len(line)
            assert slot == "asked" or (slot, each.value) in TELLING.words[words]


def test_a_letter_is_read_in_one_quick_pass() -> None:
    letter = "我们单元停电了，别家都有。" * 160
    began = time.process_time()
    assert TELLING.told(letter)["kind"].value == "power"
    assert time.process_time() - began < 0.5  # some milliseconds; a runaway takes minutes
