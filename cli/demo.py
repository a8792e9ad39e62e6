"""The demo street: units, places and officers, for trying things out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

import yaml
from argon2 import PasswordHasher

from casework.organisation import Officer, Place, PlaceKind, Role, Unit
from casework.ports import Transaction
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction


class RealDatabase(Exception):
    """This database holds a real organisation; the demo will not touch it."""


def demo_data() -> dict[str, Any]:
    """The demo street as it stands in config/demo.yaml."""
    text = resources.files("config").joinpath("demo.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def add_units(tx: Transaction, data: dict[str, Any]) -> None:
    """The demo county with its street, boundaries, places and departments; those of an older
    demo stay as they are."""
    known = tx.people.all_units()
    tx.people.add_units(unit for unit in units_of(data) if unit.id not in known)
    for community in data["communities"]:
        for grid in community["grids"]:
            if grid["id"] not in known:
                tx.places.save(_place(place, grid["id"]) for place in grid["places"])
                tx.places.draw({grid["id"]: (tuple((lat, lng) for lat, lng in grid["boundary"]),)})


def units_of(data: dict[str, Any]) -> Iterator[Unit]:
    """Every unit of the demo."""
    county, street = data["county"], data["street"]
    yield _unit(county, "county", None)
    yield _unit(street, "street", county["id"])
    for department in data["departments"]:
        yield _unit(department, "department", county["id"])
    for room in data["mediation"]:
        yield _unit(room, "mediation", street["id"])
    for community in data["communities"]:
        yield _unit(community, "community", street["id"])
        for grid in community["grids"]:
            yield _unit(grid, "grid", community["id"])


def _unit(data: dict[str, Any], kind: str, parent_id: str | None) -> Unit:
    return Unit(data["id"], kind, data["name"], parent_id, data.get("code", ""))


def _place(data: dict[str, Any], unit_id: str) -> Place:
    given = {**data, "kind": PlaceKind(data["kind"]), "aliases": tuple(data["aliases"])}
    return Place(unit_id=unit_id, **given)


Day = Callable[[SqlTransaction], None]


async def seed(
    store: SqlStore,
    password: str | None = None,
    *,
    more: Iterable[Mapping[str, Any]] = (),
    day: Day | None = None,
) -> dict[str, str]:
    """Create the demo street if it is not there; every demo officer gets one password.

    ``more`` are officers beside those of every demo, ``day`` is what they have done already.
    Returns the password by username. Raises RealDatabase for a database with other officers.
    """
    data = demo_data()
    officers = [*data["officers"], *more]
    chosen = password or secrets.token_urlsafe(9)
    hashed = PasswordHasher().hash(chosen)

    def work(tx: SqlTransaction) -> None:
        known = {
            officer.username: officer for officer in tx.people.organisation().officers.values()
        }
        if any(not username.startswith("demo-") for username in known):
            raise RealDatabase
        add_units(tx, data)
        for officer in officers:
            if officer["username"] in known:
                tx.people.set_password(known[officer["username"]].id, hashed)
            else:
                tx.people.add_officer(_officer(officer, tx.new_id(), hashed))
        if day is not None:
            day(tx)

    await store.write(work)
    return {officer["username"]: chosen for officer in officers}


def _officer(given: Mapping[str, Any], officer_id: str, hashed: str) -> Officer:
    return Officer(
        id=officer_id,
        username=given["username"],
        name=given["name"],
        role=Role(given["role"]),
        unit_id=given["unit"],
        password_hash=hashed,
        phone=given.get("phone", ""),
    )
