"""Danger (``crisis.zh.yaml``): the fixed words, which of them when, and who is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.alerts import LEVELS as CALLED
from casework.alerts import Alert, Procedure
from casework.forms import Form
from casework.organisation import Role
from casework.turn import Line
from config.hotlines import Hotlines
from config.lengths import read_length
from config.reading import Node
from config.words import ParamValue, Words

LEVELS = ("R1", "R2", "R3")
KINDS = ("self_harm", "violence", "hazard", "witness")
CONTACTS = ("message", "call", "appointment", "none")
"""How a resident in danger at home may be contacted, by the code in button payloads."""
_FILLED = {key: f"{{{key}}}" for key in ("name", "number", "owner", "choice", "level")}
"""Places filled when the text is said."""
_FOLLOW_UP = {key: f"{{{key}}}" for key in ("community", "name", "matter", "owner", "due")}
_ALWAYS = (
    "listening",
    "fine",
    "fine_other",
    "respect",
    "seen",
    "seen_here",
    "still_there",
    "ask_contact",
    "contact_noted",
    "at_home",
    "quiet",
    "silent_ok",
    "where",
    "out",
    "place_noted",
    "here",
    "goes_on",
    "for_officer",
)
_KEYS = (
    "texts",
    "table",
    "hazards",
    "nobody",
    "asks",
    "categories",
    "safe_contact",
    "contact_first",
    "follow_up",
    "chain",
    "on_duty",
    "answer_within",
    "silence",
    "reminders",
    "follow_ups",
    "report_within",
    "sees_restricted",
    "above_grid",
)


@dataclass(frozen=True, slots=True)
class CrisisPlan:
    """``table``: kind → level → the text's key in ``Words``. ``asks``: the texts that ask the
    safety question. ``hazards``: texts, each with the words of a hazard it is right for; the
    table's is for gas, fire and current. ``categories``: kind → the category of the case behind it.

    ``nobody``: kind → the honest text when nobody has answered. ``safe_contact``: code → the
    slot's value. ``contact_first``: category → kinds of complaint whose first question is how the
    resident may be contacted. ``follow_up`` is the greeting an officer may send the next day.
    """

    table: Mapping[str, Mapping[str, str]]
    hazards: tuple[tuple[str, tuple[str, ...]], ...]
    asks: frozenset[str]
    categories: Mapping[str, str]
    nobody: Mapping[str, str]
    safe_contact: Mapping[str, str]
    contact_first: Mapping[str, frozenset[str]]
    follow_up: str
    procedure: Procedure


@dataclass(frozen=True, slots=True)
class AlertTexts:
    """casework.alerts.AlertWords in one language."""

    words: Words
    nobody_by_kind: Mapping[str, str]

    def seen(self, alert: Alert, officer_name: str, *, may_call: bool) -> Line:  # noqa: ARG002
        """An officer has seen it; where a call could betray the resident, none is promised."""
        key = "crisis_seen" if may_call else "crisis_seen_here"
        return self.words.line(key, {"name": officer_name})

    def nobody(self, alert: Alert) -> Line:
        """Nobody has answered."""
        return self.words.line(self.nobody_by_kind[alert.kind])

    def still_there(self) -> Line:
        """The resident has gone silent."""
        return self.words.line("crisis_still_there")

    def for_officer(self, alert: Alert) -> str:
        """What the called officer reads on a telephone."""
        params: dict[str, ParamValue] = {"level": alert.level}
        return self.words.text("crisis_for_officer", params)


def read_crisis(
    top: Node, hotlines: Hotlines, names: Mapping[str, str]
) -> tuple[CrisisPlan, dict[str, str]]:
    """The plan, and its texts under keys that begin with ``crisis_``. Raises BadConfiguration."""
    top.mapping(_KEYS)
    given = top.need("texts").mapping()
    texts = {key: hotlines.fill(node, _FILLED) for key, node in given.items()}
    for key in _ALWAYS:
        top.need("texts").need(key)
    keys = list(texts)
    table, nobody, categories = {}, {}, {}
    for kind in KINDS:
        row = top.need("table").need(kind)
        row.mapping(LEVELS)
        table[kind] = {level: f"crisis_{row.need(level).one_of(keys)}" for level in LEVELS}
        nobody[kind] = f"crisis_{top.need('nobody').need(kind).one_of(keys)}"
        categories[kind] = top.need("categories").need(kind).one_of(list(names))
    contacts = top.need("safe_contact")
    contacts.mapping(CONTACTS)
    first = top.need("contact_first").mapping(list(names))
    plan = CrisisPlan(
        table=table,
        hazards=tuple(
            (f"crisis_{each.need('text').one_of(keys)}", each.need("words").texts())
            for each in top.need("hazards").items()
        ),
        asks=frozenset(f"crisis_{each.one_of(keys)}" for each in top.need("asks").items()),
        categories=categories,
        nobody=nobody,
        safe_contact={code: contacts.need(code).text() for code in CONTACTS},
        contact_first={category: frozenset(node.texts()) for category, node in first.items()},
        follow_up=hotlines.fill(top.need("follow_up"), _FOLLOW_UP),
        procedure=_procedure(top, contacts.need("call").text(), names),
    )
    return plan, {f"crisis_{key}": text for key, text in texts.items()}


def _procedure(top: Node, call_value: str, names: Mapping[str, str]) -> Procedure:
    roles = [role.value for role in Role]
    restricted = top.need("sees_restricted").items()
    follow_ups = top.need("follow_ups").mapping()
    return Procedure(
        chain=tuple(each.one_of(CALLED) for each in top.need("chain").items()),
        on_duty=top.need("on_duty").texts(),
        answer_within=read_length(top.need("answer_within")),
        silence=read_length(top.need("silence")),
        reminders=int(top.need("reminders").number(0, 2)),
        follow_ups={kind: read_length(node) for kind, node in follow_ups.items()},
        report_within=read_length(top.need("report_within")),
        sees_restricted=frozenset(Role(each.one_of(roles)) for each in restricted),
        above_grid=frozenset(e.one_of(list(names)) for e in top.need("above_grid").items()),
        call_value=call_value,
    )


def check_kinds(top: Node, plan: CrisisPlan, forms: Mapping[str, Form]) -> None:
    """Raise BadConfiguration where ``contact_first`` names a kind its form does not have."""
    for category, kinds in plan.contact_first.items():
        for kind in sorted(kinds - set(forms[category].kinds)):
            node = top.need("contact_first").need(category)
            raise node.wrong(f"{kind!r} is no kind of this form")
