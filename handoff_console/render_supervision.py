"""From slips and sponsors to the console's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from casework import duty
from casework import sponsors as sponsor_rules
from casework import supervision as rules
from casework.case import Case
from casework.desk import sponsors as sponsor_desk
from casework.desk import supervision as desk
from casework.masking import masked
from casework.organisation import Officer, Unit
from casework.sponsors import Sponsorship
from casework.supervision import State
from config.load import Book
from handoff_console.auth import Viewer
from handoff_console.render import case_row, officer_shape
from handoff_console.shapes import OfficerShape, UnitShape
from handoff_console.shapes_crisis import ChoiceShape
from handoff_console.shapes_supervision import (
    AnswerShape,
    AreaShape,
    DutyEntryShape,
    ListedShape,
    PanelShape,
    SlipShape,
    SponsorShape,
)
from handoff_console.texts import console_texts
from storage.unit_of_work import SqlTransaction
from storage.views import officer_names
from storage.views_supervision import SlipLine, SponsorLine, slips_of_case


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, with the names everything is shown under."""

    viewer: Viewer
    book: Book
    now: datetime
    names: Mapping[str, str]

    @classmethod
    def of(cls, tx: SqlTransaction, viewer: Viewer, book: Book, now: datetime) -> Reader:
        """With every officer's name."""
        return cls(viewer, book, now, officer_names(tx))

    @property
    def officer(self) -> Officer:
        """Who looks."""
        return self.viewer.officer


def slip_shape(line: SlipLine, reader: Reader) -> SlipShape:
    """A slip, as this officer may see it."""
    slip, texts = line.slip, console_texts()
    named = {
        "issued_by": reader.names.get(slip.issued_by, ""),
        "reported_to": reader.names.get(slip.reported_to or ""),
    }
    return SlipShape.model_validate(
        {
            **{name: getattr(slip, name) for name in _PLAIN},
            **named,
            "title": masked(line.title),
            "may_open": line.may,
            "org_name": line.org_name,
            "level": slip.level.value,
            "level_name": texts.codes[slip.level.value],
            "reason_name": reader.book.watch.slips.reasons.get(slip.reason, slip.reason),
            "state": slip.state.value,
            "late": rules.is_late(slip, reader.now),
            "answers": [
                AnswerShape(
                    text=each.text,
                    officer_name=reader.names.get(each.officer_id, ""),
                    at=each.at,
                    accepted=each.accepted,
                )
                for each in slip.answers
            ],
            "may_answer": slip.state is State.ASKED
            and rules.may_answer(reader.officer, slip, line.owner_id),
            "may_judge": slip.state is not State.CLOSED and _may_judge(line, reader.officer),
        }
    )


def _may_judge(line: SlipLine, officer: Officer) -> bool:
    """As ``desk.may_judge``, of what the list has read."""
    outside = officer.unit_id != line.slip.org_id
    watches = officer.role in rules.SUPERVISORS and line.covers_case and line.covers_org and outside
    able = watches or officer.id == line.slip.issued_by
    return able and not rules.judges_itself(line.slip, officer.id)


_PLAIN = (
    "id",
    "number",
    "case_number",
    "org_id",
    "reason",
    "action",
    "issued_at",
    "due_at",
    "reported_at",
    "closed_at",
)


def panel_shape(tx: SqlTransaction, case: Case, reader: Reader) -> PanelShape:
    """Supervision of one case, as this officer may see it."""
    officer, watch = reader.officer, reader.book.watch
    lines = slips_of_case(tx, reader.viewer.sight, officer.unit_id, case.number)
    may_watch = desk.may_watch(tx, officer, case)
    may_name = not case.restricted and _may_name(tx, officer, case)
    sponsors = [] if case.restricted else sponsor_desk.sponsors_of(tx, case)
    codes = console_texts().codes
    return PanelShape.model_validate(
        {
            "number": case.number,
            "level": case.supervision.value,
            "level_name": codes.get(case.supervision.value, ""),
            "backlog": sponsor_rules.is_backlog(case, watch.sponsors, reader.now),
            "slips": [slip_shape(line, reader) for line in lines],
            "sponsors": _sponsors(tx, sponsors, reader),
            "entries": _entries(tx, case, reader),
            "may_watch": may_watch,
            "may_name": may_name,
            "may_enter": any(each.officer_id == officer.id for each in sponsors),
            "reasons": choices(watch.slips.reasons),
            "duties": choices({duty.value: name for duty, name in watch.duties.items()}),
            "orgs": _orgs(tx, case, officer) if may_watch else [],
            "leaders": _leaders(tx, case) if may_name else [],
            "workdays": {level.value: days for level, days in watch.slips.workdays.items()},
        }
    )


