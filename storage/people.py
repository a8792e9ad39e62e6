"""Officers, units, places, console sessions."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from casework.errors import NotFound
from casework.organisation import Officer, Organisation, Place, Role, Unit
from storage.counters import advance
from storage.places import COUNTER, SqlPlaces
from storage.prepared import Prepared
from storage.prepared import Row as Values
from storage.tables import officers, sessions, units


class LoginSession(NamedTuple):
    """A console login; only the token's hash is kept."""

    officer_id: str
    csrf_token: str
    expires_at: datetime


_UNIT_COLUMNS = [units.c.id, units.c.kind, units.c.name, units.c.parent_id]
_UNITS = Prepared(select(*_UNIT_COLUMNS), _UNIT_COLUMNS)
_OFFICERS = Prepared(select(officers), officers)
_UNIT = Prepared(select(*_UNIT_COLUMNS).where(units.c.id == bindparam("wanted")), _UNIT_COLUMNS)
_GET = Prepared(select(officers).where(officers.c.id == bindparam("wanted")), officers)


def _unit(data: Values) -> Unit:
    return Unit(data["id"], data["kind"], data["name"], data["parent_id"])


def _officer(data: Values) -> Officer:
    return Officer(
        id=data["id"],
        username=data["username"],
        name=data["name"],
        role=Role(data["role"]),
        unit_id=data["unit_id"],
        password_hash=data["password_hash"],
        active=data["active"],
    )


class SqlPeople:
    """casework.ports.People on a SQL connection, and the console's sessions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def organisation(self) -> Organisation:
        """Units and officers as they are now; the places are ``SqlPlaces``'s."""
        found = self._connection
        return Organisation(
            units={row["id"]: _unit(row) for row in _UNITS.rows(found, {})},
            officers={row["id"]: _officer(row) for row in _OFFICERS.rows(found, {})},
        )

    def officer(self, officer_id: str) -> Officer:
        """Raises NotFound."""
        found = _GET.rows(self._connection, {"wanted": officer_id})
        if not found:
            raise NotFound
        return _officer(found[0])

    def unit(self, unit_id: str) -> Unit | None:
        """None when there is no such unit."""
        found = _UNIT.rows(self._connection, {"wanted": unit_id})
        return _unit(found[0]) if found else None

    def officer_by_username(self, username: str) -> Officer | None:
        """None when there is no such officer."""
        row = self._connection.execute(
            select(officers).where(officers.c.username == username)
        ).one_or_none()
        return None if row is None else _officer(row._asdict())

    def add_officer(self, officer: Officer) -> None:
        """Store a new one."""
        self._connection.execute(
            insert(officers),
            {
                "id": officer.id,
                "username": officer.username,
                "name": officer.name,
                "role": officer.role.value,
                "unit_id": officer.unit_id,
                "password_hash": officer.password_hash,
                "active": officer.active,
            },
        )

    def set_password(self, officer_id: str, password_hash: str) -> None:
        """Replace the hash."""
        self._connection.execute(
            update(officers).where(officers.c.id == officer_id).values(password_hash=password_hash)
        )

    def add_unit(self, unit: Unit) -> None:
        """Store a new one."""
        self._connection.execute(
            insert(units),
            {"id": unit.id, "kind": unit.kind, "name": unit.name, "parent_id": unit.parent_id},
        )
        advance(self._connection, COUNTER)

    def add_place(self, place: Place) -> None:
        """Store a new one."""
        SqlPlaces(self._connection).save([place])

    def add_session(
        self, token_hash: str, officer_id: str, csrf_token: str, expires_at: datetime
    ) -> None:
        """Keep a login."""
        self._connection.execute(
            insert(sessions),
            {
                "token_hash": token_hash,
                "officer_id": officer_id,
                "csrf_token": csrf_token,
                "expires_at": expires_at,
            },
        )

    def session(self, token_hash: str, now: datetime) -> LoginSession | None:
        """The login with this token, None when unknown or expired."""
        row = self._connection.execute(
            select(sessions).where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
        ).one_or_none()
        if row is None:
            return None
        return LoginSession(row.officer_id, row.csrf_token, row.expires_at)

    def extend_session(self, token_hash: str, expires_at: datetime) -> None:
        """A login in use lasts on."""
        self._connection.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash)
            .values(expires_at=expires_at)
        )

    def end_session(self, token_hash: str) -> None:
        """Log out."""
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def drop_expired_sessions(self, now: datetime) -> None:
        """Forget what has expired."""
        self._connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
