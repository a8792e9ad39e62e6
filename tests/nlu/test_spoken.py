"""What only filled a pause is dropped before facts are read; the words sent stay as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.engine import EmbeddedEngine
from nlu.normalize import normalize
from nlu.spoken import fluent, in_one_breath

SPOKEN = {
    "嗯我们我们在那个滨河花园干活": "我们在滨河花园干活",
    "欠我两万不对是三万二": "欠我三万二",
    "一共四万四万二": "一共四万二",
    "从从去年就没发过": "从去年就没发过",
    "就是说那个老板跑了": "老板跑了",
}


@pytest.mark.parametrize(("said", "meant"), SPOKEN.items())
def test_fillers_stammers_and_figures_taken_back_are_dropped(said: str, meant: str) -> None:
    assert fluent(normalize(said)).text == meant


@pytest.mark.parametrize(
    "line",
    [
        "嗯",
        "那个",
        "是是是",
        "嗯，对的，就是这样。",
        "那个月没给钱",
        "那个人又来了",
        "老板呃钱不还",  # Cantonese: cheats
        "唔系我做嘅事情",  # Cantonese: it was not I
        "一三八一三八一二三四五",
        "电话是五五五五一二一二",
        "这事一天一天拖下去",
        "他过来就是说了几句",
    ],
)
def test_what_says_something_stays(line: str) -> None:
    normal = normalize(line)
    assert fluent(normal).text == normal.text


def test_the_engine_reads_facts_as_they_were_meant(engine: EmbeddedEngine) -> None:
    line = "我住那个幸福小区嗯三号楼押金是两万嗯三千五"
    heard = engine.understand(line)
    place, amount = heard.first("place"), heard.first("amount_yuan")
    assert place is not None
    assert amount is not None
    assert (place.value, place.text) == ("幸福小区三号楼", "幸福小区嗯三号楼")
    assert (amount.value, amount.text) == (23500, "两万嗯三千五")


def test_a_complaint_between_fillers_is_one(engine: EmbeddedEngine) -> None:
    heard = engine.understand("嗯就是就是那个红旗路那个路口那个井盖没了")
    assert heard.category == "public_facility"


def test_a_breath_is_a_comma_or_a_space() -> None:
    assert in_one_breath("老板欠我钱不给")
    assert not in_one_breath("老板欠我钱 不给")


@given(st.text(alphabet="嗯那个就是说三万我们不对在 ，。a1", max_size=40))
def test_what_is_left_is_part_of_what_was_said(text: str) -> None:
    line = fluent(normalize(text))
    at = 0
    for place, char in enumerate(line.text):
        start, end = line.span(place, place + 1)
        assert start >= at
        assert normalize(text[start:end]).text == char
        at = start
