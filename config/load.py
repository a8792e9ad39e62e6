"""Reads the configuration of a city into one validated Book.

The files lie beside this module; a directory given by the operator may hold its own version of
any of them. Every error names the file and the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casework.case import Case
from casework.deadlines import DeadlineClass
from casework.intake import Form
from config.words import Words


@dataclass(frozen=True, slots=True)
class CrisisText:
    """A reviewed text and whether it asks the safety question (buttons)."""

    text: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Hotline:
    """A public telephone number; ``verified`` is false until a city has checked it."""

    number: str
    name: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Book:
    """Everything configured that the dialogue and the desk read."""

    words: Words
    forms: Mapping[str, Form]
    categories: Mapping[str, str]
    deadlines: Mapping[str, DeadlineClass]
    crisis: Mapping[str, CrisisText]
    hotlines: Mapping[str, Hotline]
    phrases: Mapping[str, tuple[str, ...]]
    consent_version: str

    def deadline(self, case: Case) -> DeadlineClass:
        """The deadline class of a case, by its category, urgency and crisis level."""
        raise NotImplementedError


def load_book(directory: Path | None = None) -> Book:
    """The book of this city. Raises casework.errors.Misconfigured naming file and key."""
    raise NotImplementedError
