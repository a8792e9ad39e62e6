"""Which language a line is judged to be in, and when it changes."""

from __future__ import annotations

import pytest

from bot.language import Judged, is_english, judge
from config.load import load_book

TONGUES = load_book().tongues


@pytest.mark.parametrize(
    ("text", "so_far", "language"),
    [
        ("电梯坏了三个星期", "zh", "zh"),
        ("電梯壞了三個星期", "zh", "zh-Hant"),
        ("我係做裝修嘅，老闆拖咗我三個月人工", "zh", "zh-Hant"),
        ("My landlord cut off the water", "zh", "en"),
        ("gas leak", "zh", "en"),
        ("street light broken", "zh", "en"),
        ("3 months", "en", "en"),
        # What tells nothing leaves the language as it is.
        ("ok", "zh", "zh"),
        ("OK!", "zh-Hant", "zh-Hant"),
        ("hello", "zh", "zh"),
        ("WiFi", "zh", "zh"),
        ("粤B12345", "zh", "zh"),
        ("13812345678", "en", "en"),
        ("1", "zh-Hant", "zh-Hant"),
        ("", "en", "en"),
        ("👍", "en", "en"),
        ("Zhang Wei", "zh", "zh"),
        ("wo yao tou su wu ye", "zh", "zh"),
        ("https://example.org/my/broken/street/light", "zh", "zh"),
        ("help@example.org", "zh", "zh"),
        # Names and quotations in the other script do not turn a line.
        ("陳太的房子漏水了三个月没人管", "zh", "zh"),
        ("張偉強", "zh", "zh"),
        ("樓上漏水，网格员刘晓梅来过，還是沒人理", "zh-Hant", "zh-Hant"),
        ("物业的English告示写错了", "zh", "zh"),
        ("KTV太吵了，Tony理发店也吵", "zh", "zh"),
        # Back again.
        ("我还是用中文说，路灯坏了没人修", "en", "zh"),
        ("我還是用中文講，路燈壞了沒人修", "en", "zh-Hant"),
        ("阳光花园3栋", "en", "en"),
        ("I live at 阳光花园 building 3", "en", "en"),
        ("这个问题你们到底管不管", "zh-Hant", "zh"),
        ("好的", "zh-Hant", "zh-Hant"),
    ],
)
def test_what_is_written_decides(text: str, so_far: str, language: str) -> None:
    assert judge(text, so_far, TONGUES).language == language


@pytest.mark.parametrize(
    ("text", "language", "only"),
    [
        ("English please", "en", True),
        ("Do you speak English?", "en", True),
        ("/english", "en", True),
        ("I can’t read Chinese", "en", True),
        ("请用英文回我", "en", True),
        ("繁體", "zh-Hant", True),
        ("请用繁体", "zh-Hant", True),
        ("/中文", "zh", True),
        ("中文", "zh", True),
        ("Chinese please", "zh", True),
        ("我还是说中文吧，电话是13812345678", "zh", False),
    ],
)
def test_a_wish_wins(text: str, language: str, only: bool) -> None:
    for so_far in ("zh", "zh-Hant", "en"):
        for fixed in (False, True):
            told = judge(text, so_far, TONGUES, fixed=fixed)
            assert told == Judged(language, wished=True, only=only)


def test_a_wish_stays_until_the_next_one() -> None:
    assert judge("路灯坏了没人修，你们管不管", "en", TONGUES, fixed=True).language == "en"
    assert judge("The light is broken", "zh-Hant", TONGUES, fixed=True).language == "zh-Hant"


def test_words_about_a_language_are_no_wish() -> None:
    assert not judge("合同是英文的，看不懂，物业让我们签字", "zh", TONGUES).wished
    assert not judge("My child's English teacher hit him", "zh", TONGUES).wished


def test_a_very_long_line_is_judged_by_its_beginning() -> None:
    assert judge("路灯坏了。" + "x" * 100_000, "zh", TONGUES).language == "zh"
    assert not is_english("字" * 300 + " the light is broken and nobody came", TONGUES)
