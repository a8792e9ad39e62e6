"""What residents say to mediation while a human holds the conversation, and buttons of long ago."""

import pytest

from casework.mediation import Answer, Phase
from config.load import Book
from nlu.engine import Engine
from tests.dialogue import mediating, neighbours
from tests.dialogue.office import CHAT, Office

LEAK = {"category": "neighbour_dispute", "place": "翠湖花园3栋", "issue": "楼上漏水"}


@pytest.fixture
def office(book: Book, engine: Engine) -> Office:
    """A case whose resident was asked."""
    made = Office(book, engine)
    neighbours.happens(made, {"filed": {**LEAK}})
    assert CHAT
    mediating.happens(made, {"proposes": "proactive"})
    return made


def phase(office: Office) -> tuple[Phase, Answer | None, bool | None]:
    """The newest mediation."""
    number = max(office.cases)
    found = office.read(lambda tx: tx.mediations.of_case(number))[0]
    return found.phase, found.resident, found.named


def test_buttons_count_while_an_officer_holds_and_nothing_is_said(office: Office) -> None:
    office.holder = "officer"
    office.press("mediate:yes")
    assert office.line is None
    office.press(f"meet:no:{max(office.cases)}")
    assert office.line is None
    assert phase(office) == (Phase.ASKING, Answer.YES, False)


def test_a_no_while_an_officer_holds_ends_it(office: Office) -> None:
    office.holder = "officer"
    office.press("mediate:no")
    assert phase(office) == (Phase.DECLINED, Answer.NO, None)


@pytest.mark.parametrize(
    "button",
    [
        "mediate:maybe:JS260303-0001",
        "mediate:yes:JS1",
        "meet:yes:JS1",
        "promise:yes:nobody",
        "meet:",
    ],
)
def test_buttons_that_were_never_made_are_answered_kindly(office: Office, button: str) -> None:
    office.hear("", button=button)
    assert office.line is not None
    assert phase(office) == (Phase.ASKING, None, None)


def test_the_mediation_was_settled_by_an_officer_meanwhile(office: Office) -> None:
    buttons = office.line.buttons if office.line else ()
    yes = next(b.payload for b in buttons if b.payload.startswith("mediate:yes"))
    office.press("mediate:no")
    office.hear("", button=yes)
    assert phase(office)[0] is Phase.DECLINED
    assert office.line is not None
