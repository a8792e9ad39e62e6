"""Mediations, promises and judicial confirmations on SQL; in memory: storage.memory_mediation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, func, insert, select, update

from casework import confirmations as confirming
from casework import mediation_sessions as meetings
from casework import promises as promising
from casework.confirmations import Confirmation, Stage
from casework.errors import NotFound
from casework.mediation import Agreement, Answer, Mediation, Phase, Session, Source
from casework.promises import Party, Promise
from storage.prepared import Prepared
from storage.tables_mediation import ASKED, DUE, LIVE, confirmations, mediations, promises

# Asked with every line of a resident who has cases.
_OPEN_QUESTIONS = Prepared(
    select(mediations)
    .where(mediations.c.conversation_id == bindparam("within"), LIVE)
    .order_by(mediations.c.proposed_at.desc(), mediations.c.id.desc()),
    mediations,
)
_ASKED_OF = Prepared(
    select(promises)
    .where(promises.c.conversation_id == bindparam("within"), ASKED)
    .order_by(promises.c.asked_at.desc(), promises.c.id),
    promises,
)
_SESSION = tuple(each.name for each in fields(Session))


def mediation_row(mediation: Mediation) -> dict[str, Any]:
    """The row of a mediation."""
    sessions = [{**asdict(each), "at": each.at.isoformat()} for each in mediation.sessions]
    agreement = mediation.agreement
    return {
        **asdict(mediation),
        "sessions": sessions,
        "agreement": asdict(agreement) | {"effective_on": agreement.effective_on.isoformat()}
        if agreement
        else None,
        "next_at": meetings.next_moment(mediation),
    }


def mediation_from(row: Mapping[str, Any]) -> Mediation:
    """The mediation of a row."""
    given = {name: value for name, value in row.items() if name != "next_at"}
    given["source"], given["phase"] = Source(given["source"]), Phase(given["phase"])
    for name in ("resident", "other"):
        given[name] = Answer(given[name]) if given[name] else None
    given["sessions"] = tuple(_session(each) for each in given["sessions"])
    held = given["agreement"]
    given["agreement"] = (
        Agreement(**{**held, "effective_on": date.fromisoformat(held["effective_on"])})
        if held
        else None
    )
    return Mediation(**given)


def _session(stored: Mapping[str, Any]) -> Session:
    given = {name: stored[name] for name in _SESSION if name in stored}
    at = datetime.fromisoformat(given["at"])
    return Session(**{**given, "at": at, "present": tuple(given.get("present", ()))})


def promise_from(row: Mapping[str, Any]) -> Promise:
    """The promise of a row."""
    given = {name: value for name, value in row.items() if name != "next_at"}
    return Promise(**{**given, "party": Party(given["party"])})


def confirmation_from(row: Mapping[str, Any]) -> Confirmation:
    """The confirmation of a row."""
    given = {name: value for name, value in row.items() if name != "next_at"}
    return Confirmation(**{**given, "stage": Stage(given["stage"])})


def without_words(mediation: Mediation) -> Mediation:
    """The mediation as it stays when its resident is forgotten: times and codes."""
    sessions = tuple(replace(each, place="", minutes="") for each in mediation.sessions)
    agreement = mediation.agreement
    bare = replace(agreement, number="", file_id=None) if agreement else None
    return replace(mediation, sessions=sessions, agreement=bare, since_year=None)


class SqlMediations:
    """casework.mediation.Mediations on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, mediation: Mediation) -> None:
        """Store a new one."""
        self._connection.execute(insert(mediations), mediation_row(mediation))

    def save(self, mediation: Mediation) -> None:
        """Replace it."""
        row = mediation_row(mediation)
        chosen = update(mediations).where(mediations.c.id == mediation.id)
        self._connection.execute(chosen.values(row))

    def get(self, mediation_id: str, *, lock: bool = False) -> Mediation:
        """Raises NotFound."""
        row = _one(self._connection, mediations.c.id, mediation_id, lock=lock)
        return mediation_from(row)

    def of_case(self, number: str, *, lock: bool = False) -> list[Mediation]:
        """The case's mediations, the newest first."""
        query = (
            select(mediations)
            .where(mediations.c.case_number == number)
            .order_by(mediations.c.proposed_at.desc(), mediations.c.id.desc())
        )
        found = self._connection.execute(query.with_for_update() if lock else query)
        return [mediation_from(row._asdict()) for row in found]

    def open_questions(self, conversation_id: str) -> list[Mediation]:
        """Those of a resident's cases that are not over, the newest first."""
        found = _OPEN_QUESTIONS.rows(self._connection, {"within": conversation_id})
        return [mediation_from(row) for row in found]

    def load(self, officer_ids: Iterable[str]) -> dict[str, int]:
        """How many that are not over each of these mediators has."""
        query = (
            select(mediations.c.mediator_id, func.count())
            .where(mediations.c.mediator_id.in_(sorted(officer_ids)), LIVE)
            .group_by(mediations.c.mediator_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def of_mediator(self, officer_id: str) -> list[str]:
        """Ids of those of this mediator that are not over."""
        query = select(mediations.c.id).where(mediations.c.mediator_id == officer_id, LIVE)
        return list(self._connection.execute(query.order_by(mediations.c.id)).scalars())

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of those whose next moment has come, the earliest first."""
        return _due(self._connection, mediations, mediations.c.id, now, limit)

    def forget(self, case_number: str) -> None:
        """Empty what was said; what was counted stays."""
        for mediation in self.of_case(case_number, lock=True):
            self.save(without_words(mediation))
        for table, words in (
            (promises, {"what": ""}),
            (confirmations, {"number": "", "court": "", "file_id": None}),
        ):
            self._connection.execute(
                update(table).where(table.c.case_number == case_number).values(words)
            )


class SqlPromises:
    """casework.promises.Promises on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, promise: Promise) -> None:
        """Store a new one."""
        self._connection.execute(insert(promises), _promise_row(promise))

    def save(self, promise: Promise) -> None:
        """Replace it."""
        chosen = update(promises).where(promises.c.id == promise.id)
        self._connection.execute(chosen.values(_promise_row(promise)))

    def get(self, promise_id: str, *, lock: bool = False) -> Promise:
        """Raises NotFound."""
        return promise_from(_one(self._connection, promises.c.id, promise_id, lock=lock))

    def of_case(self, number: str) -> list[Promise]:
        """The case's promises, by their day."""
        query = (
            select(promises)
            .where(promises.c.case_number == number)
            .order_by(promises.c.due_on, promises.c.id)
        )
        return [promise_from(row._asdict()) for row in self._connection.execute(query)]

    def asked_of(self, conversation_id: str) -> list[Promise]:
        """Those a resident was asked about in vain so far, the latest asked first."""
        found = _ASKED_OF.rows(self._connection, {"within": conversation_id})
        return [promise_from(row) for row in found]

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of those whose next moment has come, the earliest first."""
        return _due(self._connection, promises, promises.c.id, now, limit)


class SqlConfirmations:
    """casework.confirmations.Confirmations on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, confirmation: Confirmation) -> None:
        """Store a new one."""
        self._connection.execute(insert(confirmations), _confirmation_row(confirmation))

    def save(self, confirmation: Confirmation) -> None:
        """Replace it."""
        key = confirmations.c.mediation_id == confirmation.mediation_id
        row = _confirmation_row(confirmation)
        self._connection.execute(update(confirmations).where(key).values(row))

    def get(self, mediation_id: str, *, lock: bool = False) -> Confirmation | None:
        """The confirmation of a mediation's agreement, if there is one."""
        query = select(confirmations).where(confirmations.c.mediation_id == mediation_id)
        found = self._connection.execute(query.with_for_update() if lock else query)
        row = found.one_or_none()
        return confirmation_from(row._asdict()) if row is not None else None

    def of_liaison(self, officer_id: str) -> list[str]:
        """Ids of mediations whose confirmation this officer sees to and that are not over."""
        held, key = confirmations.c.liaison_id == officer_id, confirmations.c.mediation_id
        query = select(key).where(held, confirmations.c.ended_at.is_(None)).order_by(key)
        return list(self._connection.execute(query).scalars())

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of mediations whose confirmation's next moment has come, the earliest first."""
        key = confirmations.c.mediation_id
        return _due(self._connection, confirmations, key, now, limit)


def _promise_row(promise: Promise) -> dict[str, Any]:
    return {**asdict(promise), "next_at": promising.next_moment(promise)}


def _confirmation_row(confirmation: Confirmation) -> dict[str, Any]:
    return {**asdict(confirmation), "next_at": confirming.next_moment(confirmation)}


def _one(connection: Connection, key: Column[str], value: str, *, lock: bool) -> Mapping[str, Any]:
    query = select(key.table).where(key == value)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound
    return row._asdict()


def _due(
    connection: Connection, table: Table, key: Column[str], now: datetime, limit: int
) -> list[str]:
    query = select(key).where(table.c.next_at <= now, DUE).order_by(table.c.next_at, key)
    return list(connection.execute(query.limit(limit)).scalars())
