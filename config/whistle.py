"""Reads ``whistle.yaml``: who may call departments, when, and what the paper says."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casework.organisation import Role
from casework.whistle import Rules
from casework.working_calendar import CHINA
from config.lengths import read_length
from config.reading import Node

_KEYS = (
    "signers",
    "upward",
    "number",
    "number_top",
    "endings",
    "least",
    "most",
    "near",
    "nudge_after",
    "ends_after",
    "officers",
    "moment",
    "day",
    "weekdays",
    "paper",
)
_PAPER = ("page", "sizes", "fonts", "folders", "package", "word_font", "blocks")
_PAGE = ("width", "height", "top", "bottom", "left", "right")
_SIZES = ("title", "text", "cell", "small")
_NUMBER = frozenset({"above", "unit", "year", "serial"})
_TOLD = frozenset({"number", "departments", "arrive_by", "place"})
_FACTS = frozenset(
    {
        "number",
        "departments",
        "unit",
        "arrive_by",
        "matter",
        "place",
        "helpers",
        "case",
        "signer",
        "contact",
        "signed_on",
    }
)
_CALL = frozenset({"department", "acknowledged", "arrived", "opinion"})
_MOMENT = frozenset({"year", "month", "day", "weekday", "hour", "minute"})
_FORMS = ("called", "reminded", "no_show")

Style = Literal["title", "right", "text", "small"]
STYLES: tuple[Style, ...] = ("title", "right", "text", "small")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the paper. ``rows`` of a grid; with ``each``, the row repeated for each called
    department below the heading in ``rows``. ``widths`` are shares of the line."""

    style: Style | None = None
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    each: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The printed notice. ``page`` in millimetres, ``sizes`` in points. ``fonts`` are file names,
    after # the face in a collection; ``package`` is what brings one of them."""

    page: Mapping[str, float]
    sizes: Mapping[str, float]
    fonts: tuple[str, ...]
    folders: tuple[str, ...]
    package: str
    word_font: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class WhistleBook:
    """Everything of ``whistle.yaml``. ``officers`` are texts for officers' own chats."""

    rules: Rules
    officers: Mapping[str, str]
    moment_form: str
    day_form: str
    weekdays: tuple[str, ...]
    paper: Paper

    def moment(self, at: datetime) -> str:
        """A moment as people here write it."""
        return self._dated(self.moment_form, at)

    def day(self, at: datetime) -> str:
        """Its day."""
        return self._dated(self.day_form, at)

    def _dated(self, form: str, at: datetime) -> str:
        local = at.astimezone(CHINA)
        names = ("year", "month", "day", "hour", "minute")
        parts: dict[str, object] = {name: getattr(local, name) for name in names}
        return form.format(weekday=self.weekdays[local.weekday()], **parts)


def read_whistle(top: Node) -> WhistleBook:
    """The book. Raises BadConfiguration."""
    top.mapping(_KEYS)
    officers = top.need("officers")
    officers.mapping(_FORMS)
    weekdays = top.need("weekdays").texts()
    if len(weekdays) != 7:
        raise top.need("weekdays").wrong("must have seven names")
    return WhistleBook(
        rules=_rules(top),
        officers={name: _form(officers.need(name), _TOLD) for name in _FORMS},
        moment_form=_time_form(top.need("moment")),
        day_form=_time_form(top.need("day")),
        weekdays=weekdays,
        paper=_paper(top.need("paper")),
    )


def _rules(top: Node) -> Rules:
    roles = [str(role) for role in Role]
    signers = top.need("signers")
    if not signers.mapping(roles):
        raise signers.wrong("must name a role")
    least, most = read_length(top.need("least")), read_length(top.need("most"))
    if least >= most:
        raise top.need("most").wrong("must be more than least")
    patterns = []
    for name in ("number", "number_top"):
        patterns.append(_form(top.need(name), _NUMBER, ("serial", "year", "unit")))
        _tried(top.need(name), {"above": "", "unit": "", "year": 1, "serial": 1})
    return Rules(
        signers={Role(name): node.texts() for name, node in signers.mapping().items()},
        upward=tuple(Role(each.one_of(roles)) for each in top.need("upward").items()),
        pattern=patterns[0],
        pattern_top=patterns[1],
        endings=top.need("endings").texts(),
        least=least,
        most=most,
        near=int(top.need("near").number(1, 100_000)),
        nudge_after=read_length(top.need("nudge_after")),
        ends_after=read_length(top.need("ends_after")),
    )


def _paper(top: Node) -> Paper:
    top.mapping(_PAPER)
    page, sizes = top.need("page"), top.need("sizes")
    page.mapping(_PAGE)
    sizes.mapping(_SIZES)
    return Paper(
        page={name: page.need(name).number(0, 2000) for name in _PAGE},
        sizes={name: sizes.need(name).number(5, 60) for name in _SIZES},
        fonts=top.need("fonts").texts(),
        folders=top.need("folders").texts(),
        package=top.need("package").text(),
        word_font=top.need("word_font").text(),
        blocks=tuple(_block(each) for each in top.need("blocks").items()),
    )


def _block(node: Node) -> Block:
    entries = node.mapping((*STYLES, "grid", "calls"))
    if len(entries) != 1:
        raise node.wrong("must be one block")
    name, inner = next(iter(entries.items()))
    if name == "grid":
        inner.mapping(("widths", "rows"))
        rows = tuple(_cells(row, _FACTS) for row in inner.need("rows").items())
        return Block(rows=rows, widths=_widths(inner, rows))
    if name == "calls":
        inner.mapping(("widths", "heading", "row"))
        heading = _cells(inner.need("heading"), frozenset())
        each = _cells(inner.need("row"), _CALL)
        return Block(rows=(heading,), each=each, widths=_widths(inner, (heading, each)))
    style = next(each for each in STYLES if each == name)
    return Block(style=style, text=_form(inner, _FACTS))


def _widths(node: Node, rows: Collection[tuple[str, ...]]) -> tuple[float, ...]:
    widths = tuple(each.number(0.1, 100) for each in node.need("widths").items())
    if any(len(row) != len(widths) for row in rows):
        raise node.need("widths").wrong("must have one width for each cell of every row")
    return widths


def _cells(node: Node, known: Collection[str]) -> tuple[str, ...]:
    return tuple(_form(each, known) for each in node.items())


def _time_form(node: Node) -> str:
    form = _form(node, _MOMENT)
    _tried(node, {**dict.fromkeys(_MOMENT, 1), "weekday": ""})
    return form


def _form(node: Node, known: Collection[str], needed: Collection[str] = ()) -> str:
    """A text with places to fill in. Raises BadConfiguration for one nobody fills."""
    text = node.text() if not isinstance(node.value, str) else node.value.strip("\n")
    if not text.strip():
        raise node.wrong("must be a text")
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise node.wrong(str(error)) from error
    if strange := sorted(found - set(known)):
        raise node.wrong(f"nothing fills {strange[0]!r}; known: {', '.join(sorted(known))}")
    if missing := sorted(set(needed) - found):
        raise node.wrong(f"must have {missing[0]!r}")
    return text


def _tried(node: Node, values: Mapping[str, object]) -> None:
    """Raise BadConfiguration for a format nothing can be written in."""
    try:
        str(node.value).format(**values)
    except (ValueError, KeyError, IndexError) as error:
        raise node.wrong(f"cannot be filled in: {error}") from error
