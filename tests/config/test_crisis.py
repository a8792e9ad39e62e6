"""The reader of ``crisis.zh.yaml``: every mistake is named by file and key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from casework.organisation import Role
from config.load import load_book
from config.reading import BadConfiguration
from tests.house.tree import ROOT

SHIPPED = (ROOT / "config" / "crisis.zh.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("answer_within: 1m", "answer_within: soon", "answer_within"),
        ("reminders: 2", "reminders: 3", "reminders"),
        ("chain: [street,", "chain: [mayor,", "chain.0"),
        ("sees_restricted: [street,", "sees_restricted: [mayor,", "sees_restricted.0"),
        ("above_grid: [other]", "above_grid: [tax]", "above_grid.0"),
        ("{family_marriage: [violence]}", "{family_marriage: [quarrel]}", "contact_first"),
        ("  quiet: |-", "  silence_text: |-", "'quiet' is missing"),
        ("hazard: nobody_hazard", "hazard: nothing", "nobody.hazard"),
        ("call: 可以打电话, ", "", "'call' is missing"),
        ("{community}", "{mayor}", "follow_up"),
    ],
)
def test_a_mistake_is_named(was: str, now: str, says: str, tmp_path: Path) -> None:
    assert was in SHIPPED
    text = SHIPPED.replace(was, now, 1)
    (tmp_path / "crisis.zh.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration) as raised:
        load_book(tmp_path)
    assert "crisis" in str(raised.value)
    assert says in str(raised.value)


def test_a_city_sets_its_own_pace_and_roles(tmp_path: Path) -> None:
    text = SHIPPED.replace("answer_within: 1m", "answer_within: 2m")
    text = text.replace("on_duty: []", "on_duty: [hemin]")
    text = text.replace("sees_restricted: [street, admin]", "sees_restricted: [admin]")
    (tmp_path / "crisis.zh.yaml").write_text(text, encoding="utf-8")
    procedure = load_book(tmp_path).crisis.procedure
    assert procedure.answer_within == timedelta(minutes=2)
    assert procedure.on_duty == ("hemin",)
    assert procedure.sees_restricted == {Role.ADMIN}
