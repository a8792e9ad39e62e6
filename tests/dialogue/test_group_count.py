"""A resident whose matter is that of many households hears how many of them are done."""

from __future__ import annotations

import pytest

from casework.collective import Collective, State
from casework.ports import Transaction
from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import Office

TOLD = "我们小区物业不修电梯，翠湖花园3栋的电梯坏了一个月"


@pytest.fixture
def filed(book: Book, engine: EmbeddedEngine) -> Office:
    """A resident with a case that leads others."""
    office = Office(book, engine)
    office.hear(TOLD)
    office.hear("13900001111")
    office.press("file")
    return office


def a_group(office: Office, others: int, done: int, state: State = State.ACTIVE) -> None:
    (number,) = office.cases

    def work(tx: Transaction) -> None:
        tx.collectives.add(
            Collective(
                "c", number, state, tx.cases.get(number).opened_at, others=others, others_done=done
            )
        )

    office.write(work)


def asked(office: Office, text: str = "我的事到哪了") -> list[tuple[str, dict[str, object]]]:
    office.hear(text)
    return [(reply.key, dict(reply.params)) for reply in office.step.replies]


def test_who_asks_hears_the_count(filed: Office) -> None:
    a_group(filed, others=301, done=180)
    replies = asked(filed)
    assert [key for key, _ in replies] == ["progress", "group_count"]
    assert replies[1][1] == {"households": 302, "done": 180}


@pytest.mark.parametrize(
    ("others", "state"), [(1, State.ACTIVE), (301, State.PROPOSED), (301, State.DECLINED)]
)
def test_few_households_or_none_are_not_counted(filed: Office, others: int, state: State) -> None:
    a_group(filed, others, 0, state)
    assert [key for key, _ in asked(filed)] == ["progress"]


def test_in_english_too(filed: Office, book: Book) -> None:
    a_group(filed, others=301, done=180)
    words = book.speaking("en").words
    told = words.text("group_count", {"households": 302, "done": 180})
    assert "302" in told
    assert "180" in told
