"""Group cases: what every store promises of the verbs."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from casework.case import Case, SlotValue, Status
from casework.collective import Count, State
from casework.desk import cases, collective, collective_sheet, joining, moving
from casework.desk.collective import GroupBook
from casework.desk.collective_sheet import SheetLine
from casework.desk.conversations import open_conversation
from casework.effects import Given
from casework.errors import Incomplete, NotAllowed, NotFound, Unfit
from casework.events import Kind
from casework.organisation import Officer
from casework.ports import Store, Transaction
from config.group_texts import group_book
from config.load import Book, load_book
from tests.storage.people import NOON, SECOND, cast

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="module")
def group(book: Book) -> GroupBook:
    return group_book(book)


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
        await store.write(lambda tx, add=add: add(tx, officer=officer, book=group, now=NOON))


async def said(store: Store, case: Case) -> list[str]:
    turns = await store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
    return [turn.text for turn in turns]


async def count(store: Store, case: Case) -> Count | None:
    return await store.read(lambda tx: collective.progress(tx, tx.cases.get(case.number)))


async def kinds(store: Store, case: Case) -> list[Kind]:
    return [e.kind for e in await store.read(lambda tx: tx.events.of_case(case.number))]


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
        verb = partial(collective.add, number=leading.number, other=other.number)
        assert (
            await refused(
                store, lambda tx, verb=verb: verb(tx, officer=officer, book=group, now=NOON)
            )
            == reason
        )
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
    for wrong in ({"what": " "}, {"day": date(2026, 11, 23)}):
        with pytest.raises(Incomplete):
            await done(**wrong)  # type: ignore[arg-type]
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


async def test_all_are_told_once(store: Store, book: Book, group: GroupBook) -> None:
    await cast(store)
    leading, *others = [await filed(store, book, str(n)) for n in range(5)]
    await made(store, group, leading, *others)
    officer = await he(store)
    await store.write(
        lambda tx: collective_sheet.post(
            tx, leading.number, "12月1日到4日在街道集中办，问13800138000", officer, NOON
        )
    )

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
    assert await store.read(lambda tx: tx.collectives.next_due()) is None
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
    await store.write(lambda tx: cases.act_as_resident(tx, leading.number, "withdraw", book, NOON))
    numbers = [heir.number, other.number]
    await store.write(lambda tx: joining.follow(tx, numbers, book, NOON))
    found = await store.read(lambda tx: tx.collectives.of(heir.number))
    assert found is not None
    assert found.state is State.ACTIVE
    assert await count(store, other) == Count(2, 0, 2)


async def test_ten_reporters_are_proposed_once_and_may_be_declined(
    store: Store, book: Book, group: GroupBook
) -> None:
    await cast(store)
    leading, *others = [await filed(store, book, str(n)) for n in range(12)]
    for each in others:
        await store.write(
            lambda tx, each=each: joining.join(tx, each.number, leading.number, book.nearby, NOON)
        )
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
