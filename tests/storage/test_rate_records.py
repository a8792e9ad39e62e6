"""What rates are counted from: what ended how, and when it was first answered."""

from dataclasses import replace
from datetime import timedelta

from casework.case import Case, SlotValue, Status
from casework.desk.conversations import open_conversation
from casework.events import SYSTEM, ActorKind, Event, Kind
from casework.moves import Move
from casework.ports import Transaction
from casework.rates import CaseRecord
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_rates import Period, case_records
from tests.storage.people import NOON, cast

DAY = timedelta(days=1)
DUE = NOON + 7 * DAY


async def _records(store: SqlStore) -> dict[str, CaseRecord]:
    """By the kind of matter, which is how these tests name their cases."""

    def work(tx: SqlTransaction) -> list[CaseRecord]:
        period = Period(NOON - DAY, NOON + DAY)
        return case_records(tx, Sight("root", None), "", period)

    found = await store.read(work)
    return {(each.subject or "/").rsplit("/", 1)[1] or "nowhere": each for each in found}


def _case(tx: Transaction, name: str, **given: object) -> Case:
    talk = open_conversation(tx, "web", name, "", NOON)
    case = Case(tx.cases.next_number(NOON), talk.id, "consumer", NOON, "zhou", "g", filed_at=NOON)
    slots = {"place": SlotValue("翠湖花园")}
    case = replace(case, due_at=DUE, kind=name, slots=slots, **given)  # type: ignore[arg-type]
    tx.cases.add(case)
    return case


def _move(tx: Transaction, case: Case, version: int, verb: str, days: float) -> None:
    stays = (Status.WORKING, Status.WORKING, "zhou", "zhou", "g", "g")
    at, actor = NOON + days * DAY, ActorKind.OFFICER
    tx.moves.add(Move(case.number, version, verb, at, actor, "zhou", *stays))


async def test_what_was_taken_back_stays_out_when_it_is_put_away(sql_store: SqlStore) -> None:
    await cast(sql_store)

    def work(tx: Transaction) -> None:
        _case(tx, "withdrawn", status=Status.WITHDRAWN, closed_at=NOON)
        _case(tx, "put_away", status=Status.ARCHIVED, closed_at=NOON)
        _case(tx, "solved", status=Status.ARCHIVED, closed_at=NOON, resolution="fixed")
        _case(tx, "referred", status=Status.ARCHIVED, closed_at=NOON, resolution="referred")

    await sql_store.write(work)
    assert set(await _records(sql_store)) == {"solved", "referred"}


async def test_a_lawful_route_is_an_answer_and_no_result(sql_store: SqlStore) -> None:
    await cast(sql_store)

    def work(tx: Transaction) -> None:
        case = _case(tx, "route", status=Status.REFERRED, resolution="referred")
        _move(tx, case, 2, "refer", 1)

    await sql_store.write(work)
    record = (await _records(sql_store))["route"]
    assert (record.answered_at, record.resolved_at) == (NOON + DAY, None)


async def test_what_came_back_keeps_that_its_first_answer_was_late(sql_store: SqlStore) -> None:
    await cast(sql_store)

    def work(tx: Transaction) -> None:
        for name, rounds in (("once", 1), ("again", 2)):
            case = _case(tx, name, status=Status.REWORK, round=rounds)
            _move(tx, case, 2, "resolve", 9)
            tx.events.append(
                Event(Kind.CASE_BREACHED, DUE, SYSTEM, case.conversation_id, case.number)
            )

    await sql_store.write(work)
    records = await _records(sql_store)
    assert records["again"].breached_at == DUE
    assert records["once"].breached_at is None  # its own day still says it


async def test_no_place_is_not_the_same_place(sql_store: SqlStore) -> None:
    await cast(sql_store)

    def work(tx: Transaction) -> None:
        _case(tx, "x")
        bare = _case(tx, "y")
        tx.cases.save(replace(bare, slots={}), NOON)

    await sql_store.write(work)
    subjects = [each.subject for each in (await _records(sql_store)).values()]
    assert subjects.count(None) == 1
