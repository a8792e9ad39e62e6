"""Who is at the console: passwords, logins and what they open."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.errors import NotFound
from casework.organisation import Officer, Role, Unit
from casework.throttle import Throttle
from config.problems import Problem, too_many
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from storage.views import Sight, sight_of

LIFETIME = timedelta(hours=12)
EXTEND_AFTER = timedelta(minutes=30)  # at most one write for this much of an officer's work
FAILURES_PER_USERNAME = 5
FAILURES_PER_ADDRESS = 30
FAILURE_PERIOD = timedelta(minutes=5)
SIDE_BY_SIDE = 2  # argon2 takes 64 MiB and a core each time


@dataclass(frozen=True, slots=True)
class Viewer:
    """An officer with a valid login. ``sight`` is what they may see at this moment."""

    officer: Officer
    unit: Unit | None
    sight: Sight
    csrf_token: str
    token_hash: str


def hash_token(token: str) -> str:
    """What is kept of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Passwords:
    """Argon2 beside the event loop; an unknown name costs as much as a wrong password."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._decoy = ""

    async def fits(self, officer: Officer | None, password: str) -> bool:
        """Whether the password is the officer's; never for an unknown or former officer."""
        known = officer is not None and officer.active and officer.password_hash != ""
        kept = officer.password_hash if officer is not None and known else ""
        return await asyncio.to_thread(self._verify, kept, password) and known

    def _verify(self, kept: str, password: str) -> bool:
        if not self._decoy:
            self._decoy = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            return self._hasher.verify(kept or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False


class Logins:
    """Opens, finds, extends and ends console logins; only a token's hash is kept."""

    def __init__(
        self,
        store: SqlStore,
        passwords: Passwords,
        sees_restricted: Collection[Role] = (Role.STREET, Role.ADMIN),
    ) -> None:
        self._store = store
        self._sees_restricted = sees_restricted
        self._passwords = passwords
        self._by_name = Throttle(FAILURES_PER_USERNAME, FAILURE_PERIOD)
        self._by_address = Throttle(FAILURES_PER_ADDRESS, FAILURE_PERIOD)
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def log_in(self, username: str, password: str, address: str, now: datetime) -> str:
        """A new session's token. Raises Problem: wrong_login or too_many.

        Only failures count. They are counted in the same small room the passwords are tried in:
        a thousand tries at once are not a thousand tries before the first failure is known.
        """
        name = username.casefold()
        async with self._room:
            wait = max(self._by_name.wait(name, now), self._by_address.wait(address, now))
            if wait:
                raise too_many(wait.total_seconds())
            officer = await self._store.read(lambda tx: tx.people.officer_by_username(username))
            fits = await self._passwords.fits(officer, password)
            if officer is None or not fits:
                self._by_name.count(name, now)
                self._by_address.count(address, now)
                raise Problem("wrong_login")
            self._by_name.forget(name)
        return await self._open(officer, now)

    async def _open(self, officer: Officer, now: datetime) -> str:
        token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

        def work(tx: SqlTransaction) -> None:
            tx.people.drop_expired_sessions(now)
            tx.people.add_session(hash_token(token), officer.id, csrf_token, now + LIFETIME)

        await self._store.write(work)
        return token

    async def find(self, token: str, now: datetime) -> Viewer | None:
        """Whose session this is; None when it is unknown, over, or of a former officer."""
        return await self.find_hash(hash_token(token), now)

    async def find_hash(
        self, token_hash: str, now: datetime, *, used: bool = True
    ) -> Viewer | None:
        """As ``find``, for whoever keeps only the hash. Without ``used`` the session does not last
        longer: an open page alone is nobody at work."""

        def work(tx: SqlTransaction) -> tuple[Viewer, datetime] | None:
            session = tx.people.session(token_hash, now)
            if session is None:
                return None
            try:
                officer = tx.people.officer(session.officer_id)
            except NotFound:
                return None
            unit = tx.people.unit(officer.unit_id) if officer.unit_id else None
            sight = sight_of(unit, officer, self._sees_restricted)
            viewer = Viewer(officer, unit, sight, session.csrf_token, token_hash)
            return (viewer, session.expires_at) if officer.active else None

        found = await self._store.read(work)
        if found is None:
            return None
        viewer, expires_at = found
        if used and expires_at - now < LIFETIME - EXTEND_AFTER:
            until = now + LIFETIME
            await self._store.write(lambda tx: tx.people.extend_session(token_hash, until))
        return viewer

    async def log_out(self, token_hash: str) -> None:
        """End a session."""
        await self._store.write(lambda tx: tx.people.end_session(token_hash))
