"""Group cases: what all their households hear, and who leads them."""

from datetime import date
from functools import partial

import pytest

from casework.booking import BookingKind
from casework.case import Case, Status
from casework.collective import Count, State
from casework.desk import cases, collective, collective_sheet, joining, moving
from casework.desk.collective import GroupBook
from casework.desk.collective_sheet import SheetLine
from casework.effects import Given
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import Kind
from casework.ports import Store, Transaction
from config.group_texts import group_book
from config.load import Book
from tests.storage.appointments import opened
from tests.storage.households import count, filed, he, kinds, made, said
from tests.storage.people import NOON, SECOND, cast

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def group(book: Book) -> GroupBook:
    return group_book(book)


async def test_all_are_told_once(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading, *others = [await filed(store, book, str(n)) for n in range(5)]
    await made(store, group, leading, *others)
    officer = await he(store)
    for _ in range(2):  # pressed twice
        posted = await store.write(
            lambda tx: collective_sheet.post(
                tx, leading.number, "12月1日到4日在街道集中办，问13800138000", officer, NOON
            )
        )
        assert posted.told == 1

    def tell(tx: Transaction) -> int:
        each = tx.collectives.of(leading.number)
        assert each is not None
        numbers = tx.collectives.untold(each, 2)
        return collective_sheet.tell(tx, leading.number, numbers, group, NOON)

    assert [await store.write(tell) for _ in range(5)] == [2, 2, 1, 0, 0]
    for case in (leading, *others):
        heard = [line for line in await said(store, case) if "集中办" in line]
        assert len(heard) == 1
        assert case.number in heard[0]
        assert "13800138000" not in heard[0]
    assert await store.read(lambda tx: tx.collectives.due(NOON, 9)) == []
    with pytest.raises(Incomplete):
        await store.write(lambda tx: collective_sheet.post(tx, leading.number, " ", officer, NOON))


async def test_one_answer_reaches_all(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading, *others = [await filed(store, book, str(n)) for n in range(4)]
    await made(store, group, leading, *others)

    def resolve(tx: Transaction) -> None:
        owner = tx.people.officer(leading.owner_id)
        given = Given("证都办好了")
        moving.act(tx, leading.number, "resolve", owner, NOON + SECOND, book, given=given)

    await store.write(resolve)
    numbers = [each.number for each in others]
    await store.write(lambda tx: joining.follow(tx, numbers, book, NOON + SECOND))
    for case in others:
        assert sum("证都办好了" in line for line in await said(store, case)) == 1
    assert await count(store, leading) == Count(4, 4, 4)


async def test_a_household_asked_for_something_hears_the_answer_later(
    store: Store, book: Book, group: GroupBook
) -> None:
    """Its own case waits for its resident while all others are answered; then it catches up."""
    await cast(store)
    leading, other = await filed(store, book, "0"), await filed(store, book, "1")
    await made(store, group, leading, other)

    async def act(case: Case, verb: str, text: str = "") -> None:
        def work(tx: Transaction) -> None:
            owner = tx.people.officer(case.owner_id)
            moving.act(tx, case.number, verb, owner, NOON + SECOND, book, given=Given(text))

        await store.write(work)

    async def follow() -> int:
        def work(tx: Transaction) -> int:
            numbers = [each.number for each in tx.cases.lagging(9)]
            return joining.follow(tx, numbers, book, NOON + SECOND)

        return await store.write(work)

    await act(leading, "accept")
    await follow()
    await act(other, "request_info", "请拍一下购房合同的第一页")
    await act(leading, "resolve", "证都办好了")
    assert await follow() == 0
    assert not any("证都办好了" in line for line in await said(store, other))
    await act(other, "inform")
    assert await follow() == 1
    assert sum("证都办好了" in line for line in await said(store, other)) == 1
    assert await follow() == 0


async def test_the_heir_leads_the_group(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading, heir, other = [await filed(store, book, str(n)) for n in range(3)]
    await made(store, group, leading, heir, other)
    desk = await opened(store, kind=BookingKind.JOINT_DESK, case_number=leading.number)
    await store.write(lambda tx: cases.act_as_resident(tx, leading.number, "withdraw", book, NOON))
    numbers = [heir.number, other.number]
    await store.write(lambda tx: joining.follow(tx, numbers, book, NOON))
    found = await store.read(lambda tx: tx.collectives.of(heir.number))
    assert found is not None
    assert found.state is State.ACTIVE
    assert await count(store, other) == Count(2, 0, 2)
    theirs = await store.read(lambda tx: tx.booking.calendars(case_number=heir.number))
    assert [each.id for each in theirs] == [desk.id]


async def test_ten_reporters_are_proposed_once_and_may_be_declined(
    store: Store, book: Book, group: GroupBook
) -> None:
    await cast(store)
    leading, *others = [await filed(store, book, str(n)) for n in range(12)]
    for each in others:
        join = partial(joining.join, number=each.number, leading_number=leading.number)
        await store.write(partial(join, rule=book.nearby, now=NOON))
        found = await store.read(lambda tx: tx.collectives.of(leading.number))
        assert (found is not None) == (each.number >= others[8].number)
    assert found is not None
    assert found.state is State.PROPOSED
    assert await count(store, leading) is None  # never automatic
    assert (await kinds(store, leading)).count(Kind.GROUP_PROPOSED) == 1
    officer = await he(store)
    declined = await store.write(lambda tx: collective.decline(tx, leading.number, officer, NOON))
    assert declined.state is State.DECLINED
    await made(store, group, leading)
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: collective.decline(tx, leading.number, officer, NOON))


async def test_a_sheet_of_many_parties(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading = await filed(store, book, "0")
    await made(store, group, leading)
    officer, number = await he(store), leading.number

    async def write(item_id: str | None = None, **given: object) -> str:
        line = SheetLine(**given)  # type: ignore[arg-type]
        item = await store.write(
            lambda tx: collective_sheet.write_line(tx, number, line, officer, NOON, item_id=item_id)
        )
        return item.id

    first = await write(what="借用变压器", who="供电所", due_on=date(2026, 12, 1))
    second = await write(what="询价采购", unit_id="g", money="住宅大修基金")
    await write(first, what="借用变压器两个月", officer_id="zhou")
    await store.write(
        lambda tx: collective_sheet.finish_line(tx, number, second, TODAY, officer, NOON)
    )
    each = await store.read(lambda tx: tx.collectives.of(number))
    assert each is not None
    sheet = await store.read(lambda tx: tx.collectives.items(each.id))
    assert [(i.what, i.who, i.done_on) for i in sheet] == [
        ("借用变压器两个月", "周小兰", None),
        ("询价采购", "第一网格", TODAY),
    ]
    await store.write(lambda tx: collective_sheet.drop_line(tx, number, first, officer, NOON))
    for wrong in ({"what": "x", "unit_id": "nowhere"}, {"what": "x", "officer_id": "nobody"}):
        with pytest.raises(NotFound):
            await write(**wrong)
    with pytest.raises(Incomplete):
        await write(what="  ")
    with pytest.raises(NotFound):
        await write(first, what="x")
    with pytest.raises(Incomplete):
        await store.write(
            lambda tx: collective_sheet.finish_line(
                tx, number, second, date(2026, 11, 23), officer, NOON
            )
        )


async def test_words_of_a_household_go_with_its_case(
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
    assert (await store.read(lambda tx: tx.cases.get(other.number))).status is Status.DISPATCHED
    assert await store.write(lambda tx: tx.collectives.blank(other.number)) == 1
    assert await count(store, leading) == Count(2, 1, 2)
