"""Whatever happens to slips in which order: no report is doubled, none is missed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.case import Status
from casework.desk import supervision
from casework.errors import NotAllowed
from casework.events import Kind
from casework.ports import Transaction
from casework.supervision import Slip, State
from handoff_console.supervision_clock import SupervisionClock
from storage.memory import MemoryStore
from tests.storage.people import NOON
from tests.storage.watchers import (
    BOOK,
    a_case,
    of_kind,
    order,
    street,
    who,
)

Work = Callable[[Transaction], object]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["issue", "answer", "again", "accept", "close", "pass", "case_over"]),
        st.integers(0, 4),
        st.integers(1, 96),
    ),
    max_size=30,
)


class Street:
    """One case, its slips, and two clocks."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.clocks = [SupervisionClock(self.store, BOOK) for _ in range(2)]
        self.slips: list[str] = []

    async def begin(self) -> None:
        await street(self.store)
        self.case = await a_case(self.store)
        self.zhou, self.du = await who(self.store, "zhou"), await who(self.store, "du")

    def verb(self, what: str, which: int, hours: int, now: datetime) -> Work:
        """One thing somebody does at ``now``, to one of the slips there are."""
        case, du, rules = self.case, self.du, BOOK.watch.slips
        slip = self.slips[which % len(self.slips)] if self.slips else ""
        asked = order(workdays=1 + hours % 9)

        def over(tx: Transaction) -> None:
            here = tx.cases.get(case.number)
            tx.cases.save(replace(here, status=Status.REFERRED, closed_at=now), now)

        of_slip: dict[str, Work] = {
            "answer": lambda tx: supervision.answer(tx, slip, "去了", self.zhou, now),
            "accept": lambda tx: supervision.accept(tx, slip, du, now),
            "close": lambda tx: supervision.close(tx, slip, du, now),
            "again": lambda tx: supervision.send_back(tx, slip, "再办", 1, du, rules, BOOK, now),
        }
        of_case: dict[str, Work] = {
            "case_over": over,
            "issue": lambda tx: supervision.issue(tx, case.number, asked, du, rules, BOOK, now),
        }
        idle: Work = lambda tx: tx.cases.get(case.number)  # noqa: E731
        return of_case.get(what) or (of_slip.get(what, idle) if slip else idle)

    async def do(self, work: Work, now: datetime) -> None:
        """Do it, if it is allowed, and let both clocks run until nothing is left."""
        try:
            made = await self.store.write(work)
        except NotAllowed:
            made = None
        if isinstance(made, Slip) and made.id not in self.slips:
            self.slips.append(made.id)
        while any([await clock.step(now) for clock in self.clocks]):
            pass

    async def check(self, now: datetime) -> None:
        """Nothing is overdue that nobody heard of."""
        status = (await self.store.read(lambda tx: tx.cases.get(self.case.number))).status
        for each in await self.store.read(lambda tx: tx.slips.of_case(self.case.number)):
            late = each.state is State.ASKED and each.due_at <= now
            assert not late or each.reported_at is not None or status is Status.REFERRED
            assert each.next_at is None or each.next_at > now


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
async def test_whatever_happens_no_round_is_reported_twice_and_none_is_missed(
    steps: list[tuple[str, int, int]],
) -> None:
    """Two clocks, several slips, any order: each round of each slip is reported at most once."""
    here, now = Street(), NOON
    await here.begin()
    for what, which, hours in steps:
        now += timedelta(hours=hours)
        await here.do(here.verb(what, which, hours, now), now)
        await here.check(now)
    found = await of_kind(here.store, here.case, Kind.SLIP_OVERDUE)
    rounds = [(event.data["slip"], event.data["round"]) for event in found]
    assert len(rounds) == len(set(rounds))
