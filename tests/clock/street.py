"""A small street and what residents and officers do in it, through the real verbs."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from casework.case import Case, SlotValue
from casework.desk import cases as desk
from casework.desk.conversations import receive, take_over
from casework.desk.moving import act
from casework.effects import Given
from casework.events import Kind
from casework.groups import Binding, Group
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from casework.turn import Inbound
from config.load import Book
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction

# A Sunday afternoon, 17:00 in China.
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GINA = Officer("gina", "gina", "郭佳", Role.GRID, "e1")
STAN = Officer("stan", "stan", "石岩", Role.STREET, "street")


async def build(store: SqlStore) -> None:
    """Units, places and officers."""

    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("street", "street", "和平街道"))
        tx.people.add_unit(Unit("east", "community", "东苑社区", "street"))
        tx.people.add_unit(Unit("west", "community", "西苑社区", "street"))
        tx.people.add_unit(Unit("e1", "grid", "东苑第一网格", "east"))
        tx.people.add_unit(Unit("w1", "grid", "西苑第一网格", "west"))
        tx.people.add_place(Place("锦绣花园", "e1", ("锦绣",)))
        tx.people.add_place(Place("纺织厂宿舍3号楼", "w1"))
        tx.people.add_officer(GINA)
        tx.people.add_officer(STAN)

    await store.write(work)


@dataclass(frozen=True, slots=True)
class Street:
    """Does things at given times."""

    store: SqlStore
    book: Book

    async def draft(
        self,
        chat: str,
        at: datetime,
        *,
        channel: str = "telegram",
        category: str = "property_management",
        place: str = "锦绣花园3号楼2单元501",
        urgent: bool = False,
    ) -> Case:
        """A complaint told to the end, read back, and then silence."""
        inbound = Inbound(
            channel,
            f"{channel}:{chat}",
            chat,
            at,
            text="张伟 13800001111 电梯坏了",
            sender_name="张伟",
        )

        def work(tx: Transaction) -> Case:
            conversation, turn, _ = receive(tx, inbound)
            tx.turns.mark_handled(turn.id, at)
            slots = {
                "place": SlotValue(place),
                "phone": SlotValue("13800001111"),
                "name": SlotValue("张伟"),
                "issue": SlotValue("电梯坏了半个月没人修"),
            }
            opening = desk.Opening(category, slots, title="电梯坏了", urgent=urgent)
            case = desk.draft(tx, conversation, opening, at)
            tx.conversations.save(
                replace(conversation, has_cases=True, unit_id=case.unit_id), conversation.epoch
            )
            return case

        return await self.store.write(work)

    async def filed(
        self,
        chat: str,
        at: datetime,
        *,
        category: str = "property_management",
        place: str = "锦绣花园3号楼2单元501",
        urgent: bool = False,
    ) -> Case:
        """A complaint filed at once."""
        case = await self.draft(chat, at, category=category, place=place, urgent=urgent)
        return await self.store.write(lambda tx: desk.file(tx, case.number, self.book, at))

    async def resolved(self, case: Case, at: datetime, officer: Officer = STAN) -> Case:
        """The officer reports a result."""
        words = self.book
        return await self.store.write(
            lambda tx: act(tx, case.number, "resolve", officer, at, words, given=Given("修好了"))
        )

    async def take(self, case: Case, at: datetime, officer: Officer = STAN) -> None:
        """The officer takes the conversation over."""
        await self.store.write(
            lambda tx: take_over(tx, case.conversation_id, officer, at, insist=True)
        )

    async def case(self, number: str) -> Case:
        """The case as it is now."""
        return await self.store.read(lambda tx: tx.cases.get(number))

    async def kinds(self, number: str) -> list[Kind]:
        """The case's timeline."""
        events = await self.store.read(lambda tx: tx.events.of_case(number))
        return [event.kind for event in events]

    async def said(self, case: Case) -> list[str]:
        """What the resident was told."""
        turns = await self.store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
        return [turn.text for turn in turns if turn.speaker.value != "resident"]

    async def bind(self, unit_id: str | None, next_at: datetime, chat: str = "-100") -> Group:
        """A bound group."""
        binding = Binding("telegram", chat, "和平家园", unit_id, "stan", NOW, next_at)
        return await self.store.write(lambda tx: tx.groups.bind(binding))

    async def events(self, kind: Kind) -> int:
        """How often this happened."""

        def work(tx: SqlTransaction) -> int:
            return sum(1 for event in tx.events.after(0, 10_000) if event.kind is kind)

        return await self.store.read(work)
