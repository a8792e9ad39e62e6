"""Every language says everything, in plain words, with the same places and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from casework.intake import Form
from config.language import ENGLISH, HOME, LANGUAGES, TRADITIONAL
from config.load import BadConfiguration, Book, load_book
from config.words import places
from nlu.normalize import normalize

STYLE = yaml.safe_load((Path(__file__).parent / "style.yaml").read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_SENTENCES = 3
MOST: dict[str, int] = {HOME: 110, TRADITIONAL: 110, ENGLISH: 260}  # characters


@pytest.fixture(scope="module")
def home() -> Book:
    return load_book()


@pytest.fixture(scope="module", params=LANGUAGES)
def book(home: Book, request: pytest.FixtureRequest) -> Book:
    return home.speaking(request.param)


def said_by(form: Form) -> Iterator[str]:
    """Everything a form says to a resident."""
    for each in (form, *form.kinds.values()):
        yield from (each.opening, each.consult, each.evidence, each.name, each.kind_name)
    for slot in form.slots.values():
        yield from (slot.label, slot.display, *(choice.title for choice in slot.choices))
    for question in form.questions:
        yield from question.variants


def all_said(book: Book) -> Iterator[str]:
    """Everything the bot can say, but the names a city gives its people and places."""
    words = book.words
    yield from (*words.texts.values(), *words.buttons.values(), *words.statuses.values())
    yield from (*book.categories.values(), *book.category_buttons.values())
    for form in book.forms.values():
        yield from said_by(form)


def test_each_book_is_in_its_language(book: Book, home: Book) -> None:
    assert book.language in LANGUAGES
    assert book.officers is home
    assert home.speaking("xx") is home


def test_all_books_can_be_made_ahead() -> None:
    book = load_book()
    book.books.make_all()
    made = {language: book.speaking(language) for language in LANGUAGES}
    assert {language: each.language for language, each in made.items()} == dict(
        zip(LANGUAGES, LANGUAGES, strict=True)
    )
    assert all(book.speaking(language) is each for language, each in made.items())


def test_english_says_everything(home: Book) -> None:
    english = home.speaking(ENGLISH)
    assert [text for text in all_said(english) if CHINESE.search(text)] == []
    assert all(each.isascii() for each in english.category_words if not CHINESE.search(each))


def test_every_text_has_the_same_places(book: Book, home: Book) -> None:
    assert book.words.texts.keys() == home.words.texts.keys()
    for key, text in home.words.texts.items():
        assert places(book.words.texts[key]) == places(text), key
    assert book.words.buttons.keys() == home.words.buttons.keys()
    assert book.words.statuses.keys() == home.words.statuses.keys()


def test_forms_are_the_same_forms(book: Book, home: Book) -> None:
    for category, form in home.forms.items():
        other = book.forms[category]
        assert list(other.slots) == list(form.slots)
        assert [q.slots for q in other.questions] == [q.slots for q in form.questions]
        assert list(other.kinds) == list(form.kinds)
        assert other.wanted == form.wanted
        for name, slot in form.slots.items():
            values = [choice.value for choice in slot.choices]
            assert [choice.value for choice in other.slots[name].choices] == values


def numbers(text: str) -> set[str]:
    """Telephone numbers in a text."""
    return set(re.findall(r"(?<!\d)1\d{2,4}(?!\d)", text))


def test_words_for_danger_name_the_same_numbers(book: Book, home: Book) -> None:
    for key, text in home.words.texts.items():
        if key.startswith("crisis_"):
            assert numbers(book.words.texts[key]) == numbers(text), key


def test_no_text_for_danger_promises_or_blames(home: Book) -> None:
    forbidden = re.compile(
        r"on (?:the|their|its|his|her) way|(?:is|are) coming|will come|been sent|calm down|"
        r"be brave|think of your|you must not|you should not|illegal|your (?:id|real) ",
        re.IGNORECASE,
    )
    for key, text in home.speaking(ENGLISH).words.texts.items():
        if key.startswith("crisis_"):
            assert not forbidden.search(text), key


def test_no_officialese(book: Book) -> None:
    words = STYLE["officialese"][book.language]
    pattern = r"\b(?:{})\b" if book.language == ENGLISH else "(?:{})"
    found = re.compile(pattern.format("|".join(map(re.escape, words))), re.IGNORECASE)
    assert [text for text in all_said(book) if found.search(text)] == []


def test_texts_are_short(book: Book) -> None:
    long = []
    for key, text in book.words.texts.items():
        if key in STYLE["long"] or key.startswith("crisis_"):
            continue
        plain = re.sub(r"\{\w+\}", "x", text)
        if book.language == ENGLISH:
            plain = re.sub(r"(?<=\w\w)[.!?](?=\s|$)", "。", plain)
        sentences = [s for s in re.split(r"[。！？\n]", plain) if re.search(r"\w", s)]
        if len(sentences) > MOST_SENTENCES or len(plain) > MOST[book.language]:
            long.append((key, len(sentences), len(plain)))
    assert long == []


def test_every_exception_is_still_a_text(home: Book) -> None:
    assert set(STYLE["long"]) <= set(home.words.texts)


def test_the_bot_says_once_that_it_is_one(book: Book) -> None:
    mark = "[AI assistant]" if book.language == ENGLISH else "【AI助手】"
    marked = {key: text.count(mark) for key, text in book.words.texts.items() if mark in text}
    # the second greets whoever agreed to an older notice, in place of the first
    assert marked == {"greeting": 1, "consent_renewed": 1}


def test_a_typed_title_in_traditional_is_understood(home: Book) -> None:
    book = home.speaking(TRADITIONAL)
    for key, title in book.words.buttons.items():
        assert normalize(title).text == normalize(home.words.buttons[key]).text, title
    for category, title in book.category_buttons.items():
        assert book.category_words[normalize(title).text] == category
    for category, form in book.forms.items():
        for name, slot in form.slots.items():
            for choice, simple in zip(
                slot.choices, home.forms[category].slots[name].choices, strict=True
            ):
                heard = {choice.title, *choice.words, *choice.bare}
                assert simple.title in heard, (category, name, choice.title)


def test_traditional_is_traditional(home: Book) -> None:
    book = home.speaking(TRADITIONAL)
    assert book.words.texts["invite"].startswith("您遇到什麼事了")
    assert "說" in book.words.texts["ask_story"] or "説" in book.words.texts["ask_story"]
    assert book.forms["wage_arrears"].name == "欠薪"
    assert book.categories["traffic_parking"] == "交通出行"
    assert book.forms["consumer"].name == "消費維權"


def test_a_citys_own_sentence_stays_chinese_until_translated(tmp_path: Path) -> None:
    shipped = (ROOT / "config" / "intake" / "other.yaml").read_text(encoding="utf-8")
    (tmp_path / "intake").mkdir()
    changed = re.sub(r"(?m)^opening: .*$", "opening: 您说，咱们街道来办。", shipped)
    (tmp_path / "intake" / "other.yaml").write_text(changed, encoding="utf-8")
    form = load_book(tmp_path).speaking(ENGLISH).forms["other"]
    assert form.opening == "您说，咱们街道来办。"
    assert not CHINESE.search(form.evidence)


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("replies.en.yaml", "texts: {receipt: Done.}", "texts.receipt"),
        ("replies.en.yaml", "texts: {nobody_says_this: Hm.}", "texts.nobody_says_this"),
        ("crisis.en.yaml", "texts: {fine: 'Call {nobody}.'}", "texts.fine"),
        ("phrases.en.yaml", "whole: {affirm: [yes]}", "whole.affirm"),
        ("taxonomy.en.yaml", "categories: {tax: {name: Tax}}", "categories.tax"),
        ("intake.en.yaml", "texts: {'打 {legal}': Call.}\nwords: {}\nbare: {}", "legal"),
        ("english.yaml", "categories: {tax: {}}", "tax"),
        ("languages.yaml", "wishes: {}", "wishes"),
    ],
)
def test_a_wrong_english_file_is_named_at_start(
    file: str, text: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration) as raised:
        load_book(tmp_path)
    assert f"config/{file}" in str(raised.value)
    assert says in str(raised.value)
