"""Units, people and the roster, on every store alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from alembic import command
from sqlalchemy import Connection

from casework.errors import NotFound
from casework.organisation import (
    GRID_CHIEF,
    OWNERS,
    Employment,
    Officer,
    Organisation,
    Place,
    Role,
    Unit,
)
from casework.ports import Store, Transaction
from casework.roster import Absence, Shift
from storage import schema
from storage.engine import SqlStore

UNITS = (
    # Grids before what they lie in: the order must not matter.
    Unit("g1", "grid", "第一网格", "c1", "620981002001001"),
    Unit("g2", "grid", "第二网格", "c1", "620981002001002"),
    Unit("g10", "grid", "第十网格", "c10"),
    Unit("c1", "community", "柳岸社区", "s", "620981002001"),
    Unit("c10", "community", "石桥社区", "s"),
    Unit("s", "street", "青禾街道", "k", "620981002"),
    Unit("k", "county", "青禾区", None, "620981"),
    Unit("hr", "department", "人社局", "k", "hr"),
    Unit("hb", "department", "住建局", "k", "housing"),
)
STAFF = (
    Officer(
        "1",
        "zhou",
        "周",
        Role.GRID,
        "g1",
        phone="028-1",
        posts=(GRID_CHIEF,),
        employment=Employment.PART_TIME,
        valid_from=date(2026, 1, 1),
    ),
    Officer("2", "ma", "马", Role.GRID, "g2", active=False),
    Officer("3", "he", "何", Role.STREET, "s"),
    Officer("4", "ada", "管", Role.ADMIN, "s"),
    Officer("5", "yu", "于", Role.AUDITOR, "k"),
    Officer("6", "vo", "沃", Role.VOLUNTEER, "c1"),
)


@pytest.fixture
async def filled(store: Store) -> Store:
    def work(tx: Transaction) -> None:
        tx.people.add_units(UNITS)
        tx.people.add_officers(STAFF)

    await store.write(work)
    return store


async def test_units_come_back_as_they_were_with_their_path(filled: Store) -> None:
    known = await filled.read(lambda tx: tx.people.organisation())
    assert known.units == {unit.id: unit for unit in UNITS}
    assert known.units["g1"].path == "/k/s/c1/g1/"
    assert known.officers == {officer.id: officer for officer in STAFF}
    assert await filled.read(lambda tx: tx.people.all_units()) == known.units


async def test_upwards_and_downwards(filled: Store) -> None:
    def read(tx: Transaction) -> tuple[list[str], list[str], list[str], list[str]]:
        return (
            [unit.id for unit in tx.people.chain("g1")],
            [unit.id for unit in tx.people.chain("nowhere")],
            # c1 is no part of c10, although one id begins with the other.
            [unit.id for unit in tx.people.below("c1")],
            sorted(unit.id for unit in tx.people.below("k")),
        )

    up, nothing, down, whole = await filled.read(read)
    assert up == ["g1", "c1", "s", "k"]
    assert nothing == []
    assert down == ["c1", "g1", "g2"]
    assert whole == sorted(unit.id for unit in UNITS)


async def test_units_are_found_by_code_kind_and_root(filled: Store) -> None:
    def read(tx: Transaction) -> tuple[object, ...]:
        people = tx.people
        by_code, none = people.unit_by_code("620981002001002"), people.unit_by_code("")
        return (
            by_code.id if by_code else None,
            none,
            [unit.id for unit in people.departments()],
            [unit.id for unit in people.of_kind("grid", "/k/s/c1/")],
            [unit.id for unit in people.units(["g2", "g1", "nowhere"])],
            (people.top() or UNITS[0]).id,
        )

    found = await filled.read(read)
    assert found == ("g2", None, ["hr", "hb"], ["g1", "g2"], ["g1", "g2"], "k")


async def test_people_are_found_by_unit_and_role(filled: Store) -> None:
    def read(tx: Transaction) -> tuple[list[str], ...]:
        people = tx.people
        return (
            [o.username for o in people.staff(["g1", "g2", "s"])],
            [o.username for o in people.staff([])],
            [o.username for o in people.staff_of_role([Role.GRID, Role.STREET])],
            [o.username for o in people.staff_of_role([Role.GRID, Role.STREET], ["s"])],
            [o.username for o in people.turn_to()],
            [o.username for o in people.turn_to(2)],
            [o.username for o in people.officers(["2", "1", "9"])],
        )

    assert await filled.read(read) == (
        ["ada", "he", "zhou"],
        [],
        ["he", "zhou"],
        ["he"],
        ["he", "ada", "zhou"],  # in the order of OWNERS: no auditor, no volunteer
        ["he", "ada"],
        ["ma", "zhou"],
    )
    assert {Role.AUDITOR, Role.VOLUNTEER}.isdisjoint(OWNERS)


async def test_a_unit_may_change_and_keeps_its_place(filled: Store) -> None:
    ended = date(2026, 11, 22)

    def work(tx: Transaction) -> None:
        unit = tx.people.unit("g1")
        assert unit is not None
        changed = replace(unit, valid_to=ended, successors=("g2",), parent_id="c10", path="/x/")
        tx.people.save_unit(changed)
        tx.people.save_officer(replace(tx.people.officer("1"), unit_id="g2", password_hash="x"))

    await filled.write(work)
    unit = await filled.read(lambda tx: tx.people.unit("g1"))
    assert unit is not None
    assert (unit.valid_to, unit.successors, unit.parent_id) == (ended, ("g2",), "c1")
    assert unit.path == "/k/s/c1/g1/"
    officer = await filled.read(lambda tx: tx.people.officer("1"))
    assert (officer.unit_id, officer.password_hash) == ("g2", "")


async def test_a_unit_without_a_way_to_the_top_is_refused(filled: Store) -> None:
    for lost in (Unit("x", "grid", "x", "nowhere"), Unit("x", "grid", "x", "x")):

        def add(tx: Transaction, unit: Unit = lost) -> None:
            tx.people.add_units([unit])

        with pytest.raises(ValueError, match="no way to the top"):
            await filled.write(add)
    assert await filled.read(lambda tx: tx.people.unit("x")) is None


async def test_the_map_shows_units_without_successors(filled: Store) -> None:
    ring = ((30.0, 104.0), (30.0, 105.0), (31.0, 105.0))

    def work(tx: Transaction) -> None:
        tx.places.draw({"g1": (ring,), "g2": (ring,)})
        tx.places.save([Place("翠湖花园", "g1"), Place("锦绣家园", "g1"), Place("锦绣家园", "g2")])
        unit = tx.people.unit("g1")
        assert unit is not None
        tx.people.save_unit(replace(unit, successors=("g2",)))
        tx.places.move([p for p in tx.places.all() if p.unit_id == "g1"], "g2")

    await filled.write(work)
    assert await filled.read(lambda tx: tx.places.boundaries()) == {"g2": (ring,)}
    places = await filled.read(lambda tx: tx.places.all())
    assert [(p.name, p.unit_id) for p in places] == [("翠湖花园", "g2"), ("锦绣家园", "g2")]


async def test_shifts_and_absences(filled: Store) -> None:
    monday = Shift("a", "g1", "1", 540, 1080, weekday=0)
    once = Shift("b", "s", "3", 1080, 480, day=date(2026, 11, 22))
    away = Absence("c", "1", date(2026, 11, 20), date(2026, 11, 22), "3")

    def work(tx: Transaction) -> None:
        tx.rosters.add_shifts([monday, once])
        tx.rosters.add_absences([away])

    await filled.write(work)

    def read(tx: Transaction) -> tuple[object, ...]:
        rosters = tx.rosters
        day = date(2026, 11, 22)
        return (
            rosters.shifts_of(["g1", "s"]),
            rosters.shifts_of([]),
            rosters.absences_of(["1", "3"], day, day),
            rosters.absences_of(["1"], date(2026, 11, 23), date(2026, 11, 30)),
            rosters.absences_of([], day, day),
            rosters.shift("b"),
            rosters.absence("c"),
        )

    assert await filled.read(read) == ([monday, once], [], [away], [], [], once, away)

    def remove(tx: Transaction) -> None:
        tx.rosters.remove_shift("a")
        tx.rosters.remove_absence("c")

    await filled.write(remove)
    with pytest.raises(NotFound):
        await filled.read(lambda tx: tx.rosters.shift("a"))
    with pytest.raises(NotFound):
        await filled.read(lambda tx: tx.rosters.absence("c"))


def test_the_whole_knows_the_same_chain() -> None:
    whole = Organisation({unit.id: unit for unit in UNITS}, {})
    assert [unit.id for unit in whole.chain("g10")] == ["g10", "c10", "s", "k"]


def _back(connection: Connection) -> None:
    command.downgrade(schema._config(connection), "0009")


async def test_units_of_an_older_schema_get_their_path(sql_store: SqlStore) -> None:
    url = sql_store.url.render_as_string(hide_password=False)
    plain = [replace(unit, code="") for unit in UNITS]

    def fill(tx: Transaction) -> None:
        tx.people.add_units(plain)
        tx.people.add_officer(Officer("3", "he", "何", Role.STREET, "s", "hash"))

    await sql_store.write(fill)
    await schema._with_connection(url, _back)
    await schema.upgrade(url)
    known = await sql_store.read(lambda tx: tx.people.organisation())
    assert known.units == {unit.id: unit for unit in plain}
    assert known.units["g1"].path == "/k/s/c1/g1/"
    assert known.officers == {"3": Officer("3", "he", "何", Role.STREET, "s", "hash")}
    assert await schema.differences(url) == []
