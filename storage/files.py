"""Bytes residents send: kept on the local disk, limited in size, their type read from the bytes."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import puremagic

from casework.errors import NotFound
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
    "audio/aac": "voice",
    "video/mp4": "video",
    "video/webm": "video",
    "video/quicktime": "video",
    "video/3gpp": "video",
    "image/heic": "file",
    "application/pdf": "file",
}
ALIASES = {"audio/wave": "audio/wav", "audio/x-wav": "audio/wav", "application/ogg": "audio/ogg"}
SNIFFED_BYTES = 4096
NAME_LENGTH = 120
# Phones' formats the sniffer does not know, or takes for something else, by their first bytes.
_STARTS = ((b"#!AMR", "audio/amr"), (b"\xff\xf1", "audio/aac"), (b"\xff\xf9", "audio/aac"))
_MP3_FRAMES = (b"\xff\xf2", b"\xff\xf3", b"\xff\xfa", b"\xff\xfb")
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
}
_PICTURES = (b"V_VP", b"V_AV1", b"V_MPEG")  # a Matroska track that can be seen
_SPOKEN = {"video/webm": "audio/webm", "video/mp4": "audio/mp4", "video/3gpp": "audio/mp4"}
_NAMES = UUID("5d0a4c0e-6c6c-4c43-9d55-2f6f0a8d3c1b")


class FileRefused(Exception):
    """A file that is not kept: ``too_large``, ``empty`` or ``type``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sniff(data: bytes) -> str | None:
    """The MIME type the first bytes tell; None when it is not one we keep."""
    head = data[:SNIFFED_BYTES]
    known = next((mime for start, mime in _STARTS if head.startswith(start)), None)
    if known is None and head.startswith(_MP3_FRAMES):
        known = "audio/mpeg"
    if known is None and head[4:8] == b"ftyp":
        known = _BRANDS.get(head[8:12])
    return known or _matched(head)


def _matched(head: bytes) -> str | None:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    for match in matches:
        mime: str = ALIASES.get(match.mime_type, match.mime_type)
        if mime == "video/webm" and not any(track in head for track in _PICTURES):
            return "audio/webm" if b"A_" in head else mime
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

    async def keep(
        self, name: str, data: bytes, *, voice: bool = False, key: str | None = None
    ) -> Media:
        """Write the bytes durably. Raises FileRefused.

        ``voice``: it was sent as a recording, whatever its container could hold as well. The same
        ``key`` gives the same id: what a platform delivers twice is kept once.
        """
        if not data:
            raise FileRefused("empty")
        if len(data) > self.max_bytes:
            raise FileRefused("too_large")
        mime = sniff(data)
        if mime is None:
            raise FileRefused("type")
        if voice:
            mime = _SPOKEN.get(mime, mime)
        file_id = uuid4().hex if key is None else uuid5(_NAMES, key).hex
        media = Media(file_id, KINDS[mime], safe_name(name), mime, len(data))
        await asyncio.to_thread(self._write, media.id, data)
        return media

    async def remove(self, file_id: str) -> None:
        """Delete a file's bytes; there may be none any more."""
        path = self.path(file_id)
        await asyncio.to_thread(path.unlink, missing_ok=True)

    async def present(self, file_id: str) -> Path:
        """Where a file's bytes are. Raises NotFound when they are gone, as after an erasure."""
        path = self.path(file_id)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound
        return path

    def path(self, file_id: str) -> Path:
        """Where a file's bytes are. Raises ValueError for what is no file id."""
        if len(file_id) != 32 or not file_id.isalnum():
            raise ValueError("not a file id")
        return self.directory / file_id[:2] / file_id

    def _write(self, file_id: str, data: bytes) -> None:
        path = self.path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{file_id}.{uuid4().hex}.part")
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
