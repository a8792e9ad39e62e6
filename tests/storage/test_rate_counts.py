"""Rates counted in the database are those reckoned case by case; what stays out of them does."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from casework.case import Case, SlotValue, Source, Status
from casework.desk.conversations import open_conversation
from casework.effects import RESOLUTIONS
from casework.events import SYSTEM, ActorKind, Event, Kind
from casework.moves import Move
from casework.organisation import Unit
from casework.ports import Transaction
from casework.rates import Counts, Rates, rates
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_rates import Period, counted
from tests.storage.people import NOON, cast
from tests.storage.rates_by_case import case_records, rates_by_case

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOON + 7 * DAY
NOW = NOON + 60 * DAY
MANY = 260
VERBS = ("return", "assign", "resolve", "refer", "confirm", "call_back", "reopen", "accept")
ALL = Sight("root", None, restricted=True)
SOME = Sight("zhou", None)


class Street:
    """Cases of every shape: early and late, silent and angry, come back and taken back."""

    def __init__(self, seed: int) -> None:
        self._pick = Random(seed)
        self._numbers: list[str] = []

    def fill(self, tx: Transaction) -> None:
        """A grid beside the others' too, and cases in all of them."""
        tx.people.add_unit(Unit("g2", "grid", "第二网格", "s"))
        for at in range(MANY):
            self._add(tx, at)

    def _maybe(self, moment: datetime) -> datetime | None:
        return moment if self._pick.random() < 0.7 else None

    def _add(self, tx: Transaction, at: int) -> None:
        pick = self._pick
        filed = NOON + pick.randrange(0, 45 * 24) * HOUR + at * timedelta(seconds=1)
        talk = open_conversation(tx, "web", str(at), "", NOON)
        case = Case(
            number=tx.cases.next_number(NOON),
            conversation_id=talk.id,
            category=pick.choice(("consumer", "public_facility")),
            opened_at=filed,
            owner_id="zhou",
            unit_id=pick.choice(("g", "g2", "s")),
            status=pick.choice((Status.WORKING, Status.ARCHIVED, Status.WITHDRAWN)),
            org_id=pick.choice(("g", "s")),
            kind=pick.choice((None, "online", "food")),
            slots=self._slots(),
            filed_at=filed,
            contact_by=self._maybe(filed + DAY),
            contacted_at=self._maybe(filed + pick.randrange(1, 72) * HOUR),
            due_at=self._maybe(filed + pick.randrange(2, 40) * DAY),
            closed_at=self._maybe(filed + pick.randrange(1, 30 * 24) * HOUR),
            rating=pick.choice((None, None, 1, 2, 3, 4, 5)),
            round=pick.choice((1, 1, 1, 2, 3)),
            resolution=pick.choice((None, "court_matter", *RESOLUTIONS)),
            crisis=pick.choice(("none", "none", "none", "R1", "R2")),
            restricted=pick.random() < 0.1,
            source=pick.choice((Source.RESIDENT, Source.RESIDENT, Source.PATROL, Source.LETTER)),
            joined=pick.choice((None, None, None, *self._numbers[:1])),
        )
        tx.cases.add(case)
        self._numbers.append(case.number)
        self._lived(tx, case, filed)

    def _slots(self) -> dict[str, SlotValue]:
        place = self._pick.choice(("翠湖花园", "翠湖花园", '老"供销社\\后头', "", None))
        mode = self._pick.choice(("匿名", "保密", "实名", "不知道", None))
        held = {"place": place, "identity_mode": mode, "issue": "不亮了"}
        return {name: SlotValue(value) for name, value in held.items() if value is not None}

    def _lived(self, tx: Transaction, case: Case, at: datetime) -> None:
        stays = (Status.WORKING, Status.WORKING, "zhou", "zhou", "g", "g")
        for version in range(2, 2 + self._pick.randrange(0, 8)):
            at += self._pick.randrange(1, 100) * HOUR
            actor = self._pick.choice((ActorKind.OFFICER, ActorKind.RESIDENT))
            verb = self._pick.choice(VERBS)
            tx.moves.add(Move(case.number, version, verb, at, actor, None, *stays))
        for _ in range(self._pick.randrange(0, 3)):
            late = case.opened_at + self._pick.randrange(1, 400) * HOUR
            tx.events.append(
                Event(Kind.CASE_BREACHED, late, SYSTEM, case.conversation_id, case.number)
            )


