"""One written form, with the way back."""

import pytest

from nlu.normalize import normalize
from tests.nlu.found import first


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("村入面塊曬穀場", "村入面块晒谷场"),
        ("，。！？：；（）", ",。!?:;()"),
        ("a\u0000b\u200bc\td", "a b c d"),
        ("Ⅲ㎡", "iiim2"),
        ("", ""),
    ],
)
def test_written_form(text: str, written: str) -> None:
    assert normalize(text).text == written


def test_spans_lead_back_to_the_original() -> None:
    text = "①㎡Ⅲ号工地，欠两万三"
    line = normalize(text)
    assert line.offsets is not None
    start = line.text.index("两万三")
    assert text[slice(*line.span(start, start + 3))] == "两万三"
    entity = first(text, "amount_yuan")
    assert entity is not None
    assert text[entity.start : entity.end] == "两万三"


def test_values_keep_the_originals_spelling() -> None:
    entity = first("我在ＡＢＣ科技上班", "employer")
    assert entity is not None
    assert entity.value == "ＡＢＣ科技"


def test_half_a_surrogate_pair_becomes_a_space() -> None:
    assert normalize("a\ud800b").text == "a b"
