"""The configuration as shipped is whole, and a wrong one says where it is wrong."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.case import Case
from casework.events import Kind
from casework.intake import Need
from casework.lengths import Length, Unit
from config.load import BadConfiguration, Book, load_book
from nlu.intents import CATEGORIES

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def _strings(*folders: str) -> set[str]:
    """Every string in the program, to see which texts are said."""
    found: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
                if isinstance(node, ast.JoinedStr):
                    parts = (getattr(v, "value", None) for v in node.values)
                    found.add("".join(p if isinstance(p, str) else "*" for p in parts))
    return found


def _matches(key: str, said: set[str]) -> bool:
    """Whether a string of the program is the key, or builds it (fallback_{number})."""
    return any(
        re.fullmatch(re.escape(each).replace(r"\*", r"\w+"), key)
        for each in said
        if each == key or ("*" in each and "_" in each and len(each) > 4)
    )


def test_every_text_and_button_is_used(book: Book) -> None:
    said = _strings("bot", "casework", "config", "handoff_console", "cli")
    crisis = {key for row in book.crisis.table.values() for key in row.values()}
    unused = [key for key in book.words.texts if key not in crisis and not _matches(key, said)]
    assert unused == []
    assert [key for key in book.words.buttons if not _matches(key, said)] == []


def test_every_reply_has_its_text(book: Book) -> None:
    said = [
        f"{path.name}: {key}"
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reply" and node.args
        for key in _keys(node.args[0])
    ]
    missing = [each for each in said if each.split(": ")[1] not in book.words.texts]
    assert said
    assert missing == []


def _keys(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*_keys(node.body), *_keys(node.orelse)]
    return []


def test_every_category_has_a_form_whose_wanted_slots_can_be_asked(book: Book) -> None:
    assert tuple(book.forms) == CATEGORIES
    for form in book.forms.values():
        asked = {slot for question in form.questions for slot in question.slots}
        assert set(form.wanted) <= asked
        assert form.slots["phone"].need is Need.REQUIRED
        assert "匿名" in form.slots["phone"].unless["identity_mode"]
        assert form.deadline in book.deadlines


def test_the_contracts_slots_are_all_known(book: Book) -> None:
    contract = (
        "employer project amount_yuan period_months people_n place phone contract happened_since "
        "respondent issue demand identity_mode name last_paid evidence"
    )
    assert set(contract.split()) <= set(book.forms["wage_arrears"].slots)


def test_crisis_words_name_help_and_promise_nobody(book: Book) -> None:
    for kind, row in book.crisis.table.items():
        for level, key in row.items():
            text = book.words.texts[key]
            assert re.search(r"110|119|120|12356", text), (kind, level)
            assert not re.search(r"马上到|正在赶|已经出发|别冲动|想想|[{}\[\]]", text), (
                kind,
                level,
            )


def test_the_deadline_is_the_shortest_that_applies(book: Book) -> None:
    case = Case("1", "c", "housing_developer", NOW, "o", "u")
    urgent = Case("1", "c", "housing_developer", NOW, "o", "u", urgent=True)
    crisis = Case("1", "c", "wage_arrears", NOW, "o", "u", crisis="R3")
    assert book.deadline(case).answer == Length(15, Unit.DAY)
    assert book.deadline(urgent).answer == Length(24, Unit.HOUR)
    assert book.deadline(crisis).answer == Length(24, Unit.HOUR)


def test_a_resolved_case_asks_whether_it_is_solved(book: Book) -> None:
    case = Case("JS-1", "c", "consumer", NOW, "o", "u", result="退了三千 {owner}")
    line = book.words.notice(Kind.CASE_RESOLVED, case, "林晓梅")
    assert line is not None
    assert "退了三千 {owner}" in line.text
    assert line.buttons[0].payload == "rate:JS-1:5"
    assert line.buttons[-1].payload == "reopen:JS-1"
    assert book.words.notice(Kind.CASE_WARNED, case, "林晓梅") is None


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        (
            "deadlines.yaml",
            "classes: {C7: {contact: 1x, answer: 7d}}\nurgent: C7\ncrisis: C7",
            "classes.C7.contact",
        ),
        (
            "deadlines.yaml",
            "classes: {C7: {contact: 8d, answer: 7d}}\nurgent: C7\ncrisis: C7",
            "classes.C7",
        ),
        ("deadlines.yaml", "classes: {}\nclasses: {}", "twice"),
        (
            "hotlines.yaml",
            "hotlines: {police: {number: 110, name: 报警, verified: true}}",
            "hotlines.police.number",
        ),
        ("taxonomy.yaml", "categories: [a]", "categories"),
        (
            "intake/other.yaml",
            "category: other\ndeadline: X\nopening: a\nconsult: b\nevidence: c",
            "deadline",
        ),
        ("intake/other.yaml", "category: other\ncolour: red", "colour"),
        (
            "replies.zh.yaml",
            "consent_version: '1'\ntexts: {a: ''}\nbuttons: {}\nstatuses: {}",
            "texts.a",
        ),
        ("phrases.zh.yaml", "whole: {}\npart: {}\nstrip: {}", "whole"),
        ("crisis.zh.yaml", "texts: {a: '{nobody}'}", "texts.a"),
        ("crisis.zh.yaml", ": :", "YAML"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(
    file: str, text: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration) as raised:
        load_book(tmp_path)
    assert f"config/{file}" in str(raised.value)
    assert says in str(raised.value)


def test_a_citys_own_file_wins(tmp_path: Path) -> None:
    shipped = (ROOT / "config" / "hotlines.yaml").read_text(encoding="utf-8")
    gas = "  gas: {number: '96777', name: 燃气抢修, verified: true}\n"
    (tmp_path / "hotlines.yaml").write_text(shipped + gas, encoding="utf-8")
    assert "燃气抢修 96777" in load_book(tmp_path).words.texts["crisis_hazard"]
