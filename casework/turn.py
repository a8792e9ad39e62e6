"""One line of a conversation, whoever spoke it, and what may hang on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.conversation import Conversation


class Speaker(StrEnum):
    """Who spoke a turn."""

    RESIDENT = "resident"
    BOT = "bot"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Button:
    """A quick reply. ``payload`` is at most 64 bytes of UTF-8 (Telegram's callback limit)."""

    title: str
    payload: str

    def __post_init__(self) -> None:
        if len(self.payload.encode()) > 64:
            raise ValueError(f"button payload over 64 bytes: {self.payload!r}")


@dataclass(frozen=True, slots=True)
class Media:
    """A kept file. ``kind`` is photo, voice, video or file; ``size`` is in bytes."""

    id: str
    kind: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a channel received, before it is stored.

    ``external_id`` is the platform's id of this update and unique within the channel; the same
    pair is stored once. ``chat`` names the chat on the platform. ``edits`` is the external id of
    the line this one corrects. ``button`` is a pressed button's payload and ``start`` a deep
    link's payload. ``album`` is the external id that all messages of one album share: together
    they are one line.
    """

    channel: str
    external_id: str
    chat: str
    at: datetime
    text: str = ""
    sender_name: str = ""
    button: str | None = None
    start: str | None = None
    media: tuple[Media, ...] = ()
    location: tuple[float, float] | None = None
    contact: str | None = None
    edits: str | None = None
    conversation_id: str | None = None
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A stored line. ``seq`` counts from 1 within the conversation, without gaps.

    ``handled_at`` is None for a resident's line the dialogue has not yet decided about. ``epoch``
    is the epoch an outgoing line was written under. ``delivery`` is None where committing is
    delivering (web chat, terminal), else pending, sent or failed. ``transcript`` is what a
    machine heard in a voice message. ``album`` is set for a line that belongs to an album.
    """

    id: str
    conversation_id: str
    seq: int
    speaker: Speaker
    text: str
    at: datetime
    epoch: int
    officer_id: str | None = None
    external_id: str | None = None
    button: str | None = None
    start: str | None = None
    buttons: tuple[Button, ...] = ()
    media: tuple[Media, ...] = ()
    location: tuple[float, float] | None = None
    contact: str | None = None
    edits: str | None = None
    handled_at: datetime | None = None
    delivery: str | None = None
    delivery_error: str | None = None
    transcript: str | None = None
    album: str | None = None

    @property
    def erased(self) -> bool:
        """Whether its words were taken away: a line that comes in has something in it."""
        held = (self.text, self.buttons, self.media, self.button, self.start, self.location)
        return not any(held) and not any((self.contact, self.edits, self.transcript, self.album))

    @property
    def voices(self) -> tuple[Media, ...]:
        """The voice messages in it."""
        return tuple(media for media in self.media if media.kind == "voice")

    @property
    def late(self) -> bool:
        """Whether it came when the rest of its album had been decided already."""
        return self.album is not None and self.external_id != self.album


def received(turn_id: str, conversation: Conversation, inbound: Inbound) -> Turn:
    """The resident's line as the conversation's next turn, not yet decided."""
    return Turn(
        id=turn_id,
        conversation_id=conversation.id,
        seq=conversation.last_seq + 1,
        speaker=Speaker.RESIDENT,
        text=inbound.text,
        at=inbound.at,
        epoch=conversation.epoch,
        external_id=inbound.external_id,
        button=inbound.button,
        start=inbound.start,
        media=inbound.media,
        location=inbound.location,
        contact=inbound.contact,
        edits=inbound.edits,
        album=inbound.album,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be said to a resident."""

    text: str
    buttons: tuple[Button, ...] = ()
    media: tuple[Media, ...] = ()
