"""What one step asks for. The executor runs the requests in order, then renders the replies.

An empty ``number`` means the case opened last in this step, or the one in the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.dialogue.state import DialogueState
from casework.booking_slots import Wish
from casework.case import SlotValue, Source
from casework.desk.assigning import Whereabouts
from casework.turn import Button

ParamValue = str | int | float


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Create a draft; the executor hands its number back through ``policy.opened``.

    ``where`` is what was made of the place; None where nothing was looked up.
    """

    category: str
    secondary: str | None
    urgent: bool
    crisis: str
    slots: dict[str, SlotValue]
    title: str
    restricted: bool = False
    where: Whereabouts | None = None
    source: Source = Source.RESIDENT


@dataclass(frozen=True, slots=True)
class OpenBeside:
    """Create the draft of a second matter told in one breath with the first, and link the two.

    The number comes back through ``matters.numbered``, by the words that were told.
    """

    category: str
    slots: dict[str, SlotValue]
    text: str


@dataclass(frozen=True, slots=True)
class AmendCase:
    """Set these slots of a case, whatever its status; ``category`` and ``title`` only when they
    changed. ``restricted`` is true when it turned out to be for named roles only, ``where`` set
    when the place lies elsewhere than the case."""

    number: str
    slots: dict[str, SlotValue]
    category: str | None = None
    title: str | None = None
    restricted: bool = False
    where: Whereabouts | None = None


@dataclass(frozen=True, slots=True)
class FileCase:
    """The resident said the read-back is right (verb ``file``)."""

    number: str


@dataclass(frozen=True, slots=True)
class RateCase:
    """Store the rating; one with a ``score`` also confirms a case in ``done_wait``."""

    number: str
    score: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class ConfirmCase:
    """The resident said it is solved, without a score (verb ``confirm``)."""

    number: str


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """The resident said it is not solved; ``reason`` is never empty (verb ``reopen``)."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawCase:
    """The resident takes the case back in their own words (verb ``withdraw``)."""

    number: str


@dataclass(frozen=True, slots=True)
class UrgeCase:
    """The resident presses for progress; the owner is to see it."""

    number: str


@dataclass(frozen=True, slots=True)
class EscalateCase:
    """The resident wants it taken one level up."""

    number: str


@dataclass(frozen=True, slots=True)
class EndCountdown:
    """The resident has applied (``done``) or wants no reminder (``unwanted``)."""

    reminder_id: str
    why: str


@dataclass(frozen=True, slots=True)
class JoinCase:
    """The resident said it is the same issue as ``leading``, another resident's case."""

    number: str
    leading: str


@dataclass(frozen=True, slots=True)
class LoosenCase:
    """The resident said a joined case is another matter after all."""

    number: str


@dataclass(frozen=True, slots=True)
class LinkCase:
    """Told in one breath with ``other``: the two name each other."""

    number: str
    other: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """Put the conversation into the queue. ``reason`` is a short code: asked, crisis,
    not_understood, abuse, progress."""

    reason: str


@dataclass(frozen=True, slots=True)
class RaiseCrisis:
    """Alert people: ``level`` R1, R2 or R3; ``kind`` self_harm, violence, hazard or witness."""

    level: str
    kind: str


@dataclass(frozen=True, slots=True)
class CallPeople:
    """Call the chain about the case opened or filed last: ``level`` R2 or R3. ``child``: a child
    may be in danger."""

    level: str
    kind: str
    child: bool = False


@dataclass(frozen=True, slots=True)
class HeardInDanger:
    """The resident spoke while people are called: the silence begins anew."""


@dataclass(frozen=True, slots=True)
class ResidentFine:
    """The resident said that it was not meant."""


@dataclass(frozen=True, slots=True)
class ResidentOut:
    """The resident said that they are out of the place of danger."""


@dataclass(frozen=True, slots=True)
class FallSilent:
    """Somebody came: say nothing more until the resident writes again."""


@dataclass(frozen=True, slots=True)
class Restrict:
    """From now on only named roles and owners see the conversation."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The bot takes the conversation back out of the queue."""


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """The resident was told what is kept and that going on is agreement.

    With ``about`` it is the separate consent to what is sensitive: ``sensitive`` or a refusal.
    """

    version: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class EraseResident:
    """Delete what is kept of the resident; with ``withdraw`` open cases are taken back as well.
    ``turn_id`` is the line that asks for it."""

    turn_id: str
    withdraw: bool = False


@dataclass(frozen=True, slots=True)
class StopKeeping:
    """The resident took consent back: what was never filed goes."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class HushLine:
    """Keep nothing of this line, but the turns named."""

    turn_id: str
    kept_turns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteErasureAsked:
    """Deletion was asked for while a human holds the conversation: they are to see it."""


@dataclass(frozen=True, slots=True)
class AskBooking:
    """Look for a time, take it, change it. ``act`` is find, hosts, check, book, move, cancel, mine
    or also (with everything that is kept); ``key`` names a slot or an appointment, ``words`` may
    hold a host's name, ``unit`` is where the line says they live."""

    act: str
    key: str = ""
    words: str = ""
    wish: Wish = field(default_factory=Wish)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Mediate:
    """What the resident says to a mediation. ``act`` is apply, yes, no, later, named, unnamed,
    choose (``words`` name somebody), leave, court; or kept, broken about the promise ``key``."""

    act: str
    number: str
    key: str = ""
    words: str = ""


Request = (
    OpenCase
    | AmendCase
    | FileCase
    | RateCase
    | ConfirmCase
    | ReopenCase
    | WithdrawCase
    | UrgeCase
    | EscalateCase
    | EndCountdown
    | JoinCase
    | LoosenCase
    | LinkCase
    | OpenBeside
    | HandOff
    | RaiseCrisis
    | CallPeople
    | HeardInDanger
    | ResidentFine
    | ResidentOut
    | FallSilent
    | Restrict
    | TakeBack
    | NoteConsent
    | EraseResident
    | StopKeeping
    | HushLine
    | NoteErasureAsked
    | AskBooking
    | Mediate
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One text of ``config/replies.zh.yaml`` by its key, with its values and buttons."""

    key: str
    params: Mapping[str, ParamValue] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one heard line. Render ``replies`` with ``bot.dialogue.replies.lines``."""

    state: DialogueState
    replies: tuple[Reply, ...] = ()
    requests: tuple[Request, ...] = ()

    def plus(self, *requests: Request) -> Step:
        """This step with more to carry out, after what it asks for already."""
        return replace(self, requests=(*self.requests, *requests))

    def led_by(self, *replies: Reply) -> Step:
        """This step with something said first."""
        return replace(self, replies=(*replies, *self.replies))
