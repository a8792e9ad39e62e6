"""Whistles as JSON, for those who work on the case and for the departments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from casework.desk.whistle_telling import acts_for
from casework.whistle import Call, Called, Calling, Mark, Outcome, Rules, Whistle
from handoff_console.auth import Viewer
from handoff_console.notice_paper.content import Names
from handoff_console.shapes_whistle import (
    CalledFigures,
    CalledShape,
    CallingFigures,
    DepartmentCallShape,
    MarkShape,
    NameShape,
    OtherShape,
    WhistleShape,
)
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case

LEAST = 10  # below this a rate says nothing (domain reference §4.3)
_WITH_RESULT = (Outcome.SETTLED, Outcome.PLANNED, Outcome.REFERRED)


def names_for(tx: SqlTransaction, whistles: Iterable[Whistle]) -> Names:
    """What the ids in these notices are called."""
    units, officers = set[str](), set[str]()
    for each in whistles:
        units |= {each.unit_id, *(call.unit_id for call in each.calls)}
        officers |= {each.signed_by, *each.helpers}
    known = tx.people.officers(officers)
    return Names(
        {unit.id: unit.name for unit in tx.people.units(units)},
        {officer.id: officer.name for officer in known},
        {officer.id: officer.phone for officer in known},
    )


def seen(tx: SqlTransaction, whistle_id: str, viewer: Viewer) -> Whistle:
    """The notice, for who works on its case or is called by it. Raises NotFound for others."""
    whistle = tx.whistles.get(whistle_id)
    called = any(acts_for(tx, viewer.officer, each.unit_id) for each in whistle.calls)
    if not called or tx.cases.get(whistle.case_number).restricted:
        get_case(tx, viewer.sight, whistle.case_number)
    return whistle


def whistle_shape(whistle: Whistle, names: Names, rules: Rules, *, may_act: bool) -> WhistleShape:
    """A notice for whoever works on the case."""
    return WhistleShape(
        id=whistle.id,
        number=whistle.number,
        unit=_name(whistle.unit_id, names.units),
        signer=names.officers.get(whistle.signed_by, ""),
        signed_at=whistle.signed_at,
        arrive_by=whistle.arrive_by,
        place=whistle.place,
        matter=whistle.matter,
        helpers=[names.officers.get(each, "") for each in whistle.helpers],
        calls=[_call(each, whistle, names, rules) for each in whistle.calls],
        ended_at=whistle.ended_at,
        outcome=whistle.outcome,
        result=whistle.result,
        may_act=may_act and whistle.ended_at is None,
        may_end=may_act and whistle.ended_at is None and whistle.complete,
    )


def called_shape(
    whistle: Whistle, names: Names, rules: Rules, mine: Collection[str]
) -> CalledShape:
    """A notice for those who act for the departments ``mine``: their own part, and who else is
    called."""
    return CalledShape(
        id=whistle.id,
        number=whistle.number,
        unit=_name(whistle.unit_id, names.units),
        signer=names.officers.get(whistle.signed_by, ""),
        contact=names.phones.get(whistle.signed_by, ""),
        signed_at=whistle.signed_at,
        arrive_by=whistle.arrive_by,
        place=whistle.place,
        matter=whistle.matter,
        mine=[_call(c, whistle, names, rules) for c in whistle.calls if c.unit_id in mine],
        others=[
            OtherShape(name=names.units.get(c.unit_id, ""), stand=c.stand)
            for c in whistle.calls
            if c.unit_id not in mine
        ],
        ended_at=whistle.ended_at,
    )


def called_figures_shape(found: Called, names: Mapping[str, str]) -> CalledFigures:
    """How a department answered."""
    could_come = found.asked - found.excused
    return CalledFigures(
        unit=_name(found.unit_id, names),
        asked=found.asked,
        on_time=found.on_time,
        late=found.late,
        excused=found.excused,
        no_show=found.no_show,
        rate=_percent(found.on_time, could_come),
    )


def calling_figures_shape(found: Calling, names: Mapping[str, str]) -> CallingFigures:
    """How a unit called."""
    ended = {Outcome(name): count for name, count in found.ended.items()}
    with_result = sum(ended.get(each, 0) for each in _WITH_RESULT)
    return CallingFigures(
        unit=_name(found.unit_id, names),
        signed=found.signed,
        open=found.open,
        ended=ended,
        rate=_percent(with_result, found.signed - found.open),
    )


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole >= LEAST else None


def _call(call: Call, whistle: Whistle, names: Names, rules: Rules) -> DepartmentCallShape:
    return DepartmentCallShape(
        unit=_name(call.unit_id, names.units),
        stand=call.stand,
        acknowledged=_mark(call.acknowledged),
        arrived=_mark(call.arrived),
        near=None if call.distance is None else call.distance <= rules.near,
        distance=call.distance,
        late=call.arrived is not None and call.arrived.at > whistle.arrive_by,
        answered=_mark(call.answered),
        opinion=call.opinion,
        declined=_mark(call.declined),
        reason=call.reason,
        instead=call.instead,
        reminded_at=call.reminded_at,
        reported_at=call.reported_at,
    )


def _mark(mark: Mark | None) -> MarkShape | None:
    return None if mark is None else MarkShape(name=mark.name, at=mark.at)


def _name(unit_id: str, names: Mapping[str, str]) -> NameShape:
    return NameShape(id=unit_id, name=names.get(unit_id, ""))
