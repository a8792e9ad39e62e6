"""Slips, sponsors and group cases: what every store promises."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework.case import Case, Status, Supervision
from casework.collective import Collective, Count, Item, Member, State
from casework.collective import count as counted
from casework.desk.conversations import open_conversation
from casework.errors import NotFound, VersionConflict
from casework.ports import Store, Transaction
from casework.sponsors import Duty, Entry, Sponsorship
from casework.supervision import Answer, Slip
from tests.storage.people import NOON, cast

DAY = timedelta(days=1)


async def a_case(store: Store, chat: str, **given: object) -> Case:
    """A case in the grid, owned by Zhou."""

    def work(tx: Transaction) -> Case:
        opened = open_conversation(tx, "web", chat, "", NOON)
        case = Case(
            number=tx.cases.next_number(NOON),
            conversation_id=opened.id,
            category="housing_developer",
            opened_at=NOON,
            owner_id="zhou",
            org_id="g",
            unit_id="g",
            status=Status.WORKING,
        )
        case = replace(case, **given)  # type: ignore[arg-type]
        tx.cases.add(case)
        return case

    return await store.write(work)


def a_slip(case: Case, slip_id: str = "1", next_at: datetime | None = NOON + DAY) -> Slip:
    return Slip(
        id=slip_id,
        number=f"督〔2026〕{slip_id}号",
        case_number=case.number,
        org_id="g",
        level=Supervision.RED,
        reason="overdue",
        action="三天内上门核实",
        issued_by="he",
        issued_at=NOON,
        due_at=NOON + DAY,
        next_at=next_at,
    )


async def test_a_slip_is_kept_as_it_is(store: Store) -> None:
    await cast(store)
    slip = a_slip(await a_case(store, "1"))
    answers = (Answer("去过了", "zhou", NOON, accepted=False), Answer("修好了", "zhou", NOON + DAY))
    whole = replace(slip, answers=answers, reported_at=NOON, reported_to="he", closed_by="he")
    await store.write(lambda tx: tx.slips.add(slip))
    saved = await store.write(lambda tx: tx.slips.save(whole))
    assert saved == replace(whole, version=2)
    assert await store.read(lambda tx: tx.slips.get("1")) == saved
    assert await store.read(lambda tx: tx.slips.of_case(slip.case_number)) == [saved]
    with pytest.raises(VersionConflict):
        await store.write(lambda tx: tx.slips.save(whole))
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.slips.get("2"))


async def test_slips_have_a_serial_of_their_year(store: Store) -> None:
    got = [await store.write(lambda tx: tx.slips.next_serial(2026)) for _ in range(3)]
    assert got == [1, 2, 3]
    assert await store.write(lambda tx: tx.slips.next_serial(2027)) == 1


async def test_the_clock_finds_the_slips_that_are_due(store: Store) -> None:
    await cast(store)
    case = await a_case(store, "1")
    slips = [a_slip(case, str(n), NOON + n * DAY) for n in (3, 1, 2)] + [a_slip(case, "9", None)]

    def work(tx: Transaction) -> None:
        for each in slips:
            tx.slips.add(each)

    await store.write(work)
    found = await store.read(lambda tx: tx.slips.due(NOON + 2 * DAY, 9))
    assert [each.id for each in found] == ["1", "2"]
    assert len(await store.read(lambda tx: tx.slips.due(NOON + 9 * DAY, 2))) == 2
    assert await store.read(lambda tx: tx.slips.due(NOON, 9)) == []


async def test_the_words_of_a_case_can_be_taken_away(store: Store) -> None:
    await cast(store)
    case, other = await a_case(store, "1"), await a_case(store, "2")
    said = replace(a_slip(case), answers=(Answer("她家没人", "zhou", NOON),))
    entry = Entry("e", case.number, "he", Duty.MEET, date(2026, 11, 22), "见了面", NOON)
    group = Collective("c", case.number, State.ACTIVE, NOON)

    def work(tx: Transaction) -> None:
        tx.slips.add(said)
        tx.slips.add(a_slip(other, "2"))
        tx.sponsors.log(entry)
        tx.collectives.add(group)
        tx.collectives.keep(Member(case.number, "c", date(2026, 11, 22), "证已领", 1, "zhou"))

    await store.write(work)

    def blank(tx: Transaction) -> list[int]:
        kept = (tx.slips, tx.sponsors, tx.collectives)
        return [each.blank(case.number) for each in kept]

    assert await store.write(blank) == [1, 1, 1]
    assert await store.write(blank) == [0, 0, 0]
    (slip,) = await store.read(lambda tx: tx.slips.of_case(case.number))
    assert (slip.action, slip.answers[0].text, slip.reason) == ("", "", "overdue")
    assert [e.note for e in await store.read(lambda tx: tx.sponsors.entries(case.number))] == [""]
    member = await store.read(lambda tx: tx.collectives.member(case.number, "c"))
    assert (member.what, member.done_on) == ("", date(2026, 11, 22))
    assert (await store.read(lambda tx: tx.slips.get("2"))).action == "三天内上门核实"


async def test_sponsors_and_their_log(store: Store) -> None:
    await cast(store)
    case = await a_case(store, "1")
    area = Sponsorship("a", "he", NOON, NOON + DAY, unit_id="s", made_by="he")
    listed = Sponsorship("l", "he", NOON, NOON + 30 * DAY, case_number=case.number, through="a")
    over = Sponsorship("o", "he", NOON, None, case_number=case.number, ended_at=NOON)

    def work(tx: Transaction) -> None:
        for each in (area, listed, over):
            tx.sponsors.add(each)
        for n, duty in enumerate(Duty):
            day = date(2026, 11, 1 + n)
            tx.sponsors.log(Entry(str(n), case.number, "he", duty, day, "", NOON + n * DAY))

    await store.write(work)
    assert await store.read(lambda tx: tx.sponsors.of_case(case.number)) == [listed]
    assert await store.read(lambda tx: tx.sponsors.of_officer("he")) == [area, listed]
    assert await store.read(lambda tx: tx.sponsors.of_units(["g", "s"])) == [area]
    assert await store.read(lambda tx: tx.sponsors.listed_through("a")) == [listed]
    assert await store.read(lambda tx: tx.sponsors.due(NOON + DAY, 9)) == [area]
    entries = await store.read(lambda tx: tx.sponsors.entries(case.number))
    assert [each.duty for each in entries] == list(Duty)
    assert entries[1].day == date(2026, 11, 2)

    saved = await store.write(lambda tx: tx.sponsors.save(replace(listed, ended_at=NOON)))
    assert saved.version == 2
    assert await store.read(lambda tx: tx.sponsors.get("l")) == saved
    assert await store.read(lambda tx: tx.sponsors.of_case(case.number)) == []
    with pytest.raises(VersionConflict):
        await store.write(lambda tx: tx.sponsors.save(listed))
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.sponsors.get("x"))


async def test_backlog_is_old_or_reopened_and_lies_in_the_area(store: Store) -> None:
    await cast(store)
    old = await a_case(store, "1", opened_at=NOON - 91 * DAY, filed_at=NOON - 91 * DAY)
    again = await a_case(store, "2", round=3)
    await a_case(store, "3", opened_at=NOON - 91 * DAY, filed_at=NOON - 10 * DAY)
    await a_case(store, "4", opened_at=NOON - 91 * DAY, status=Status.CONFIRMED)
    await a_case(store, "5", opened_at=NOON - 91 * DAY, restricted=True)
    await a_case(store, "6", round=2)

    async def found(unit: str, limit: int = 9) -> list[str]:
        before = NOON - 90 * DAY
        cases = await store.read(lambda tx: tx.sponsors.backlog(unit, before, 2, limit))
        return [each.number for each in cases]

    assert await found("s") == await found("g") == [old.number, again.number]
    assert await found("s", 1) == [old.number]
    assert await found("nowhere") == []
    apart = await a_case(store, "7", round=3, unit_id="s")
    assert apart.number in await found("s")
    assert apart.number not in await found("g")


async def test_a_group_and_its_households(store: Store) -> None:
    await cast(store)
    leading = await a_case(store, "0")
    group = Collective("c", leading.number, State.PROPOSED, NOON)
    await store.write(lambda tx: tx.collectives.add(group))
    active = replace(group, state=State.ACTIVE, made_by="he", made_at=NOON, others=4, others_done=1)
    saved = await store.write(lambda tx: tx.collectives.save(active))
    assert await store.read(lambda tx: tx.collectives.of(leading.number)) == saved
    assert await store.read(lambda tx: tx.collectives.of("x")) is None
    with pytest.raises(VersionConflict):
        await store.write(lambda tx: tx.collectives.save(active))

    following = [
        await a_case(store, str(n), joined=leading.number, status=status)
        for n, status in enumerate(
            [Status.WORKING, Status.REWORK, Status.DONE_WAIT, Status.CONFIRMED, Status.WITHDRAWN], 1
        )
    ]
    again = await a_case(store, "1", joined=leading.number, round=2)
    day = date(2026, 11, 20)

    def mark(tx: Transaction) -> None:
        for case, of_round in ((following[0], 1), (following[4], 1), (again, 1)):
            tx.collectives.keep(Member(case.number, "c", day, "证已领", of_round, "zhou"))
        tx.collectives.keep(Member(following[1].number, "c", told=3))

    await store.write(mark)
    cases = [leading, *following, again]
    members = await store.read(lambda tx: tx.collectives.members("c"))
    found = await store.read(lambda tx: tx.collectives.count(saved))
    assert found == counted(saved, cases, members) == Count(10, 4, 5)
    blank = await store.read(lambda tx: tx.collectives.member(leading.number, "c"))
    assert blank == Member(leading.number, "c")
    other = await store.read(lambda tx: tx.collectives.member(again.number, "d"))
    assert other == Member(again.number, "d")


async def test_who_has_still_to_be_told(store: Store) -> None:
    await cast(store)
    leading = await a_case(store, "0")
    first, second = [await a_case(store, str(n), joined=leading.number) for n in (1, 2)]
    await a_case(store, "3", joined=leading.number, status=Status.WITHDRAWN)
    group = Collective("c", leading.number, State.ACTIVE, NOON, told=2, next_at=NOON)

    def work(tx: Transaction) -> None:
        tx.collectives.add(group)
        tx.collectives.keep(Member(first.number, "c", told=2))
        tx.collectives.keep(Member(second.number, "c", told=1))

    await store.write(work)
    assert await store.read(lambda tx: tx.collectives.due(NOON, 9)) == [group]
    untold = await store.read(lambda tx: tx.collectives.untold(group, 9))
    assert untold == [leading.number, second.number]
    assert await store.read(lambda tx: tx.collectives.untold(group, 1)) == [leading.number]


async def test_a_task_sheet(store: Store) -> None:
    await cast(store)
    leading = await a_case(store, "0")
    group = Collective("c", leading.number, State.ACTIVE, NOON)
    items = [
        Item("b", "c", 2, "询价采购变压器", "物业公司", money="住宅大修基金"),
        Item("a", "c", 1, "借用变压器", "供电所", unit_id="s", due_on=date(2026, 12, 1)),
    ]

    def work(tx: Transaction) -> None:
        tx.collectives.add(group)
        for each in items:
            tx.collectives.keep_item(each)

    await store.write(work)
    done = replace(items[1], done_on=date(2026, 11, 30), done_by="zhou", officer_id="zhou")
    await store.write(lambda tx: tx.collectives.keep_item(done))
    assert await store.read(lambda tx: tx.collectives.items("c")) == [done, items[0]]
    assert await store.write(lambda tx: tx.collectives.drop_item("x", "a")) is False
    assert await store.write(lambda tx: tx.collectives.drop_item("c", "a")) is True
    assert await store.write(lambda tx: tx.collectives.drop_item("c", "a")) is False
    assert await store.read(lambda tx: tx.collectives.items("c")) == [items[0]]
