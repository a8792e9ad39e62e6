"""Transactions. The only file that commits.

A transaction is a plain function ``work(tx)``. It runs as a whole, is durable when ``write``
returns, and may be run again from its start after a conflict.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.errors import Busy
from casework.events import Event
from casework.turn import Turn
from storage.alerts import SqlAlerts
from storage.booking import SqlBooking
from storage.captures import SqlCaptures
from storage.cases import SqlCases
from storage.collective import SqlCollectives
from storage.conversations import SqlConversations
from storage.erasing import SqlErasing
from storage.events import SqlEvents
from storage.groups import SqlGroups
from storage.ids import new_id
from storage.links import SqlLinks
from storage.mediation import SqlConfirmations, SqlMediations, SqlPromises
from storage.moves import SqlMoves
from storage.outbox import SqlOutbox
from storage.people import SqlPeople
from storage.places import SqlPlaces
from storage.reclassifications import SqlReclassifications
from storage.records import SqlFiles, SqlNotes
from storage.reminders import SqlReminders
from storage.rosters import SqlRosters
from storage.sponsors import SqlSponsors
from storage.supervision import SqlSlips
from storage.tasks import SqlTasks
from storage.turns import SqlTurns
from storage.whistle import SqlWhistles

T = TypeVar("T")
MOST_TRIES = 8
# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available, unique_violation (two
# first lines of one chat at once; run again, the second finds what the first stored).
CONFLICTS = frozenset({"40001", "40P01", "55P03", "23505"})


@dataclass(frozen=True, slots=True)
class Committed:
    """What one transaction made durable, for those who watch live."""

    turns: tuple[Turn, ...]
    events: tuple[Event, ...]
    pushed: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.turns or self.events or self.pushed)


class SqlTransaction:
    """casework.ports.Transaction on a SQL connection. Parts are made when first used."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def conversations(self) -> SqlConversations:
        """Conversations."""
        return SqlConversations(self.connection)

    @cached_property
    def turns(self) -> SqlTurns:
        """Turns."""
        return SqlTurns(self.connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """Outbox."""
        return SqlOutbox(self.connection)

    @cached_property
    def cases(self) -> SqlCases:
        """Cases."""
        return SqlCases(self.connection)

    @cached_property
    def events(self) -> SqlEvents:
        """Events."""
        return SqlEvents(self.connection)

    @cached_property
    def people(self) -> SqlPeople:
        """Officers, units, places and sessions."""
        return SqlPeople(self.connection)

    @property
    def places(self) -> SqlPlaces:
        """Named places and boundaries."""
        return SqlPlaces(self.connection)

    @cached_property
    def groups(self) -> SqlGroups:
        """Groups."""
        return SqlGroups(self.connection)

    @cached_property
    def files(self) -> SqlFiles:
        """Files."""
        return SqlFiles(self.connection)

    @cached_property
    def moves(self) -> SqlMoves:
        """What was done with cases."""
        return SqlMoves(self.connection)

    @cached_property
    def reclassifications(self) -> SqlReclassifications:
        """Officers' corrections of categories."""
        return SqlReclassifications(self.connection)

    @cached_property
    def erasing(self) -> SqlErasing:
        """Taking words away."""
        return SqlErasing(self.connection)

    @cached_property
    def mediations(self) -> SqlMediations:
        """Mediations."""
        return SqlMediations(self.connection)

    @cached_property
    def promises(self) -> SqlPromises:
        """Promises."""
        return SqlPromises(self.connection)

    @cached_property
    def confirmations(self) -> SqlConfirmations:
        """Judicial confirmations."""
        return SqlConfirmations(self.connection)

    @cached_property
    def links(self) -> SqlLinks:
        """Links on walls."""
        return SqlLinks(self.connection)

    @cached_property
    def captures(self) -> SqlCaptures:
        """What officers registered."""
        return SqlCaptures(self.connection)

    @cached_property
    def booking(self) -> SqlBooking:
        """Calendars and appointments."""
        return SqlBooking(self.connection)

    @cached_property
    def rosters(self) -> SqlRosters:
        """Shifts and absences."""
        return SqlRosters(self.connection)

    @cached_property
    def alerts(self) -> SqlAlerts:
        """Alerts."""
        return SqlAlerts(self.connection)

    @cached_property
    def reminders(self) -> SqlReminders:
        """The residents' own countdowns."""
        return SqlReminders(self.connection)

    @cached_property
    def tasks(self) -> SqlTasks:
        """Officers' tasks."""
        return SqlTasks(self.connection)

    @cached_property
    def slips(self) -> SqlSlips:
        """Supervision slips."""
        return SqlSlips(self.connection)

    @cached_property
    def sponsors(self) -> SqlSponsors:
        """Sponsors and their log."""
        return SqlSponsors(self.connection)

    @cached_property
    def collectives(self) -> SqlCollectives:
        """Group cases."""
        return SqlCollectives(self.connection)

    @cached_property
    def notes(self) -> SqlNotes:
        """Officers' notes."""
        return SqlNotes(self.connection)

    @cached_property
    def whistles(self) -> SqlWhistles:
        """Notices that call departments."""
        return SqlWhistles(self.connection)

    def new_id(self) -> str:
        """A fresh opaque id."""
        return new_id()

    def close(self) -> Committed:
        """Write the events as the last statement and tell what was done."""
        events = self.events.flush()
        return Committed(
            turns=tuple(self.turns.added),
            events=tuple(events),
            pushed=frozenset(self.turns.pushed | self.outbox.pushed),
        )


def run_once(connection: Connection, work: Callable[[SqlTransaction], T]) -> tuple[T, Committed]:
    """Run ``work`` and write its events; the caller commits or rolls back."""
    transaction = SqlTransaction(connection)
    result = work(transaction)
    return result, transaction.close()


def write_batch(
    connection: Connection, works: list[Callable[[SqlTransaction], T]]
) -> list[tuple[T, Committed] | Exception]:
    """Run several transactions under one commit (SQLite's single writer).

    None is acknowledged before the common commit. When one fails, all are undone and each is run
    again under a commit of its own: a transaction may be run again by definition, failures are
    rare, and a savepoint for each would cost every good one. Busy stands for those that could
    not begin.
    """
    if len(works) > 1:
        try:
            with connection.begin():
                return [run_once(connection, work) for work in works]
        except Exception as error:  # noqa: BLE001 - whoever failed is told below, alone
            if is_busy(error):
                return [Busy() for _ in works]
    return [_alone(connection, work) for work in works]


def _alone(
    connection: Connection, work: Callable[[SqlTransaction], T]
) -> tuple[T, Committed] | Exception:
    try:
        with connection.begin():
            return run_once(connection, work)
    except Exception as error:  # noqa: BLE001 - handed to the caller who asked for this work
        return Busy() if is_busy(error) else error


def is_busy(error: Exception) -> bool:
    """Whether SQLite's write lock is held by another process."""
    cause = getattr(error, "orig", error)
    return isinstance(cause, sqlite3.OperationalError) and (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
    )


def begin_immediately(engine: Engine) -> None:
    """Take SQLite's write lock at BEGIN, so that a transaction never fails half-way.

    On the driver's connection, without SQLAlchemy around it: this runs for every commit.
    """

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        driver.execute("BEGIN IMMEDIATE")


def take_snapshot(connection: Connection) -> None:
    """Begin a read of SQLite: all of it sees one moment of the file."""
    connection.exec_driver_sql("BEGIN")


async def write_async(
    engine: AsyncEngine, work: Callable[[SqlTransaction], T]
) -> tuple[T, Committed]:
    """One transaction on PostgreSQL, run again after a conflict."""
    for attempt in range(1, MOST_TRIES + 1):
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(run_once, work)
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
            if state not in CONFLICTS or attempt == MOST_TRIES:
                raise
    raise AssertionError("unreachable: the loop returns or raises")
