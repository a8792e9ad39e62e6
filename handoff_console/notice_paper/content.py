"""What stands on a notice: the template filled with the facts of a whistle. Nothing is markup.

The resident has no part in it: neither name nor number of theirs is among the facts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casework.whistle import Call, Mark, Whistle
from config.whistle import Block, Style, WhistleBook


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids of a whistle are called; ``phones`` are officers' telephones at work."""

    units: Mapping[str, str]
    officers: Mapping[str, str]
    phones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the page: words in a style, or rows of cells with the widths' shares."""

    style: Style | None = None
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()
    heading: bool = False


def written(whistle: Whistle, names: Names, book: WhistleBook) -> tuple[Part, ...]:
    """The notice from top to bottom."""
    facts = {
        "number": whistle.number,
        "departments": "、".join(names.units.get(c.unit_id, "") for c in whistle.calls),
        "unit": names.units.get(whistle.unit_id, ""),
        "arrive_by": book.moment(whistle.arrive_by),
        "matter": whistle.matter,
        "place": whistle.place,
        "helpers": "、".join(names.officers.get(each, "") for each in whistle.helpers),
        "case": whistle.case_number,
        "signer": names.officers.get(whistle.signed_by, ""),
        "contact": names.phones.get(whistle.signed_by, ""),
        "signed_on": book.day(whistle.signed_at),
    }
    return tuple(_part(each, facts, whistle.calls, names, book) for each in book.paper.blocks)


def _part(
    block: Block,
    facts: Mapping[str, str],
    calls: Sequence[Call],
    names: Names,
    book: WhistleBook,
) -> Part:
    if block.style is not None:
        return Part(style=block.style, text=_plain(block.text.format_map(facts)))
    rows = [_cells(row, facts) for row in block.rows]
    if block.each:
        rows += [_cells(block.each, _of_call(each, names, book)) for each in calls]
    return Part(rows=tuple(rows), widths=block.widths, heading=bool(block.each))


def _of_call(call: Call, names: Names, book: WhistleBook) -> dict[str, str]:
    def signed(mark: Mark | None) -> str:
        return f"{mark.name}\n{book.moment(mark.at)}" if mark is not None else ""

    return {
        "department": names.units.get(call.unit_id, ""),
        "acknowledged": signed(call.acknowledged),
        "arrived": signed(call.arrived),
        "opinion": call.opinion or "\n".join(filter(None, (call.reason, call.instead))),
    }


def _cells(row: Sequence[str], facts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_plain(cell.format_map(facts)) for cell in row)


def _plain(text: str) -> str:
    """Without what no page can show: control characters, and marks that turn the writing round."""
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return "".join(kept)
