"""Two complaints in one line: the first is taken, the second asked about once it is filed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from config.load import Book
from nlu.engine import EmbeddedEngine
from nlu.understanding import Ranked, Understanding
from tests.dialogue.office import Office

BOTH = "翠湖花园3栋电梯坏了半个月物业不修，另外工地老板还欠我工资没给"


@dataclass
class Decided:
    """The real engine, with its opinion of one line settled: which subject is first is not ours."""

    engine: EmbeddedEngine

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        found = self.engine.understand(text, context, now=now)
        if text != BOTH:
            return found
        return replace(
            found,
            category="property_management",
            category_ranking=(Ranked("property_management", 0.7), Ranked("wage_arrears", 0.3)),
            act="inform",
            act_ranking=(Ranked("inform", 0.9),),
            secondary="wage_arrears",
        )


@pytest.fixture
def told(book: Book, engine: EmbeddedEngine) -> Office:
    """A resident who told both and has just filed the first."""
    office = Office(book, Decided(engine))
    office.hear(BOTH)
    assert office.state.asking == "slot:phone"
    office.hear("13900001111")
    office.press("file")
    assert [reply.key for reply in office.step.replies] == ["receipt", "ask_second"]
    return office


def test_the_second_gets_a_form_and_a_case_of_its_own(told: Office) -> None:
    told.press("second:yes")
    draft = told.state.draft
    assert draft is not None
    assert draft.category == "wage_arrears"
    assert draft.slots["phone"].value == "13900001111"
    assert told.state.asking == "slot:employer"
    assert len(told.cases) == 1


def test_the_second_may_be_left(told: Office) -> None:
    told.hear("先不用了")
    assert told.state.draft is None
    told.press("second:no")
    told.hear("到哪了")
    assert [reply.key for reply in told.step.replies] == ["progress"]
    assert [case.status.value for case in told.cases.values()] == ["dispatched"]
