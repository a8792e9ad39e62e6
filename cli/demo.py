"""The demo street: units, places and officers, for trying things out."""

from __future__ import annotations

import secrets
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
    """The demo street with its units, boundaries and places, into an empty database."""
    street = data["street"]
    tx.people.add_unit(Unit(street["id"], "street", street["name"]))
    for community in data["communities"]:
        tx.people.add_unit(Unit(community["id"], "community", community["name"], street["id"]))
        for grid in community["grids"]:
            tx.people.add_unit(Unit(grid["id"], "grid", grid["name"], community["id"]))
            tx.places.save(_place(place, grid["id"]) for place in grid["places"])
            tx.places.draw({grid["id"]: (tuple((lat, lng) for lat, lng in grid["boundary"]),)})


def _place(data: dict[str, Any], unit_id: str) -> Place:
    given = {**data, "kind": PlaceKind(data["kind"]), "aliases": tuple(data["aliases"])}
    return Place(unit_id=unit_id, **given)


async def seed(store: SqlStore, password: str | None = None) -> dict[str, str]:
    """Create the demo street if it is not there; every demo officer gets one password.

    Returns the password by username. Raises RealDatabase for a database with other officers.
    """
    data = demo_data()
    chosen = password or secrets.token_urlsafe(9)
    hashed = PasswordHasher().hash(chosen)

    def work(tx: SqlTransaction) -> None:
        known = {
            officer.username: officer for officer in tx.people.organisation().officers.values()
        }
        if any(not username.startswith("demo-") for username in known):
            raise RealDatabase
        if not known:
            add_units(tx, data)
        for officer in data["officers"]:
            if officer["username"] in known:
                tx.people.set_password(known[officer["username"]].id, hashed)
                continue
            tx.people.add_officer(
                Officer(
                    id=tx.new_id(),
                    username=officer["username"],
                    name=officer["name"],
                    role=Role(officer["role"]),
                    unit_id=officer["unit"],
                    password_hash=hashed,
                )
            )

    await store.write(work)
    return {officer["username"]: chosen for officer in data["officers"]}
