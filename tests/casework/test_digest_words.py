"""How a digest reads: short, the pressing things first, nobody named."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.digest_parts import (
    Danger,
    Digest,
    Due,
    NamedCase,
    New,
    Outcome,
    Part,
    SameIssue,
    Shared,
    State,
    Waiting,
)
from config.digest_words import LONGEST, load_digest_words
from config.load import BadConfiguration, load_book

NAMES = load_book().categories
WORDS = load_digest_words(NAMES)
FIRST = (
    NamedCase("JS261122-0003", "wage_arrears", "锦绣工地", State.LATE),
    NamedCase("JS261122-0005", "property_management", "锦绣花园", State.TODAY),
)
FULL: tuple[Part, ...] = (
    Danger(2, 1, (NamedCase("JS261122-0001", "public_facility", "和平路", State.OPEN),)),
    Due(1, 2, 3, FIRST),
    Waiting(3, timedelta(hours=2, minutes=5)),
    New(7, (("wage_arrears", 3), ("property_management", 2)), 2),
    Shared((SameIssue("锦绣花园", "property_management", 5),)),
    Outcome(4, 2, 1, 1, 4.57, 12),
)


def text(*parts: Part, unit: str | None = "和平街道") -> str:
    return WORDS.render(Digest(date(2026, 11, 22), unit, parts)).text


def test_a_full_day() -> None:
    assert text(*FULL).splitlines() == [
        (
            "【11月22日 和平街道接诉摘要】危险：2个会话有危险信号，请马上到控制台查看；"
            "急件1件未办结；先办JS261122-0001（公共设施·和平路）"
        ),
        (
            "时限：逾期1件，今天到期2件，明天到期3件；"
            "先办JS261122-0003（欠薪·锦绣工地，已逾期）、JS261122-0005（物业服务·锦绣花园，今天到期）"
        ),
        "等人：3位居民在等人接待，最久2小时5分钟",
        "新增：7件（欠薪3、物业服务2、其他2）",
        "同类：锦绣花园·物业服务 5位居民反映",
        (
            "办结：已反馈4件；居民确认2件；满7天未评价1件；居民说没解决1件，请优先重办；"
            "近30天平均4.6分（12位居民评价）"
        ),
        "以上不含个人信息，请勿转发到群；详情请登录控制台查看。",
    ]


def test_a_quiet_day_is_one_line() -> None:
    assert text() == (
        "【11月22日 和平街道接诉摘要】今天没有危险信号，没有到期件，没有居民在等人接待，"
        "也没有新增诉求。大家辛苦了。"
    )
    assert text(unit=None).startswith("【11月22日 全部辖区接诉摘要】")


def test_news_without_haste_says_so_first() -> None:
    first, second, _ = text(FULL[3]).splitlines()
    assert first.endswith("没有危险信号、到期件，也没有居民在等人接待。")
    assert second.startswith("新增：7件")


@pytest.mark.parametrize(
    ("longest", "said"),
    [
        (timedelta(), "最久0分钟"),
        (timedelta(minutes=59, seconds=59), "最久59分钟"),
        (timedelta(hours=1), "最久1小时0分钟"),
        (timedelta(days=2, hours=3, minutes=9), "最久2天3小时"),
    ],
)
def test_how_long(longest: timedelta, said: str) -> None:
    assert said in text(Waiting(1, longest))


def test_sections_are_the_parts_in_order() -> None:
    rendered = WORDS.render(Digest(date(2026, 11, 22), None, FULL))
    assert [each.key for each in rendered.sections] == [
        "danger",
        "due",
        "waiting",
        "new",
        "shared",
        "outcome",
    ]
    for each in rendered.sections:
        for line in each.lines:
            assert f"{each.title}：{line}" in rendered.text


COUNT = st.integers(min_value=0, max_value=10**6)
PLACE = st.text("锦绣和平花园街道小区", min_size=2, max_size=80)
CASES = st.lists(
    st.builds(
        NamedCase,
        st.from_regex(r"JS\d{6}-\d{4,6}", fullmatch=True),
        st.sampled_from(sorted(NAMES)),
        PLACE,
        st.sampled_from(State),
    ),
    max_size=3,
).map(tuple)
PARTS = st.tuples(
    st.builds(Danger, COUNT, st.integers(1, 10**6), CASES),
    st.builds(Due, st.integers(1, 10**6), COUNT, COUNT, CASES),
    st.builds(Waiting, COUNT, st.timedeltas(timedelta(), timedelta(days=99))),
    st.builds(
        New, COUNT, st.lists(st.tuples(st.sampled_from(sorted(NAMES)), COUNT), max_size=5), COUNT
    ),
    st.builds(
        Shared,
        st.lists(
            st.builds(SameIssue, PLACE, st.sampled_from(sorted(NAMES)), COUNT),
            min_size=1,
            max_size=3,
        ),
    ),
    st.builds(Outcome, st.integers(1, 10**6), COUNT, COUNT, COUNT, st.floats(1, 5), COUNT),
)


@given(PARTS)
def test_whatever_happened_it_stays_short(parts: tuple[Part, ...]) -> None:
    said = text(*parts)
    assert len(said) <= LONGEST
    assert len(said.splitlines()) <= 12
    assert "{" not in said


def own(directory: Path, old: str, new: str) -> Path:
    shipped = Path(__file__).parents[2] / "config" / "digest.zh.yaml"
    changed = shipped.read_text(encoding="utf-8").replace(old, new)
    (directory / "digest.zh.yaml").write_text(changed, encoding="utf-8")
    return directory


def test_a_city_may_word_it_differently(tmp_path: Path) -> None:
    words = load_digest_words(NAMES, own(tmp_path, "大家辛苦了。", ""))
    quiet = words.render(Digest(date(2026, 11, 22), None, ()))
    assert quiet.text.endswith("也没有新增诉求。")


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("{n}位居民在等", "{count}位居民在等", "texts.waiting"),
        ("  hours:", "  ours:", "'ours' is not known"),
        ("restricted: [family_marriage]", "restricted: [love]", "restricted.0"),
        ("door: '", "door: '(", "door"),
        ("titles:\n  danger: 危险", "titles:", "titles"),
    ],
)
def test_a_mistake_names_its_place(tmp_path: Path, old: str, new: str, names: str) -> None:
    with pytest.raises(BadConfiguration, match=re.escape(names)):
        load_digest_words(NAMES, own(tmp_path, old, new))


def test_a_very_long_one_is_cut_below_the_platforms_limit() -> None:
    wordy = replace(WORDS, texts={**WORDS.texts, "foot": "长" * 5000})
    said = wordy.render(Digest(date(2026, 11, 22), None, FULL)).text
    assert len(said) == LONGEST
    assert said.endswith("…")