def both(tx: SqlTransaction, sight: Sight, root: str, period: Period) -> tuple[Rates, Rates]:
    """Counted in the database, and reckoned case by case."""
    counts, spans = counted(tx, sight, root, period, NOW)
    return rates(counts, spans), rates_by_case(case_records(tx, sight, root, period), NOW)


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_is_counted_is_what_is_reckoned_case_by_case(
    sql_store: SqlStore, seed: int
) -> None:
    await cast(sql_store)
    await sql_store.write(Street(seed).fill)
    whole, half = Period(NOON, NOON + 50 * DAY), Period(NOON, NOON + 22 * DAY)
    none = Period(NOON - 9 * DAY, NOON - 8 * DAY)

    def work(tx: SqlTransaction) -> None:
        paths = {unit.id: unit.path for unit in tx.people.units(("s", "g", "g2"))}
        for sight in (ALL, SOME):
            for root in paths.values():
                for period in (whole, half, none):
                    fresh, old = both(tx, sight, root, period)
                    assert fresh == _close_to(old)
        biggest, _ = both(tx, ALL, paths["s"], whole)
        # The set has something to say to every formula.
        assert biggest.cases > MANY / 3
        assert all(rate.share for rate in biggest.rates)
        assert all(figure.value for figure in biggest.figures)

    await sql_store.read(work)


def _close_to(found: Rates) -> Rates:
    """The same, but for the last digit of what was added up in another order."""
    return replace(
        found,
        rates=tuple(
            replace(rate, share=pytest.approx(rate.share))  # type: ignore[arg-type]
            for rate in found.rates
        ),
    )


async def _counts(store: SqlStore) -> Counts:
    def work(tx: SqlTransaction) -> Counts:
        period = Period(NOON - DAY, NOON + DAY)
        return counted(tx, SOME, "/", period, NOW)[0]

    return await store.read(work)


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
    counts = await _counts(sql_store)
    assert (counts.cases, counts.resolutions) == (2, {"fixed": 1, "referred": 1})


async def test_a_lawful_route_is_an_answer_and_no_result(sql_store: SqlStore) -> None:
    await cast(sql_store)

    def work(tx: Transaction) -> None:
        case = _case(tx, "route", status=Status.REFERRED, resolution="referred")
        _move(tx, case, 2, "refer", 1)

    await sql_store.write(work)
    counts = await _counts(sql_store)
    assert (counts.answer_due, counts.answer_in_time, counts.results) == (1, 1, 0)


@pytest.mark.parametrize("rounds", [1, 2])
async def test_what_came_back_keeps_that_its_first_answer_was_late(
    sql_store: SqlStore, rounds: int
) -> None:
    await cast(sql_store)

    def work(tx: Transaction) -> None:
        later = DUE if rounds == 1 else DUE + 30 * DAY  # its day has been set anew
        case = replace(_case(tx, "again", status=Status.REWORK, round=rounds), due_at=later)
        tx.cases.save(case, NOON)
        _move(tx, case, 2, "resolve", 9)
        tx.events.append(Event(Kind.CASE_BREACHED, DUE, SYSTEM, case.conversation_id, case.number))

    await sql_store.write(work)
    counts = await _counts(sql_store)
    assert (counts.answer_due, counts.answer_in_time) == (1, 0)


async def test_no_place_is_not_the_same_place(sql_store: SqlStore) -> None:
    await cast(sql_store)

    def work(tx: Transaction) -> None:
        closed = {"closed_at": NOON - HOUR, "resolution": "fixed", "status": Status.ARCHIVED}
        for name in ("x", "y"):
            bare = _case(tx, name, **closed)
            tx.cases.save(replace(bare, slots={}, kind="same"), NOON)
        known = _case(tx, "z", **closed)
        tx.cases.save(replace(known, kind="same"), NOON)

    await sql_store.write(work)
    counts = await _counts(sql_store)
    assert (counts.closed, counts.placed, counts.repeated) == (3, 1, 0)
