"""What the word lists understand of English: the matter, the act, danger, and facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.english.engine import BothLanguagesRemote, for_both
from bot.english.figures import number
from bot.english.reading import EnglishReader
from config.language import ENGLISH
from config.load import load_book
from nlu.intents import ACTS, CATEGORIES
from nlu.understanding import Ranked, Understanding

BOOK = load_book()
READER = EnglishReader(BOOK.speaking(ENGLISH).vocabulary)
TODAY = date(2026, 3, 3)  # a Tuesday


def read(text: str, asked: str | None = None) -> Understanding:
    return READER.understand(text, asked, TODAY)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("The contractor ran away and never paid our wages", "wage_arrears"),
        ("I have not been paid for two months", "wage_arrears"),
        ("I was fired without compensation", "labour_other"),
        ("My employer does not pay my social insurance", "labour_other"),
        ("The property company raised the management fee", "property_management"),
        ("Lift out of order again in our building", "property_management"),
        ("The developer has delayed handover by a year", "housing_developer"),
        ("We still have no title deed", "housing_developer"),
        ("The neighbor's dog barks all night", "neighbour_dispute"),
        ("Water is dripping from the flat above", "neighbour_dispute"),
        ("Cooking fumes from the restaurant come into my room", "environment_noise"),
        ("Construction noise until 2 am", "environment_noise"),
        ("Manhole cover broken on our street", "public_facility"),
        ("There has been no water since yesterday", "public_facility"),
        ("They want to demolish my house", "land_demolition"),
        ("The village took our land without compensation", "land_demolition"),
        ("I want a divorce and custody", "family_marriage"),
        ("My pension was not paid this month", "social_benefit"),
        ("I want to apply for a disability certificate", "social_benefit"),
        ("The shop refuses a refund for a broken phone", "consumer"),
        ("Cars park on the sidewalk every day", "traffic_parking"),
        ("The traffic light at the crossing does not work", "traffic_parking"),
        ("My son is bullied at school", "education"),
        ("The hospital overcharged me", "healthcare"),
        ("My residence permit was refused, the official was rude", "other"),
    ],
)
def test_what_a_complaint_is_about(text: str, category: str) -> None:
    understood = read(text)
    assert understood.category == category
    assert understood.act == "inform"
    assert understood.intent == understood.category_ranking[0]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Can I speak to a person?", "ask_human"),
        ("I want a human", "ask_human"),
        ("Any update on my complaint?", "ask_status"),
        ("please hurry up", "urge"),
        ("I want to withdraw my complaint", "withdraw"),
        ("How do I apply for a pension?", "consult_policy"),
        ("What can you do?", "ask_capability"),
        ("You are useless, stupid bot", "abuse"),
        ("thank you", "thank"),
        ("Hello there", "greet"),
        ("goodbye", "goodbye"),
        ("I don't know", "dont_know"),
        ("I'd rather not say", "skip"),
        ("I want to stay anonymous", "anonymous"),
        ("how are you", "chitchat"),
    ],
)
def test_what_a_line_does(text: str, act: str) -> None:
    understood = read(text)
    assert understood.act == act
    assert understood.category is None


@pytest.mark.parametrize(
    ("text", "level", "kind"),
    [
        ("I took a whole bottle of pills", "R3", "self_harm"),
        ("I am standing on the roof and I will jump", "R3", "self_harm"),
        ("I've cut my wrist", "R3", "self_harm"),
        ("I want to kill myself", "R2", "self_harm"),
        ("if you don't help I'll jump off the building", "R2", "self_harm"),
        ("I wrote a suicide note", "R2", "self_harm"),
        ("I just want to die", "R1", "self_harm"),
        ("There is no reason to live", "R1", "self_harm"),
        ("I can't go on", "R1", "self_harm"),
        ("he is hitting me", "R3", "violence"),
        ("He has a knife and he's outside my door", "R3", "violence"),
        ("my husband is beating me right now", "R3", "violence"),
        ("they are trying to kill us", "R3", "violence"),
        ("My husband beats me", "R2", "violence"),
        ("The boss threatened to kill my family", "R2", "violence"),
        ("My father hit me again last night", "R2", "violence"),
        ("gas leak!!", "R3", "hazard"),
        ("It smells of gas in the stairwell", "R3", "hazard"),
        ("the building opposite is on fire", "R3", "hazard"),
        ("Fire! Smoke is coming from upstairs", "R3", "hazard"),
        ("I'm trapped in the elevator", "R3", "hazard"),
        ("A live wire is lying on the road", "R3", "hazard"),
        ("a child fell into the manhole", "R3", "hazard"),
        ("The manhole cover is missing", "R2", "hazard"),
        ("Someone is about to jump from the bridge", "R3", "witness"),
        ("A man is beating his wife in the street", "R3", "witness"),
        ("my neighbor's wife is being beaten", "R3", "witness"),
        ("My friend wants to die", "R2", "witness"),
    ],
)
def test_danger_is_heard(text: str, level: str, kind: str) -> None:
    understood = read(text)
    assert (understood.crisis, understood.crisis_kind) == (level, kind)


@pytest.mark.parametrize(
    "text",
    [
        "This noise is killing me",
        "I was fired last week",
        "They fired twenty workers",
        "The fire exit is blocked by bikes",
        "The fire lane is full of cars",
        "Fireworks every night",
        "I'm afraid the wires could cause a fire",
        "The gas company cut off our gas",
        "My gas bill is wrong",
        "We are dying of heat in this office",
        "There are cockroaches, please kill them",
        "My phone died",
        "There was a fire in our building last year and nobody paid",
        "The deadline for my pension is dead, it says",
        "I hit the road at six",
        "He jumped the queue",
        "Nobody is dying, but the noise is bad",
        "The shop shot a video of my child",
    ],
)
def test_figures_of_speech_are_no_danger(text: str) -> None:
    assert read(text).crisis == "none"


@pytest.mark.parametrize(
    ("text", "asked", "entity", "value"),
    [
        ("20,000 yuan", None, "amount_yuan", 20000),
        ("RMB 3500", None, "amount_yuan", 3500),
        ("¥ 1,200.50 in all", None, "amount_yuan", 1200),
        ("twenty thousand kuai", None, "amount_yuan", 20000),
        ("about 60k", "amount_yuan", "amount_yuan", 60000),
        ("650", "amount_yuan", "amount_yuan", 650),
        ("he owes me 5k", None, "amount_yuan", 5000),
        ("for 3 months", None, "period_months", 3.0),
        ("half a year", None, "period_months", 6.0),
        ("a year and a half", None, "period_months", 18.0),
        ("two weeks", None, "period_months", 0.47),
        ("3", "period_months", "period_months", 3.0),
        ("five of us", None, "people_n", 5),
        ("12 workers were not paid", None, "people_n", 12),
        ("me and four colleagues", None, "people_n", 5),
        ("6", "people_n", "people_n", 6),
        ("call +86 138-1234-5678", None, "phone", "13812345678"),
        ("since last month", None, "happened_since", "2026-02"),
        ("since last Monday night, or yesterday", None, "happened_since", "2026-03-02"),
        ("it started in May 2025", None, "happened_since", "2025-05"),
        ("since 3 December", None, "happened_since", "2025-12-03"),
        ("two days ago", None, "happened_since", "2026-03-01"),
        ("in January", "last_paid", "last_paid", "2026-01"),
        ("near the gate of Rose Garden", None, "place", "gate of Rose Garden"),
        ("It is at 18 Binhe Road, building 3", None, "place", "18 Binhe Road, building 3"),
        ("阳光花园 3", "place", "place", "阳光花园 3"),
        ("I work for Golden River Construction", None, "employer", "Golden River Construction"),
        ("My name is Anna Smith", None, "name", "Anna Smith"),
        ("the upstairs neighbour", None, "respondent", "upstairs neighbour"),
        ("we have no contract", None, "contract", "无"),
        ("I signed a contract", None, "contract", "书面"),
    ],
)
def test_facts(text: str, asked: str | None, entity: str, value: Any) -> None:
    found = {each.entity: each for each in read(text, asked).entities}
    assert entity in found, found
    assert found[entity].value == value
    assert text[found[entity].start : found[entity].end] == found[entity].text


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("My son is 3 years old", "period_months"),
        ("Answer within 7 days", "period_months"),
        ("I worked there for 8 months and was fired", "period_months"),
        ("Number 2 School is far away from where we all live now", "amount_yuan"),
        ("at night", "place"),
        ("in general", "place"),
        ("on 3 May", "place"),
    ],
)
def test_what_is_no_fact(text: str, entity: str) -> None:
    asked = "amount_yuan" if entity == "amount_yuan" else None
    assert read(text, asked).first(entity) is None


def test_numbers() -> None:
    assert number("twenty-five thousand") == 25_000
    assert number("1,234.5") == 1234.5
    assert number("half a million") == 500_000
    assert number("a") == 1


def test_rankings_are_whole_whatever_is_said() -> None:
    for text in ("", " ", "a", "zzz qqq", "noise and wages and dogs and land " * 200, "\x00é中"):
        understood = read(text)
        assert sorted(each.name for each in understood.category_ranking) == sorted(CATEGORIES)
        assert sorted(each.name for each in understood.act_ranking) == sorted(ACTS)
        assert 0.5 < sum(each.confidence for each in understood.act_ranking) < 1.001
        assert understood.as_rasa()


class Chinese:
    """An engine that knows nothing, and says that it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        self.asked.append(text)
        acts = (Ranked("inform", 0.6),)
        return Understanding(
            text, acts[0], acts, None, (Ranked("other", 0.1),), "inform", acts, None, False, "none",
            None, (),
        )  # fmt: skip


