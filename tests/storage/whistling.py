"""The cast of the whistle tests: a street that calls, departments that are called."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from casework.case import Case, SlotValue, Status
from casework.desk import whistle as desk
from casework.events import Event, Kind
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Store, Transaction
from casework.whistle import Notice, Whistle
from config.load import Book, load_book
from tests.storage.people import NOON, conversation

HOUR = timedelta(hours=1)
CHEN = Officer("chen", "chen", "陈静", Role.COMMUNITY, "c")
HE = Officer("he", "he", "何敏", Role.STREET, "s")
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
SUN = Officer("sun", "sun", "孙立", Role.SUPERVISOR, "k")
ZHANG = Officer("zhang", "zhang", "张伟", Role.DEPARTMENT, "d1")
LIN = Officer("lin", "lin", "林涛", Role.DEPARTMENT, "d2")
NOTICE = Notice(
    ("d1", "d2"), "夜市西口", "李芳（13800138000）反映夜市油烟", NOON + 4 * HOUR, ("zhou",)
)


@cache
def book() -> Book:
    return load_book()


async def street(store: Store, count: int = 1, status: Status = Status.WORKING) -> list[str]:
    """A county, a street, a community, a grid, two departments, and cases of one resident."""
    units = [
        Unit("k", "county", "临江区"),
        Unit("s", "street", "青禾街道", "k"),
        Unit("c", "community", "柳岸社区", "s"),
        Unit("g", "grid", "第一网格", "c"),
        Unit("d1", "department", "生态环境分局", "k"),
        Unit("d2", "department", "城管局", "k"),
    ]
    officers = (SUN, HE, CHEN, ZHOU, ZHANG, LIN)

    def people(tx: Transaction) -> None:
        for unit in units:
            tx.people.add_unit(unit)
        for officer in officers:
            tx.people.add_officer(officer)
        tx.people.add_place(Place("夜市", "g"))

    await store.write(people)
    talk = await conversation(store)

    def cases(tx: Transaction) -> list[str]:
        numbers = []
        for _ in range(count):
            number = tx.cases.next_number(NOON)
            case = Case(number, talk.id, "environment_noise", NOON, "zhou", "g", status)
            slots = {"name": SlotValue("李芳"), "phone": SlotValue("13800138000")}
            tx.cases.add(replace(case, org_id="g", slots=slots, due_at=NOON + 200 * HOUR))
            numbers.append(number)
        return numbers

    return await store.write(cases)


async def blow(
    store: Store, number: str, signer: Officer = CHEN, notice: Notice = NOTICE
) -> Whistle:
    return await store.write(
        lambda tx: desk.blow(tx, number, notice, signer, book().whistling, book(), NOON)
    )


async def said(store: Store) -> list[str]:
    def work(tx: Transaction) -> list[str]:
        talk = tx.conversations.of_chat("telegram", "42")
        assert talk is not None
        return [turn.text for turn in tx.turns.after(talk.id, 0)]

    return await store.read(work)


async def events(store: Store, *kinds: Kind) -> list[Event]:
    found = await store.read(lambda tx: tx.events.after(0, 500))
    return [each for each in found if each.kind in kinds]


async def case_of(store: Store, number: str) -> Case:
    return await store.read(lambda tx: tx.cases.get(number))
