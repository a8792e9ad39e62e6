"""Which question is next, and when a complaint may be filed."""

from __future__ import annotations

from casework.case import SlotValue
from casework.intake import Form, Need, Question, Slot, complete, given, missing, next_question

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
