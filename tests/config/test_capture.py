"""The big buttons of 随手报 and the words beside a printed code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.capture import SOURCES, Consent
from config.capture import load_capture_words
from config.load import load_book
from config.reading import BadConfiguration

FORMS = load_book().forms
SHIPPED = Path(__file__).parents[2] / "config" / "capture.yaml"


def with_changes(folder: Path, **changes: Any) -> Path:
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8")) | changes
    (folder / "capture.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


def test_the_shipped_words_name_everything() -> None:
    words = load_capture_words(FORMS)
    assert list(words.sources) == [each.value for each in SOURCES]
    assert words.consents.keys() == {each.value for each in Consent}
    assert len(words.common) == 8
    assert words.sheet.private.count("看不到") == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"common": [{"title": "路灯", "category": "weather"}]}, "common.0.category"),
        (
            {"common": [{"title": "路灯", "category": "public_facility", "kind": "elephant"}]},
            "common.0.kind",
        ),
        (
            {"common": [{"title": "太长的按钮名字", "category": "consumer"}]},
            "common.0.title",
        ),
        ({"common": [{"title": "路灯", "category": "consumer"}] * 9}, "common: has more than 8"),
        (
            {"common": [{"title": "路", "category": "consumer", "lines": ["a", "b", "c", "d"]}]},
            "common.0.lines",
        ),
        ({"sources": {"patrol": "巡查"}}, "'visit' is missing"),
        ({"links": {"enterprise": "企业", "building": "楼", "place": "地", "car": "车"}}, "'car'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        load_capture_words(FORMS, with_changes(tmp_path, **changes))
    assert told in str(refused.value)
