"""The rows of an organisation's sheets as units, places, people, shifts and absences.

Nothing here knows the database: a row refers to a unit by its id or its code, to a person by the
username, and whether those exist is checked later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from casework.geometry import Boundary
from casework.organisation import Employment, Officer, Place, PlaceKind, Role, Unit
from casework.roster import DAY, Absence, Shift
from cli import wkt
from cli.mistakes import Mistake
from cli.progress import Bar
from cli.sheet_files import Table, headings_of, read_tables, sheet_of
from cli.sheets import Row, Sheet, day, minute, names, number
from config.organisation import OrganisationWords

PEOPLE = ("username", "role", "employment", "posts", "phone")
UNIT = ("id", "kind", "name", "parent", "code", "valid_from", "valid_to")
PLACE = ("aliases", "lat", "lng", "place_kind", "boundary")
DUTY = ("officer", "unit", "weekday", "day", "starts", "ends")
AWAY = ("first_day", "last_day", "substitute")
COLUMNS = (*UNIT, *PLACE, *PEOPLE, *DUTY, *AWAY)
NOWHERE: Boundary = ()
PLACE_KINDS = tuple(kind.value for kind in PlaceKind)
WEEKDAYS = tuple("0123456")
OTHER_KINDS = ("place", "officer", "shift", "absence")


@dataclass(slots=True)
class Found:
    """What the sheets hold, with the row each thing stands in. Ids of units, officers and
    substitutes are as they were written, until they have been looked up."""

    sheet: Sheet
    units: list[tuple[Row, Unit]] = field(default_factory=list)
    places: list[tuple[Row, Place]] = field(default_factory=list)
    officers: list[tuple[Row, Officer]] = field(default_factory=list)
    shifts: list[tuple[Row, Shift]] = field(default_factory=list)
    absences: list[tuple[Row, Absence]] = field(default_factory=list)
    boundaries: dict[str, Boundary] = field(default_factory=dict)


def read_found(file: Path, words: OrganisationWords, bar: Bar) -> Found:
    """Everything in the file. Raises Mistake when it cannot be read at all."""
    whole = Sheet(file, "", [])
    found = Found(whole)
    for table in read_tables(file):
        kind, needed = _kind_of(file, table, words)
        sheet = sheet_of(file, table, needed, COLUMNS, words.headings, words.words, whole.faults)
        whole.encoding = sheet.encoding
        whole.rows += sheet.rows
        for row in bar.track(sheet.rows, f"reading {table.name or file.name}"):
            _read(row, kind, words, found)
    if not whole.rows:
        raise Mistake(f"{file.name}: there is nothing in it to import")
    return found


def _kind_of(file: Path, table: Table, words: OrganisationWords) -> tuple[str, tuple[str, ...]]:
    """What a sheet's rows are: of the kind each one says, or all of one kind."""
    headings = set(headings_of(table, words.headings))
    if "kind" in headings:
        known = ("id",) if "code" not in headings else ()
        return "", (*known, "kind", "name", "parent")
    for kind, needed in (
        ("officer", ("username", "name", "role")),
        ("shift", ("officer", "starts", "ends")),
        ("absence", ("officer", "first_day", "last_day")),
    ):
        if headings.issuperset(needed):
            return kind, needed
    if not table.name:
        return "", ("id", "kind", "name", "parent")
    raise Mistake(
        f"{file.name}, sheet {table.name}: its first line is none of units (kind, name, parent, id "
        "or code), people (username, name, role), duty (officer, starts, ends) or absences "
        "(officer, first_day, last_day)"
    )


def _read(row: Row, kind: str, words: OrganisationWords, found: Found) -> None:
    units = tuple(words.levels.known)
    told = kind or row.one_of("kind", (*units, *OTHER_KINDS))
    if told == "place":
        found.places.append((row, _place(row)))
    elif told == "officer":
        found.officers.append((row, _officer(row, words)))
    elif told == "shift":
        found.shifts.append((row, _shift(row)))
    elif told == "absence":
        found.absences.append((row, _absence(row)))
    else:
        _unit(row, told, words, found)


