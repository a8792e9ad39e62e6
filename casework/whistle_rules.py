"""What may be done with a notice: number it, check it, sign for it, come, speak, end it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from casework.case import Case
from casework.errors import Incomplete, NotAllowed, Unchanged
from casework.organisation import Officer, Unit
from casework.privacy import PLACE, Record, door_is_private, own_words
from casework.whistle import (
    BY_SIGNER,
    MATTER_LENGTH,
    OPINION_LENGTH,
    PLACE_LENGTH,
    Call,
    Mark,
    Notice,
    Number,
    Outcome,
    Rules,
    Whistle,
)


def number(rules: Rules, chain: Sequence[Unit], year: int, serial: int) -> Number:
    """The number in the name of the chain's first unit; the second is the one above it."""

    def plain(unit: Unit) -> str:
        ending = next((e for e in rules.endings if unit.name.endswith(e) and unit.name != e), "")
        return unit.name.removesuffix(ending)

    unit = chain[0]
    pattern = rules.pattern if len(chain) > 1 else rules.pattern_top
    above = plain(chain[1]) if len(chain) > 1 else ""
    text = pattern.format(above=above, unit=plain(unit), year=year, serial=serial)
    return Number(text, unit.id, year, serial)


def calling_unit(chain: Sequence[Unit]) -> Sequence[Unit]:
    """From the unit that calls upwards: the place's community, or where there is none the lowest
    unit above the grids."""
    for kind in ("community", "street"):
        at = next((i for i, unit in enumerate(chain) if unit.kind == kind), None)
        if at is not None:
            return [each for each in chain[at:] if each.kind in {"community", "street"}]
    return chain[-1:]


def check(notice: Notice, rules: Rules, now: datetime) -> Notice:
    """The notice without blanks and doubles. Raises Incomplete naming what is missing or wrong."""
    departments = tuple(dict.fromkeys(each for each in notice.departments if each))
    place, matter = notice.place.strip(), notice.matter.strip()
    if not departments:
        raise Incomplete("departments")
    if not place or len(place) > PLACE_LENGTH:
        raise Incomplete("place")
    if not matter or len(matter) > MATTER_LENGTH:
        raise Incomplete("matter")
    if not now + rules.least <= notice.arrive_by <= now + rules.most:
        raise Incomplete("arrive_by")
    helpers = tuple(dict.fromkeys(notice.helpers))
    return replace(notice, departments=departments, place=place, matter=matter, helpers=helpers)


def de_identified(text: str, case: Case, record: Record, called: str = "") -> str:
    """The words without what gives the resident away: their name, numbers, and the door they live
    behind, unless the matter cannot be looked into without it (domain line 35). ``called`` is what
    the chat calls them."""
    own = [*own_words(case.slots), *([called] if len(called) > 1 else [])]
    held = case.slots.get(PLACE)
    if held is not None and (
        case.category not in record.door_needed or door_is_private(case.slots)
    ):
        where = str(held.value)
        own += [m[0] for each in record.clues.doors for m in each.finditer(where) if m[0].strip()]
    return record.clues.hidden(text, own)


def signed(
    whistle_id: str, given: Number, case: Case, notice: Notice, signer: Officer, now: datetime
) -> Whistle:
    """A new notice; the caller has checked it and that the signer may."""
    return Whistle(
        id=whistle_id,
        number=given.text,
        case_number=case.number,
        conversation_id=case.conversation_id,
        unit_id=given.unit_id,
        year=given.year,
        serial=given.serial,
        signed_by=signer.id,
        signed_at=now,
        arrive_by=notice.arrive_by,
        place=notice.place,
        matter=notice.matter,
        calls=tuple(Call(unit) for unit in notice.departments),
        helpers=notice.helpers,
        lat=notice.lat,
        lng=notice.lng,
    )


def acknowledged(whistle: Whistle, unit_id: str, mark: Mark) -> Whistle:
    """签收. Raises Unchanged when it is signed for or the whistle is over, NotAllowed for who is
    not called, and Incomplete without a name."""
    call = _open(whistle, unit_id, mark)
    if call.acknowledged is not None:
        raise Unchanged
    return _with(whistle, replace(call, acknowledged=mark))


def checked_in(
    whistle: Whistle, unit_id: str, mark: Mark, *, distance: float | None = None
) -> Whistle:
    """报到; whoever is there has signed for the notice as well. Raises as ``acknowledged``."""
    call = _open(whistle, unit_id, mark)
    if call.arrived is not None:
        raise Unchanged
    away = None if distance is None else round(distance)
    return _with(
        whistle,
        replace(call, acknowledged=call.acknowledged or mark, arrived=mark, distance=away),
    )


def answered(whistle: Whistle, unit_id: str, mark: Mark, opinion: str) -> Whistle:
    """处理意见, of a department that is there or has written instead of coming.

    Raises as ``acknowledged``, and Incomplete without words or before it has come.
    """
    call = _open(whistle, unit_id, mark)
    if call.answered is not None:
        raise Unchanged
    if not opinion.strip() or len(opinion) > OPINION_LENGTH:
        raise Incomplete("opinion")
    if call.arrived is None and call.declined is None:
        raise Incomplete("arrived")
    return _with(whistle, replace(call, answered=mark, opinion=opinion.strip()))


def declined(whistle: Whistle, unit_id: str, mark: Mark, reason: str, instead: str) -> Whistle:
    """A department cannot come: why, and what it does instead. Only before the moment has passed:
    afterwards it did not come.

    Raises as ``acknowledged``, and Incomplete without words.
    """
    call = _open(whistle, unit_id, mark)
    if call.declined is not None:
        raise Unchanged
    if call.arrived is not None or mark.at > whistle.arrive_by:
        raise NotAllowed
    for name, words in (("reason", reason), ("instead", instead)):
        if not words.strip() or len(words) > OPINION_LENGTH:
            raise Incomplete(name)
    call = replace(call, declined=mark, reason=reason.strip(), instead=instead.strip())
    return _with(whistle, replace(call, acknowledged=call.acknowledged or mark))


def ended(
    whistle: Whistle, outcome: Outcome, result: str, by: str | None, now: datetime
) -> Whistle:
    """The whistle over. ``by`` is the officer who ends it, None for the clock.

    Raises Unchanged when it is over; Incomplete("result") without words, Incomplete("opinions")
    while a department is waited for, unless it is taken back.
    """
    if whistle.ended_at is not None:
        raise Unchanged
    if by is not None:
        if outcome not in BY_SIGNER:
            raise Incomplete("outcome")
        if not result.strip():
            raise Incomplete("result")
        if outcome is not Outcome.WITHDRAWN and not whistle.complete:
            raise Incomplete("opinions")
    return replace(
        whistle, ended_at=now, ended_by=by, outcome=outcome, result=result.strip(), next_at=None
    )


def _open(whistle: Whistle, unit_id: str, mark: Mark) -> Call:
    call = whistle.call(unit_id)
    if call is None:
        raise NotAllowed
    if whistle.ended_at is not None:
        raise Unchanged
    if not mark.name.strip():
        raise Incomplete("name")
    return call


def _with(whistle: Whistle, call: Call) -> Whistle:
    calls = tuple(call if each.unit_id == call.unit_id else each for each in whistle.calls)
    return replace(whistle, calls=calls)
