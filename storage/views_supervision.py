"""Flat reads of supervision: slips, supervised cases, and what sponsors answer for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, text

from casework.case import CLOSED
from casework.errors import NotFound
from casework.sponsors import Sponsorship
from casework.supervision import Slip
from storage.supervision import slip_from_row
from storage.tables import SUPERVISED, cases, conversations, units
from storage.tables_supervision import slips, sponsorships
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_cases import CaseLine, line_of, lines_of, visible

MOST = 200
_org, _owning = units.alias("org"), units.alias("owning")
SlipView = Literal["mine", "open", "closed"]


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A slip with what its case is called; ``may``: this officer may open the case.

    ``covers_case`` and ``covers_org``: the case (or who owns it) and the organisation asked lie in
    this officer's area.
    """

    slip: Slip
    title: str
    may: bool
    owner_id: str
    org_name: str
    covers_case: bool
    covers_org: bool


@dataclass(frozen=True, slots=True)
class SponsorLine:
    """Somebody answers for an area, or for the case of ``line``."""

    sponsorship: Sponsorship
    unit_name: str
    line: CaseLine | None = None


def _asked(sight: Sight, unit_id: str | None) -> ColumnElement[bool]:
    """Slips this officer may see: of a case they see, or asked of their own unit."""
    own = and_(cases.c.restricted.is_(False), slips.c.org_id == (unit_id or ""))
    return or_(visible(sight), own)


def _slips(sight: Sight, unit_id: str | None) -> Select[Any]:
    return (
        select(
            slips,
            cases.c.title,
            cases.c.owner_id,
            visible(sight).label("may"),
            _org.c.name.label("org_name"),
            _org.c.path.label("org_path"),
            units.c.path.label("case_path"),
            _owning.c.path.label("owning_path"),
        )
        .join(cases, cases.c.number == slips.c.case_number)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .join(units, units.c.id == cases.c.unit_id)
        .join(_owning, _owning.c.id == cases.c.org_id)
        .join(_org, _org.c.id == slips.c.org_id)
        .where(_asked(sight, unit_id))
    )


def _lines(tx: SqlTransaction, sight: Sight, query: Select[Any]) -> list[SlipLine]:
    found = []
    for row in tx.connection.execute(query):
        covers_case = sight.covers(row.case_path) or sight.covers(row.owning_path)
        found.append(
            SlipLine(
                slip=slip_from_row({c.name: row._mapping[c] for c in slips.c}),
                title=row.title if row.may else "",
                may=bool(row.may),
                owner_id=row.owner_id,
                org_name=row.org_name,
                covers_case=covers_case,
                covers_org=sight.covers(row.org_path),
            )
        )
    return found


def list_slips(
    tx: SqlTransaction, sight: Sight, unit_id: str | None, view: SlipView
) -> list[SlipLine]:
    """Those this officer's unit has to answer, all open ones, or those closed last."""
    query = _slips(sight, unit_id).limit(MOST)
    if view == "closed":
        over = slips.c.closed_at.is_not(None)
        return _lines(tx, sight, query.where(over).order_by(slips.c.closed_at.desc(), slips.c.id))
    query = query.where(slips.c.closed_at.is_(None)).order_by(slips.c.due_at, slips.c.id)
    if view == "mine":
        owned = cases.c.owner_id == sight.officer_id
        query = query.where(or_(slips.c.org_id == (unit_id or ""), owned))
    return _lines(tx, sight, query)


def slips_of_case(
    tx: SqlTransaction, sight: Sight, unit_id: str | None, number: str
) -> list[SlipLine]:
    """The case's slips, the newest first."""
    query = _slips(sight, unit_id).where(slips.c.case_number == number)
    return _lines(tx, sight, query.order_by(slips.c.issued_at.desc(), slips.c.id))


def get_slip(tx: SqlTransaction, sight: Sight, unit_id: str | None, slip_id: str) -> SlipLine:
    """One slip. Raises NotFound when there is none this officer may see."""
    found = _lines(tx, sight, _slips(sight, unit_id).where(slips.c.id == slip_id))
    if not found:
        raise NotFound
    return found[0]


def supervised(tx: SqlTransaction, sight: Sight) -> list[CaseLine]:
    """Supervised cases that are not closed: red first, then yellow, the soonest due first."""
    rank = case({"red": 0, "yellow": 1}, value=cases.c.supervision, else_=2)
    query = (
        lines_of()
        .where(
            text(f"cases.{SUPERVISED}"),
            cases.c.status.not_in([status.value for status in CLOSED]),
            visible(sight),
        )
        .order_by(rank, cases.c.due_at, cases.c.number)
        .limit(MOST)
    )
    return [line_of(row) for row in tx.connection.execute(query)]


def sponsored(tx: SqlTransaction, sight: Sight) -> list[SponsorLine]:
    """What this officer answers for: areas, and listed cases that are open and may be seen, those
    without an entry for longest first."""
    mine = tx.sponsors.of_officer(sight.officer_id)
    numbers = [each.case_number for each in mine if each.case_number is not None]
    query = lines_of().where(
        cases.c.number.in_(numbers),
        cases.c.status.not_in([status.value for status in CLOSED]),
        visible(sight),
    )
    lines = {row.number: line_of(row) for row in tx.connection.execute(query)}
    names = _names(tx, mine)
    areas = [SponsorLine(each, names[each.unit_id]) for each in mine if each.unit_id is not None]
    listed = [
        SponsorLine(each, "", lines[each.case_number]) for each in mine if each.case_number in lines
    ]
    return [*areas, *sorted(listed, key=lambda one: _since(one.sponsorship))]


def sponsored_areas(tx: SqlTransaction, sight: Sight) -> list[SponsorLine]:
    """Who answers for which area within this officer's own, by area."""
    query = select(sponsorships).where(
        sponsorships.c.ended_at.is_(None), sponsorships.c.unit_id.is_not(None)
    )
    if sight.area is not None:
        query = query.where(sponsorships.c.unit_id.in_(sight.area))
    query = query.order_by(sponsorships.c.unit_id, sponsorships.c.made_at).limit(MOST)
    found = [Sponsorship(**row._asdict()) for row in tx.connection.execute(query)]
    names = _names(tx, found)
    return [SponsorLine(each, names[each.unit_id or ""]) for each in found]


def _since(each: Sponsorship) -> datetime:
    return each.last_entry_at or each.made_at


def _names(tx: SqlTransaction, found: Iterable[Sponsorship]) -> dict[str, str]:
    ids = {each.unit_id for each in found if each.unit_id is not None}
    rows = tx.connection.execute(select(units.c.id, units.c.name).where(units.c.id.in_(ids)))
    return {row.id: row.name for row in rows}
