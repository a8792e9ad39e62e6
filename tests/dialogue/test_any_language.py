"""Whatever is said in whatever language, the bot answers, and in the resident's language."""

from __future__ import annotations

import random
import re

import pytest

from config.language import ENGLISH, TRADITIONAL
from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import OWNER, Office

ENGLISH_LINES = (
    *("yes", "no", "ok", "thanks", "I don't know", "skip", "anonymous", "why?", "1", "5", "change"),
    *("my boss owes me 3 months wages", "20,000 yuan", "five of us", "no contract", "13812345678"),
    *("The elevator in Rose Garden is broken", "since last month", "Rose Garden, building 5"),
    *("no, it is five months", "the amount is wrong, 23k", "another thing, the noise upstairs"),
    *(
        "any news?",
        "hurry up",
        "withdraw",
        "still not fixed",
        "it is fixed",
        "how long will it take?",
    ),
    *(
        "how do I apply for a pension?",
        "what can you do?",
        "you idiot",
        "tell me a joke",
        "qwerty zxcv",
    ),
    *(
        "confidential please",
        "don't call me",
        "what do you have about me",
        "delete my data",
        "privacy policy",
    ),
    *("the building next to us was torn down and my school place is gone", "(){}[]%s", "don’t"),
)
CHINESE_LINES = (
    "English please",
    "繁體",
    "中文",
    "对",
    "路灯坏了",
    "電梯壞了三個星期，物業不理",
    "阳光花园3栋",
    "不知道",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def talk(office: Office, chance: random.Random, lines: tuple[str, ...]) -> None:
    """One turn: a line, or a button that is shown."""
    shown = [button.payload for button in office.line.buttons] if office.line else []
    if shown and chance.random() < 0.3:
        office.press(chance.choice(shown))
    else:
        office.hear(chance.choice(lines))
    if office.holder != "bot":
        office.holder = "bot"


@pytest.mark.parametrize("seed", range(25))
def test_an_english_resident_hears_no_chinese(
    seed: int, book: Book, engine: EmbeddedEngine
) -> None:
    chance = random.Random(seed)
    office = Office(book, engine)
    office.hear("English please")
    for _ in range(40):
        talk(office, chance, ENGLISH_LINES)
        assert office.conversation.language == ENGLISH
        if office.line is None:
            continue
        text = " ".join((office.line.text, *(button.title for button in office.line.buttons)))
        assert not CHINESE.search(text.replace(OWNER, "")), text
        assert "{" not in text.replace("(){}[]%s", "")


@pytest.mark.parametrize("seed", range(15))
def test_languages_may_change_at_any_line(seed: int, book: Book, engine: EmbeddedEngine) -> None:
    chance = random.Random(seed)
    office = Office(book, engine)
    lines = (*ENGLISH_LINES, *CHINESE_LINES * 3)
    for _ in range(40):
        talk(office, chance, lines)
        assert office.line is None or office.line.text.strip()
        known = book.speaking(office.conversation.language)
        assert known.language == office.conversation.language
    for case in office.cases.values():
        assert case.title.startswith(tuple(book.categories.values()))


def test_a_wish_is_kept_in_the_state(book: Book, engine: EmbeddedEngine) -> None:
    office = Office(book, engine)
    office.hear("繁體")
    assert office.conversation.language == TRADITIONAL
    office.hear("The street light on Renmin Road is broken")
    assert office.conversation.language == TRADITIONAL
    assert office.state.language_fixed
