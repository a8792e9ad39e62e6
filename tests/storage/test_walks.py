"""Whatever anybody tries, in whatever order: a case always has an owner, and its clock runs."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from casework import clocks
from casework.case import CLOSED, OPEN, Case, SlotValue, Status
from casework.desk import cases as desk
from casework.desk.clock import keep_time
from casework.desk.conversations import actor_of, open_conversation
from casework.desk.moving import act
from casework.effects import REFERRALS, RESOLUTIONS, RETURN_CODES, Given
from casework.errors import (
    ForbiddenTransition,
    Incomplete,
    NotAllowed,
    NotFound,
    VersionConflict,
)
from casework.events import RESIDENT, ActorKind
from casework.lifecycle import VERBS, allowed_verbs
from casework.moves import Move
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from casework.turn import Media
from config.load import load_book
from storage.memory import MemoryStore
from tests.storage.people import NOON

T = TypeVar("T")

BOOK = load_book()
HOUR = timedelta(hours=1)
UNITS = {
    Role.GRID: "g",
    Role.COMMUNITY: "c",
    Role.STREET: "s",
    Role.DEPARTMENT: "d",
    Role.ADMIN: None,
}
STAFF = [
    Officer(f"{role.value}{n}", f"{role.value}{n}", f"{role.value}{n}", role, UNITS.get(role, "s"))
    for role in Role
    for n in (1, 2)
]
OWNER = Officer("owner", "", "", Role.GRID, None)
CODES = {"return": RETURN_CODES, "resolve": RESOLUTIONS, "refer": REFERRALS}


@dataclass(frozen=True)
class Step:
    """Somebody (None: the resident; OWNER: whoever owns it by then) tries something, mostly what
    they may; then time passes."""

    who: Officer | None
    pick: int
    blindly: bool
    to: Officer
    hours: int


STEPS = st.lists(
    st.builds(
        Step,
        who=st.sampled_from([None, *[OWNER] * 12, *STAFF]),
        pick=st.integers(0, 999),
        blindly=st.booleans(),
        to=st.sampled_from(STAFF),
        hours=st.one_of(st.integers(0, 30), st.integers(0, 300)),
    ),
    min_size=8,
    max_size=30,
)
REFUSALS = (ForbiddenTransition, Incomplete, NotAllowed, NotFound, VersionConflict)


def done(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that has nothing to wait for."""
    try:
        work.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("it waits for something")


def build(tx: Transaction) -> Case:
    """A street, everybody there may be, and one filed case."""
    for unit_id, kind, above in (
        ("s", "street", None),
        ("d", "department", None),
        ("c", "community", "s"),
        ("g", "grid", "c"),
    ):
        tx.people.add_unit(Unit(unit_id, kind, unit_id, above))
    tx.people.add_place(Place("翠湖花园", "g"))
    for officer in STAFF:
        tx.people.add_officer(officer)
    talk = open_conversation(tx, "webchat", "7", "李", NOON)
    slots = {"place": SlotValue("翠湖花园"), "issue": SlotValue("电梯坏了")}
    tx.files.add(Media("p", "photo", "修好.jpg", "image/jpeg", 9), talk.id, NOON)
    case = desk.draft(tx, talk, desk.Opening("property_management", slots, "电梯坏了"), NOON)
    return desk.file(tx, case.number, BOOK, NOON)


