"""An officer says that a case is of another category, and what is kept of it to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from casework.case import Case, SlotValue, Status
from casework.intake import KIND
from casework.turn import Speaker, Turn

STATUSES = frozenset(set(Status) - {Status.DRAFT, Status.WITHDRAWN})
"""A draft's category is still being talked about with the resident; a withdrawn case is over."""


@dataclass(frozen=True, slots=True)
class Reclassification:
    """One correction with the resident's words, which learning reads and erasing erases.

    ``issue`` is the complaint as it was told, ``lines`` are all the resident's lines that the
    case was made of, oldest first. ``model`` is the digest of the language model that served
    when the officer corrected it, None where that is not known.
    """

    id: str
    conversation_id: str
    case_number: str
    from_category: str
    to_category: str
    issue: str
    lines: tuple[str, ...]
    officer_id: str
    at: datetime
    reason: str | None = None
    model: str | None = None


def told(case: Case, turns: Sequence[Turn]) -> tuple[str, tuple[str, ...]]:
    """The complaint in the resident's words, and the lines of ``turns`` it stands in.

    The issue is what the bot kept as such; a case without one is told by its longest line.
    """
    own = sorted((turn for turn in turns if turn.speaker is Speaker.RESIDENT), key=lambda t: t.seq)
    lines = tuple(turn.text for turn in own if turn.text.strip())
    kept = case.slots.get("issue")
    issue = str(kept.value or kept.text) if kept else max(lines, key=len, default="")
    return issue.strip(), lines


def reclassified(
    case: Case, category: str, names: Mapping[str, str], kind: str | None = None
) -> Case:
    """The case under ``category`` and ``kind``, without the sub-kind it had before.

    A title that opens with the old name opens with the new one.
    """
    title, old = case.title, names.get(case.category, "")
    if old and title.startswith(old):
        title = names.get(category, old) + title.removeprefix(old)
    secondary = None if case.secondary == category else case.secondary
    slots = {name: held for name, held in case.slots.items() if name != KIND}
    if kind is not None:
        slots[KIND] = SlotValue(kind)
    return replace(
        case, category=category, kind=kind, slots=slots, secondary=secondary, title=title
    )
