"""What an officer may register, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework import capture as rules
from casework.capture import Capture, Consent
from casework.case import Source
from casework.errors import Incomplete, NotAllowed
from casework.organisation import Officer, Role
from casework.turn import Media
from config.load import load_book

OFFICER = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
LAMP = Capture("c1", Source.PATROL, "public_facility", " 三盏路灯不亮 ", "light", place="滨河路")
VISIT = replace(LAMP, source=Source.VISIT, name="李桂兰", phone="13800138000")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"place": " "}, "place"),
        ({"source": Source.RESIDENT}, "source"),
        ({"source": Source.LINK}, "source"),
        ({"source": Source.HOTLINE}, "outside_number"),
        ({"source": Source.WALK_IN, "phone": "13800138000"}, "consent"),
        ({"source": Source.VISIT, "name": "李桂兰"}, "consent"),
    ],
)
def test_what_cannot_be_registered(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        rules.require(replace(LAMP, **wrong), OFFICER)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize("where", [{"place": "滨河路"}, {"unit_id": "g"}, {"point": (30.6, 104.0)}])
def test_one_of_three_ways_to_say_where_is_enough(where: dict[str, object]) -> None:
    given = replace(LAMP, **({"place": "", "unit_id": None, "point": None} | where))  # type: ignore[arg-type]
    rules.require(given, OFFICER)


def test_readers_register_nothing() -> None:
    refused = set()
    for role in Role:
        officer = replace(OFFICER, role=role)
        try:
            rules.require(LAMP, officer)
        except NotAllowed:
            refused.add(role)
    assert refused == {Role.AUDITOR, Role.VOLUNTEER}
    with pytest.raises(NotAllowed):
        rules.require(LAMP, replace(OFFICER, active=False))


def test_on_patrol_nobody_is_named() -> None:
    slots = rules.slots_of(replace(VISIT, source=Source.PATROL), "t1")
    assert not {"name", "phone"} & set(slots)
    assert rules.consent_of(replace(VISIT, source=Source.PATROL, consent=Consent.SPOKEN)) is None


@pytest.mark.parametrize(
    ("source", "consent"),
    [(Source.LETTER, Consent.WRITTEN), (Source.HOTLINE, Consent.PASSED_ON)],
)
def test_who_wrote_or_called_agreed_by_that(source: Source, consent: Consent) -> None:
    given = replace(VISIT, source=source, outside_number="CD-1")
    rules.require(given, OFFICER)
    assert rules.consent_of(given) is consent
    assert rules.consent_of(replace(given, name="", phone="")) is None


def test_the_slots_say_where_they_come_from() -> None:
    photo = Media("f1", "photo", "a.jpg", "image/jpeg", 10)
    given = replace(VISIT, consent=Consent.SPOKEN, point=(30.6, 104.0), media=(photo,))
    slots = rules.slots_of(given, "t1")
    assert {name: slot.value for name, slot in slots.items()} == {
        "issue": "三盏路灯不亮",
        "kind": "light",
        "place": "滨河路",
        "location": [30.6, 104.0],
        "evidence": ["f1"],
        "name": "李桂兰",
        "phone": "13800138000",
    }
    assert {slot.turn_id for slot in slots.values()} == {"t1"}


def test_a_title_holds_no_words_of_the_line() -> None:
    form = load_book().forms["public_facility"]
    assert rules.title(VISIT, form.of("light")) == "路灯 · 滨河路"
    assert rules.title(replace(VISIT, place=""), form) == "公共设施"
