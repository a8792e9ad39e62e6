"""The sieve leaves out nothing that could match."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.crisis import _rules
from nlu.normalize import normalize
from nlu.sieve import Sieve
from nlu.training_data import TrainingData

PATTERNS = [
    "跳(?:楼|河)",
    "(?:药|农药)(?:我)?(?:都|全)+(?:吃|喝)了",
    "[刀棍]{1,2}",
    "^(?:来人)?$",
    "(?:a|b)?c",
    r"缝了\d{1,3}针",
    "死(?!机)",
    ".{0,3}",
    "他|她们",
    "跳(?:楼|河|她)?死(?:机|她们)",
    "(?:跳|我都)(?<=都)(?!喝)(?:吃|全喝)",
    "我(?:楼|河)+?(?:[ab]c|1)",
    "(跳|楼)1\\1",
]


@given(
    text=st.text(st.sampled_from("跳楼河药农我都全吃喝了刀棍来人abc缝针123死机他她们"), max_size=12)
)
def test_every_match_is_a_candidate(text: str) -> None:
    candidates = {at for at, _ in Sieve(PATTERNS).candidates(text)}
    matching = {at for at, pattern in enumerate(PATTERNS) if re.search(pattern, text)}
    assert matching <= candidates


def test_neighbours_are_asked_for() -> None:
    sieve = Sieve(["跳(?:楼|河)", "(?:吃|喝)了(?:半|整)瓶"])
    assert [at for at, _ in sieve.candidates("跳楼")] == [0]
    assert [at for at, _ in sieve.candidates("她跳下楼，喝了半天，瓶子空了")] == []
    assert [at for at, _ in sieve.candidates("喝了整瓶")] == [1]


def test_keeps_the_order_and_leaves_out_most(training_data: TrainingData) -> None:
    signs = _rules().signs
    texts = [normalize(example.text).text for example in training_data.examples[::40]]
    found = [[at for at, _ in signs.candidates(text)] for text in texts]
    assert all(order == sorted(order) for order in found)
    assert sum(map(len, found)) / len(found) < 0.25 * len(_rules().marks)


@pytest.mark.parametrize("text", ["", "😀", "\x00"])
def test_odd_texts(text: str) -> None:
    assert {at for at, _ in Sieve(PATTERNS).candidates(text)} >= {3, 7} - ({3} if text else set())
