"""Officers, units, places, console sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update

from casework.errors import NotFound
from casework.organisation import OWNERS, Employment, Officer, Organisation, Place, Role
from storage.places import SqlPlaces
from storage.prepared import Prepared, PreparedIn
from storage.prepared import Row as Values
from storage.tables import officers
from storage.tables_people import sessions
from storage.units import IN_ONE_QUERY, SqlUnits


class LoginSession(NamedTuple):
    """A console login; only the token's hash is kept."""

    officer_id: str
    csrf_token: str
    expires_at: datetime


_ALL = Prepared(select(officers), officers)
_ONE = Prepared(select(officers).where(officers.c.id == bindparam("wanted")), officers)
_SOME = PreparedIn(
    lambda ids: select(officers).where(officers.c.id.in_(ids)).order_by(officers.c.username),
    officers,
)
_STAFF = PreparedIn(
    lambda ids: (
        select(officers)
        .where(officers.c.unit_id.in_(ids), officers.c.active)
        .order_by(officers.c.username)
    ),
    officers,
)


def officer_of(data: Values) -> Officer:
    """An officer as it was stored."""
    kept = {"role": Role(data["role"]), "posts": tuple(data["posts"])}
    return Officer(**{**data, **kept, "employment": Employment(data["employment"])})


def _row_of(officer: Officer) -> dict[str, Any]:
    row = {column.name: getattr(officer, column.name) for column in officers.c}
    kept = {"role": officer.role.value, "employment": officer.employment.value}
    return {**row, **kept, "posts": list(officer.posts)}


class SqlPeople(SqlUnits):
    """casework.people.People on a SQL connection, and the console's sessions."""

    def organisation(self) -> Organisation:
        """Units and officers as they are now; the places are ``SqlPlaces``'s."""
        rows = _ALL.rows(self._connection, {})
        return Organisation(self.all_units(), {row["id"]: officer_of(row) for row in rows})

    def officer(self, officer_id: str) -> Officer:
        """Raises NotFound."""

        def read() -> Officer | None:
            found = _ONE.rows(self._connection, {"wanted": officer_id})
            return officer_of(found[0]) if found else None

        found = self._steady.get(("officer", officer_id), read)
        if found is None:
            raise NotFound
        return found

    def officers(self, officer_ids: Iterable[str]) -> list[Officer]:
        """Those of these ids that there are."""
        ids = sorted(set(officer_ids))
        found: list[Officer] = []
        for start in range(0, len(ids), IN_ONE_QUERY):
            some = ids[start : start + IN_ONE_QUERY]
            found += [officer_of(row) for row in _SOME.rows(self._connection, some)]
        return found

    def officer_by_username(self, username: str) -> Officer | None:
        """None when there is no such officer."""
        found = self._officers(officers.c.username == username)
        return found[0] if found else None

    def staff(self, unit_ids: Iterable[str]) -> list[Officer]:
        """The active officers of these units, by username."""
        ids = tuple(sorted(set(unit_ids)))

        def read() -> tuple[Officer, ...]:
            return tuple(officer_of(row) for row in _STAFF.rows(self._connection, ids))

        return list(self._steady.get(("staff", ids), read))

    def staff_of_role(
        self, roles: Iterable[Role], unit_ids: Iterable[str] | None = None
    ) -> list[Officer]:
        """The active officers of these roles (in these units), by username."""
        wanted = [officers.c.active, officers.c.role.in_([role.value for role in roles])]
        if unit_ids is not None:
            wanted.append(officers.c.unit_id.in_(sorted(set(unit_ids))))
        return self._officers(*wanted)

    def turn_to(self, limit: int = 20) -> list[Officer]:
        """Active officers who may own a case, in the order of ``OWNERS``."""
        found: list[Officer] = []
        for role in OWNERS:
            if len(found) < limit:
                of_role = (officers.c.active, officers.c.role == role.value)
                found += self._officers(*of_role, limit=limit - len(found))
        return found

    def _officers(self, *wanted: ColumnElement[bool], limit: int | None = None) -> list[Officer]:
        query = select(officers).where(*wanted).order_by(officers.c.username).limit(limit)
        return [officer_of(row._asdict()) for row in self._connection.execute(query)]

    def add_officer(self, officer: Officer) -> None:
        """Store a new one."""
        self.add_officers([officer])

    def add_officers(self, given: Iterable[Officer]) -> None:
        """Store new ones."""
        self._steady.forget()
        rows = [_row_of(officer) for officer in given]
        if rows:
            self._connection.execute(insert(officers), rows)

    def save_officer(self, officer: Officer) -> None:
        """Replace all but the password."""
        self._steady.forget()
        row = _row_of(officer)
        del row["password_hash"]
        self._connection.execute(update(officers).where(officers.c.id == officer.id).values(row))

    def set_password(self, officer_id: str, password_hash: str) -> None:
        """Replace the hash."""
        self._steady.forget()
        self._connection.execute(
            update(officers).where(officers.c.id == officer_id).values(password_hash=password_hash)
        )

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
