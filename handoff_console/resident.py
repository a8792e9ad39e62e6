"""How a resident wants to appear, what they agreed to, and who may read what is sensitive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from casework.case import Case, SlotValue
from casework.intake import ANONYMOUS, CONFIDENTIAL, REAL_NAME
from casework.organisation import Officer
from casework.privacy import mode_of
from config.load import Book
from handoff_console.shapes import ConsentShape, IdentityShape
from handoff_console.texts import console_texts

_CODES = {REAL_NAME: "real", CONFIDENTIAL: "confidential", ANONYMOUS: "anonymous"}


def identity_shape(slots: Mapping[str, SlotValue]) -> IdentityShape:
    """By name, in confidence or unnamed, with what it asks of the officer."""
    code, texts = _CODES[mode_of(slots)], console_texts().identity
    return IdentityShape.model_validate(
        {"mode": code, "name": texts[code], "notice": texts.get(f"{code}_notice")}
    )


def consent_shape(dialogue: Mapping[str, Any]) -> ConsentShape | None:
    """The version the resident was told last, and when; None for nobody who was told."""
    version, at = dialogue.get("consent"), dialogue.get("consent_at")
    if not isinstance(version, str):
        return None
    when = datetime.fromisoformat(at) if isinstance(at, str) else None
    apart = str(dialogue.get("sensitive") or "").partition(":")[2].startswith("yes")
    return ConsentShape(version=version, at=when, sensitive=apart)


def may_read_private(officer: Officer, cases: Iterable[Case], book: Book) -> bool:
    """Whether this officer may read what was told under a separate consent (PIPL §28)."""
    own = any(case.owner_id == officer.id for case in cases)
    return own or officer.role in book.privacy.roles
