"""Corrections of categories: what every store keeps of them, and how they are erased."""

from collections.abc import Mapping

import pytest
from sqlalchemy import text

from casework.case import Case, SlotValue, Status
from casework.deadlines import DeadlineClass
from casework.desk import cases as desk
from casework.desk.conversations import receive
from casework.desk.reclassify import Correction, reclassify
from casework.errors import ForbiddenTransition, NotAllowed, Unchanged
from casework.events import Kind
from casework.lengths import Length
from casework.lengths import Unit as Of
from casework.organisation import Officer, Role, Unit
from casework.ports import Store, Transaction
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from tests.rules import OneClass
from tests.storage.people import NOON, SECOND, cast, conversation, line

WEEK = DeadlineClass("C7", Length(24, Of.HOUR), Length(7, Of.DAY))
FORTNIGHT = DeadlineClass("D15", Length(24, Of.HOUR), Length(15, Of.DAY))
DAY = DeadlineClass("B24", Length(2, Of.HOUR), Length(24, Of.HOUR))
CLASSES: Mapping[str, DeadlineClass] = {
    "wage_arrears": WEEK,
    "labour_other": FORTNIGHT,
    "environment_noise": DAY,
}
RULES = OneClass(by_category=CLASSES)
NAMES = {"wage_arrears": "欠薪", "labour_other": "其他劳动问题", "environment_noise": "噪声"}
TOLD = "公司不给交社保，我叫李芳，电话13800138000"
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")


def to(category: str, reason: str | None = None) -> Correction:
    return Correction(category, RULES, NAMES, reason, "d1g35t")


async def filed(store: Store, *, title: str = "欠薪：宏达") -> Case:
    """A case of wages that is none, filed at noon; its resident said two lines."""
    await cast(store)
    opened = await conversation(store)

    def work(tx: Transaction) -> Case:
        _, hello, _ = receive(tx, line("你好", "1"))
        _, told, _ = receive(tx, line(TOLD, "2"))
        slots = {
            "issue": SlotValue(TOLD, TOLD, told.id, 0, len(TOLD)),
            "phone": SlotValue("13800138000", "13800138000", told.id, 16, 27),
            "place": SlotValue("翠湖花园", "翠湖花园", "erased"),
        }
        case = desk.draft(tx, opened, desk.Opening("wage_arrears", slots, title), NOON)
        assert hello.id != told.id
        return desk.file(tx, case.number, RULES, NOON)

    return await store.write(work)


async def test_the_words_are_kept_with_the_correction(store: Store) -> None:
    case = await filed(store)
    later = NOON + SECOND
    saved = await store.write(
        lambda tx: reclassify(tx, case.number, to("labour_other", "是社保"), ZHOU, later)
    )
    assert (saved.category, saved.title) == ("labour_other", "其他劳动问题：宏达")
    assert (saved.version, saved.owner_id) == (case.version + 1, case.owner_id)
    (kept,) = await store.read(lambda tx: tx.reclassifications.all())
    assert (kept.from_category, kept.to_category) == ("wage_arrears", "labour_other")
    assert (kept.issue, kept.lines) == (TOLD, (TOLD,))
    assert (kept.officer_id, kept.at, kept.reason) == ("zhou", later, "是社保")
    assert (kept.model, kept.case_number) == ("d1g35t", case.number)
    timeline = await store.read(lambda tx: tx.events.of_case(case.number))
    event = timeline[-1]
    assert event.kind is Kind.CASE_RECLASSIFIED
    assert (event.data["before"], event.data["category"]) == ("wage_arrears", "labour_other")
    assert TOLD not in str(event.data)


async def test_the_promised_day_is_never_put_off(store: Store) -> None:
    case = await filed(store)
    longer = await store.write(
        lambda tx: reclassify(tx, case.number, to("labour_other"), ZHOU, NOON + SECOND)
    )
    assert (longer.due_at, longer.contact_by) == (case.due_at, case.contact_by)
    shorter = await store.write(
        lambda tx: reclassify(tx, case.number, to("environment_noise"), ZHOU, NOON + SECOND)
    )
    assert shorter.due_at == NOON + DAY.answer.about
    assert shorter.contact_by == NOON + DAY.contact.about
    timeline = await store.read(lambda tx: tx.events.of_case(case.number))
    assert [event.data["due_moved"] for event in timeline[-2:]] == [False, True]


async def test_a_correction_that_fails_keeps_nothing(store: Store) -> None:
    case = await filed(store)

    def work(tx: Transaction) -> None:
        reclassify(tx, case.number, to("labour_other"), ZHOU, NOON)
        raise RuntimeError("the rest of the transaction failed")

    with pytest.raises(RuntimeError):
        await store.write(work)
    assert await store.read(lambda tx: tx.reclassifications.all()) == []
    again = await store.read(lambda tx: tx.cases.get(case.number))
    assert again == case


async def test_who_may_and_when(store: Store) -> None:
    case = await filed(store)
    elsewhere = Officer("wu", "wu", "吴远", Role.GRID, "h")

    def neighbours(tx: Transaction) -> None:
        tx.people.add_unit(Unit("h", "grid", "第二网格", "s"))
        tx.people.add_officer(elsewhere)

    await store.write(neighbours)
    with pytest.raises(NotAllowed):
        await store.write(
            lambda tx: reclassify(tx, case.number, to("labour_other"), elsewhere, NOON)
        )
    with pytest.raises(Unchanged):
        await store.write(lambda tx: reclassify(tx, case.number, to("wage_arrears"), ZHOU, NOON))
    gone = await store.write(
        lambda tx: desk.act_as_resident(tx, case.number, "withdraw", RULES, NOON)
    )
    assert gone.status is Status.WITHDRAWN
    with pytest.raises(ForbiddenTransition) as refused:
        await store.write(lambda tx: reclassify(tx, case.number, to("labour_other"), ZHOU, NOON))
    assert refused.value.verb == "reclassify"
    assert await store.read(lambda tx: tx.reclassifications.all()) == []


async def test_corrections_come_in_the_order_they_were_made(store: Store) -> None:
    case = await filed(store)
    for after, category in enumerate(("labour_other", "environment_noise", "wage_arrears")):
        moment = NOON + after * SECOND
        await store.write(
            lambda tx, c=category, m=moment: reclassify(tx, case.number, to(c), ZHOU, m)  # type: ignore[misc]
        )
    made = await store.read(lambda tx: tx.reclassifications.all())
    assert [each.to_category for each in made] == [
        "labour_other",
        "environment_noise",
        "wage_arrears",
    ]


async def test_a_conversations_words_can_be_erased(store: Store) -> None:
    case = await filed(store)
    await store.write(lambda tx: reclassify(tx, case.number, to("labour_other"), ZHOU, NOON))
    forget = case.conversation_id
    assert await store.write(lambda tx: tx.reclassifications.forget("another")) == 0
    assert await store.write(lambda tx: tx.reclassifications.forget(forget)) == 1
    assert await store.read(lambda tx: tx.reclassifications.all()) == []


async def test_a_case_that_is_deleted_takes_its_corrections_along(sql_store: SqlStore) -> None:
    case = await filed(sql_store)
    await sql_store.write(lambda tx: reclassify(tx, case.number, to("labour_other"), ZHOU, NOON))

    def delete(tx: SqlTransaction) -> None:
        tx.connection.execute(text("DELETE FROM cases WHERE number = :n"), {"n": case.number})

    await sql_store.write(delete)
    assert await sql_store.read(lambda tx: tx.reclassifications.all()) == []
