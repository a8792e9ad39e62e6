"""What is read from lines labelled by hand: tests/nlu/slots/*.yaml, negatives included."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu.understanding import Entity
from tests.nlu.found import entities

FOLDER = Path(__file__).parent / "slots"
KEYS = {"text", "has", "none", "vague", "asked", "now"}


def lines() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for at, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1):
            found.append(pytest.param(entry, id=f"{path.stem}-{at}"))
    return found


def same(said: object, wanted: object) -> bool:
    if isinstance(wanted, int | float) and isinstance(said, int | float):
        return abs(said - wanted) < 0.02
    return said == wanted


def check(found: list[Entity], name: str, wanted: object) -> None:
    said = [entity.value for entity in found if entity.entity == name]
    for one in wanted if isinstance(wanted, list) else [wanted]:
        assert any(same(value, one) for value in said), f"{name}: {one} is not among {said}"
    if name in {"amount_yuan", "period_months", "people_n"}:
        assert len(said) == 1


@pytest.mark.parametrize("entry", lines())
def test_labelled_line(entry: dict[str, Any]) -> None:
    assert set(entry) <= KEYS
    now = entry.get("now")
    assert now is None or isinstance(now, date)
    found = entities(entry["text"], entry.get("asked"), now=now)
    for name, wanted in entry.get("has", {}).items():
        check(found, name, wanted)
    for name in entry.get("vague", ()):
        assert all(entity.vague for entity in found if entity.entity == name)
    exact = {"amount_yuan", "period_months", "people_n"} & set(entry.get("has", ()))
    for name in exact - set(entry.get("vague", ())):
        assert not any(entity.vague for entity in found if entity.entity == name)
    for name in entry.get("none", ()):
        assert [entity.text for entity in found if entity.entity == name] == []


def test_there_are_enough_of_them() -> None:
    assert len(lines()) >= 250
    assert sum("none" in param.values[0] for param in lines()) >= 80
