"""Households that wait for the same: cases of many residents, and the group of them."""

from functools import partial

from casework.case import Case, SlotValue
from casework.collective import Count
from casework.desk import cases, collective
from casework.desk.collective import GroupBook
from casework.desk.conversations import open_conversation
from casework.events import Kind
from casework.organisation import Officer
from casework.ports import Store, Transaction
from config.load import Book
from tests.storage.people import NOON


async def filed(store: Store, book: Book, chat: str, **given: str) -> Case:
    """A household without a title deed."""
    told = {"place": "翠湖花园3栋", "project": "翠湖花园", "issue": "房产证办不下来", **given}
    slots = {name: SlotValue(value, value) for name, value in told.items()}

    def work(tx: Transaction) -> Case:
        opened = open_conversation(tx, "web", chat, "", NOON)
        opening = cases.Opening("housing_developer", slots, restricted=chat == "restricted")
        case = cases.draft(tx, opened, opening, NOON)
        return cases.file(tx, case.number, book, NOON)

    return await store.write(work)


async def he(store: Store) -> Officer:
    return await store.read(lambda tx: tx.people.officer("he"))


async def zhou(store: Store) -> Officer:
    return await store.read(lambda tx: tx.people.officer("zhou"))


async def made(store: Store, group: GroupBook, leading: Case, *others: Case) -> None:
    """A group of these."""
    officer = await he(store)
    await store.write(lambda tx: collective.make(tx, leading.number, officer, group, NOON))
    for each in others:
        add = partial(collective.add, number=leading.number, other=each.number)
        await store.write(partial(add, officer=officer, book=group, now=NOON))


async def said(store: Store, case: Case) -> list[str]:
    turns = await store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
    return [turn.text for turn in turns]


async def count(store: Store, case: Case) -> Count | None:
    return await store.read(lambda tx: collective.progress(tx, tx.cases.get(case.number)))


async def kinds(store: Store, case: Case) -> list[Kind]:
    return [e.kind for e in await store.read(lambda tx: tx.events.of_case(case.number))]
