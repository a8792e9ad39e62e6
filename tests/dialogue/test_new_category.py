"""A category that a city adds by two files and no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import load_book
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import Office

ROOT = Path(__file__).parents[2]
PARKS = ROOT / "tests" / "config" / "parks.yaml"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A city with a category of its own."""
    taxonomy = (ROOT / "config" / "taxonomy.yaml").read_text(encoding="utf-8")
    own = "categories:\n  parks: {name: 公园, button: 公园绿地, also: [公园]}\n"
    (tmp_path / "taxonomy.yaml").write_text(
        taxonomy.replace("categories:\n", own, 1), encoding="utf-8"
    )
    (tmp_path / "intake").mkdir()
    (tmp_path / "intake" / "parks.yaml").write_bytes(PARKS.read_bytes())
    return tmp_path


@pytest.mark.parametrize("way", ["word", "button"])
def test_a_new_category_needs_no_code(way: str, city: Path, engine: EmbeddedEngine) -> None:
    office = Office(load_book(city), engine)
    if way == "word":
        office.hear("公园")
    else:
        office.press("new:parks")
    assert office.state.draft is not None
    assert office.state.draft.category == "parks"
    assert office.state.asking == "slot:place"
    office.hear("人民公园")
    assert office.state.asking == "slot:issue"
    office.hear("昨晚刮风以后里头乱七八糟的没人管")
    assert office.state.asking == "slot:kind"
    assert office.line is not None
    assert [button.title for button in office.line.buttons] == ["树木", "草坪"]
    office.press("say:kind:0")
    assert office.state.asking == "slot:blocked"  # asked of trees only
    office.hear("横在路上呢")
    assert office.state.asking == "slot:phone"
    office.hear("13812345678")
    office.press("file")
    case = next(iter(office.cases.values()))
    assert (case.category, case.kind) == ("parks", "tree")
    assert case.slots["blocked"].value == "挡路"
    assert case.title.startswith("公园（树木）")
    assert case.filed_at is not None
    assert case.due_at is not None
    assert (case.due_at - case.filed_at).total_seconds() == 24 * 3600  # of the kind: B24


def test_what_the_story_tells_is_not_asked(city: Path, engine: EmbeddedEngine) -> None:
    office = Office(load_book(city), engine)
    office.hear("公园")
    office.hear("人民公园")
    office.hear("昨晚刮风一棵大树倒了，横在路上没人管")
    assert office.state.asking == "slot:phone"
    assert office.state.draft is not None
    kind = office.state.draft.slots["kind"]
    assert (kind.value, kind.text) == ("tree", "树倒")
