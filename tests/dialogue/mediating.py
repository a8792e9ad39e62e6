"""Mediation around a story: officers propose, ask the other side, agree; promises come due.

``proposes`` (a source), ``other_side`` (yes or no), ``agreed`` ([what, day]), ``promise_due`` and
``danger`` happen to the resident's newest case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from casework.case import Case, Status
from casework.desk import mediation as desk
from casework.desk import mediation_meetings as meetings
from casework.desk import moving, promises
from casework.desk.mediation import OtherSide, Proposal
from casework.desk.mediation_meetings import Pledge
from casework.mediation import Agreement, Answer, Source
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.promises import Party, ask_at
from casework.turn import Line, Speaker
from tests.dialogue.office import Office

KEYS = {"proposes", "other_side", "agreed", "promise_due", "danger"}
END_KEYS = {"mediation"}
"""At the end: the newest mediation's phase, what the resident said, whether they may be named."""
MEDIATORS = (
    Officer("sun", "sun", "孙和", Role.MEDIATOR, "room", posts=("mediator_neighbour",)),
    Officer("lao", "lao", "老李", Role.MEDIATOR, "room"),
)


def happens(office: Office, turn: dict[str, Any]) -> bool:
    """Let it happen; False when the turn is none of these."""
    name = next((key for key in KEYS if key in turn), None)
    if name is None:
        return False
    before = office.conversation.last_seq
    _HAPPENS[name](office, turn[name])
    spoken = [
        turn
        for turn in office.read(lambda tx: tx.turns.after(office.conversation.id, before))
        if turn.speaker is not Speaker.RESIDENT
    ]
    buttons = tuple(button for turn in spoken for button in turn.buttons)
    office.line = Line("\n".join(turn.text for turn in spoken), buttons)
    return True


def _newest(office: Office) -> Case:
    return office.cases[max(office.cases)]


def _owner(tx: Transaction, case: Case) -> Officer:
    return tx.people.officer(case.owner_id)


def _propose(office: Office, source: str) -> None:
    case = _newest(office)

    def work(tx: Transaction) -> None:
        if tx.people.unit("room") is None:
            top = tx.people.chain(case.unit_id)[-1]
            tx.people.add_unit(Unit("room", "mediation", "青禾调解室", top.id))
            tx.people.add_officers(MEDIATORS)
        owner = _owner(tx, case)
        if case.status is Status.DISPATCHED:
            moving.act(tx, case.number, "accept", owner, office.now, office.book)
        if source != "nobody":
            proposal = Proposal(Source(source))
            desk.propose(tx, case.number, proposal, owner, office.book, office.now)

    office.write(work)


def _other_side(office: Office, said: str) -> None:
    case = _newest(office)
    answer = OtherSide(Answer(said), "visit", office.now)

    def work(tx: Transaction) -> None:
        owner = _owner(tx, case)
        desk.other_side(tx, case.number, answer, owner, office.book, office.now)

    office.write(work)


def _agreed(office: Office, given: list[Any]) -> None:
    case = _newest(office)
    pledge = Pledge(Party.RESPONDENT, given[0], date.fromisoformat(str(given[1])))

    def work(tx: Transaction) -> None:
        paper = Agreement("oral", office.now.date())
        owner = _owner(tx, case)
        meetings.agree(tx, case.number, paper, [pledge], owner, office.book, office.now)

    office.write(work)


def _promise_due(office: Office, hours: int) -> None:
    case = _newest(office)
    (promise,) = office.read(lambda tx: tx.promises.of_case(case.number))
    office.now = ask_at(promise) + timedelta(hours=hours)
    assert office.write(lambda tx: promises.do_due(tx, promise.id, office.book, office.now))


def _danger(office: Office, level: str) -> None:
    case = _newest(office)
    office.write(lambda tx: tx.cases.save(replace(case, crisis=level), office.now))


def check(office: Office, expected: list[Any]) -> None:
    """Whether the newest mediation is as the story says."""
    found = office.read(lambda tx: tx.mediations.of_case(_newest(office).number))
    known = found[0] if found else None
    told = [known.phase.value, known.resident, known.named] if known else []
    assert [each.value if hasattr(each, "value") else each for each in told] == expected


_HAPPENS: dict[str, Callable[[Office, Any], None]] = {
    "proposes": _propose,
    "other_side": _other_side,
    "agreed": _agreed,
    "promise_due": _promise_due,
    "danger": _danger,
}
