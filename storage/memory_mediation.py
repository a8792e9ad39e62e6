"""Mediations, promises and judicial confirmations in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from casework import confirmations as confirming
from casework import mediation_sessions as meetings
from casework import promises as promising
from casework.confirmations import Confirmation
from casework.errors import NotFound
from casework.mediation import Mediation
from casework.promises import Promise
from storage.mediation import without_words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MediationRows:
    """All of it in memory; the rows are frozen, the dictionaries are the transaction's own."""

    mediations: dict[str, Mediation] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    confirmations: dict[str, Confirmation] = field(default_factory=dict)

    def __copy__(self) -> MediationRows:
        return MediationRows(dict(self.mediations), dict(self.promises), dict(self.confirmations))


class MemoryMediations:
    """casework.mediation.Mediations in memory."""

    def __init__(self, rows: MediationRows) -> None:
        self._all = rows
        self._rows = rows.mediations

    def add(self, mediation: Mediation) -> None:
        """Store a new one."""
        self._rows[mediation.id] = mediation

    save = add

    def get(self, mediation_id: str, *, lock: bool = False) -> Mediation:  # noqa: ARG002
        """Raises NotFound."""
        return _known(self._rows, mediation_id)

    def of_case(self, number: str, *, lock: bool = False) -> list[Mediation]:  # noqa: ARG002
        """The case's mediations, the newest first."""
        return self._list(lambda each: each.case_number == number)

    def open_questions(self, conversation_id: str) -> list[Mediation]:
        """Those of a resident's cases that are not over, the newest first."""
        return self._list(
            lambda each: each.conversation_id == conversation_id and each.ended_at is None
        )

    def load(self, officer_ids: Iterable[str]) -> dict[str, int]:
        """How many that are not over each of these mediators has."""
        wanted = set(officer_ids)
        return dict(
            Counter(
                each.mediator_id
                for each in self._rows.values()
                if each.ended_at is None and each.mediator_id in wanted
            )
        )

    def of_mediator(self, officer_id: str) -> list[str]:
        """Ids of those of this mediator that are not over."""
        found = self._list(lambda each: each.mediator_id == officer_id and each.ended_at is None)
        return sorted(each.id for each in found)

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of those whose next moment has come, the earliest first."""
        return _due_in(self._rows, meetings.next_moment, now, limit)

    def forget(self, case_number: str) -> None:
        """Empty what was said; what was counted stays."""
        for mediation in self.of_case(case_number):
            self.save(without_words(mediation))
        for promise in list(self._all.promises.values()):
            if promise.case_number == case_number:
                self._all.promises[promise.id] = replace(promise, what="")
        for known in list(self._all.confirmations.values()):
            if known.case_number == case_number:
                bare = replace(known, number="", court="", file_id=None)
                self._all.confirmations[known.mediation_id] = bare

    def _list(self, wanted: Callable[[Mediation], bool]) -> list[Mediation]:
        found = [each for each in self._rows.values() if wanted(each)]
        return sorted(found, key=lambda each: (each.proposed_at, each.id), reverse=True)


class MemoryPromises:
    """casework.promises.Promises in memory."""

    def __init__(self, rows: MediationRows) -> None:
        self._rows = rows.promises

    def add(self, promise: Promise) -> None:
        """Store a new one."""
        self._rows[promise.id] = promise

    save = add

    def get(self, promise_id: str, *, lock: bool = False) -> Promise:  # noqa: ARG002
        """Raises NotFound."""
        return _known(self._rows, promise_id)

    def of_case(self, number: str) -> list[Promise]:
        """The case's promises, by their day."""
        mine = [each for each in self._rows.values() if each.case_number == number]
        return sorted(mine, key=lambda each: (each.due_on, each.id))

    def asked_of(self, conversation_id: str) -> list[Promise]:
        """Those a resident was asked about in vain so far, the latest asked first."""
        asked = [
            (each.asked_at, each)
            for each in self._rows.values()
            if each.conversation_id == conversation_id and each.open and each.asked_at
        ]
        asked.sort(key=lambda pair: (-pair[0].timestamp(), pair[1].id))
        return [each for _, each in asked]

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of those whose next moment has come, the earliest first."""
        return _due_in(self._rows, promising.next_moment, now, limit)


class MemoryConfirmations:
    """casework.confirmations.Confirmations in memory."""

    def __init__(self, rows: MediationRows) -> None:
        self._rows = rows.confirmations

    def add(self, confirmation: Confirmation) -> None:
        """Store a new one."""
        self._rows[confirmation.mediation_id] = confirmation

    save = add

    def get(self, mediation_id: str, *, lock: bool = False) -> Confirmation | None:  # noqa: ARG002
        """The confirmation of a mediation's agreement, if there is one."""
        return self._rows.get(mediation_id)

    def of_liaison(self, officer_id: str) -> list[str]:
        """Ids of mediations whose confirmation this officer sees to and that are not over."""
        held = self._rows.items()
        return sorted(k for k, c in held if c.liaison_id == officer_id and c.ended_at is None)

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of mediations whose confirmation's next moment has come, the earliest first."""
        return _due_in(self._rows, confirming.next_moment, now, limit)


def _known(rows: Mapping[str, T], key: str) -> T:
    if key not in rows:
        raise NotFound
    return rows[key]


def _due_in(
    rows: Mapping[str, T],
    moment: Callable[[T], datetime | None],
    now: datetime,
    limit: int,
) -> list[str]:
    due = [(at, key) for key, row in rows.items() if (at := moment(row)) is not None and at <= now]
    return [key for _, key in sorted(due)][:limit]
