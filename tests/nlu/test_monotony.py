"""The data is as varied as people are, and the check that says so can say the opposite."""

from itertools import product
from pathlib import Path

import pytest

from nlu.intents import CATEGORIES
from nlu.monotony import (
    LEAST_VARIETY,
    LETTER,
    MOST_ALIKE,
    ONE_WORD,
    bare,
    findings,
    in_two_intents,
    near_lines,
    spread,
)
from nlu.training_data import Example, TrainingData
from tests.nlu.test_command import nlu

FRAMES = (
    "我家{place}的{thing}坏了{span}没人修",
    "请问{place}的{thing}什么时候能修好",
    "{place}{thing}有问题已经{span}了",
    "关于{place}{thing}的投诉希望尽快解决",
    "{span}了{place}的{thing}还是老样子",
    "投诉{place}的{thing}{span}无人处理",
)
PLACES = ("三栋", "小区门口", "学校旁边", "菜市场", "幸福路", "河边公园", "老街", "五组", "车站")
THINGS = ("路灯", "井盖", "水管", "护栏", "下水道", "垃圾桶", "健身器材", "红绿灯", "电线杆")
SPANS = ("三天", "半个月", "两个多月", "好几年")


def lines(texts: list[str], intent: str = "public_facility") -> list[Example]:
    return [Example(text, intent, (), Path("made.yml"), at) for at, text in enumerate(texts, 1)]


def filled() -> list[str]:
    """What a script would write: every frame with every noun."""
    spoken = product(FRAMES, PLACES, THINGS, SPANS)
    return list(dict.fromkeys(f.format(place=p, thing=t, span=s) for f, p, t, s in spoken))


def thinned() -> list[str]:
    """The same frames without any line that is near an earlier one."""
    near = {near.second.text for near in near_lines(lines(filled()))}
    return [text for text in filled() if text not in near]


def test_our_data_is_not_monotonous(training_data: TrainingData) -> None:
    assert findings(training_data) == []


def test_a_line_with_one_noun_swapped_is_near() -> None:
    told = lines(["小区门口的路灯坏了半个月没人修", "小区门口的井盖坏了半个月没人修", "老板跑了"])
    (near,) = near_lines(told)
    assert (near.first.line, near.second.line) == (1, 2)
    assert 0.6 < near.likeness < 1


def test_nearness_finds_what_comparing_all_with_all_finds(training_data: TrainingData) -> None:
    some = [*training_data.of("wage_arrears")[:120], *lines(filled()[:120])]
    pairs = [{a + b for a, b in zip(bare(e.text), bare(e.text)[1:], strict=False)} for e in some]
    slow = {
        later
        for later in range(len(some))
        for earlier in range(later)
        if min(len(pairs[later]), len(pairs[earlier])) >= 5
        and len(pairs[later] & pairs[earlier]) > 0.6 * len(pairs[later] | pairs[earlier])
    }
    assert [near.second for near in near_lines(some)] == [some[at] for at in sorted(slow)]


def test_filled_frames_are_caught() -> None:
    said = findings(TrainingData(tuple(lines(filled()))))
    assert sum("nearly repeats" in line for line in said) > 1000
    assert any("too few different words" in line for line in said)


def test_filled_frames_are_caught_even_when_no_two_lines_are_near() -> None:
    """Nearness alone can be dodged; the other measures cannot be dodged with it."""
    told = lines(thinned())
    assert len(told) > 60
    one = spread("public_facility", told)
    assert one.near == ()
    assert one.variety < LEAST_VARIETY[True] - 0.1
    assert max(one.opening, one.ending) > 2 * MOST_ALIKE[True]
    said = findings(TrainingData(tuple(told)))
    assert any("too few different words" in line for line in said)
    assert any("with the same 4 characters" in line for line in said)
    assert any("both a word or two and a letter" in line for line in said)


@pytest.mark.parametrize("intent", CATEGORIES)
def test_every_category_has_words_and_letters(training_data: TrainingData, intent: str) -> None:
    lengths = [len(bare(example.text)) for example in training_data.of(intent)]
    assert min(lengths) <= ONE_WORD
    assert max(lengths) >= LETTER


def test_the_same_words_under_two_intents_are_found() -> None:
    told = [*lines(["老板,跑了!"], "wage_arrears"), *lines(["老闆跑了", "谢谢"], "other")]
    ((first, second),) = in_two_intents(told)
    assert (first.intent, second.text) == ("wage_arrears", "老闆跑了")
    (said,) = findings(TrainingData(tuple(told)))
    assert said == "made.yml:1: '老闆跑了' stands as wage_arrears in made.yml:1"


def test_signs_alone_are_told_apart() -> None:
    assert in_two_intents([*lines(["?"], "ask_human"), *lines(["!"], "urge")]) == []


def test_the_command_shows_every_intent_and_is_content() -> None:
    run = nlu("check")
    assert (run.returncode, run.stderr) == (0, "")
    head, *rows = run.stdout.splitlines()
    assert head.split()[:3] == ["intent", "lines", "near"]
    assert [row.split()[0] for row in rows[:15]] == sorted(CATEGORIES)
