"""What time does to a notice: one reminder, one report upward, one word to the signer, an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from casework.organisation import Officer, Role
from casework.whistle import Call, Due, Rules, Stand, Whistle

_NEVER = datetime.max.replace(tzinfo=UTC)


def half_time(whistle: Whistle) -> datetime:
    """When half of the time to come is over."""
    return whistle.signed_at + (whistle.arrive_by - whistle.signed_at) / 2


def due(whistle: Whistle, rules: Rules, now: datetime) -> Due:
    """What is to be done at this moment, each thing once."""
    if whistle.ended_at is not None:
        return Due()
    remind = [each.unit_id for each in whistle.calls if _remind_at(whistle, each) <= now]
    report = [each.unit_id for each in whistle.calls if _report_at(whistle, each) <= now]
    return Due(
        remind=tuple(each for each in remind if each not in report),
        report=tuple(report),
        nudge=_nudge_at(whistle, rules) <= now,
        lapse=whistle.arrive_by + rules.ends_after <= now,
    )


def done(whistle: Whistle, found: Due, now: datetime) -> Whistle:
    """The whistle with what is due marked as done; ending is another's verb."""
    calls = whistle.calls
    for name, units in (("reminded_at", found.remind), ("reported_at", found.report)):
        calls = tuple(replace(c, **{name: now}) if c.unit_id in units else c for c in calls)  # type: ignore[arg-type]
    return replace(whistle, calls=calls, nudged_at=now if found.nudge else whistle.nudged_at)


def timed(whistle: Whistle, rules: Rules) -> Whistle:
    """The whistle with the moment the clock has to look at it next."""
    if whistle.ended_at is not None:
        return replace(whistle, next_at=None)
    moments = [whistle.arrive_by + rules.ends_after, _nudge_at(whistle, rules)]
    moments += [_remind_at(whistle, each) for each in whistle.calls]
    moments += [_report_at(whistle, each) for each in whistle.calls]
    return replace(whistle, next_at=min(moments))


def reported_to(
    rules: Rules, whistle: Whistle, staff: Sequence[Officer], signer_role: Role
) -> Officer | None:
    """Who above hears of a no-show: the first role that is there, never the caller's own level.

    ``staff`` are officers of the units above, the nearest first.
    """
    for role in rules.upward:
        for officer in staff if role is not signer_role else ():
            if officer.role is role and officer.id != whistle.signed_by:
                return officer
    return None


def _remind_at(whistle: Whistle, call: Call) -> datetime:
    waiting = call.stand is Stand.ASKED and call.reminded_at is None
    return half_time(whistle) if waiting else _NEVER


def _report_at(whistle: Whistle, call: Call) -> datetime:
    waiting = call.stand in {Stand.ASKED, Stand.ACKNOWLEDGED}
    return whistle.arrive_by if waiting else _NEVER


def _nudge_at(whistle: Whistle, rules: Rules) -> datetime:
    told = whistle.nudged_at is not None
    return _NEVER if told else whistle.arrive_by + rules.nudge_after
