"""What holds for every string: nothing raises, spans index the original, no pattern runs away."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nlu.extract
from nlu.engine import EmbeddedEngine
from nlu.extract import extract
from nlu.extract.asked import SLOTS
from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.understanding import Entity

NUMBERS = {
    "amount_yuan", "amount_paid", "amount_other", "amount_derived", "wage_rate", "unit_price",
    "period_months", "worked_months", "duration", "people_n", "people_other", "households",
}  # fmt: skip
WORDS = {
    "place", "project", "employer", "respondent", "name", "phone", "phone_other", "id_number",
    "contract", "identity_mode", "happened_since", "last_paid", "demand", "evidence_kind",
    "relation",
}  # fmt: skip
COUNTS = {"people_n", "people_other", "households"}
NOW = st.none() | st.dates(date(1991, 1, 1), date(2049, 12, 31))
ASKED = st.none() | st.sampled_from(sorted(SLOTS))
SOUP = (
    "0123456789〇零一二两三四五六七八九十百千万亿半几多来个月年天日周号元块毛"
    "人户名位栋路村市区县从到至.,-–:/ wk¥()x幺每欠给姓叫"
)
WORDS_HEARD = """
老板 欠 我们 两万三 1w8 三千五 每人 一个月 三个月 没给 ， 。 ① ㎡ A3区 小区 3号楼 138 0013
8000 他 年 一 十 万 个 人 块 姓 王 公司 物业 路 与 从 去年 腊月 到现在 上周三 国庆前 2019年
2月30日 🤮 ﬃ ㈱ ￥ 身份证 11010119900307757X 有欠条 、 录音 我和他是 夫妻 合同 没签
带我们的叫 对面 10-20万 至
"""
PIECES = [*WORDS_HEARD.split(), " ", "\ud800"]


def found_in(text: str, asked: str | None = None, now: date | None = None) -> tuple[Entity, ...]:
    line = normalize(text)
    return extract(line, words(line.text), asked, now=now)


def hold(text: str, found: tuple[Entity, ...], now: date | None) -> None:
    assert list(found) == sorted(found, key=lambda entity: (entity.start, entity.end))
    for entity in found:
        assert 0 <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        assert 0 < entity.confidence <= 1
        assert entity.entity in NUMBERS | WORDS
        check_value(entity)
    for slot in ("amount_yuan", "period_months", "people_n", "contract", "identity_mode"):
        assert sum(entity.entity == slot for entity in found) <= 1
    if now is not None:
        for entity in found:
            if entity.entity == "happened_since" and re.fullmatch(r"[\d-]+", str(entity.value)):
                assert date.fromisoformat(f"{entity.value}-01-01"[:10]) <= now


def check_value(entity: Entity) -> None:
    if entity.entity in NUMBERS:
        kinds = int if entity.entity in COUNTS else (int, float)
        assert entity.value is None or isinstance(entity.value, kinds)
        assert entity.value is not None or entity.vague
        assert entity.value is None or float(entity.value) >= 0
    else:
        assert isinstance(entity.value, str)
        assert entity.value
    if entity.entity == "phone":
        assert str(entity.value).isdigit()


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(), max_size=200), asked=ASKED, now=NOW)
def test_any_unicode(text: str, asked: str | None, now: date | None) -> None:
    hold(text, found_in(text, asked, now), now)


@settings(max_examples=400, deadline=None)
@given(text=st.text(st.sampled_from(SOUP), max_size=80), asked=ASKED, now=NOW)
def test_soups_of_figures(text: str, asked: str | None, now: date | None) -> None:
    hold(text, found_in(text, asked, now), now)


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40), asked=ASKED, now=NOW)
def test_words_in_any_order(pieces: list[str], asked: str | None, now: date | None) -> None:
    text = "".join(pieces)
    hold(text, found_in(text, asked, now), now)


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), times=st.integers(2, 40))
def test_words_over_and_over(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    hold(text, found_in(text), None)


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.sampled_from(SOUP), max_size=60))
def test_the_day_changes_dates_only(text: str) -> None:
    """Without the day nothing is missing but what needs a day."""
    plain = {(e.entity, e.start) for e in found_in(text)}
    dated = {(e.entity, e.start) for e in found_in(text, now=date(2026, 11, 22))}
    lost = {name for name, _ in plain - dated}
    assert lost <= {"happened_since"}
    assert {name for name, _ in dated - plain} <= {"happened_since", "period_months"}


SEEDS = """
1 一 元 ( () 第 一二三四五六七八九十百千万 十百千万亿 钱 小区花园路 1- 1, 1. 年 2019年 3月
从3月 半 好几 姓王 老板叫 我 我是 公司 栋 3栋2单元 A市 A3区 有欠条、 我和他是 没签 没 欠了我
希望 每人 一万 1w 10-20万 给 之 在上班 一块 个人 5个人 5户 a 🤮
老板欠我两万三，干了仨月一分没给， 上上上个 拍照片 工 的块 到 、
"""
ALARMING = [*SEEDS.split(), " ", "138 ", "\n"]


@pytest.mark.parametrize("seed", ALARMING, ids=ascii)
def test_ten_thousand_characters_are_read_without_running_away(
    engine: EmbeddedEngine, seed: str
) -> None:
    text = (seed * 10_000)[:10_000]
    best = best_of_three(lambda: engine.understand(text, now=date(2026, 11, 22)))
    assert best <= 0.25  # aim: 0.05 on a quiet machine; a runaway pattern takes seconds


@pytest.mark.parametrize("seed", ["1", "一", "万", "有欠条、", "3栋", "姓王", "从3月", "A市", "1-"])
def test_extraction_grows_no_faster_than_the_text(seed: str) -> None:
    """Four times the text must not take sixteen times as long."""
    short, long = (normalize((seed * size)[:size]) for size in (2_500, 10_000))
    cut = words(short.text), words(long.text)
    once = best_of_three(lambda: extract(short, cut[0]))
    again = best_of_three(lambda: extract(long, cut[1]))
    assert again <= max(10 * once, 0.1)


def best_of_three(work: object) -> float:
    assert callable(work)
    best = 60.0
    for _ in range(3):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.iter_modules(nlu.extract.__path__):
        loaded = importlib.import_module(f"nlu.extract.{module.name}")
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value


@pytest.mark.parametrize(("name", "pattern"), list(patterns()))
def test_no_pattern_runs_away(name: str, pattern: re.Pattern[str]) -> None:
    """Alone on a thousand of one kind, as no caller uses it: a runaway takes seconds."""
    for seed in (
        "1",
        "一",
        "万",
        "元",
        "年",
        "月",
        "个",
        "人",
        "工",
        "的",
        "没",
        "欠",
        "是",
        " ",
        ",",
        "路",
        "公司",
    ):
        text = (seed * 1000)[:1000]
        start = process_time()
        for _ in pattern.finditer(text):
            pass
        assert process_time() - start < 1, f"{name} on {seed!r}"
