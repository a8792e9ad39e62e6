"""What becomes of a case an officer registered: nobody is told into the void, and it is closed by
somebody else than whoever did the work."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework import clocks
from casework.capture import Capture, Consent
from casework.case import Case, Source, Status
from casework.desk import clock, moving, sweeps
from casework.desk.capture import capture
from casework.desk.privacy import expire_case
from casework.effects import Given
from casework.errors import ForbiddenTransition, NotAllowed
from casework.events import Kind
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from casework.tasks import outcomes
from config.load import load_book
from storage.memory import MemoryStore

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BOOK = load_book()
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
HE = Officer("he", "he", "何敏", Role.STREET, "s")
LAMP = Capture("c1", Source.PATROL, "public_facility", "三盏路灯不亮", "light", place="翠湖花园")


def people(tx: Transaction) -> None:
    tx.people.add_unit(Unit("s", "street", "青禾街道"))
    tx.people.add_unit(Unit("g", "grid", "第一网格", "s"))
    tx.people.add_place(Place("翠湖花园", "g"))
    for officer in (ZHOU, HE):
        tx.people.add_officer(officer)


def run(work: Any) -> Any:
    """On a store in memory with one grid."""

    async def play() -> Any:
        store = MemoryStore()
        await store.write(people)
        return await store.write(work)

    return asyncio.run(play())


def registered(tx: Transaction, given: Capture = LAMP) -> Case:
    form = BOOK.forms[given.category].of(given.kind)
    return capture(tx, given, ZHOU, form, None, BOOK, NOW).case


def resolved(tx: Transaction, given: Capture = LAMP) -> Case:
    case = registered(tx, given)
    moving.act(tx, case.number, "accept", ZHOU, NOW, BOOK)
    done = Given(text="灯泡换了", code="fixed", proof=("photo",))
    return moving.act(tx, case.number, "resolve", ZHOU, NOW, BOOK, given=done)


def test_nobody_is_told_into_the_void() -> None:
    def work(tx: Transaction) -> list[str]:
        case = resolved(tx)
        return [turn.text for turn in tx.turns.after(case.conversation_id, 0)]

    assert run(work) == ["三盏路灯不亮"]


def test_a_second_officer_looks_before_it_is_closed() -> None:
    def work(tx: Transaction) -> Case:
        case = resolved(tx)
        assert case.status is Status.DONE_WAIT
        with pytest.raises(ForbiddenTransition):
            moving.act(tx, case.number, "call_back", ZHOU, NOW, BOOK)
        return moving.act(tx, case.number, "call_back", HE, NOW, BOOK, given=Given("亮了"))

    assert run(work).status is Status.CONFIRMED


def test_or_it_lapses() -> None:
    def work(tx: Transaction) -> Case:
        case = resolved(tx)
        assert case.lapse_at is not None
        at = case.lapse_at
        assert not clock.keep_time(tx, case.number, case.version, BOOK, at - timedelta(seconds=1))
        assert clock.keep_time(tx, case.number, case.version, BOOK, at)
        return tx.cases.get(case.number)

    assert run(work).status is Status.CONFIRMED


def test_it_is_a_case_like_any_other() -> None:
    def work(tx: Transaction) -> tuple[Case, list[Kind]]:
        case = registered(tx)
        return case, [event.kind for event in tx.events.of_case(case.number)]

    case, kinds = run(work)
    assert (case.owner_id, case.org_id, case.unit_id) == ("zhou", "g", "g")
    assert case.sla == BOOK.deadline(case).code
    assert clocks.next_moment(case) is not None
    assert case.due_at is not None
    assert kinds == [Kind.CASE_DRAFTED, Kind.CASE_FILED, Kind.CASE_CAPTURED]


def test_a_manhole_is_a_matter_of_hours() -> None:
    """小修当日: the class comes from the kind's own form."""

    def work(tx: Transaction) -> tuple[Case, Case]:
        hole = Capture("c2", Source.PATROL, "public_facility", "没盖", "manhole", place="翠湖花园")
        return registered(tx), registered(tx, hole)

    lamp, hole = run(work)
    assert lamp.due_at - NOW == timedelta(hours=24)
    assert hole.due_at - NOW == timedelta(hours=2)


def test_what_is_for_named_roles_only_is_so_from_the_first_moment() -> None:
    beaten = Capture("c3", Source.VISIT, "family_marriage", "他又动手", None, place="翠湖花园")
    kind = next(k for k, form in BOOK.forms["family_marriage"].kinds.items() if form.restricted)

    def work(tx: Transaction) -> tuple[Case, bool]:
        case = registered(tx, replace(beaten, kind=kind))
        return case, tx.conversations.get(case.conversation_id).restricted

    case, hidden = run(work)
    assert (case.restricted, hidden, case.owner_id) == (True, True, "he")


def test_an_anonymised_case_leads_nowhere_else() -> None:
    named = Capture(
        "c4",
        Source.HOTLINE,
        "public_facility",
        "路灯不亮",
        "light",
        place="翠湖花园",
        name="李桂兰",
        phone="13800138000",
        outside_number="CD2026-77",
    )

    def work(tx: Transaction) -> Any:
        case = resolved(tx, named)
        assert tx.conversations.get(case.conversation_id).title == "李桂兰"
        moving.act(tx, case.number, "call_back", HE, NOW, BOOK, given=Given("亮了"))
        later = NOW + timedelta(days=4000)
        privacy = BOOK.privacy
        expire_case(tx, case.number, privacy.record, privacy.retention, BOOK.categories, later)
        bare = tx.cases.get(case.number)
        assert "李桂兰" not in repr(tx.conversations.get(case.conversation_id))
        return bare, tx.captures.of_case(case.number)

    bare, kept = run(work)
    assert bare.anonymised_at is not None
    assert not {"name", "phone"} & set(bare.slots)
    assert (kept.outside_number, kept.consent) == (None, Consent.PASSED_ON)


def test_after_one_was_mended_the_others_are_looked_at_once() -> None:
    def work(tx: Transaction) -> tuple[Any, bool, bool]:
        case = registered(tx)
        assert not sweeps.offered(tx, case)
        with pytest.raises(NotAllowed):
            sweeps.ask(tx, case.number, HE, NOW)
        moving.act(tx, case.number, "accept", ZHOU, NOW, BOOK)
        done = Given(text="灯泡换了", code="fixed", proof=("photo",))
        case = moving.act(tx, case.number, "resolve", ZHOU, NOW, BOOK, given=done)
        before = sweeps.offered(tx, case)
        task = sweeps.ask(tx, case.number, HE, NOW)
        with pytest.raises(NotAllowed):
            sweeps.ask(tx, case.number, HE, NOW)
        return task, before, sweeps.offered(tx, case)

    task, before, after = run(work)
    assert (task.kind, task.officer_id, task.due_at - NOW) == ("sweep", "zhou", timedelta(days=3))
    assert (before, after) == (True, False)
    assert outcomes(task.kind) == ("all_sound", "found_more", "not_reached")
