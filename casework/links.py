"""Signed links that stand on walls as QR codes: what they carry, and whether they still count.

A code (企业码, domain S1-21) carries an opaque id and a signature, nothing else: whoever reads it
learns nothing, and nobody can make one up. Opening one fills in who is complained about and where;
of the opening itself only the day's number is kept, never who it was.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from casework.errors import Incomplete, Misconfigured
from casework.organisation import Officer, Role

MARK = "L"
"""What a payload begins with: no category and no other deep link begins with a capital."""

_PURPOSE = b"jiesu place link"
_KEY_ID, _ID, _SIGNATURE = 4, 12, 22  # characters
_WHOLE = re.compile(rf"{MARK}[A-Za-z0-9_-]{{{_KEY_ID + _ID + _SIGNATURE}}}")
_NAME_LENGTH, _PLACE_LENGTH = 80, 120
MAKERS = frozenset({Role.COMMUNITY, Role.STREET, Role.ADMIN})
"""Who puts codes up and takes them down."""


class LinkKind(StrEnum):
    """What the code hangs at."""

    PLACE = "place"
    BUILDING = "building"
    ENTERPRISE = "enterprise"


class Standing(StrEnum):
    """Whether a link counts, and if not, why."""

    GOOD = "good"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Link:
    """One code. ``name`` is what it hangs at, ``respondent`` who is answerable there (may be
    empty), ``place`` the words that say where. ``unit_id`` is where it lies; ``valid_until`` is the
    first moment it no longer counts, None without an end. ``made_by`` is an officer, None for one
    made at the command line."""

    id: str
    kind: LinkKind
    name: str
    respondent: str
    place: str
    unit_id: str
    made_at: datetime
    made_by: str | None = None
    place_id: str | None = None
    valid_until: datetime | None = None
    revoked_at: datetime | None = None

    def standing(self, now: datetime) -> Standing:
        """Whether it counts at this moment."""
        if self.revoked_at is not None and self.revoked_at <= now:
            return Standing.REVOKED
        if self.valid_until is not None and self.valid_until <= now:
            return Standing.EXPIRED
        return Standing.GOOD


def new_id() -> str:
    """An opaque id nobody can guess (72 bits)."""
    return secrets.token_urlsafe(9)


def checked(link: Link) -> Link:
    """The link without blank edges. Raises Incomplete for what it cannot do without.

    At an enterprise the respondent is the enterprise, unless another is named.
    """
    name, place = link.name.strip()[:_NAME_LENGTH], link.place.strip()[:_PLACE_LENGTH]
    if not name:
        raise Incomplete("name")
    respondent = link.respondent.strip()[:_NAME_LENGTH]
    if link.kind is LinkKind.ENTERPRISE:
        respondent = respondent or name
    if link.valid_until is not None and link.valid_until <= link.made_at:
        raise Incomplete("valid_until")
    return replace(link, name=name, respondent=respondent, place=place or name)


def may_make(officer: Officer) -> bool:
    """Whether this officer may put codes up, list them and take them down."""
    return officer.role in MAKERS


class LinkKeys:
    """Seals and reads payloads. The first secret signs; the others, older ones, are still read, so
    that a code on a wall outlives a change of the secret."""

    def __init__(self, given: Sequence[str] = ()) -> None:
        self._keys: dict[str, bytes] = {}
        self._signs = ""
        for secret in given:
            # A key of its own, so that no other signature made with the secret is worth anything.
            key = hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)
            key_id = _text(hmac.digest(key, b"id", hashlib.sha256))[:_KEY_ID]
            self._keys[key_id] = key
            self._signs = self._signs or key_id

    def seal(self, link_id: str) -> str:
        """The payload: at most 64 of A-Z a-z 0-9 _ -, as Telegram's ``start`` demands.

        Raises Misconfigured without a secret, ValueError for what is no link's id.
        """
        if not self._signs:
            raise Misconfigured("no secret key: set JIESU_SECRET_KEY")
        if len(link_id) != _ID:
            raise ValueError("not a link id")
        said = f"{MARK}{self._signs}{link_id}"
        return said + _signature(self._keys[self._signs], said)

    def read(self, payload: str) -> str | None:
        """The link's id; None for everything we did not sign."""
        if not _WHOLE.fullmatch(payload):
            return None
        said, signature = payload[:-_SIGNATURE], payload[-_SIGNATURE:]
        key = self._keys.get(said[1 : 1 + _KEY_ID])
        if key is None or not hmac.compare_digest(signature, _signature(key, said)):
            return None
        return said[1 + _KEY_ID :]


def is_link(payload: str | None) -> bool:
    """Whether a deep link's payload means to be one of these, whole or not."""
    return payload is not None and payload.startswith(MARK)


def _signature(key: bytes, said: str) -> str:
    return _text(hmac.digest(key, said.encode("ascii"), hashlib.sha256))[:_SIGNATURE]


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Links(Protocol):
    """Links, and how many were opened on which day."""

    def add(self, link: Link) -> None: ...

    def get(self, link_id: str, *, lock: bool = False) -> Link:
        """Raises NotFound."""
        ...

    def save(self, link: Link) -> None: ...

    def all(self) -> list[Link]:
        """Every link, the newest first."""
        ...

    def opened(self, link_id: str, day: date) -> None:
        """One more on that day. Nothing else is kept of it."""
        ...

    def openings(self, since: date) -> Mapping[str, int]:
        """How often each was opened from that day on; those that were not are missing."""
        ...
