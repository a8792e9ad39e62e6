"""Every form as shipped is whole and gentle; a wrong one says where; a new one needs no code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casework.intake import KIND, Form, Need
from config.load import BadConfiguration, Book, load_book

ROOT = Path(__file__).parents[2]
LONGEST_QUESTION = 40
LONGEST_CONSULT = 120


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="module")
def forms(book: Book) -> list[Form]:
    return [each for form in book.forms.values() for each in (form, *form.kinds.values())]


def test_every_category_has_kinds_and_every_word_of_a_kind_tells_it(book: Book) -> None:
    wrong = []
    for form in book.forms.values():
        assert len(form.kinds) >= 4, form.category
        for choice in form.slots[KIND].choices:
            assert form.of(choice.value).kind_name == choice.title
            for word in choice.words:
                told = form.telling.told(word).get(KIND)
                if told is None or told.value != choice.value:
                    wrong.append(f"{form.category}: {word} tells {told}, not {choice.value}")
    assert wrong == []


def test_every_word_of_a_choice_tells_it(book: Book) -> None:
    wrong = []
    for form in book.forms.values():
        for slot in form.slots.values():
            for choice in slot.choices:
                for word in choice.words:
                    told = form.telling.told(word).get(slot.name)
                    if told is None or told.value != choice.value:
                        wrong.append(f"{form.category}.{slot.name}: {word} tells {told}")
    assert wrong == []


def test_no_form_interrogates(book: Book) -> None:
    for form in book.forms.values():
        required = [s.name for s in form.slots.values() if s.need is Need.REQUIRED]
        assert len(required) <= 5, form.category
        assert "phone" in required, form.category
        assert form.max_questions <= 6
        assert form.extras <= 1, form.category
    assert [s for s in book.forms["public_facility"].wanted if s != "scope"] == [
        "place",
        "issue",
        "phone",
    ]


def test_questions_are_short_gentle_and_come_in_variants(book: Book) -> None:
    for form in book.forms.values():
        for question in form.questions:
            if len(question.slots) == 1:
                tries = form.slots[question.slots[0]].tries
                once = form.slots[question.slots[0]].need is not Need.REQUIRED
                assert len(question.variants) >= (1 if once else tries), question
            for words in question.variants:
                assert len(words) <= LONGEST_QUESTION, words
                assert not re.search(r"请提供|贵|务必|必须|身份证|[{}]", words), words


def test_what_is_not_verified_is_never_said(book: Book, forms: list[Form]) -> None:
    hidden = [line.number for line in book.hotlines.by_key.values() if not line.verified]
    shown = [line.number for line in book.hotlines.by_key.values() if line.verified]
    for form in forms:
        texts = (form.opening, form.consult, form.evidence)
        assert not any(number in text for number in hidden for text in texts), form.category
        assert any(number in form.consult for number in shown), (form.category, form.kind)
        assert len(form.consult) <= LONGEST_CONSULT, form.consult
        assert "{" not in form.consult
        assert "[[" not in form.consult
        for route in form.routes:
            assert route.law or not route.verified
            if not route.verified:
                assert route.say is None or route.say not in form.consult


def test_danger_and_officials_and_children_are_restricted(book: Book) -> None:
    restricted = {
        (form.category, key)
        for form in book.forms.values()
        for key, kind in form.kinds.items()
        if kind.restricted
    }
    assert restricted == {
        ("family_marriage", "violence"),
        ("education", "bullying"),
        ("other", "conduct"),
    }
    assert book.forms["family_marriage"].of("violence").deadline == "A2"


def test_a_kind_says_its_own_and_its_category_the_rest(book: Book) -> None:
    facility = book.forms["public_facility"]
    assert facility.of("manhole").deadline == "A2"
    assert facility.of("light").deadline == facility.deadline
    assert facility.of("light").consult == facility.consult
    assert "48小时" in facility.of("gas").consult
    assert facility.of(None) is facility
    assert facility.of("nothing") is facility


def test_a_city_verifies_a_route_in_its_own_copy(tmp_path: Path) -> None:
    shipped = (ROOT / "config" / "intake" / "environment_noise.yaml").read_text(encoding="utf-8")
    own = shipped.replace(
        "office: {name: 地方人民政府指定的部门, level: department, verified: false}",
        "office: {name: 城管执法局, level: department, verified: true}",
    )
    (tmp_path / "intake").mkdir()
    (tmp_path / "intake" / "environment_noise.yaml").write_text(own, encoding="utf-8")
    assert "咱们这儿归城管执法局管" in load_book(tmp_path).forms["environment_noise"].consult
    assert "咱们这儿" not in load_book().forms["environment_noise"].consult


PARKS = (Path(__file__).parent / "parks.yaml").read_text(encoding="utf-8")


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A city with a category of its own."""
    taxonomy = (ROOT / "config" / "taxonomy.yaml").read_text(encoding="utf-8")
    own = "categories:\n  parks: {name: 公园, button: 公园绿地, also: [公园]}\n"
    (tmp_path / "taxonomy.yaml").write_text(
        taxonomy.replace("categories:\n", own, 1), encoding="utf-8"
    )
    (tmp_path / "intake").mkdir()
    (tmp_path / "intake" / "parks.yaml").write_text(PARKS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("name: blocked\n    label: 挡路没有", "name: blocked", "slots.3", "'blocked' is not in"),
        ("need: conditional", "need: badly", "slots.3.need", "must be one of"),
        ("when: {kind: [tree]}", "when: {kind: [bush]}", "slots", "'bush' is no value of 'kind'"),
        ("when: {kind: [tree]}", "when: {colour: [red]}", "slots", "'colour' is no slot"),
        ("when: {kind: [tree]}", "when: {flag: [late]}", "slots.3.when", "'late' is no flag"),
        ("    when: {kind: [tree]}\n", "", "slots.3", "needs 'when'"),
        ("need: conditional", "need: required", "slots.3", "'when' means nothing"),
        ("when: {kind: [tree]}", "when: {blocked: [挡路]}", "slots", "depends on itself"),
        ("words: [树倒, 树枝]", "words: []", "kinds.tree.words", "words that tell it"),
        ("words: [草坪]", "words: [草坪, 树枝]", "kinds.lawn.words", "'树枝' tells 'tree' already"),
        ("words: [草坪]", "words: 草坪", "kinds.lawn.words", "must be a list"),
        ("slots: [blocked]", "slots: [demand]", "questions.2", "'demand' is no slot asked for"),
        ("  - {slots: [kind], variants: [是树还是草坪？]}\n", "", "", "'kind' is wanted"),
        ("deadline: C7", "deadline: C7\nmax_questions: 7", "max_questions", "from 1 to 6"),
        ("deadline: C7", "deadline: C7\nmax_questions: 2", "", "at least 3"),
        ("deadline: C7", "deadline: C9", "deadline", "must be one of"),
        ("deadline: B24", "deadline: B25", "kinds.tree.deadline", "must be one of"),
        ("title: 挡路了, ", "", "slots.3.choices.0", "'title' is missing"),
        ("value: 不挡", "value: 挡路", "slots.3", "is there twice"),
        ("act: deny}", "words: [横在路上]}", "slots.3", "'挡路' and '不挡'"),
        ("{civic}", "{nobody}", "consult", "unknown or not verified"),
        ("{civic}", "{electricity}", "consult", "unknown or not verified"),
        ("name: place", "name: place, kind: text", "slots.0.kind", "has its"),
        ("- {name: issue, need: required}", "- {name: place, need: once}", "slots.1", "twice"),
        ("kind: choice\n", "kind: text\n", "slots.3", "needs choices"),
        ("kinds:\n", "colours: red\nkinds:\n", "", "'colours' is not known"),
    ],
)  # fmt: skip
def test_a_wrong_form_names_file_and_key(
    old: str, new: str, key: str, says: str, city: Path
) -> None:
    assert old in PARKS
    path = city / "intake" / "parks.yaml"
    path.write_text(PARKS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadConfiguration) as raised:
        load_book(city)
    assert f"config/intake/parks.yaml: {key}" in str(raised.value)
    assert re.search(says, str(raised.value)), raised.value


