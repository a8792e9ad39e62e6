"""Writes ``docs/lifecycle.md`` from the lifecycle table: ``python -m cli.lifecycle_page``.

A test compares the page with the table, so that it is never older than the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from casework.case import OPEN, Status
from casework.effects import PROVEN
from casework.events import ActorKind
from casework.lifecycle import CONDITIONS, FIELDS, LIFECYCLE
from casework.organisation import Role
from casework.reach import Reach
from casework.transitions import Transition
from config.load import Book, load_book
from handoff_console.texts import ConsoleTexts, console_texts

PAGE = Path(__file__).parent.parent / "docs" / "lifecycle.md"
IN_HAND = OPEN | {Status.DONE_WAIT}
"""Drawn as one box: what may be done in all of these is one arrow from it."""
ONLY_IF = {
    "return": "once at each level of the ladder; what was assigned after that is not given back",
    "request_info": "once in a round, for five days at most; nothing runs meanwhile",
    "extend": "once in a round, to a day after it is due",
    "grant": "an extension was asked for, by somebody else",
    "deny": "an extension was asked for, by somebody else",
    "call_back": "neither the owner nor whoever reported the result",
    "seek_confirmation": "both sides agreed: the case was resolved as `agreed`",
    "reopen": "an archived case within 90 days of its closing",
}
"""In words what ``casework.lifecycle.CONDITIONS`` asks besides the table."""
_HEAD = """\
# The lifecycle of a case

Generated from the table in `casework/lifecycle.py` by `python -m cli.lifecycle_page`; a test keeps
it true. Nothing can be done with a case that is not in this table. Only the resident, seven days
without their answer, or a colleague who asked them and did not do the work closes a case; nobody
closes it against the resident's word. No clock refuses, and what was referred elsewhere comes back
when the resident disagrees.

Officers only act on cases they own, or that lie in (or are owned by) their area; restricted cases
are seen by named roles only. Every verb is recorded with who did it, from whom to whom, and why.

How near an officer must be to the case (`casework/reach.py`) is the column “Near”: `has` are its
owner, colleagues of the unit that owns it, and who stands in there today by a shift or for somebody
who is away; `above` are those of a unit above that one, and admins; `directs` are those from the
street up where a department has it; `helps` is everybody else who sees it, first of all the level
that gave it away (上报, 交办). Who may not take a step because of this is told who has the case.
"""

_COLUMNS = (
    "Verb",
    "",
    "From",
    "To",
    "Officers",
    "Near",
    "Others",
    "Needs",
    "Only if",
    "Resident is told",
)
_TAIL = """\
“Needs” are fields of the request. `officer_id` is looked up for `return` and `escalate`, and chosen
for `assign`. `resolve` with one of {proven} needs `proof`, ids of kept files. The
resident's own verbs are answered in the chat. In the quiet hours of `config/telling.yaml` a
resident is told when they end, unless there is danger."""


def page(book: Book, texts: ConsoleTexts) -> str:
    """The page as it has to be now."""
    missing = CONDITIONS.keys() ^ ONLY_IF.keys()
    if missing:
        raise ValueError(f"conditions without words, or words without a condition: {missing}")
    return "\n".join(
        [
            _HEAD,
            "```mermaid",
            *_diagram(book),
            "```",
            "",
            "Verbs that leave a case where it is are in the table only.",
            "",
            f"| {' | '.join(_COLUMNS)} |",
            f"|{'---|' * len(_COLUMNS)}",
            *(_line(row, book, texts) for row in LIFECYCLE),
            "",
            _TAIL.format(proven=", ".join(f"`{code}`" for code in sorted(PROVEN))),
            "",
        ]
    )


def _diagram(book: Book) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"    [*] --> {Status.DRAFT}"
    outside = [status for status in Status if status not in IN_HAND]
    yield from (_named(status, book, "    ") for status in outside)
    yield '    state "in hand" as in_hand {'
    yield from (_named(status, book, "        ") for status in Status if status in IN_HAND)
    yield from (f"        {arrow}" for arrow in _arrows(within=True))
    yield "    }"
    yield from (f"    {arrow}" for arrow in _arrows(within=False))


def _named(status: Status, book: Book, margin: str) -> str:
    return f'{margin}state "{status} {book.words.statuses[status]}" as {status}'


def _arrows(*, within: bool) -> Iterator[str]:
    """Arrows between two states inside the box, or all others; verbs side by side share one."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in LIFECYCLE:
        for source in _sources(row):
            inside = source in IN_HAND and row.target in IN_HAND
            if row.target is not None and row.target != source and inside is within:
                found.setdefault((source, row.target), []).append(row.verb)
    return (f"{source} --> {target}: {', '.join(v)}" for (source, target), v in found.items())


def _sources(row: Transition) -> list[str]:
    if row.sources >= IN_HAND:
        return ["in_hand", *_ordered(row.sources - IN_HAND)]
    return _ordered(row.sources)


def _ordered(statuses: Iterable[Status]) -> list[str]:
    order = list(Status)
    return [status.value for status in sorted(statuses, key=order.index)]


def _line(row: Transition, book: Book, texts: ConsoleTexts) -> str:
    roles = [role.value for role in Role if role in row.roles]
    others = [kind.value for kind in ActorKind if kind in row.actors - {ActorKind.OFFICER}]
    told = f"notice_{row.event.value}" in book.words.texts
    needs = [f"`{FIELDS.get((row.verb, name), name)}`" for name in row.needs]
    cells = (
        f"`{row.verb}`",
        texts.verbs[row.verb],
        ", ".join(_ordered(row.sources)),
        row.target.value if row.target is not None else "stays",
        ", ".join(roles),
        ", ".join(each.value for each in Reach if each in row.reach) if roles else "",
        ", ".join(others),
        ", ".join(needs),
        ONLY_IF.get(row.verb, ""),
        "yes" if told else "",
    )
    return f"| {' | '.join(cells)} |"


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(load_book(), console_texts()), encoding="utf-8")


if __name__ == "__main__":
    write()
