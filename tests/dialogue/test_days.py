"""Days from which law counts, told by the way: they start a countdown, and nobody asks for them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.days import day_told
from config.load import load_book
from tests.dialogue.office import Office
from tests.dialogue.test_countdowns import countdowns, tick

SLOTS = load_book().forms["wage_arrears"].slots
NOW = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("clause", "day"),
    [
        ("我上个月15号离职的", "2026-10-15"),
        ("8月31号我就不干了", "2026-08-31"),
        ("3月入职9月30号离职", "2026-09-30"),
        ("离职是9月30号", "2026-09-30"),
        ("去年12月走的", "2025-12"),
        ("2025年就辞职了", None),  # a year alone is too little
        ("我离职以后一直没拿到", None),
        ("离职三个月了", None),
        ("工资从8月31号就没发", None),
    ],
)
def test_the_day_nearest_to_its_word(clause: str, day: str | None) -> None:
    assert day_told(SLOTS["left_on"], clause, NOW) == day


def test_an_award_has_a_day_of_its_own() -> None:
    assert day_told(SLOTS["award_on"], "11月20号收到裁决书", NOW) == "2026-11-20"


def story(first: str) -> tuple[str, ...]:
    return (
        first,
        "宏达电子厂",
        "三个月，一万二",
        "柳岸街8号",
        "就我一个，没签合同",
        "13900001111",
        "对",
    )


@pytest.mark.parametrize(
    ("first", "rules"),
    [
        ("我在厂里上班，10月15号离职的，工资没给结", ["labor_limit_left"]),
        ("厂里从8月1号就没发工资，我还没离职", []),
        ("厂里从8月1号就没发工资，要是我11月1号离职怎么算", []),
        ("厂里拖欠工资，去仲裁了，我前天收到仲裁裁决书，不服", ["labor_appeal"]),
    ],
)
def test_only_a_day_that_was_told_starts_a_countdown(
    office: Office, first: str, rules: list[str]
) -> None:
    for line in story(first):
        office.hear(line)
    while tick(office):
        pass
    assert sorted({each.rule for each in countdowns(office)}) == rules
