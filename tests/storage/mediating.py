"""A case in the hands of its grid worker, and everybody a mediation needs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from casework.case import Case, SlotValue
from casework.desk import cases
from casework.desk import mediation as desk
from casework.desk import mediation_meetings as meetings
from casework.desk.mediation import OtherSide, Proposal
from casework.desk.mediation_meetings import Pledge
from casework.desk.moving import act
from casework.effects import Given
from casework.events import Kind
from casework.mediation import (
    Agreement,
    Answer,
    Mediation,
    Source,
)
from casework.organisation import Officer, Role, Unit
from casework.ports import Store, Transaction
from casework.promises import Party
from casework.turn import Media, Speaker
from config.load import Book
from tests.storage.people import NOON, cast, conversation

T = TypeVar("T")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
HE = Officer("he", "he", "何敏", Role.STREET, "s")
SUN = Officer("sun", "sun", "孙和", Role.MEDIATOR, "r", posts=("mediator_neighbour",))
MA = Officer("ma", "ma", "马静", Role.MEDIATOR, "r", posts=("chief_mediator",))
PAPER = Agreement("written", date(2026, 11, 22), "青调2026-12")
PLEDGE = Pledge(Party.RESPONDENT, "修好卫生间防水", date(2026, 12, 1))
SECRET = "三楼老王家"


class Room:
    """One case in the hands of its grid worker, and everybody a mediation needs."""

    def __init__(self, store: Store, book: Book, number: str) -> None:
        self.store, self.book, self.number, self.now = store, book, number, NOON

    async def do(self, work: Callable[[Transaction], T]) -> T:
        return await self.store.write(work)

    async def case(self) -> Case:
        return await self.store.read(lambda tx: tx.cases.get(self.number))

    async def mediation(self) -> Mediation:
        return (await self.store.read(lambda tx: tx.mediations.of_case(self.number)))[0]

    async def signed(self) -> Given:
        """What resolves the case: the agreement, with its photo as proof."""
        talk = (await self.case()).conversation_id
        media = Media("f1", "photo", "协议.jpg", "image/jpeg", 9)
        await self.do(lambda tx: tx.files.add(media, talk, self.now))
        return Given("已达成协议", code="agreed", proof=(media.id,))

    async def said(self) -> list[str]:
        """What the resident was told, in order."""
        case = await self.case()
        turns = await self.store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
        return [turn.text for turn in turns if turn.speaker is not Speaker.RESIDENT]

    async def kinds(self) -> list[Kind]:
        events = await self.store.read(lambda tx: tx.events.of_case(self.number))
        return [event.kind for event in events]

    async def propose(self, **given: object) -> Mediation:
        proposal = Proposal(Source.PROACTIVE, **given)  # type: ignore[arg-type]
        return await self.do(
            lambda tx: desk.propose(tx, self.number, proposal, ZHOU, self.book, self.now)
        )

    async def answers(self, said: Answer) -> Mediation:
        return await self.do(lambda tx: desk.answer(tx, self.number, said, self.now))

    async def other(self, said: Answer, officer: Officer = ZHOU) -> Mediation:
        answer = OtherSide(said, "visit", self.now)
        return await self.do(
            lambda tx: desk.other_side(tx, self.number, answer, officer, self.book, self.now)
        )

    async def under_way(self, *, named: bool = True) -> Mediation:
        await self.propose()
        await self.answers(Answer.YES)
        await self.do(lambda tx: desk.name(tx, self.number, named, self.now))
        return await self.other(Answer.YES)

    async def agreed(self, *pledges: Pledge) -> Mediation:
        await self.under_way()
        return await self.do(
            lambda tx: meetings.agree(tx, self.number, PAPER, pledges, SUN, self.book, self.now)
        )


async def settled_in(store: Store, book: Book) -> Room:
    await cast(store)
    opened = await conversation(store)

    def work(tx: Transaction) -> str:
        tx.people.add_unit(Unit("r", "mediation", "青禾调解室", "s"))
        tx.people.add_officers([SUN, MA])
        slots = {"issue": SlotValue("楼上漏水"), "respondent": SlotValue(SECRET)}
        slots["place"] = SlotValue("翠湖花园")
        case = cases.draft(tx, opened, cases.Opening("neighbour_dispute", slots, "漏水"), NOON)
        cases.file(tx, case.number, book, NOON)
        known = tx.conversations.get(opened.id, lock=True)
        tx.conversations.save(replace(known, has_cases=True), known.epoch)
        act(tx, case.number, "accept", ZHOU, NOON, book)
        return case.number

    return Room(store, book, await store.write(work))
