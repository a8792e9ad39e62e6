"""Which question is next, and when a complaint may be filed."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from casework.case import SlotValue
from casework.intake import (
    ANONYMOUS,
    Choice,
    Form,
    Need,
    Question,
    Slot,
    When,
    complete,
    given,
    is_wanted,
    kind_of,
    missing,
    next_question,
)
from config.load import Book

FORM = Form(
    category="x",
    name="x",
    slots={
        "who": Slot("who", "who", Need.REQUIRED, instead=("boss",)),
        "sum": Slot("sum", "sum", Need.REQUIRED),
        "since": Slot("since", "since", Need.REQUIRED),
        "heads": Slot("heads", "heads", Need.ONCE),
        "phone": Slot("phone", "phone", Need.REQUIRED, unless={"mode": frozenset({"匿名"})}),
        "boss": Slot("boss", "boss"),
        "mode": Slot("mode", "mode"),
    },
    questions=(
        Question(("who",), ("who?", "who really?")),
        Question(("sum", "since"), ("how much and since when?",)),
        Question(("sum",), ("how much?", "about how much?")),
        Question(("since",), ("since when?",)),
        Question(("heads",), ("how many?",)),
        Question(("phone",), ("phone?",)),
    ),
    opening="",
    consult="",
    evidence="",
    deadline="C7",
    max_questions=4,
)


def held(**values: object) -> dict[str, SlotValue]:
    return {name: SlotValue(value) for name, value in values.items()}


def test_a_slot_is_given_by_itself_its_stand_in_or_its_words() -> None:
    assert given(FORM, held(who="a"), "who")
    assert given(FORM, held(boss="a"), "who")
    assert given(FORM, held(mode="匿名"), "phone")
    assert given(FORM, {"sum": SlotValue(None, "好几万")}, "sum")
    assert not given(FORM, {"sum": SlotValue(None, " ")}, "sum")
    assert not given(FORM, held(mode="保密"), "phone")


def test_what_is_missing_leaves_out_the_declined_and_the_optional() -> None:
    assert missing(FORM, held(who="a"), ("sum",)) == ("since", "phone")
    assert complete(FORM, held(who="a", sum=1, since="x", mode="匿名"))


def test_two_slots_are_asked_in_one_breath_only_while_both_are_open() -> None:
    assert next_question(FORM, held(who="a"), (), {}, 1) == (
        ("sum", "since"),
        "how much and since when?",
    )
    asked = {"sum": 1, "since": 1}
    assert next_question(FORM, held(who="a", since="x"), (), asked, 2) == (
        ("sum",),
        "about how much?",
    )


def test_a_required_slot_is_asked_twice_and_another_once() -> None:
    done = held(who="a", sum=1, since="x", phone="1")
    assert next_question(FORM, done, (), {}, 3) == (("heads",), "how many?")
    assert next_question(FORM, done, (), {"heads": 1}, 3) is None
    assert next_question(FORM, {}, (), {"who": 1}, 1) == (("who",), "who really?")
    asked_out = next_question(FORM, {}, (), {"who": 2}, 2)
    assert asked_out is not None
    assert asked_out[0] != ("who",)


def test_what_must_be_known_comes_first_when_questions_run_out() -> None:
    slots = held(who="a", sum=1, since="x")
    assert next_question(FORM, slots, (), {}, 3) == (("phone",), "phone?")
    assert next_question(FORM, slots, (), {}, 2) == (("heads",), "how many?")
    assert next_question(FORM, slots, (), {}, 4) is None


RICH = Form(
    category="x",
    name="x",
    slots={
        "place": Slot("place", "place", Need.REQUIRED),
        "kind": Slot("kind", "kind", kind="choice", choices=(Choice("tree", "tree"),)),
        "blocked": Slot(
            "blocked",
            "blocked",
            Need.CONDITIONAL,
            when=When({"kind": frozenset({"tree"})}),
        ),
        "hurt": Slot("hurt", "hurt", Need.CONDITIONAL, when=When(flags=frozenset({"urgent"}))),
        "tried": Slot("tried", "tried", Need.ONCE),
        "wish": Slot("wish", "wish", Need.ONCE),
        "ill": Slot("ill", "ill", Need.SENSITIVE),
        "phone": Slot("phone", "phone", Need.REQUIRED, tries=1),
        "colour": Slot("colour", "colour"),
    },
    questions=(
        Question(("place",), ("place?", "place again?")),
        Question(("blocked",), ("blocked?",)),
        Question(("hurt",), ("hurt?",)),
        Question(("tried",), ("tried?",)),
        Question(("wish",), ("wish?",)),
        Question(("ill",), ("ill?",)),
        Question(("phone",), ("phone?",)),
    ),
    opening="",
    consult="",
    evidence="",
    deadline="C7",
)


@pytest.mark.parametrize(
    ("slots", "flags", "wanted"),
    [
        ({}, (), {"place", "phone"}),
        ({"kind": "lawn"}, (), {"place", "phone"}),
        ({"kind": "tree"}, (), {"place", "phone", "blocked"}),
        ({}, ("urgent",), {"place", "phone", "hurt"}),
        ({"kind": "tree", "blocked": "yes"}, ("urgent",), {"place", "phone", "hurt"}),
        ({"place": "x", "phone": "1"}, (), set()),
    ],
)
def test_a_condition_decides_what_must_be_known(
    slots: dict[str, object], flags: tuple[str, ...], wanted: set[str]
) -> None:
    assert set(missing(RICH, held(**slots), (), flags)) == wanted
    assert complete(RICH, held(**slots), (), flags) == (not wanted)


def ask(
    slots: dict[str, SlotValue], asked: dict[str, int] | None = None, *, extras: bool = True
) -> tuple[str, ...] | None:
    asked = asked or {}
    found = next_question(RICH, slots, (), asked, sum(asked.values()), extras=extras)
    return found[0] if found else None


def test_what_is_only_nice_to_know_costs_one_message_and_none_when_somebody_is_upset() -> None:
    assert ask(held(place="x")) == ("tried",)
    assert ask(held(place="x", tried="x"), {"tried": 1}) == ("phone",)
    assert ask(held(place="x", phone="1", tried="x"), {"tried": 1}) is None
    assert ask(held(place="x"), extras=False) == ("phone",)


def test_what_was_asked_along_with_what_must_be_known_is_no_message_of_its_own() -> None:
    both = Question(("place", "tried"), ("place and tried?",))
    form = replace(RICH, questions=(both, *RICH.questions))
    asked = {"place": 1, "tried": 1}
    found = next_question(form, held(place="x", tried="x"), (), asked, 1)
    assert found is not None
    assert found[0] == ("wish",)


def test_sensitive_facts_are_asked_for_with_consent_only() -> None:
    known = held(place="x", phone="1")
    form = replace(RICH, extras=6)
    for consented, expected in ((False, None), (True, ("ill",))):
        found = next_question(
            form, known, ("tried", "wish"), {}, 0, consented=consented, extras=True
        )
        assert (found[0] if found else None) == expected
    assert RICH.slots["ill"].sensitive
    assert "ill" not in RICH.wanted


def test_the_telephone_is_asked_for_once() -> None:
    asked = {"phone": 1}
    assert ask(held(place="x", tried="x", wish="x"), asked) is None


def test_a_kind_that_is_not_known_is_none() -> None:
    assert kind_of({}) is None
    assert kind_of(held(kind="tree")) == "tree"


@pytest.mark.parametrize("seed", range(40))
def test_asking_ends_and_never_asks_what_is_known(seed: int, book: Book) -> None:
    """Any form, any behaviour: answers out of order, refusals, silence."""
    chance = random.Random(seed)
    for form in book.forms.values():
        slots: dict[str, SlotValue] = {}
        declined: set[str] = set()
        asked: dict[str, int] = {}
        flags = ("urgent",) if chance.random() < 0.3 else ()
        consented = chance.random() < 0.3
        questions = 0
        while True:
            found = next_question(
                form,
                slots,
                declined,
                asked,
                questions,
                flags=flags,
                consented=consented,
                extras=chance.random() < 0.9,
            )
            if found is None:
                break
            names, words = found
            questions += 1
            assert words
            assert questions <= form.max_questions, (form.category, asked)
            for name in names:
                assert name not in declined, (form.category, name)
                assert not given(form, slots, name), (form.category, name)
                sensitive = form.slots[name].sensitive and consented
                assert sensitive or is_wanted(form.slots[name], slots, flags)
                asked[name] = asked.get(name, 0) + 1
                assert asked[name] <= form.slots[name].tries
            _behave(chance, form, names, slots, declined)


def _behave(
    chance: random.Random,
    form: Form,
    names: tuple[str, ...],
    slots: dict[str, SlotValue],
    declined: set[str],
) -> None:
    """A resident answers some of it, refuses some, or tells something else."""
    others = list(form.slots)
    for name in (*names, chance.choice(others)):
        choices = [choice.value for choice in form.slots[name].choices]
        dice = chance.random()
        if dice < 0.5:
            slots[name] = SlotValue(chance.choice(choices) if choices else "x")
        elif dice < 0.65:
            declined.add(name)
    if chance.random() < 0.1:
        slots["identity_mode"] = SlotValue(ANONYMOUS)


def test_complete_first_messages_need_few_questions(book: Book) -> None:
    """With the place, the story and the other side told, hardly more than the telephone is open."""
    told = held(place="x", issue="x", respondent="x", employer="x", amount_yuan=1, period_months=1)
    counts = []
    for form in book.forms.values():
        for kind in (None, *form.kinds):
            slots = {**told, **(held(kind=kind) if kind else {})}
            asked: dict[str, int] = {}
            questions = 0
            while found := next_question(form, slots, (), asked, questions):
                questions += 1
                for name in found[0]:
                    asked[name] = asked.get(name, 0) + 1
                    slots[name] = SlotValue("x")
            counts.append(questions)
    assert max(counts) <= 3
    assert sorted(counts)[len(counts) // 2] <= 2
