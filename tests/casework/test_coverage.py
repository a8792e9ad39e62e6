"""What coverage finds, day by day: what is over counts no more, what is still to end does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.coverage import Gap, gaps
from casework.organisation import Officer, Organisation, Place, Role, Unit

TODAY = date(2026, 11, 22)
GRID = Unit("g", "grid", "东网格", "s")
WORKER = Officer("o", "zhou", "周", Role.GRID, "g")
HOME = Place("望江苑", "g")


def found(unit: Unit, worker: Officer) -> list[Gap]:
    known = Organisation({"s": Unit("s", "street", "街道"), unit.id: unit}, {worker.id: worker})
    return gaps(known, [HOME], {}, TODAY)


@pytest.mark.parametrize("ends", [None, date(2026, 11, 23), date(2027, 1, 1)])
def test_a_grid_that_is_still_to_end_is_one(ends: date | None) -> None:
    assert found(replace(GRID, valid_to=ends), WORKER) == []


def test_a_name_in_a_grid_that_is_over_leads_to_none() -> None:
    assert found(replace(GRID, valid_to=TODAY), WORKER) == [Gap("no_grid", "望江苑", ("g",))]


@pytest.mark.parametrize(
    "nobody",
    [
        replace(WORKER, role=Role.VOLUNTEER),
        replace(WORKER, role=Role.AUDITOR),
        replace(WORKER, active=False),
        replace(WORKER, valid_to=TODAY),
        replace(WORKER, valid_from=date(2026, 11, 23)),
    ],
)
def test_only_who_serves_and_may_own_a_case_is_a_worker(nobody: Officer) -> None:
    assert found(GRID, nobody) == [Gap("no_worker", "东网格", ("g",))]