def choices(names: Mapping[str, str]) -> list[ChoiceShape]:
    """Codes with their names."""
    return [ChoiceShape(code=code, name=name) for code, name in names.items()]


def _may_name(tx: SqlTransaction, officer: Officer, case: Case) -> bool:
    if officer.role not in sponsor_rules.APPOINTERS:
        return False
    return duty.covers(tx, officer, case.unit_id) or duty.covers(tx, officer, case.org_id)


def _orgs(tx: SqlTransaction, case: Case, officer: Officer) -> list[UnitShape]:
    """Whom this officer may ask: who owns the case first, then who it lies with, then departments.

    Of a restricted case only the owning organisation may hear."""
    found = [*tx.people.chain(case.org_id), *tx.people.chain(case.unit_id)]
    found += tx.people.departments()
    if case.restricted:
        found = [unit for unit in found if unit.id == case.org_id]
    known = {unit.id: unit for unit in found if duty.covers(tx, officer, unit.id)}
    return [UnitShape(id=u.id, name=u.name, kind=u.kind) for u in known.values()]


def _leaders(tx: SqlTransaction, case: Case) -> list[OfficerShape]:
    """Who may be named: leaders of the units the case lies in or is owned by."""
    units = {u.id: u for u in (*tx.people.chain(case.unit_id), *tx.people.chain(case.org_id))}
    staff = [each for each in tx.people.staff(units) if sponsor_rules.may_sponsor(each)]
    return [officer_shape(each, units.get(each.unit_id or "")) for each in staff]


def _sponsors(
    tx: SqlTransaction, found: Iterable[Sponsorship], reader: Reader
) -> list[SponsorShape]:
    each_of = list(found)
    units = {u.id: u.name for u in tx.people.units({e.unit_id for e in each_of if e.unit_id})}
    return [
        SponsorShape(
            id=each.id,
            officer_id=each.officer_id,
            officer_name=reader.names.get(each.officer_id, ""),
            unit_name=units.get(each.unit_id or ""),
            since=each.made_at,
            last_entry_at=each.last_entry_at,
            mine=each.officer_id == reader.officer.id,
        )
        for each in each_of
    ]


def _entries(tx: SqlTransaction, case: Case, reader: Reader) -> list[DutyEntryShape]:
    return [
        DutyEntryShape(
            duty=each.duty.value,
            duty_name=reader.book.watch.duties[each.duty],
            day=each.day,
            note=each.note,
            officer_name=reader.names.get(each.officer_id, ""),
            at=each.at,
        )
        for each in reversed(tx.sponsors.entries(case.number))
    ]


def area_shape(line: SponsorLine, units: Mapping[str, Unit], reader: Reader) -> AreaShape:
    """Who answers for an area."""
    each = line.sponsorship
    unit = units[each.unit_id or ""]
    return AreaShape(
        id=each.id,
        unit=UnitShape(id=unit.id, name=unit.name, kind=unit.kind),
        officer_id=each.officer_id,
        officer_name=reader.names.get(each.officer_id, ""),
        since=each.made_at,
    )


def listed_shape(line: SponsorLine, reader: Reader) -> ListedShape:
    """A case on the officer's list."""
    if line.line is None:
        raise ValueError("an area is no listed case")
    each = line.sponsorship
    quiet = reader.now - (each.last_entry_at or each.made_at)
    return ListedShape(
        case=case_row(line.line, reader.book.officers),
        listed_at=each.made_at,
        through_area=each.through is not None,
        last_entry_at=each.last_entry_at,
        silent_days=quiet.days,
        silent=quiet >= reader.book.watch.sponsors.remind_after,
    )
