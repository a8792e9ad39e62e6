"""Bytes residents send: kept on the local disk, limited in size, their type read from the bytes."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from uuid import uuid4

import puremagic

from casework.turn import Media

# What browsers and phones send and officers can open. The bytes decide, never the name given.
KINDS = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "image/gif": "photo",
    "audio/ogg": "voice",
    "audio/mpeg": "voice",
    "audio/mp4": "voice",
    "audio/x-m4a": "voice",
    "audio/webm": "voice",
    "audio/wav": "voice",
    "audio/amr": "voice",
    "video/mp4": "file",
    "video/webm": "file",
    "video/quicktime": "file",
    "application/pdf": "file",
}
ALIASES = {"audio/wave": "audio/wav", "audio/x-wav": "audio/wav", "application/ogg": "audio/ogg"}
SNIFFED_BYTES = 4096
NAME_LENGTH = 120


class FileRefused(Exception):
    """A file that is not kept: ``too_large``, ``empty`` or ``type``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sniff(data: bytes) -> str | None:
    """The MIME type the first bytes tell; None when it is not one we keep."""
    try:
        matches = puremagic.magic_string(data[:SNIFFED_BYTES])
    except (puremagic.PureError, ValueError):
        return None
    for match in matches:
        mime: str = ALIASES.get(match.mime_type, match.mime_type)
        if mime in KINDS:
            return mime
    return None


def safe_name(name: str) -> str:
    """A display name: the last part of a path, printable, of bounded length."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-NAME_LENGTH:] or "file"


class FileStore:
    """Files under one directory, named by id. Which exist is known to the database."""

    def __init__(self, directory: Path, max_bytes: int) -> None:
        self.directory = directory
        self.max_bytes = max_bytes

    async def keep(self, name: str, data: bytes, *, voice: bool = False) -> Media:
        """Write the bytes durably. Raises FileRefused."""
        if not data:
            raise FileRefused("empty")
        if len(data) > self.max_bytes:
            raise FileRefused("too_large")
        mime = sniff(data)
        if mime is None:
            raise FileRefused("type")
        kind = "voice" if voice and mime.startswith("audio/") else KINDS[mime]
        media = Media(uuid4().hex, kind, safe_name(name), mime, len(data))
        await asyncio.to_thread(self._write, media.id, data)
        return media

    def path(self, file_id: str) -> Path:
        """Where a file's bytes are. Raises ValueError for what is no file id."""
        if len(file_id) != 32 or not file_id.isalnum():
            raise ValueError("not a file id")
        return self.directory / file_id[:2] / file_id

    def _write(self, file_id: str, data: bytes) -> None:
        path = self.path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
