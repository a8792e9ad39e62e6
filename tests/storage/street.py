"""A street on the stores' tests' desk: one case, and whoever does something with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.case import Case, SlotValue
from casework.desk import cases as desk
from casework.desk import placing
from casework.desk.clock import keep_time
from casework.desk.conversations import open_conversation
from casework.desk.moving import act
from casework.effects import Given
from casework.events import Kind
from casework.moves import Move
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Store, Transaction
from casework.reach import Reach, reach_of
from casework.turn import Media
from config.load import Book
from tests.storage.people import NOON

DAY = timedelta(days=1)
STAFF = {
    name: Officer(name, name, called, role, unit)
    for name, called, role, unit in (
        ("zhou", "周小兰", Role.GRID, "g"),
        ("wu", "吴远", Role.GRID, "h"),
        ("cao", "曹敏", Role.COMMUNITY, "c"),
        ("he", "何敏", Role.STREET, "s"),
        ("hu", "胡丹", Role.STREET, "s"),
        ("kong", "孔立", Role.DEPARTMENT, "d"),
        ("su", "苏源", Role.SUPERVISOR, "s"),
        ("root", "管理员", Role.ADMIN, None),
        ("vera", "志愿者", Role.VOLUNTEER, "c"),
    )
}


PHOTO = Media("f" * 32, "photo", "修好.jpg", "image/jpeg", 9)


def build(tx: Transaction) -> None:
    tx.people.add_unit(Unit("s", "street", "青禾街道"))
    tx.people.add_unit(Unit("d", "department", "住建局"))
    tx.people.add_unit(Unit("c", "community", "翠湖社区", "s"))
    tx.people.add_unit(Unit("g", "grid", "第一网格", "c"))
    tx.people.add_unit(Unit("h", "grid", "第二网格", "c"))
    tx.people.add_place(Place("翠湖花园", "g"))
    for officer in STAFF.values():
        tx.people.add_officer(officer)


@dataclass
class Desk:
    """One case and what is done with it."""

    store: Store
    book: Book
    number: str = ""
    now: datetime = NOON

    async def filed(self, chat: str = "7", **told: str) -> Case:
        given = {"place": "翠湖花园3栋", "issue": "电梯坏了没人修", **told}
        slots = {name: SlotValue(value, value) for name, value in given.items()}

        def work(tx: Transaction) -> Case:
            talk = open_conversation(tx, "webchat", chat, "李", self.now)
            opening = desk.Opening("property_management", slots, "电梯坏了")
            case = desk.draft(tx, talk, opening, self.now)
            if chat == "7":
                tx.files.add(PHOTO, talk.id, self.now)
            return desk.file(tx, case.number, self.book, self.now)

        return await self.store.write(work)

    async def act(self, name: str, verb: str, given: Given | None = None) -> Case:
        who, given = STAFF[name], given or Given()
        return await self.store.write(
            lambda tx: act(tx, self.number, verb, who, self.now, self.book, given=given)
        )

    async def resident(self, verb: str, reason: str = "") -> Case:
        return await self.store.write(
            lambda tx: desk.act_as_resident(
                tx, self.number, verb, self.book, self.now, reason=reason
            )
        )

    async def place(self, unit_id: str, by: str = "he") -> Case:
        where = placing.Placing(unit_id)
        return await self.store.write(
            lambda tx: placing.place(tx, self.number, where, STAFF[by], self.now, self.book)
        )

    async def clock(self) -> bool:
        version = (await self.case()).version
        return await self.store.write(
            lambda tx: keep_time(tx, self.number, version, self.book, self.now)
        )

    async def case(self, number: str = "") -> Case:
        return await self.store.read(lambda tx: tx.cases.get(number or self.number))

    async def near(self, name: str) -> Reach:
        case, who = await self.case(), STAFF[name]
        return await self.store.read(lambda tx: reach_of(tx, case, who, self.now))

    async def moves(self) -> list[Move]:
        return await self.store.read(lambda tx: tx.moves.of_case(self.number))

    async def said(self) -> list[str]:
        case = await self.case()
        turns = await self.store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
        return [turn.text for turn in turns]

    async def kinds(self) -> list[Kind]:
        events = await self.store.read(lambda tx: tx.events.of_case(self.number))
        return [event.kind for event in events]
