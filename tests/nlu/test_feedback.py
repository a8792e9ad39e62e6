"""What becomes of officers' corrections before anything is learned from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.feedback import (
    LEAST_RECENT,
    WEIGHT,
    Correction,
    bigrams,
    divide,
    likeness,
    masked,
    with_feedback,
)
from nlu.training_data import TrainingData

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
SUBJECTS = (
    "厂里不给上保险", "辞退没有赔偿", "手被机器轧了", "合同不给签", "天天加班到半夜",
    "社保断了三年", "怀孕被劝退", "尘肺没人管",
    "试用期延了又延", "离职证明扣着", "年假从来不给", "押身份证",
)  # fmt: skip


def correction(number: int, text: str = "", category: str = "labour_other") -> Correction:
    told = text or f"{SUBJECTS[number % len(SUBJECTS)]}{'甲乙丙丁戊己庚辛'[number // 12 % 8] * 3}"
    return Correction(f"JS-{number:04d}", told, category, NOON + timedelta(hours=number))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("公司不给交社保，我叫李芳，电话13800138000", "公司不给交社保，我叫某某，电话号码"),
        ("老板王大强的电话是 139 0013 9000", "老板某某的电话是 号码"),
        ("身份证340104199001011234，卡号6222 0210 0112 3456 789", "身份证号码，卡号号码"),
        ("一三八零零一三八零零零打这个", "号码打这个"),
        ("欠我两万三，2023年到现在", "欠我两万三，2023年到现在"),
        ("", ""),
    ],
)
def test_persons_and_numbers_are_covered(told: str, kept: str) -> None:
    assert masked(told) == kept


@given(st.text(max_size=200))
def test_no_text_breaks_the_mask(text: str) -> None:
    once = masked(text)
    assert isinstance(once, str)
    assert not any(
        len(run) > 12 for run in "".join(c if c in "0123456789" else " " for c in once).split()
    )


def test_the_newest_quarter_is_held_back() -> None:
    made = [correction(number) for number in range(40)]
    found = divide(reversed(made))
    assert [each.case for each in found.recent] == [each.case for each in made[-10:]]
    assert not {each.case for each in found.learn} & {each.case for each in found.recent}
    assert all(each.at < found.recent[0].at for each in found.learn)


@pytest.mark.parametrize(("total", "held_back"), [(0, 0), (1, 0), (4, 2), (10, 5), (20, 5)])
def test_few_corrections_are_shared_out(total: int, held_back: int) -> None:
    found = divide([correction(number) for number in range(total)])
    assert len(found.recent) == held_back
    assert len(found.recent) <= max(LEAST_RECENT, total // 4)


def test_of_a_case_and_of_the_same_words_the_last_counts() -> None:
    first = Correction("JS-1", "工地上摔断了腿没人管", "wage_arrears", NOON)
    changed = Correction("JS-1", "工地上摔断了腿没人管", "labour_other", NOON + timedelta(1))
    again = Correction("JS-2", "工地上摔断了腿  没人管", "healthcare", NOON + timedelta(2))
    assert [each.category for each in divide([changed, first]).learn] == ["labour_other"]
    found = divide([first, changed, again])
    told = [*found.learn, *found.recent]
    assert [each.category for each in told if "摔断" in each.text][-1] == "healthcare"


def test_what_tells_nothing_is_left_out() -> None:
    bare = [correction(1, "嗯嗯"), correction(2, "我要投诉厂子", "no_such_category")]
    found = divide(bare)
    assert (found.learn, found.recent) == ((), ())


def test_what_gives_a_held_back_or_golden_line_away_is_not_learned() -> None:
    old = [correction(number) for number in range(12)]
    echo = correction(3, "宿舍的热水器漏电把人电晕了厂里不管呢")
    new = [correction(20 + n, f"{SUBJECTS[n]}戊己庚辛") for n in range(4)]
    new.append(correction(30, "宿舍的热水器漏电把人电晕了厂里不管"))
    found = divide([*old[:3], echo, *old[4:], *new])
    assert echo.text not in {each.text for each in found.learn}
    assert new[-1].text in {each.text for each in found.recent}
    free = divide([*old, *new])
    golden = [free.learn[0].text]
    assert golden[0] not in {each.text for each in divide([*old, *new], golden).learn}


def test_a_correction_is_learned_more_than_once_and_only_where_it_is_new(
    training_data: TrainingData,
) -> None:
    known = training_data.of("labour_other")[0]
    learn = [correction(1), correction(2, known.text)]
    taught = with_feedback(training_data, learn)
    added = taught.corrections
    assert taught.examples == training_data.examples
    assert [example.text for example in added] == [learn[0].text] * WEIGHT
    assert {example.intent for example in added} == {"labour_other"}


def test_the_digest_is_of_what_is_learned() -> None:
    made = [correction(number) for number in range(12)]
    assert divide(made).digest == divide(reversed(made)).digest
    assert divide(made).digest != divide(made[1:]).digest


def test_likeness_is_of_pairs_of_characters() -> None:
    assert likeness(bigrams("楼上漏水"), bigrams("樓上，漏水！")) == 1.0
    assert likeness(bigrams("楼上漏水"), bigrams("停电")) == 0.0
    assert bigrams("") == frozenset([""])
