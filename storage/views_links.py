"""Flat reads of codes on walls for the console: those of an area, never more than is shown."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, or_, select

from casework.errors import NotFound
from casework.links import Link
from casework.organisation import Unit
from storage.links import link_of
from storage.tables import officers, units
from storage.tables_links import link_days, links
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_people import like


class LinkLine(NamedTuple):
    """A code, where it lies, who made it, and how often it was opened since a day."""

    link: Link
    unit: Unit
    made_by: str | None
    opened: int


def area_links(
    tx: SqlTransaction, sight: Sight, since: date, words: str, limit: int
) -> list[LinkLine]:
    """Those in sight whose name, place or respondent holds the words, the newest first."""
    query = _links(sight, since).order_by(links.c.made_at.desc(), links.c.id).limit(limit)
    if words:
        columns = (links.c.name, links.c.place, links.c.respondent)
        query = query.where(or_(*(each.like(like(words), escape="\\") for each in columns)))
    return [_line(row) for row in tx.connection.execute(query)]


def area_link(tx: SqlTransaction, sight: Sight, since: date, link_id: str) -> LinkLine:
    """One of them. Raises NotFound."""
    query = _links(sight, since).where(links.c.id == link_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def _links(sight: Sight, since: date) -> Select[Any]:
    counted = select(func.coalesce(func.sum(link_days.c.opened), 0)).where(
        link_days.c.link_id == links.c.id, link_days.c.day >= since
    )
    query = (
        select(
            links,
            units.c.name.label("unit_name"),
            units.c.kind.label("unit_kind"),
            officers.c.name.label("maker"),
            counted.scalar_subquery().label("opened"),
        )
        .join(units, units.c.id == links.c.unit_id)
        .outerjoin(officers, officers.c.id == links.c.made_by)
    )
    return query if sight.area is None else query.where(links.c.unit_id.in_(sight.area))


def _line(row: Row[Any]) -> LinkLine:
    found = row._mapping
    link = link_of({column.name: found[column] for column in links.c})
    unit = Unit(link.unit_id, row.unit_kind, row.unit_name)
    return LinkLine(link, unit, row.maker, int(row.opened))