def _unit(row: Row, kind: str, words: OrganisationWords, found: Found) -> None:
    code = row.read("code", lambda text: words.levels.code(kind, text), "")
    unit_id = row.text("id", 32, needed=not code) or code
    if "/" in unit_id:
        row.fault("id", "holds a slash, which no id may")
    valid_from, valid_to = row.read("valid_from", day, None), row.read("valid_to", day, None)
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        row.fault("valid_to", f"{valid_to} is not after {valid_from}")
    name, parent = row.text("name", 80, needed=True), row.text("parent", 32)
    unit = Unit(unit_id, kind, name, parent or None, code, valid_from, valid_to)
    found.units.append((row, unit))
    drawn = row.read("boundary", wkt.boundary, NOWHERE)
    if drawn:
        found.boundaries[unit_id] = drawn


def _place(row: Row) -> Place:
    lat = row.read("lat", number(-90, 90), None)
    lng = row.read("lng", number(-180, 180), None)
    kind = row.one_of("place_kind", PLACE_KINDS, "landmark")
    aliases = row.read("aliases", names, tuple[str, ...]())
    name = row.text("name", 80, needed=True)
    return Place(name, row.text("parent", 32), aliases, lat, lng, PlaceKind(kind))


def _officer(row: Row, words: OrganisationWords) -> Officer:
    username = row.text("username", 64, needed=True)
    if any(each.isspace() for each in username):
        row.fault("username", "holds a space, which no username may")
    role = Role(row.one_of("role", tuple(role.value for role in Role)))
    employment = row.one_of("employment", tuple(Employment), Employment.FULL_TIME.value)
    return Officer(
        id="",
        username=username,
        name=row.text("name", 80, needed=True),
        role=role,
        unit_id=unit_of(row),
        employment=Employment(employment),
        posts=row.read("posts", lambda text: tuple(_posts(text, words)), tuple[str, ...]()),
        phone=row.text("phone", 40),
        valid_from=row.read("valid_from", day, None),
        valid_to=row.read("valid_to", day, None),
    )


def unit_column(row: Row) -> str:
    """The column that says in which unit, which may be named either way."""
    return "unit" if row.values.get("unit") else "parent"


def unit_of(row: Row) -> str:
    """The unit as it was written."""
    return row.text(unit_column(row), 32, needed=True)


def _posts(text: str, words: OrganisationWords) -> Iterator[str]:
    by_name = {name: code for code, name in words.posts.items()}
    for each in names(text):
        code = by_name.get(each, each)
        if code not in words.posts:
            raise ValueError(f"holds {each}; known: {', '.join(words.posts)}")
        yield code


def _shift(row: Row) -> Shift:
    weekday = row.one_of("weekday", ("", *WEEKDAYS), "")
    on = row.read("day", day, None)
    if bool(weekday) == (on is not None) and not row.values.get("day"):
        row.fault("weekday", "is empty; a shift is on a weekday or on one day")
    if weekday and on is not None:
        row.fault("day", "is there and a weekday too; a shift has one of them")
    starts, ends = row.read("starts", minute, None), row.read("ends", minute, None)
    for column, value in (("starts", starts), ("ends", ends)):
        if value is None and not row.values.get(column):
            row.fault(column, "is empty")
    if starts == DAY:
        row.fault("starts", "is the end of the day; the next one begins at 00:00")
    return Shift(
        id="",
        unit_id=row.text(unit_column(row), 32),
        officer_id=row.text("officer", 64, needed=True),
        starts=starts or 0,
        ends=ends or 0,
        weekday=int(weekday) if weekday else None,
        day=on,
    )


def _absence(row: Row) -> Absence:
    first, last = row.read("first_day", day, None), row.read("last_day", day, None)
    for column, value in (("first_day", first), ("last_day", last)):
        if value is None and not row.values.get(column):
            row.fault(column, "is empty")
    if first is not None and last is not None and last < first:
        row.fault("last_day", f"{last} is before {first}")
    return Absence(
        id="",
        officer_id=row.text("officer", 64, needed=True),
        first_day=first or date.min,
        last_day=last or date.min,
        substitute_id=row.text("substitute", 64) or None,
    )
