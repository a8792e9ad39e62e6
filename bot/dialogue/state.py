"""What the policy remembers of a conversation, and what it hears.

The state is small JSON in ``conversations.dialogue``. Unknown keys are dropped and missing ones
take their defaults, so that an older or newer program can read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from casework.case import Case, SlotValue
from casework.collective import Count
from casework.links import Link
from casework.reminders import Reminder
from casework.turn import Media
from nlu.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Heard:
    """One line of the resident, understood.

    ``understanding`` is None when there was no text to understand. ``button`` and ``start`` are
    payloads, ``location`` is (latitude, longitude), ``contact`` a shared phone number. ``edits``
    is true when the line replaces an earlier one, ``wishes`` when it asks for a language,
    ``spoken`` when a machine wrote down what was said, ``late`` when the album it belongs to was
    answered already. ``story`` is the engine's opinion of this line and all before it together.
    ``overtaken`` is true when the line was written before our last question was, ``followed`` when
    the next one is here already. ``parts`` are the matters of a line that announces several, each
    understood alone. ``link`` is what a scanned code opens, None for one that no longer counts.
    """

    turn_id: str
    text: str
    understanding: Understanding | None
    button: str | None = None
    start: str | None = None
    location: tuple[float, float] | None = None
    media: tuple[Media, ...] = ()
    contact: str | None = None
    edits: bool = False
    wishes: bool = False
    spoken: bool = False
    late: bool = False
    story: Understanding | None = None
    overtaken: bool = False
    followed: bool = False
    parts: tuple[tuple[str, Understanding], ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer or the clock asked about a case: ``kind`` is wanted, named or promise,
    ``about`` the case's number or the promise's id. ``fresh`` while nothing was said since."""

    kind: str
    about: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case of this conversation, the name of the officer who owns it and their office.

    ``countdowns`` are the resident's own periods that run in it, ``group`` how far the households
    are whose matter is the same one (集体事项). ``asked`` is what is being asked about it outside
    any turn; ``mediating`` while a mediation is being arranged or under way.
    """

    case: Case
    owner_name: str
    office: str = ""
    countdowns: tuple[Reminder, ...] = ()
    group: Count | None = None
    asked: tuple[Asked, ...] = ()
    mediating: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """What was made of a draft's place: ``said`` is what it was made of.

    ``unit_id`` is the smallest unit that is certain, ``doubt`` why it is no grid. ``options`` are
    the units the words may mean and ``titles`` what their buttons say.
    """

    said: str = ""
    unit_id: str | None = None
    doubt: str | None = None
    options: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """The complaint being taken down.

    ``declined`` are slots the resident would not or could not give; ``asked`` counts questions
    per slot; ``questions`` counts messages that asked something. ``scores`` adds up how strongly
    each category was meant while it is open or ``guessed``. ``number`` is set once the draft case
    exists; ``latest`` is the slot set last, ``read_back`` whether the resident has heard it all,
    ``chosen`` whether they named the category. ``where`` is what was made of the place,
    ``scanned`` whether a code on a wall began it.
    """

    category: str | None = None
    secondary: str | None = None
    urgent: bool = False
    slots: dict[str, SlotValue] = field(default_factory=dict)
    declined: tuple[str, ...] = ()
    asked: dict[str, int] = field(default_factory=dict)
    questions: int = 0
    scores: dict[str, float] = field(default_factory=dict)
    guessed: bool = False
    number: str | None = None
    beside: str | None = None
    latest: str | None = None
    read_back: bool = False
    chosen: bool = False
    where: Where | None = None
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Another complaint heard in passing, taken up when the present one is filed.

    ``beside`` when it was told together with that one: their cases will name each other. A line
    that waits to be put into a case comes with its ``files``, ``location`` and ``contact``.
    ``apart`` when these words tell nothing else; its draft case then waits under ``number``.
    """

    text: str
    category: str | None = None
    turn_id: str | None = None
    beside: bool = False
    files: tuple[str, ...] = ()
    location: tuple[float, float] | None = None
    contact: str | None = None
    apart: bool = False
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Case ``number`` may be the same issue as ``leading``, another resident's. ``count`` of
    those who reported it is 0 while it is too small to be told."""

    number: str
    leading: str
    subject: str
    count: int = 0
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """A time being chosen. ``kind`` is what is booked and ``host`` whom with; ``offered`` are the
    keys of the slots last shown, ``seen`` all that were, ``chosen`` the one read back; ``moving``
    is the appointment given up for it, ``made`` the one that came of it. ``hosts`` are those who
    can be asked for, as ``id:name``."""

    kind: str
    host: str = ""
    offered: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    chosen: str = ""
    moving: str = ""
    made: str = ""
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Everything the policy remembers.

    ``asking`` is what the last message asked: ``slot:NAME[,NAME]``, ``category``, ``readback``,
    ``edit``, ``second``, ``register:CATEGORY``, ``add_or_new``, ``rating:NUMBER``,
    ``rating_text:NUMBER``, ``reopen_detail:NUMBER``, ``same:NUMBER``, ``again:NUMBER``, ``added``,
    ``meet:NUMBER``, ``new``, ``which:ACT``, ``which_place`` or ``near[:BEFORE]``; None when
    nothing is open.
    ``offer`` is the same issue nearby, ``urged`` when each case was last pressed for.
    ``misses`` counts lines in a row that were not understood. ``safety`` is true while the safety
    question is unanswered. ``serial`` numbers the drafts, so that a button of an earlier one is
    known to be stale. ``language_fixed`` is true once the resident asked for a language.
    ``alarm`` is the kind of danger people were called about; ``contact`` is ``asked``, or the code
    of how the resident may be contacted; ``guarded`` is the serial of a restricted complaint.
    ``consent`` is the version of what the resident was told, at ``consent_at`` (RFC 3339);
    ``sensitive`` the separate consent to what is sensitive: ``yes@VERSION@TIME`` or ``no@TIME``.
    ``stopped`` is true once consent was taken back, ``minor`` once a child under 14 spoke;
    ``limits_told`` once an unnamed resident heard what that means for the formal ways.
    ``told`` is the story so far, capped, for what is told in pieces is understood as a whole;
    ``asked_at`` is when our last question was written (ISO 8601); ``waited`` is true once somebody
    in danger has heard, while nobody had come yet, that what they tell is kept.
    """

    consent: str | None = None
    consent_at: str | None = None
    sensitive: str | None = None
    stopped: bool = False
    minor: bool = False
    limits_told: bool = False
    draft: Draft | None = None
    asking: str | None = None
    later: tuple[Later, ...] = ()
    held: Later | None = None
    misses: int = 0
    fallbacks: int = 0
    anger: int = 0
    chats: int = 0
    crisis: str = "none"
    safety: bool = False
    alarm: str = ""
    contact: str = ""
    guarded: int = 0
    serial: int = 0
    last_number: str | None = None
    offer: Offer | None = None
    urged: dict[str, str] = field(default_factory=dict)
    language_fixed: bool = False
    told: str = ""
    asked_at: str | None = None
    waited: bool = False
    booking: Booking | None = None

    @property
    def context(self) -> str | None:
        """What was asked, as the engine's ``context``: a slot, ``readback``, ``edit``, "" for
        nothing of the kind; None while no matter has been told."""
        kind, _, names = (self.asking or "").partition(":")
        if kind in {"which_place", "near"}:
            return "place"
        if kind in {"readback", "edit"}:
            return kind
        if kind == "slot":
            return names.split(",")[0]
        return None if self.draft is None and self.last_number is None else ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; fields at their default are left out."""
        return {
            name: _plain(value)
            for name in _NAMES[DialogueState]
            if (value := getattr(self, name)) != getattr(_FRESH, name)
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> DialogueState:
        """The state ``to_json`` wrote; an empty mapping is a fresh one."""
        values = _known(cls, stored)
        if isinstance(values.get("draft"), dict):
            values["draft"] = _draft(values["draft"])
        if isinstance(values.get("offer"), dict):
            values["offer"] = Offer(**_known(Offer, values["offer"]))
        if isinstance(values.get("held"), dict):
            values["held"] = _later(values["held"])
        if isinstance(values.get("booking"), dict):
            values["booking"] = _booking(values["booking"])
        values["later"] = tuple(_later(each) for each in values.get("later", ()))
        return cls(**values)


_FRESH = DialogueState()
_NAMES = {
    kind: tuple(each.name for each in fields(kind))
    for kind in (DialogueState, Draft, SlotValue, Later, Offer, Where, Booking)
}


def _plain(value: Any) -> Any:
    """As dataclasses.asdict, a good deal quicker: it copies no leaf."""
    names = _NAMES.get(type(value))
    if names is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value


def _draft(stored: Mapping[str, Any]) -> Draft:
    values = _known(Draft, stored)
    values["declined"] = tuple(values.get("declined", ()))
    values["slots"] = {
        name: SlotValue(**_known(SlotValue, slot)) for name, slot in values.get("slots", {}).items()
    }
    if isinstance(values.get("where"), dict):
        where = _known(Where, values["where"])
        lists = {name: tuple(where.get(name, ())) for name in ("options", "titles")}
        values["where"] = Where(**{**where, **lists})
    return Draft(**values)


def _booking(stored: Mapping[str, Any]) -> Booking:
    values = _known(Booking, stored)
    lists = {name: tuple(values.get(name, ())) for name in ("offered", "seen", "hosts")}
    return Booking(**{"kind": "", **values, **lists})


def _later(stored: Mapping[str, Any]) -> Later:
    values = _known(Later, stored)
    values["files"] = tuple(values.get("files", ()))
    values["location"] = tuple(values["location"]) if values.get("location") else None
    return Later(**values)


def _known(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    names = _NAMES[kind]
    return {name: value for name, value in stored.items() if name in names}
