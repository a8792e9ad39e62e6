"""Group cases: what every store promises of the verbs."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from casework.collective import Count
from casework.desk import collective, collective_sheet, joining
from casework.desk.collective import GroupBook
from casework.errors import Incomplete, NotAllowed, NotFound, Unfit
from casework.events import Kind
from casework.ports import Store, Transaction
from config.group_texts import group_book
from config.load import Book
from tests.storage.households import count, filed, he, kinds, made, said, zhou
from tests.storage.people import NOON, cast

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def group(book: Book) -> GroupBook:
    return group_book(book)


async def refused(store: Store, verb: Callable[[Transaction], object]) -> str:
    with pytest.raises(Unfit) as why:
        await store.write(verb)
    return why.value.reason


async def test_an_officer_gathers_cases_and_each_resident_hears_it(
    store: Store, book: Book, group: GroupBook
) -> None:
    await cast(store)
    leading, other, third = [await filed(store, book, str(n)) for n in range(3)]
    assert await count(store, leading) is None
    await made(store, group, leading, other, third)
    assert await count(store, leading) == await count(store, third) == Count(3, 0, 3)
    (line,) = await said(store, other)
    assert other.number in line
    assert leading.number not in line
    assert (await kinds(store, leading)).count(Kind.GROUP_MADE) == 1
    later = await filed(store, book, "9")
    await store.write(lambda tx: joining.join(tx, later.number, leading.number, book.nearby, NOON))
    assert await count(store, later) == Count(4, 0, 4)


async def test_who_may_gather(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading, other = await filed(store, book, "0"), await filed(store, book, "1")
    street, worker = await he(store), await zhou(store)
    number = leading.number
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: collective.make(tx, number, worker, group, NOON))
    with pytest.raises(NotFound):
        await store.write(lambda tx: collective.add(tx, number, other.number, street, group, NOON))
    await made(store, group, leading)
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: collective.add(tx, number, other.number, worker, group, NOON))


async def test_what_never_belongs_is_refused(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading = await filed(store, book, "0", respondent="甲公司")
    await made(store, group, leading)
    officer = await he(store)
    for chat, said_of, reason in (
        ("1", {"respondent": "乙公司"}, "respondent"),
        ("0", {}, "same_resident"),
        ("restricted", {}, "kind"),
    ):
        other = await filed(store, book, chat, **said_of)
        add = partial(collective.add, number=leading.number, other=other.number)
        assert await refused(store, partial(add, officer=officer, book=group, now=NOON)) == reason
    apart = await filed(store, book, "8")
    await made(store, group, apart)
    assert (
        await refused(
            store,
            lambda tx: collective.add(tx, leading.number, apart.number, officer, group, NOON),
        )
        == "leads"
    )
    joined = await store.write(
        lambda tx: joining.join(tx, apart.number, leading.number, book.nearby, NOON)
    )
    assert joined is None


async def test_a_case_is_taken_out_again(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading, other = await filed(store, book, "0"), await filed(store, book, "1")
    await made(store, group, leading, other)
    officer = await he(store)
    loose = await store.write(
        lambda tx: collective.take_out(tx, leading.number, other.number, officer, group, NOON)
    )
    assert loose.joined is None
    assert other.number in (await said(store, other))[-1]
    assert await count(store, other) is None
    assert await count(store, leading) == Count(1, 0, 1)
    with pytest.raises(NotFound):
        await store.write(
            lambda tx: collective.take_out(tx, leading.number, other.number, officer, group, NOON)
        )


async def test_a_household_is_done_and_hears_of_itself_only(
    store: Store, book: Book, group: GroupBook
) -> None:
    await cast(store)
    leading, other, third = [await filed(store, book, str(n)) for n in range(3)]
    await made(store, group, leading, other, third)
    worker = await he(store)

    async def done(what: str = "证已领", day: date = TODAY) -> None:
        await store.write(
            lambda tx: collective.household_done(
                tx, leading.number, other.number, what, day, worker, group, NOON
            )
        )

    before = len(await said(store, third))
    await done()
    await done()  # pressed twice: said once
    lines = await said(store, other)
    assert sum("证已领" in line for line in lines) == 1
    assert "3户里的一件，已办1户" in lines[-1]
    assert len(await said(store, third)) == before
    assert await count(store, leading) == Count(3, 1, 3)
    with pytest.raises(Incomplete):
        await done(what=" ")
    with pytest.raises(Incomplete):
        await done(day=date(2026, 11, 23))
    await store.write(
        lambda tx: collective.household_undone(tx, leading.number, other.number, worker, NOON)
    )
    assert await count(store, leading) == Count(3, 0, 3)
    stranger = await filed(store, book, "7")
    with pytest.raises(NotFound):
        await store.write(
            lambda tx: collective.household_done(
                tx, leading.number, stranger.number, "x", TODAY, worker, group, NOON
            )
        )


async def test_few_households_are_not_counted_aloud(
    store: Store, book: Book, group: GroupBook
) -> None:
    await cast(store)
    leading, other = await filed(store, book, "0"), await filed(store, book, "1")
    await made(store, group, leading, other)
    officer = await he(store)
    await store.write(
        lambda tx: collective.household_done(
            tx, leading.number, other.number, "证已领", TODAY, officer, group, NOON
        )
    )
    assert "户里" not in (await said(store, other))[-1]
    await store.write(
        lambda tx: collective_sheet.set_others(tx, leading.number, 300, 120, officer, NOON)
    )
    assert await count(store, leading) == Count(302, 121, 2)
    with pytest.raises(Incomplete):
        await store.write(
            lambda tx: collective_sheet.set_others(tx, leading.number, 3, 4, officer, NOON)
        )
