"""What a resident's page sends, read strictly; and turns as the page shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.channels import WEBCHAT
from casework.turn import Inbound, Media, Speaker, Turn
from config.problems import Problem
from storage.types import keepable

MOST_CHARACTERS = 4_000
PAYLOAD_BYTES = 64
FILES_WORTH = 3  # one line's files together, in files of the largest size
MOST_FILES = 9  # of one line, as Telegram's albums have up to ten
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # and a deep link's payload, as at Telegram


@dataclass(frozen=True, slots=True)
class Said:
    """One line as the page sent it."""

    client_id: str
    text: str = ""
    button: str | None = None
    location: tuple[float, float] | None = None
    start: str | None = None


def read_client_id(given: object) -> str:
    """A client_id. Raises Problem."""
    if given is None:
        raise Problem("invalid", fields={"client_id": "required"})
    if not isinstance(given, str) or not _CLIENT_ID.fullmatch(given):
        raise Problem("invalid", fields={"client_id": "malformed"})
    return given


def read_said(body: bytes) -> Said:
    """The JSON of one line. Raises Problem for anything else."""
    try:
        data = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Problem("malformed") from None
    if not isinstance(data, dict):
        raise Problem("malformed")
    client_id = read_client_id(data.get("client_id"))
    if data.get("location") is not None:
        return Said(client_id, location=_location(data["location"]))
    if data.get("button") is not None:
        return Said(client_id, button=_payload(data["button"]))
    if data.get("start") is not None:
        return Said(client_id, start=_start(data["start"]))
    return Said(client_id, text=_text(data.get("text")))


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def read_caption(given: object) -> str:
    """What was written with files; nothing is fine. Raises Problem."""
    return _text(given) if isinstance(given, str) and given.strip() else ""


def _text(given: object) -> str:
    if given is None:
        raise Problem("text_required", fields={"text": "required"})
    if not isinstance(given, str):
        raise Problem("invalid", fields={"text": "malformed"})
    if len(given) > MOST_CHARACTERS:
        values = {"most": MOST_CHARACTERS}
        raise Problem("text_too_long", values=values, fields={"text": "too_long"})
    text = keepable(given)
    if not text.strip():
        raise Problem("text_required", fields={"text": "required"})
    return text


def _payload(given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise Problem("invalid", fields={"button": "malformed"})
    payload = keepable(given)
    if len(payload.encode()) > PAYLOAD_BYTES:
        raise Problem("invalid", fields={"button": "too_long"})
    return payload


def _start(given: object) -> str:
    if not isinstance(given, str) or not _CLIENT_ID.fullmatch(given):
        raise Problem("invalid", fields={"start": "malformed"})
    return given


def _location(given: object) -> tuple[float, float]:
    if not isinstance(given, list) or len(given) != 2:
        raise Problem("invalid", fields={"location": "malformed"})
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in given):
        raise Problem("invalid", fields={"location": "malformed"})
    lat, lng = given
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise Problem("invalid", fields={"location": "out_of_range"})
    return float(lat), float(lng)


def external_id(conversation_id: str, client_id: str) -> str:
    """The line's id within the channel."""
    return f"{conversation_id}:{client_id}"


def inbound(
    conversation_id: str, said: Said, at: datetime, media: tuple[Media, ...] = ()
) -> Inbound:
    """The line as the inbox takes it."""
    return Inbound(
        channel=WEBCHAT,
        external_id=external_id(conversation_id, said.client_id),
        chat="",  # the conversation is known already
        at=at,
        text=said.text,
        button=said.button,
        start=said.start,
        media=media,
        location=said.location,
        conversation_id=conversation_id,
    )


def shown(turn: Turn, officer_names: Mapping[str, str]) -> dict[str, Any]:
    """A turn as the resident's page shows it."""
    own = turn.speaker is Speaker.RESIDENT and turn.external_id is not None
    prefix = external_id(turn.conversation_id, "")
    return {
        "seq": turn.seq,
        "from": turn.speaker.value,
        "text": turn.text,
        "buttons": [{"title": b.title, "payload": b.payload} for b in turn.buttons],
        "at": turn.at.isoformat(),
        "media": [
            {
                "id": m.id,
                "kind": m.kind,
                "name": m.name,
                "mime": m.mime,
                "size": m.size,
                "url": f"/api/chat/files/{m.id}",
            }
            for m in turn.media
        ],
        "location": list(turn.location) if turn.location else None,
        "officer_name": officer_names.get(turn.officer_id) if turn.officer_id else None,
        "client_id": (turn.external_id or "").removeprefix(prefix) if own else None,
    }


def as_json(value: object) -> bytes:
    """Compact UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
