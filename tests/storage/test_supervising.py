"""Verbs of supervision and sponsors, and their clock, on every store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.case import Case, Status, Supervision
from casework.desk import sponsors, supervision
from casework.desk.conversations import open_conversation
from casework.desk.sponsors import Done
from casework.desk.supervision import Order
from casework.errors import Incomplete, NotAllowed, NotFound, Unfit
from casework.events import Event, Kind
from casework.organisation import Officer, Role, Unit
from casework.ports import Store, Transaction
from casework.sponsors import Duty
from casework.supervision import Slip, State
from config.load import load_book
from handoff_console.supervision_clock import SupervisionClock
from storage.memory import MemoryStore
from tests.storage.people import NOON, cast

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
BOOK = load_book()
Work = Callable[[Transaction], object]


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


async def test_a_slip_from_issue_to_close(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    slip = await issued(store, case)
    assert slip.number == "督〔2026〕1号"
    assert slip.due_at == datetime(2026, 11, 27, 16, tzinfo=UTC)  # the end of Friday
    now_case = await store.read(lambda tx: tx.cases.get(case.number))
    assert now_case.supervision is Supervision.ORDINARY
    zhou, du = await who(store, "zhou"), await who(store, "du")
    await store.write(lambda tx: supervision.answer(tx, slip.id, "去过了", zhou, NOON + DAY))
    back = await store.write(
        lambda tx: supervision.send_back(
            tx, slip.id, "请写明哪天修", 2, du, BOOK.watch.slips, BOOK, NOON + DAY
        )
    )
    assert back.state is State.ASKED
    await store.write(lambda tx: supervision.answer(tx, slip.id, "周三修", zhou, NOON + 2 * DAY))
    done = await store.write(lambda tx: supervision.accept(tx, slip.id, du, NOON + 3 * DAY))
    assert (done.state, len(done.answers), done.version) == (State.CLOSED, 2, 5)
    assert await turns_said(store, case) == 0  # nothing of it goes to the resident
    kinds = [e.kind for e in await store.read(lambda tx: tx.events.of_case(case.number))]
    assert kinds == [
        Kind.SLIP_ISSUED,
        Kind.SLIP_ANSWERED,
        Kind.SLIP_SENT_BACK,
        Kind.SLIP_ANSWERED,
        Kind.SLIP_CLOSED,
    ]


async def test_nobody_is_supervised_from_below_or_beside(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    for by, org in (("zhou", "g"), ("an", "g"), ("far", "g"), ("far", "other"), ("du", "other")):
        with pytest.raises(NotAllowed):
            await issued(store, case, by, order(org))
    slip = await issued(store, case, "he", order("s"))
    for name in ("an", "far", "zhou"):
        officer = await who(store, name)
        with pytest.raises(NotAllowed):
            await store.write(lambda tx, o=officer: supervision.accept(tx, slip.id, o, NOON))
    far = await who(store, "far")
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: supervision.answer(tx, slip.id, "x", far, NOON))


async def test_what_a_slip_needs(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    for wrong, field in (
        (order(reason="lazy_person"), "reason"),
        (order(action="  "), "action"),
        (order(workdays=0), "workdays"),
        (order(workdays=31), "workdays"),
        (order(level=Supervision.YELLOW), "level"),
    ):
        with pytest.raises(Incomplete) as refused:
            await issued(store, case, asked=wrong)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await issued(store, case, asked=order("nowhere"))
    closed = await a_case(store, "2", closed_at=NOON)
    await store.write(lambda tx: tx.cases.save(replace(closed, status=Status.CONFIRMED), NOON))
    with pytest.raises(NotAllowed):
        await issued(store, closed)


async def test_a_restricted_case_is_asked_of_its_owner_only(store: Store) -> None:
    await street(store)
    case = await a_case(store, restricted=True)
    with pytest.raises(NotAllowed):
        await issued(store, case, "he", order("s"))
    slip = await issued(store, case, "he", order("g"))
    clock = SupervisionClock(store, BOOK)
    assert await clock.step(slip.due_at)
    told = await store.read(lambda tx: tx.slips.get(slip.id))
    assert told.reported_to == "he"  # a named role; never the supervisor


async def test_by_hand_it_rises_and_is_called_off(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    du, rules = await who(store, "du"), BOOK.watch.slips

    async def lift(level: Supervision) -> Case:
        return await store.write(
            lambda tx: supervision.supervise(tx, case.number, level, "attention", du, rules, NOON)
        )

    assert (await lift(Supervision.ORDINARY)).supervision is Supervision.ORDINARY
    assert (await lift(Supervision.RED)).supervision is Supervision.RED
    with pytest.raises(NotAllowed):
        await lift(Supervision.ORDINARY)
    off = await store.write(lambda tx: supervision.call_off(tx, case.number, du, NOON))
    assert off.supervision is Supervision.NONE
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: supervision.call_off(tx, case.number, du, NOON))
    with pytest.raises(Incomplete):
        await store.write(
            lambda tx: supervision.supervise(
                tx, case.number, Supervision.RED, "bad_person", du, rules, NOON
            )
        )


async def test_late_is_reported_one_level_up_and_once(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    slip = await issued(store, case)
    clocks = [SupervisionClock(store, BOOK) for _ in range(2)]
    assert not await clocks[0].step(slip.due_at - timedelta(seconds=1))
    assert await clocks[0].step(slip.due_at)
    for clock in clocks:
        assert not await clock.step(slip.due_at + 40 * DAY)
    (event,) = await of_kind(store, case, Kind.SLIP_OVERDUE)
    assert event.data["officer"] == "he"


async def test_a_slip_of_a_case_that_is_over_is_closed_not_reported(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    slip = await issued(store, case)

    def close(tx: Transaction) -> None:
        here = tx.cases.get(case.number)
        tx.cases.save(replace(here, status=Status.CONFIRMED, closed_at=NOON), NOON)

    await store.write(close)
    assert await SupervisionClock(store, BOOK).step(slip.due_at)
    assert (await store.read(lambda tx: tx.slips.get(slip.id))).state is State.CLOSED
    assert await of_kind(store, case, Kind.SLIP_OVERDUE) == []


async def test_a_sponsor_of_an_area_gets_its_backlog_and_is_reminded(store: Store) -> None:
    await street(store)
    old = await a_case(store, "1", opened_at=NOON - 91 * DAY, filed_at=NOON - 91 * DAY)
    hidden = await a_case(store, "2", round=3, restricted=True)
    young = await a_case(store, "3")
    root, he = await who(store, "root"), await who(store, "he")
    area = await store.write(lambda tx: sponsors.sponsor_area(tx, "he", "s", root, NOON))
    same = await store.write(lambda tx: sponsors.sponsor_area(tx, "he", "s", root, NOON))
    assert same == area
    clock = SupervisionClock(store, BOOK)

    async def run(now: datetime) -> None:
        while await clock.step(now):
            pass

    await run(NOON)
    (listed,) = await store.read(lambda tx: tx.sponsors.listed_through(area.id))
    assert listed.case_number == old.number
    assert await of_kind(store, hidden, Kind.CASE_LISTED) == []
    for days in range(1, 30):
        await run(NOON + days * DAY)
    assert await of_kind(store, old, Kind.SPONSOR_REMINDED) == []
    await run(NOON + 30 * DAY)
    (event,) = await of_kind(store, old, Kind.SPONSOR_REMINDED)
    assert event.data == {"officer": "he"}

    later = NOON + 31 * DAY
    done = Done(Duty.MEET, later.date(), "见了面，约好周五一起看现场")
    await store.write(
        lambda tx: sponsors.enter(tx, old.number, done, he, BOOK.watch.sponsors, later)
    )
    await run(NOON + 60 * DAY)
    assert len(await of_kind(store, old, Kind.SPONSOR_REMINDED)) == 1
    await run(later + 30 * DAY)
    assert len(await of_kind(store, old, Kind.SPONSOR_REMINDED)) == 2

    def close(tx: Transaction) -> None:
        case = tx.cases.get(old.number)
        tx.cases.save(replace(case, status=Status.CONFIRMED, closed_at=later), later)

    await store.write(close)
    await run(later + 31 * DAY)
    assert len(await of_kind(store, old, Kind.CASE_DELISTED)) == 1
    await run(NOON + 95 * DAY)
    assert len(await of_kind(store, young, Kind.CASE_LISTED)) == 1


async def test_who_may_sponsor_what(store: Store) -> None:
    await street(store)
    case, hidden = await a_case(store), await a_case(store, "2", restricted=True)
    rules = BOOK.watch.sponsors

    async def name(leader: str, by: str, number: str = case.number) -> None:
        officer = await who(store, by)
        await store.write(
            lambda tx: sponsors.sponsor_case(tx, leader, number, officer, rules, NOON)
        )

    for leader, by in (("zhou", "du"), ("far", "du"), ("he", "zhou"), ("he", "far"), ("an", "du")):
        with pytest.raises(NotAllowed):
            await name(leader, by)
    with pytest.raises(Unfit):
        await name("he", "du", hidden.number)
    await name("he", "du")
    await name("he", "du")
    (one,) = await store.read(lambda tx: tx.sponsors.of_case(case.number))
    du, he = await who(store, "du"), await who(store, "he")
    for officer, day, wrong in (
        (du, TODAY, NotAllowed),
        (he, TODAY + DAY, Incomplete),
        (he, TODAY - 400 * DAY, Incomplete),
    ):
        done = Done(Duty.GUIDE, day)
        with pytest.raises(wrong):
            await store.write(
                lambda tx, o=officer, d=done: sponsors.enter(tx, case.number, d, o, rules, NOON)
            )
    await store.write(lambda tx: sponsors.end(tx, one.id, du, NOON))
    assert await store.read(lambda tx: tx.sponsors.of_case(case.number)) == []
    done = Done(Duty.GUIDE, TODAY)
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: sponsors.enter(tx, case.number, done, he, rules, NOON))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["issue", "answer", "again", "accept", "close", "pass", "case_over"]),
        st.integers(0, 4),
        st.integers(1, 96),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
async def test_whatever_happens_no_round_is_reported_twice_and_none_is_missed(
    steps: list[tuple[str, int, int]],
) -> None:
    """Two clocks, several slips, any order: after each tick nothing is overdue that nobody heard
    of, and each round of each slip was reported at most once."""
    store = MemoryStore()
    await street(store)
    case = await a_case(store)
    zhou, du = await who(store, "zhou"), await who(store, "du")
    clocks = [SupervisionClock(store, BOOK) for _ in range(2)]
    now, slips = datetime(2026, 11, 22, 4, tzinfo=UTC), list[str]()

    async def attempt(work: Work) -> object:
        try:
            return await store.write(work)
        except NotAllowed:
            return None

    for what, which, hours in steps:
        now += timedelta(hours=hours)
        slip_id = slips[which % len(slips)] if slips else ""
        if what == "issue":
            made = await attempt(
                lambda tx, now=now, hours=hours: supervision.issue(
                    tx, case.number, order(workdays=1 + hours % 9), du, BOOK.watch.slips, BOOK, now
                )
            )
            slips += [made.id] if isinstance(made, Slip) else []
        elif what == "case_over":

            def over(tx: Transaction, now: datetime = now) -> None:
                here = tx.cases.get(case.number)
                tx.cases.save(replace(here, status=Status.REFERRED, closed_at=now), now)

            await store.write(over)
        elif slip_id:
            verbs: dict[str, Work] = {
                "answer": lambda tx, s=slip_id, n=now: supervision.answer(tx, s, "去了", zhou, n),
                "accept": lambda tx, s=slip_id, n=now: supervision.accept(tx, s, du, n),
                "close": lambda tx, s=slip_id, n=now: supervision.close(tx, s, du, n),
                "again": lambda tx, s=slip_id, n=now: supervision.send_back(
                    tx, s, "再办", 1, du, BOOK.watch.slips, BOOK, n
                ),
                "pass": lambda tx: tx.cases.get(case.number),
            }
            await attempt(verbs[what])
        while any([await clock.step(now) for clock in clocks]):
            pass
        alive = (await store.read(lambda tx: tx.cases.get(case.number))).status is Status.WORKING
        for each in await store.read(lambda tx: tx.slips.of_case(case.number)):
            late = each.state is State.ASKED and each.due_at <= now
            assert not late or each.reported_at is not None or not alive
            assert alive or each.next_at is None or each.next_at > now
    rounds = [
        (e.data["slip"], e.data["round"]) for e in await of_kind(store, case, Kind.SLIP_OVERDUE)
    ]
    assert len(rounds) == len(set(rounds))