@pytest.mark.parametrize(
    ("route", "says"),
    [
        ("{name: a, to: b, verified: true}", "names its law"),
        ("{name: a, to: b, verified: true, law: c, hotline: nobody}", "'nobody' is not in"),
        ("{name: a, to: b, verified: true, law: c, say: 打 {electricity}}", "not verified"),
        ("{name: a, to: b}", "'verified' is missing"),
        ("{name: a, to: b, verified: yes please, law: c}", "true or false"),
    ],
)
def test_a_wrong_route_names_file_and_key(route: str, says: str, city: Path) -> None:
    route = route.replace("say: 打 {electricity}", 'say: "打 {electricity}"')
    path = city / "intake" / "parks.yaml"
    path.write_text(PARKS.replace("kinds:\n", f"routes:\n  - {route}\nkinds:\n", 1), "utf-8")
    with pytest.raises(BadConfiguration) as raised:
        load_book(city)
    assert "config/intake/parks.yaml: routes.0" in str(raised.value)
    assert says in str(raised.value)


def test_an_office_that_is_not_verified_cannot_be_promised(city: Path) -> None:
    path = city / "intake" / "parks.yaml"
    office = "office: {name: 园林局, level: county, verified: false}\n"
    said = PARKS.replace("可以打 {civic}", "归{office}管")
    path.write_text(said.replace("kinds:\n", f"{office}kinds:\n", 1), encoding="utf-8")
    with pytest.raises(BadConfiguration, match="office"):
        load_book(city)
    true = office.replace("false", "true")
    path.write_text(said.replace("kinds:\n", f"{true}kinds:\n", 1), encoding="utf-8")
    assert load_book(city).forms["parks"].consult == "公园的事归园林局管。"