class ChineseElsewhere(Chinese):
    """The same in another process."""

    async def aunderstand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        return self.understand(text, context, now=now)


def test_english_lines_never_reach_the_chinese_engine() -> None:
    chinese = Chinese()
    both = for_both(chinese, BOOK)
    assert both.understand("The street light is broken").category == "public_facility"
    assert chinese.asked == []
    both.understand("路灯坏了")
    assert chinese.asked == ["路灯坏了"]


def test_a_line_in_both_languages_is_heard_by_both() -> None:
    both = for_both(Chinese(), BOOK)
    mixed = both.understand("我家厨房 gas leak, 电话 13812345678")
    assert (mixed.crisis, mixed.crisis_kind, mixed.urgent) == ("R3", "hazard", True)
    assert [each.value for each in mixed.entities] == ["13812345678"]


async def test_a_remote_engine_stays_remote() -> None:
    chinese = ChineseElsewhere()
    both = for_both(chinese, BOOK)
    assert isinstance(both, BothLanguagesRemote)
    assert (await both.aunderstand("There is a gas leak")).crisis == "R3"
    await both.aunderstand("路灯坏了")
    assert chinese.asked == ["路灯坏了"]
    assert not isinstance(for_both(Chinese(), BOOK), BothLanguagesRemote)
