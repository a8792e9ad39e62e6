"""What happens around a story: cases filed before it began, other residents, officers' acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from casework.case import Case, SlotValue
from casework.conversation import Conversation
from casework.desk import cases as desk
from casework.desk import joining, moving
from casework.desk.conversations import open_conversation
from casework.effects import Given
from casework.organisation import Place
from casework.ports import Transaction
from casework.turn import Line, Speaker
from tests.dialogue.office import CHANNEL, CHAT, Office

KEYS = {"filed", "neighbour", "acts", "follow", "wait", "finish", "known_place"}
_MOST_ANSWERS = 10


def happens(office: Office, turn: dict[str, Any]) -> bool:
    """Let it happen; False when the turn is none of these."""
    if "filed" in turn:
        filed(office, CHAT, turn["filed"])
        office._id = office.read(lambda tx: tx.conversations.of_chat(CHANNEL, CHAT)).id
    elif "neighbour" in turn:
        known = office.read(lambda tx: len(tx.cases.open_cases()))
        for count in range(turn["neighbour"].get("times", 1)):
            case = filed(office, f"neighbour-{known}-{count}", turn["neighbour"])
            if "joins" in turn["neighbour"]:
                _join(office, case.number, turn["neighbour"]["joins"])
    elif "acts" in turn:
        acts(office, *turn["acts"])
    elif "follow" in turn:
        follow(office)
    elif "wait" in turn:
        office.now += timedelta(**turn["wait"])
    elif "known_place" in turn:
        place = Place(turn["known_place"], "street")
        office.write(lambda tx: tx.people.add_place(place))
    elif "finish" in turn:
        finish(office)
    else:
        return False
    return True


def filed(office: Office, chat: str, told: dict[str, Any]) -> Case:
    """A case of this chat, filed by the same verbs as in the product."""
    names = ("place", "issue", "employer", "respondent", "details")
    slots = {name: SlotValue(told[name], str(told[name])) for name in names if name in told}
    if "at" in told:
        slots["location"] = SlotValue(list(told["at"]))
    opening = desk.Opening(
        told["category"],
        slots,
        office.book.categories[told["category"]],
        restricted=told.get("restricted", False),
        crisis=told.get("crisis", "none"),
    )
    now = office.now - timedelta(**told.get("ago", {}))

    def work(tx: Transaction) -> Case:
        conversation = open_conversation(tx, CHANNEL, chat, "", now)
        case = desk.draft(tx, conversation, opening, now)
        case = desk.file(tx, case.number, office.book, now)
        tx.conversations.save(replace(conversation, has_cases=True), conversation.epoch)
        return case

    made: Case = office.write(work)
    return made


def _join(office: Office, number: str, leading: str) -> None:
    rule, now = office.book.nearby, office.now
    assert office.write(lambda tx: joining.join(tx, number, leading, rule, now))


def acts(office: Office, whose: str, verb: str, given: str | None = None) -> None:
    """The owner acts on the newest case of a neighbour, or on the resident's own of a number."""
    mine = set(office.cases)
    found: list[Case] = office.read(lambda tx: _all(tx, office))
    if whose == "neighbour":
        case = max((c for c in found if c.number not in mine), key=lambda c: c.number)
    else:
        case = office.cases[whose]

    def work(tx: Transaction) -> None:
        if verb in {"withdraw", "confirm"}:
            desk.act_as_resident(tx, case.number, verb, office.book, office.now)
            return
        owner = tx.people.officer(case.owner_id)
        words = Given(given or "")
        moving.act(tx, case.number, verb, owner, office.now, office.book, given=words)

    office.write(work)


def _all(tx: Transaction, office: Office) -> list[Case]:
    numbers = {event.case_number for event in tx.events.after(0, 100_000) if event.case_number}
    return [tx.cases.get(number) for number in sorted(numbers)]


def follow(office: Office) -> None:
    """The clock brings joined cases up to date; what the resident was told is the last line."""
    before = office.conversation.last_seq

    def work(tx: Transaction) -> int:
        lagging = [case.number for case in tx.cases.lagging(50)]
        return joining.follow(tx, lagging, office.book, office.now)

    office.write(work)
    conversation: Conversation = office.conversation
    said = office.read(lambda tx: tx.turns.after(conversation.id, before))
    spoken = [turn for turn in said if turn.speaker is not Speaker.RESIDENT]
    buttons = tuple(button for turn in spoken for button in turn.buttons)
    office.line = Line("\n".join(turn.text for turn in spoken), buttons)


def finish(office: Office) -> None:
    """Whatever else the form asks is not known; then the read-back is right."""
    for _ in range(_MOST_ANSWERS):
        if office.state.asking == "readback":
            office.press("file")
            return
        office.hear("不知道")
    raise AssertionError(f"never read back: {office.state.asking}")
