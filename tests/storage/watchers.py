"""Who watches a case, and what they ask."""

from dataclasses import replace
from datetime import date, timedelta

from casework.case import Case, Status
from casework.desk import supervision
from casework.desk.conversations import open_conversation
from casework.desk.supervision import Order
from casework.events import Event, Kind
from casework.organisation import Officer, Role, Unit
from casework.ports import Store, Transaction
from casework.supervision import Slip
from config.load import load_book
from tests.storage.people import NOON, cast

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
BOOK = load_book()


async def street(store: Store) -> None:
    """The cast, and who watches: a supervisor, an auditor, an admin, another street."""
    await cast(store)

    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("other", "street", "白杨街道"))
        for name, role, unit in (
            ("du", Role.SUPERVISOR, "s"),
            ("an", Role.AUDITOR, "s"),
            ("far", Role.STREET, "other"),
            ("root", Role.ADMIN, None),
        ):
            tx.people.add_officer(Officer(name, name, name, role, unit))

    await store.write(work)


async def a_case(store: Store, chat: str = "1", **given: object) -> Case:
    def work(tx: Transaction) -> Case:
        opened = open_conversation(tx, "web", chat, "", NOON)
        number = tx.cases.next_number(NOON)
        case = Case(number, opened.id, "consumer", NOON, "zhou", "g", filed_at=NOON)
        case = replace(case, status=Status.WORKING, **given)  # type: ignore[arg-type]
        tx.cases.add(case)
        return case

    return await store.write(work)


async def who(store: Store, name: str) -> Officer:
    return await store.read(lambda tx: tx.people.officer(name))


def order(org: str = "g", **given: object) -> Order:
    return replace(Order(org, "overdue", "三天内上门核实"), **given)  # type: ignore[arg-type]


async def issued(store: Store, case: Case, by: str = "du", asked: Order | None = None) -> Slip:
    officer = await who(store, by)
    return await store.write(
        lambda tx: supervision.issue(
            tx, case.number, asked or order(), officer, BOOK.watch.slips, BOOK, NOON
        )
    )


async def of_kind(store: Store, case: Case, *kinds: Kind) -> list[Event]:
    found = await store.read(lambda tx: tx.events.of_case(case.number))
    return [each for each in found if each.kind in kinds]


async def turns_said(store: Store, case: Case) -> int:
    return len(await store.read(lambda tx: tx.turns.after(case.conversation_id, 0)))
