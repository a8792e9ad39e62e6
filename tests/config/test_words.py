"""Templates are filled once, by name, and nothing a resident writes can act as one."""

from __future__ import annotations

import pytest

from config.words import MissingWords, Words, fill

WORDS = Words({"hello": "你好{name}，{name}！"}, {"go": "走"}, {})


def test_values_are_never_read_as_templates() -> None:
    line = WORDS.line("hello", {"name": "{name}{0}{a.b}%s"})
    assert line.text == "你好{name}{0}{a.b}%s，{name}{0}{a.b}%s！"


def test_a_missing_value_is_an_error_that_names_text_and_value() -> None:
    with pytest.raises(MissingWords, match=r"'hello'.*'name'"):
        WORDS.text("hello")


def test_an_unknown_text_or_button_is_an_error() -> None:
    with pytest.raises(MissingWords, match="nothing"):
        WORDS.text("nothing")
    with pytest.raises(MissingWords, match="nothing"):
        WORDS.button("nothing", "x")


def test_only_plain_names_are_places() -> None:
    assert fill("k", "{a.b} {0} {A} {x}", {"x": 1}) == "{a.b} {0} {A} 1"
