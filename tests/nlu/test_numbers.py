"""Numerals as people write them."""

import pytest

from nlu.extract.numbers import parse

EXACT = {
    "十": 10,
    "十五": 15,
    "二十": 20,
    "廿三": 23,
    "一百": 100,
    "一百二": 120,
    "一百零七": 107,
    "两百五": 250,
    "三千五": 3500,
    "三千零五十": 3050,
    "两千零三十": 2030,
    "两万三": 23000,
    "两万三千五": 23500,
    "一万零五": 10005,
    "五万七千六": 57600,
    "二十万零五千": 205_000,
    "万二": 12000,
    "千八": 1800,
    "2.3万": 23000,
    "3.05万": 30500,
    "1w8": 18000,
    "3k5": 3500,
    "1万2千": 12000,
    "2万5": 25000,
    "10,500": 10500,
    "12,500.50": 12500.5,
    "叁万捌仟": 38000,
    "贰拾叁万玖仟": 239_000,
    "一亿两千万": 120_000_000,
    "二零一九": 2019,
    "仨": 3,
    "俩": 2,
    "3万500": 30500,
}
RANGES = {"三四千": 3000, "两三万": 20000, "一万七八": 17000, "七八百": 700, "三五千": 3000}


@pytest.mark.parametrize(("words", "number"), EXACT.items())
def test_reads_exact_numbers(words: str, number: float) -> None:
    read = parse(words)
    assert read is not None
    assert (read.value, read.vague) == (number, False)


@pytest.mark.parametrize(("words", "lower"), RANGES.items())
def test_a_range_is_vague_and_keeps_its_lower_end(words: str, lower: float) -> None:
    read = parse(words)
    assert read is not None
    assert (read.value, read.vague) == (lower, True)


@pytest.mark.parametrize("words", ["", "老板", "3五", "二一万", "9" * 400])
def test_refuses_what_is_no_number(words: str) -> None:
    assert parse(words) is None
