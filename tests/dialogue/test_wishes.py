"""When residents want to come, in their own words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.dialogue.booking_words import whole_number
from casework.booking_slots import Wish
from casework.wishes import wished
from config.load import Book, load_book
from nlu.extract.numbers import NUMERAL
from nlu.normalize import normalize

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # a Tuesday morning in China


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def days(*found: int, month: int = 3) -> frozenset[date]:
    return frozenset(date(2026, month, day) for day in found)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("我想见领导", Wish()),
        ("明天", Wish(days(4))),
        ("后天上午", Wish(days(5), time(0), time(12))),
        ("大后天", Wish(days(6))),
        ("周三", Wish(days(4))),
        ("这周五下午", Wish(days(6), time(12), time(18))),
        ("下周三上午", Wish(days(11), time(0), time(12))),
        ("下个星期一", Wish(days(9))),
        ("周二", Wish(days(3))),
        ("周一", Wish(days(9))),
        ("周末有吗", Wish(days(7, 8))),
        ("下周吧", Wish(days(9, 10, 11, 12, 13, 14, 15))),
        ("礼拜三或者礼拜四", Wish(days(4, 5))),
        ("18号", Wish(days(18))),
        ("2号", Wish(days(2, month=4))),
        ("4月8日下午两点", Wish(days(8, month=4), time(14), time(15))),
        ("十八号九点半", Wish(days(18), time(9, 30), time(10))),
        ("三点", Wish(earliest=time(15), latest=time(16))),
        ("下午3点", Wish(earliest=time(15), latest=time(16))),
        ("9:30那个", Wish(earliest=time(9, 30), latest=time(10))),
        ("晚上", Wish(earliest=time(17))),
        ("下週三上午", Wish(days(11), time(0), time(12))),
        ("２０号", Wish(days(20))),
        ("35号", Wish()),
        ("next wednesday morning", Wish(days(11), time(0), time(12))),
        ("tomorrow at 3pm", Wish(days(4), time(15), time(16))),
        ("no month like it", Wish()),
    ],
)
def test_words_become_days_and_hours(book: Book, said: str, wish: Wish) -> None:
    text = normalize(said).text
    assert wished(text, NOW, book.booking.when, NUMERAL, whole_number) == wish
