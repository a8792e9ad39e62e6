"""Days that are told beside what happened: 上个月15号离职的, 昨天收到裁决书.

Some periods of law are counted from such a day and no other (casework.statutory). It is never
asked for: a slot of kind ``time`` with words is told by a clause that has one of them, and a day.
"""

from __future__ import annotations

import re
from datetime import date

from casework.intake import Slot
from nlu.extract.dates import WHEN, resolve

_WHEN = re.compile(WHEN)


def day_told(slot: Slot, clause: str, now: date) -> str | None:
    """The day or month (ISO 8601) the clause names for this slot, the one that stands nearest to
    its word: 3月入职9月30号离职. None where it names none, or only a year."""
    found = [(at, at + len(word)) for word in slot.words if (at := clause.find(word)) >= 0]
    if not found:
        return None
    start, end = min(found)
    days = [match for match in _WHEN.finditer(clause) if resolve(match.group(), now) is not None]
    before = [match for match in days if match.end() <= start]
    after = [match for match in days if match.start() >= end]
    match = before[-1] if before else after[0] if after else None
    moment = resolve(match.group(), now) if match is not None else None
    if moment is None or moment.precision == "year":
        return None
    return moment.iso()[:7] if moment.vague else moment.iso()