class Walk:
    """One case, and time."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.now = NOON
        self.number = self.write(build).number

    def write(self, work: Callable[[Any], T]) -> T:
        return done(self.store.write(work))

    @property
    def case(self) -> Case:
        found: Case = self.write(lambda tx: tx.cases.get(self.number))
        return found

    @property
    def owner(self) -> Officer:
        wanted = self.case.owner_id
        return next(officer for officer in STAFF if officer.id == wanted)

    @property
    def moves(self) -> list[Move]:
        return self.write(lambda tx: tx.moves.of_case(self.number))

    def step(self, step: Step, *, most_hours: int = 300) -> None:
        """Try what the step says, and let its time pass."""
        who = self.owner if step.who == OWNER else step.who
        actor = actor_of(who) if who else RESIDENT
        verbs = () if step.blindly else allowed_verbs(self.case, actor, self.now)
        verbs = verbs or tuple(sorted(VERBS))
        verb = verbs[step.pick % len(verbs)]
        codes = CODES.get(verb, ("no_merit",))
        until = self.now + (step.hours + 100) * HOUR
        code = codes[step.pick % len(codes)]
        self.attempt(verb, who, Given("因为", code, ("p",), step.to.id, None, until, self.number))
        owned_and_timed(self)
        self.pass_by(min(step.hours, most_hours))
        owned_and_timed(self)

    def attempt(self, verb: str, who: Officer | None, words: Given) -> None:
        """Try a verb; what is refused changes nothing."""
        before = self.case

        def work(tx: Transaction) -> None:
            if who is None:
                desk.act_as_resident(tx, self.number, verb, BOOK, self.now, reason=words.text)
            else:
                act(tx, self.number, verb, who, self.now, BOOK, given=words)

        try:
            self.write(work)
        except REFUSALS:
            assert self.case == before

    def pass_by(self, hours: int) -> None:
        """Time passes, and the clock does what is due."""
        self.now += hours * HOUR
        self.write(
            lambda tx: keep_time(tx, self.number, tx.cases.get(self.number).version, BOOK, self.now)
        )
        assert clocks.due(self.case, self.now) is None


def owned_and_timed(walk: Walk) -> None:
    """Nobody is without an owner, and what runs has a next moment."""
    case = walk.case
    names = {officer.id for officer in STAFF}
    assert case.owner_id in names
    at = ["g", "c", "s"] if case.org_id != "d" else ["d"]
    owner = next(officer for officer in STAFF if officer.id == case.owner_id)
    assert owner.unit_id in at[at.index(case.org_id) :]  # of it, or above it
    assert case.unit_id == "g"
    assert (case.closed_at is not None) == (case.status in CLOSED)
    assert (case.paused_at is not None) <= (case.status not in OPEN | {Status.DONE_WAIT}) or (
        case.status in {Status.AWAIT_INFO, Status.MEDIATION}
    )
    ahead = clocks.next_moment(case)
    if case.status in OPEN and case.breached_at is None:
        assert ahead is not None
    if case.status in {Status.AWAIT_INFO, Status.MEDIATION, Status.DONE_WAIT, Status.CONFIRMED}:
        assert ahead is not None


def along_the_table(moves: list[Move]) -> None:
    """Each step is a row, each begins where the last one ended, and nobody closes their own."""
    resolved_by = None
    for last, move in zip([None, *moves], moves, strict=False):
        row = VERBS[move.verb]
        assert move.before in row.sources
        assert move.after is (row.target or move.before)
        if last is not None:
            assert (move.before, move.owner_before) == (last.after, last.owner_id)
        if move.verb == "resolve":
            resolved_by = move.officer_id
        if move.after is Status.CONFIRMED and move.before is Status.DONE_WAIT:
            by_officer = move.actor is ActorKind.OFFICER
            assert not by_officer or move.officer_id not in {resolved_by, move.owner_id}


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_whatever_is_tried(steps: list[Step]) -> None:
    walk = Walk()
    for step in steps:
        walk.step(step)
    along_the_table(walk.moves)
    walk.pass_by(24 * 365)
    assert walk.case.status is not Status.DONE_WAIT


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(1, 119))
def test_a_pause_puts_off_what_was_ahead_by_its_length(steps: list[Step], pause: int) -> None:
    walk = Walk()
    for step in steps:
        walk.step(step, most_hours=5)
    before = walk.case
    walk.attempt("request_info", walk.owner, Given("发票"))
    if walk.case.status is not Status.AWAIT_INFO or before.status is Status.AWAIT_INFO:
        return
    walk.pass_by(pause)
    walk.attempt("inform", None, Given("在这儿"))
    after = walk.case
    assert after.status is Status.WORKING
    assert before.due_at is not None
    late = before.breached_at is not None
    assert after.due_at == before.due_at + (timedelta() if late else pause * HOUR)
    assert after.breached_at == before.breached_at
