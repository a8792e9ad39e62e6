"""Rates reckoned case by case in Python: what the counts in storage are held against.

Slow and plain on purpose: every case is read, and every formula looks at one after the other.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from casework.case import SlotValue, Source, Status
from casework.effects import RESOLUTIONS
from casework.events import ActorKind, Kind
from casework.intake import ANONYMOUS
from casework.privacy import mode_of
from casework.rates import ENOUGH, REPEATED_WITHIN, WEIGHTS, Figure, Rate, Rates
from storage.tables import cases, events, units
from storage.tables_moves import moves
from storage.unit_of_work import SqlTransaction
from storage.units import within
from storage.views import Sight
from storage.views_rates import Period

_GRAVE = ("R2", "R3")
_VERBS = ("return", "assign", "resolve", "refer", "confirm", "call_back", "reopen")
_TAKEN_BACK = (Status.WITHDRAWN.value, Status.ARCHIVED.value)
"""Where a case stands that ended without an answer; put away, it is called withdrawn no more."""
_NO_RESIDENT = (Source.PATROL.value,)


_COLUMNS = [
    cases.c[name]
    for name in (
        "number",
        "category",
        "kind",
        "slots",
        "source",
        "filed_at",
        "contact_by",
        "contacted_at",
        "due_at",
        "closed_at",
        "rating",
        "round",
        "resolution",
    )
]


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What rates are made of: one case that was filed in the period, without a word of anybody's.

    ``resolved_at`` is when the first result was told, ``answered_at`` when the first result or
    lawful route was. ``due_at`` is when the answer of the last round was due; of a case that came
    back, ``breached_at`` is when the first was found overdue. ``answers`` are what the resident
    said about each result: True solved, False not. ``level`` is where it was settled; ``subject``
    the place and the kind of matter, None where no place is known.
    """

    filed_at: datetime
    contact_by: datetime | None
    contacted_at: datetime | None
    due_at: datetime | None
    resolved_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    answers: tuple[bool, ...]
    rating: int | None
    returned: int
    assigned: int
    rounds: int
    level: str
    resolution: str | None
    anonymous: bool
    subject: str | None
    breached_at: datetime | None = None
    needs_contact: bool = True


def case_records(tx: SqlTransaction, sight: Sight, root: str, period: Period) -> list[CaseRecord]:
    """The cases of the units whose path begins with ``root``. Left out are those taken back, those
    that follow another, and danger, which is measured in minutes elsewhere; restricted ones where
    the officer may not see them."""
    wanted: list[ColumnElement[bool]] = [
        cases.c.filed_at >= period.since,
        cases.c.filed_at < period.until,
        cases.c.joined.is_(None),
        cases.c.resolution.is_not(None) | cases.c.status.not_in(_TAKEN_BACK),
        cases.c.crisis.not_in(_GRAVE),
        within(units.c.path, root),
    ]
    if not sight.restricted:
        wanted.append(cases.c.restricted.is_(False))
    home = units.alias("home")
    query = (
        select(*_COLUMNS, home.c.kind.label("level"))
        .join(units, units.c.id == cases.c.unit_id)
        .join(home, home.c.id == cases.c.org_id)
        .where(*wanted)
    )
    rows = tx.connection.execute(query).all()
    numbers = select(cases.c.number).join(units, units.c.id == cases.c.unit_id).where(*wanted)
    happened = select(moves.c.case_number, moves.c.verb, moves.c.at, moves.c.actor).where(
        moves.c.case_number.in_(numbers), moves.c.verb.in_(_VERBS)
    )
    by_case: dict[str, list[Any]] = {}
    for move in tx.connection.execute(happened.order_by(moves.c.case_number, moves.c.version)):
        by_case.setdefault(move.case_number, []).append(move)
    late = _breaches(tx, numbers)
    return [_record(row, by_case.get(row.number, []), late.get(row.number)) for row in rows]


def _breaches(tx: SqlTransaction, numbers: Select[Any]) -> dict[str, datetime]:
    """When those that came back were first found overdue; the case itself has forgotten."""
    again = numbers.where(cases.c.round > 1)
    query = (
        select(events.c.case_number, func.min(events.c.at).label("at"))
        .where(events.c.case_number.in_(again), events.c.kind == Kind.CASE_BREACHED.value)
        .group_by(events.c.case_number)
    )
    return {row.case_number: row.at for row in tx.connection.execute(query)}


def _record(row: Any, happened: list[Any], breached_at: datetime | None) -> CaseRecord:
    slots = {name: SlotValue(**value) for name, value in row.slots.items()}
    place = slots["place"].value if "place" in slots else None
    resolved = [move.at for move in happened if move.verb == "resolve"]
    answered = [move.at for move in happened if move.verb in {"resolve", "refer"}]
    return CaseRecord(
        filed_at=row.filed_at,
        contact_by=row.contact_by,
        contacted_at=row.contacted_at,
        due_at=row.due_at,
        resolved_at=resolved[0] if resolved else None,
        answered_at=answered[0] if answered else None,
        closed_at=row.closed_at,
        answers=tuple(_answers(happened)),
        rating=row.rating,
        returned=sum(move.verb == "return" for move in happened),
        assigned=sum(move.verb == "assign" for move in happened),
        rounds=row.round,
        level=row.level,
        resolution=row.resolution,
        anonymous=mode_of(slots) == ANONYMOUS,
        subject=f"{place}/{row.category}/{row.kind}" if place else None,
        breached_at=breached_at,
        needs_contact=row.source not in _NO_RESIDENT,
    )


