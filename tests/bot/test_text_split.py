"""Long texts in pieces: nothing lost, nothing too long, cut where a reader would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text_split import split_text, utf16_length


def test_a_short_text_is_one_piece() -> None:
    assert split_text("您好。") == ["您好。"]
    assert split_text("a" * 4096) == ["a" * 4096]


def test_blank_texts_have_no_piece() -> None:
    assert split_text("") == []
    assert split_text(" \n\t ") == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("第一段的话。\n\n第二段的话", ["第一段的话。", "第二段的话"]),
        ("第一句话。第二句话。三", ["第一句话。第二句话。", "三"]),
        ("他说：“去找物业。”我就去了", ["他说：“去找物业。”", "我就去了"]),
        ("没有句号，只有逗号，一直说", ["没有句号，只有逗号，", "一直说"]),
        ("什么标点都没有一直一直说", ["什么标点都没有一直一", "直说"]),
    ],
)
def test_it_cuts_at_the_best_place(text: str, pieces: list[str]) -> None:
    assert split_text(text, 10) == pieces


def test_a_cut_does_not_tear_a_character_apart() -> None:
    family = "👨\u200d👩\u200d👧"
    assert split_text("一二三四" + family, 10) == ["一二三四", family]
    assert utf16_length(family) == 8


def test_surrogate_pairs_count_twice() -> None:
    assert [utf16_length(piece) for piece in split_text("😀" * 5000)] == [4096, 4096, 1808]


def test_a_limit_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="two code units"):
        split_text("一", 1)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400), st.integers(2, 60))
def test_nothing_is_lost_and_nothing_too_long(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(utf16_length(piece) <= limit for piece in pieces)
    assert all(pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert split_text(text, limit) == pieces
