"""A line of a resident costs the same in a county of thousands of grids as in a street of six."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from typing import cast

from casework.case import SlotValue
from casework.desk import alerts
from casework.desk.alerts import Danger
from casework.desk.cases import Opening, draft, file
from casework.desk.joining import find
from casework.desk.placing import Placing, place
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_case_lists import CaseFilter, list_cases
from tests.handoff_console.street import Street

GRIDS = 5_000
WHOLE = re.compile(r"\bSCAN (units|officers)\b(?! USING COVERING INDEX)")


def county(tx: Transaction) -> None:
    """A county with a street of its own, fifty communities, and a hundred grids each."""
    units = [Unit("county", "county", "大区"), Unit("far", "street", "远街道", "county")]
    units += [Unit(f"c{at}", "community", f"社区{at}", "far") for at in range(50)]
    units += [Unit(f"g{at}", "grid", f"网格{at}", f"c{at % 50}") for at in range(GRIDS)]
    tx.people.add_units(units)
    tx.people.add_officers(
        Officer(f"w{at}", f"w{at}", f"员{at}", Role.GRID, f"g{at}") for at in range(GRIDS)
    )
    tx.places.save([Place("远方花园", "g77")])


class Watched:
    """The statements a transaction runs, and which of them read a table from end to end."""

    def __init__(self, tx: SqlTransaction) -> None:
        self._raw = cast("sqlite3.Connection", tx.connection.connection.driver_connection)
        self.statements: list[str] = []

    def __enter__(self) -> Watched:
        self._raw.set_trace_callback(self.statements.append)
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.set_trace_callback(None)

    def scans(self) -> list[str]:
        found = []
        for statement in dict.fromkeys(self.statements):
            if not statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
                continue
            blanks = statement.count("?")
            plan = self._raw.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * blanks)
            if any(WHOLE.search(str(row[3])) for row in plan):
                found.append(statement)
        return found


async def test_no_query_of_a_residents_line_reads_all_units_or_officers(
    lone_street: Street,
) -> None:
    street = lone_street
    await street.store.write(county)
    conversation = await street.talk("欠薪")
    book, now = street.deps.book, street.time()
    slots = {"place": SlotValue("远方花园", "远方花园"), "employer": SlotValue("宏达", "宏达")}

    def work(tx: SqlTransaction) -> list[str]:
        with Watched(tx) as watched:
            before = tx.conversations.get(conversation, lock=True)
            case = draft(tx, before, Opening("wage_arrears", slots, "欠薪"), now)
            known = replace(before, has_cases=True, unit_id=case.unit_id)
            tx.conversations.save(known, before.epoch)
            file(tx, case.number, book, now)
            find(tx, case.number, book.nearby, now)
            place(tx, case.number, Placing("g78"), tx.people.officer("bob"), now, book)
            talk = tx.conversations.get(conversation, lock=True)
            danger = Danger("R2", "suicide", case.number)
            alerts.raise_alert(tx, talk, danger, book.response, now)
        assert len(watched.statements) > 20
        return watched.scans()

    def covering(tx: Transaction) -> None:
        # Bob's street becomes the county's, so that he may place the case.
        tx.people.save_officer(replace(tx.people.officer("bob"), unit_id="far"))

    await street.store.write(covering)
    assert await street.store.write(work) == []


async def test_an_officers_area_is_a_range_of_an_index(lone_street: Street) -> None:
    street = lone_street
    await street.store.write(county)

    def read(tx: SqlTransaction) -> tuple[list[str], str]:
        unit = tx.people.unit("far")
        assert unit is not None
        with Watched(tx) as watched:
            list_cases(tx, Sight("bob", unit.path), CaseFilter(), None, 50)
        return watched.scans(), max(watched.statements, key=len)

    scans, longest = await street.store.write(read)
    assert scans == []

    def everything(tx: SqlTransaction) -> list[str]:
        with Watched(tx) as watched:
            tx.people.organisation()
        return watched.scans()

    assert len(await street.store.write(everything)) == 2  # what the other test looks for
    assert len(longest) < 5_000  # not five thousand ids
