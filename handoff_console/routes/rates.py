"""The rates of an area: how matters are dealt with there, with what each was counted from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from casework import duty
from casework.errors import NotAllowed, NotFound
from casework.hours import CHINA
from casework.organisation import Unit
from casework.rates import ENOUGH, Rates, rates
from config.problems import Problem
from handoff_console.deps import Caller, Deps
from handoff_console.shapes import Day, Shape, Words
from handoff_console.texts import console_texts
from storage.unit_of_work import SqlTransaction
from storage.views_rates import Period, counted

router = APIRouter(tags=["rates"])
LONGEST = timedelta(days=366)
DEFAULT = timedelta(days=30)


class RateShape(Shape):
    """``share`` from 0 to 1 of ``of`` cases, null when they are too few; ``beside`` is how many
    were left out because nobody answered; ``formula`` says it in words."""

    key: str
    name: str
    formula: str
    share: float | None
    of: int
    beside: int


class FigureShape(Shape):
    """A length of time in seconds, or a mean per case; null when they are too few."""

    key: str
    name: str
    value: float | None
    of: int


class CountShape(Shape):
    """How many cases."""

    key: str
    name: str
    cases: int


class RatesShape(Shape):
    """One area in one period; ``enough`` is the fewest cases that make a rate."""

    unit_id: str
    unit_name: str
    since: date
    until: date
    cases: int
    enough: int
    rates: list[RateShape]
    figures: list[FigureShape]
    levels: list[CountShape]
    resolutions: list[CountShape]


@router.get("/api/rates")
async def rates_of(
    viewer: Caller,
    deps: Deps,
    unit: Annotated[Words, Query(max_length=32)] = "",
    since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None,
) -> RatesShape:
    """The rates of a unit of the caller's area (their own when none is named), for cases filed
    from ``since`` to ``until``, both included; the last thirty days when none are named."""
    now = deps.clock()
    last = until or now.astimezone(CHINA).date()
    first = since or last - DEFAULT
    if first > last or last - first > LONGEST:
        raise Problem("invalid", fields={"since": "not_a_choice"})
    period = Period(_midnight(first), _midnight(last + timedelta(days=1)))

    def work(tx: SqlTransaction) -> RatesShape:
        wanted = unit or viewer.officer.unit_id or ""
        found = tx.people.unit(wanted) or tx.people.top()
        if found is None or (unit and found.id != unit):
            raise NotFound
        if not duty.covers(tx, viewer.officer, found.id):
            raise NotAllowed
        counts, spans = counted(tx, viewer.sight, found.path, period, now)
        return _shape(found, first, last, rates(counts, spans))

    return await deps.store.read(work)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _shape(unit: Unit, first: date, last: date, found: Rates) -> RatesShape:
    words = console_texts()
    names, formulas, codes = words.rates, words.formulas, {**words.codes, **words.levels}
    return RatesShape(
        unit_id=unit.id,
        unit_name=unit.name,
        since=first,
        until=last,
        cases=found.cases,
        enough=ENOUGH,
        rates=[
            RateShape(
                key=each.key,
                name=names[each.key],
                formula=formulas[each.key],
                share=each.share,
                of=each.of,
                beside=each.beside,
            )
            for each in found.rates
        ],
        figures=[
            FigureShape(key=each.key, name=names[each.key], value=each.value, of=each.of)
            for each in found.figures
        ],
        levels=_counts(found.levels, codes),
        resolutions=_counts(found.resolutions, codes),
    )


def _counts(counted: Mapping[str, int], names: Mapping[str, str]) -> list[CountShape]:
    return [
        CountShape(key=key, name=names.get(key, key), cases=cases) for key, cases in counted.items()
    ]