def _answers(happened: Iterable[Any]) -> Iterable[bool]:
    """What the resident said of each result, themselves or when they were called."""
    for move in happened:
        if move.verb in {"confirm", "call_back"}:
            yield True
        elif move.verb == "reopen" and move.actor == ActorKind.RESIDENT.value:
            yield False


def rates_by_case(records: Sequence[CaseRecord], now: datetime) -> Rates:
    """The rates of these cases as they stand at ``now``."""
    closed = [each for each in records if each.closed_at is not None]
    return Rates(
        cases=len(records),
        rates=(
            _response(records, now),
            _solved(records),
            _strictly_solved(records),
            _satisfied(records),
            _on_time(records, now),
            _share("returned", records, lambda each: each.returned > 0),
            _share("first_time", closed, lambda each: each.rounds == 1),
            _repeated(records),
            _share("anonymous", records, lambda each: each.anonymous),
        ),
        figures=_figures(records),
        levels=_codes(each.level for each in closed),
        resolutions=_codes(each.resolution for each in closed if each.resolution in RESOLUTIONS),
    )


def _share(
    key: str, records: Sequence[CaseRecord], fits: Callable[[CaseRecord], bool], beside: int = 0
) -> Rate:
    return _rate(key, sum(map(fits, records)), len(records), beside)


def _rate(key: str, sum_of: float, of: int, beside: int = 0) -> Rate:
    return Rate(key, sum_of / of if of >= ENOUGH else None, of, beside)


def _response(records: Sequence[CaseRecord], now: datetime) -> Rate:
    """响应率: spoken to within the class's time; whose time has not come yet are not counted."""
    asked = [each for each in records if each.needs_contact and each.contact_by is not None]
    due = [each for each in asked if each.contacted_at or (each.contact_by or now) <= now]

    def in_time(each: CaseRecord) -> bool:
        by = each.contact_by
        return each.contacted_at is not None and by is not None and each.contacted_at <= by

    return _share("response", due, in_time)


def _answered(records: Iterable[CaseRecord]) -> list[CaseRecord]:
    return [each for each in records if each.answers]


def _solved(records: Sequence[CaseRecord]) -> Rate:
    """解决率: the resident's last word. Who said 没解决 before and 解决了 later counts for half, as
    does whoever calls a thing partly solved."""
    answered, done = _answered(records), [each for each in records if each.resolved_at]

    def worth(each: CaseRecord) -> float:
        if not each.answers[-1]:
            return 0.0
        return 1.0 if all(each.answers) else 0.5

    return _rate("solved", sum(map(worth, answered)), len(answered), len(done) - len(answered))


def _strictly_solved(records: Sequence[CaseRecord]) -> Rate:
    """Only those who never had to say no."""
    answered = _answered(records)
    return _share("solved_strictly", answered, lambda each: all(each.answers))


def _satisfied(records: Sequence[CaseRecord]) -> Rate:
    """满意率, of those who gave stars; the others stand beside."""
    rated = [each for each in records if each.rating is not None]
    silent = sum(each.closed_at is not None and each.rating is None for each in records)
    worth = sum(WEIGHTS[each.rating] for each in rated if each.rating is not None)
    return _rate("satisfied", worth, len(rated), silent)


def _on_time(records: Sequence[CaseRecord], now: datetime) -> Rate:
    """按时办结率: first answered by the day promised; open ones count from that day on."""
    due = [
        each
        for each in records
        if each.due_at is not None and (each.answered_at is not None or each.due_at <= now)
    ]

    def in_time(each: CaseRecord) -> bool:
        if each.answered_at is None:
            return False
        if each.rounds > 1:  # its day has been set anew since
            return each.breached_at is None or each.breached_at > each.answered_at
        return each.answered_at <= (each.due_at or now)

    return _share("on_time", due, in_time)


def _repeated(records: Sequence[CaseRecord]) -> Rate:
    """复发率: the same matter at the same place again within thirty days of being closed. What has
    no known place cannot be at the same one."""
    by_subject: dict[str, list[CaseRecord]] = {}
    for each in sorted(records, key=lambda each: each.filed_at):
        if each.subject is not None:
            by_subject.setdefault(each.subject, []).append(each)
    closed, again = 0, 0
    for alike in by_subject.values():
        for at, each in enumerate(alike):
            if each.closed_at is None:
                continue
            closed += 1
            until = each.closed_at + REPEATED_WITHIN
            again += any(each.closed_at <= later.filed_at <= until for later in alike[at + 1 :])
    return _rate("repeated", again, closed)


def _figures(records: Sequence[CaseRecord]) -> tuple[Figure, ...]:
    contacts = [
        (each.contacted_at - each.filed_at).total_seconds() for each in records if each.contacted_at
    ]
    closings = [
        (each.closed_at - each.filed_at).total_seconds() for each in records if each.closed_at
    ]
    handed = sum(each.assigned for each in records)
    return (
        Figure("first_contact", _quantile(contacts, 0.5), len(contacts)),
        Figure("closed_within", _quantile(closings, 0.9), len(closings)),
        Figure("handed_on", handed / len(records) if records else None, len(records)),
    )


def _quantile(values: list[float], share: float) -> float | None:
    """The least value that ``share`` of them do not exceed; None for fewer than are enough."""
    if len(values) < ENOUGH:
        return None
    values.sort()
    return values[math.ceil(len(values) * share) - 1]


def _codes(values: Iterable[str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        if value is not None:
            found[value] = found.get(value, 0) + 1
    return dict(sorted(found.items()))
