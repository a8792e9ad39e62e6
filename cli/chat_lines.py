"""A line on stdin of `jiesu chat`: words, or a JSON object for what is no words."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cli.mistakes import Mistake

DURATION = TypeAdapter(timedelta)
KINDS = ("photo", "voice", "video", "file")
MOST_FILES = 9
LONGEST_WAIT = timedelta(days=3660)
# The smallest files of their kind, for a line that only says that one was sent.
SAMPLES = {
    "photo": bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
        "08d763f8cfc000000301010018dd8db00000000049454e44ae426082"
    ),
    "voice": b"OggS\0\x02" + bytes(22) + b"OpusHead" + bytes(20),
    "video": b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(16),
    "file": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\ntrailer\n<<>>\n%%EOF\n",
}
KNOWN = '"text", "button", "location", "contact", "photo", "voice", "video", "file" or "wait"'


class BadLine(Mistake):
    """A line on stdin that is neither words nor a known object."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file to be sent; without a path, a sample of its kind stands for it."""

    kind: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One line of stdin: what the resident does, after a wait, or a wait alone."""

    shown: Any
    text: str = ""
    button: str | None = None
    location: tuple[float, float] | None = None
    contact: str | None = None
    files: tuple[Attached, ...] = ()
    wait: timedelta | None = None

    @property
    def speaks(self) -> bool:
        """Whether the resident does anything at all; only a wait is nothing."""
        done = (self.text, self.button, self.location, self.contact, self.files)
        return self.wait is None or any(done)


def parse_line(line: str) -> Said:
    """A line as the contract has it. Raises BadLine saying what is wrong."""
    if not line.lstrip().startswith("{"):
        return Said(line, text=line)
    try:
        data = json.loads(line)
    except json.JSONDecodeError:
        return Said(line, text=line)
    if not isinstance(data, dict):
        return Said(line, text=line)
    files = tuple(file for kind in KINDS if kind in data for file in _attached(kind, data[kind]))
    caption = data.get("text", data.get("caption", ""))
    said = Said(data, text=str(caption), files=files) if files else _without_files(data)
    return replace(said, wait=_waited(data))


def _waited(data: dict[str, Any]) -> timedelta | None:
    """``wait`` is a duration, ``after_days`` the same in days."""
    given = data.get("wait", data.get("after_days"))
    if given is None:
        return None
    try:
        days = isinstance(given, int | float) and not isinstance(given, bool)
        length = timedelta(days=given) if days else DURATION.validate_python(given)
    except (ValidationError, OverflowError, ValueError):
        length = None
    if length is None or not timedelta() <= length <= LONGEST_WAIT:
        raise BadLine(f'"wait" takes an ISO 8601 duration such as P2D, not {given}')
    return length


def _without_files(data: dict[str, Any]) -> Said:
    match data:
        case {"location": [float() | int() as lat, float() | int() as lng]}:
            return Said(data, location=(float(lat), float(lng)))
        case {"contact": str(phone)}:
            return Said(data, contact=phone[:32])
        case {"button": str(payload)}:
            return Said(data, text=str(data.get("text", "")), button=payload)
        case {"text": str(text)}:
            return Said(data, text=text)
        case {"wait": _}:
            return Said(data)
    raise BadLine(f"a JSON line takes {KNOWN}")


def _attached(kind: str, given: object) -> tuple[Attached, ...]:
    """A path, several, or just true: that such a file was sent."""
    match given:
        case True:
            return (Attached(kind),)
        case str(path) if path.strip():
            return (Attached(kind, Path(path)),)
        case [*paths] if 0 < len(paths) <= MOST_FILES:
            return tuple(each for path in paths for each in _attached(kind, path))
    raise BadLine(f'"{kind}" takes a path, up to {MOST_FILES} of them, or true')
