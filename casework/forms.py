"""What a complaint's form is made of. All of it is data: ``config/intake/*.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from casework.telling import Telling

AnswerKind = Literal[
    "text",
    "name",
    "place",
    "time",
    "money",
    "months",
    "count",
    "phone",
    "choice",
    "location",
    "media",
]
"""How a bare answer to a question about the slot is read."""

KIND = "kind"
"""The slot that holds a complaint's sub-kind: a key of its form's ``kinds``."""

REAL_NAME, CONFIDENTIAL, ANONYMOUS = "实名", "保密", "匿名"
"""The values of ``identity_mode``, as the contract has them."""


class Need(StrEnum):
    """How badly a slot is wanted.

    Required, required while a condition holds, asked once, kept if volunteered, or kept and asked
    for only after the separate consent sensitive facts need (个人信息保护法 §29).
    """

    REQUIRED = "required"
    CONDITIONAL = "conditional"
    ONCE = "once"
    VOLUNTEERED = "volunteered"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class When:
    """A condition: every slot has one of its values, and every flag is up (``urgent``)."""

    slots: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a slot with few answers: its value, button title and the words for it.

    ``words`` tell it anywhere in a line, ``bare`` only as an answer to the question (没有). ``act``
    is ``affirm`` or ``deny`` when a bare yes or no means this answer.
    """

    value: str
    title: str
    words: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to know. ``display`` shows a value, such as ``{value}元``.

    ``instead`` are slots any of which stands in for this one; ``unless`` maps a slot to the
    values that make this one unnecessary; ``when`` is what must hold before it is wanted.
    ``aliases`` are what residents call the slot when they correct it (地址写错了). ``words`` tell a
    slot of free text: the clause with one of them in it is its value; or a slot of time, whose
    value is the day that clause names. ``only`` are the categories
    the slot means anything in; () is all. ``tries`` is how often a required slot is asked for.
    With ``from_word``, free text told in passing begins with the word that tells it.
    """

    name: str
    label: str
    need: Need = Need.VOLUNTEERED
    kind: AnswerKind = "text"
    display: str = "{value}"
    choices: tuple[Choice, ...] = ()
    instead: tuple[str, ...] = ()
    unless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    when: When | None = None
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    tries: int = 2
    from_word: bool = False

    @property
    def sensitive(self) -> bool:
        """Whether it may be kept only after separate consent."""
        return self.need is Need.SENSITIVE


@dataclass(frozen=True, slots=True)
class Question:
    """How to ask for one slot, or for several in one breath. ``variants`` are tried in turn."""

    slots: tuple[str, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """Who is competent, at which level of the house; shown to residents once verified."""

    name: str
    level: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Route:
    """A lawful way for the resident: its name, to whom, until when, by which law.

    ``hotline`` is a key of ``hotlines.yaml``. ``say`` is the sentence a resident reads; it and
    everything else is said only while ``verified``.
    """

    name: str
    to: str
    verified: bool
    deadline: str | None = None
    law: str | None = None
    hotline: str | None = None
    say: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One category's form. ``slots`` and ``questions`` are in the order they matter.

    ``opening`` is said once when the complaint is recognised, ``consult`` answers a question of
    policy, ``deadline`` names a deadline class. ``max_questions`` limits the messages that ask
    anything, ``extras`` those that ask nothing that must be known. ``kinds`` are the forms of the
    sub-kinds by key: they differ in their texts, office, routes, deadline and restriction, never in
    slots. ``telling`` finds what a line tells in passing. A ``restricted`` complaint is for
    named roles only.
    """

    category: str
    name: str
    slots: Mapping[str, Slot]
    questions: tuple[Question, ...]
    opening: str
    consult: str
    evidence: str
    deadline: str
    max_questions: int = 6
    extras: int = 1
    kind: str | None = None
    kind_name: str = ""
    kinds: Mapping[str, Form] = field(default_factory=dict)
    office: Office | None = None
    routes: tuple[Route, ...] = ()
    restricted: bool = False
    telling: Telling = field(default_factory=Telling)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The slots that may be asked for without separate consent, in order."""
        unasked = {Need.VOLUNTEERED, Need.SENSITIVE}
        return tuple(s.name for s in self.slots.values() if s.need not in unasked)

    def of(self, kind: str | None) -> Form:
        """The form of this sub-kind; this one when the kind is not known or not of this form."""
        return self.kinds.get(kind or "", self)
