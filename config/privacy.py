"""What is kept of residents, for how long, and what gives them away: ``privacy.zh.yaml`` and
``retention.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from casework.organisation import Role
from casework.privacy import Clues, Record, Retention
from config.hotlines import Hotlines
from config.lengths import read_length
from config.reading import Node

_KEYS = (
    "contact",
    "mark",
    "roles",
    "surnames",
    "clauses",
    "spans",
    "doors",
    "door_needed",
    "dropped",
    "record",
    "real_name_matters",
    "sensitive_roles",
    "minor",
    "not_minor",
    "youth_line",
)
_LENGTHS = ("unfiled", "ordinary", "restricted")


@dataclass(frozen=True, slots=True)
class Privacy:
    """``record`` says what a case may hold and what stays of it, ``retention`` for how long.

    ``formal`` are the categories whose formal way asks for a real name, ``roles`` the officers
    who may read sensitive slots beside the owner. ``youth_line`` is empty while its number is
    not verified.
    """

    record: Record
    retention: Retention
    contact: str
    formal: frozenset[str]
    roles: frozenset[Role]
    minor: tuple[re.Pattern[str], ...]
    not_minor: tuple[str, ...]
    youth_line: str

    def child_speaks(self, text: str) -> bool:
        """Whether the line says that its writer is under 14, and is not about somebody else."""
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        if any(words in plain for words in self.not_minor):
            return False
        return any(pattern.search(plain) for pattern in self.minor)


def read_privacy(
    top: Node, lengths: Node, hotlines: Hotlines, categories: Collection[str]
) -> Privacy:
    """Both files. Raises BadConfiguration naming the place."""
    top.mapping(_KEYS)
    lengths.mapping(_LENGTHS)
    lists = {name: _any_of(top.need(name)) for name in ("roles", "surnames")}
    clues = Clues(
        clauses=_patterns(top.need("clauses"), lists),
        spans=_patterns(top.need("spans"), lists),
        doors=_patterns(top.need("doors")),
        mark=top.need("mark").text(),
    )
    record = Record(
        clues=clues,
        dropped=frozenset(top.need("dropped").texts()),
        door_needed=_some(top.need("door_needed"), categories),
        kept=frozenset(top.need("record").texts()),
    )
    readers = top.need("sensitive_roles").items()
    return Privacy(
        record=record,
        retention=Retention(*(read_length(lengths.need(name)) for name in _LENGTHS)),
        contact=top.need("contact").text(),
        formal=_some(top.need("real_name_matters"), categories),
        roles=frozenset(Role(each.one_of([str(role) for role in Role])) for each in readers),
        minor=_patterns(top.need("minor")),
        not_minor=top.need("not_minor").texts(),
        youth_line=hotlines.fill(top.need("youth_line")),
    )


def _some(node: Node, categories: Collection[str]) -> frozenset[str]:
    return frozenset(each.one_of(list(categories)) for each in node.items())


def _any_of(node: Node) -> str:
    return "|".join(map(re.escape, node.texts()))


def _patterns(node: Node, lists: Mapping[str, str] | None = None) -> tuple[re.Pattern[str], ...]:
    """``{roles}`` in a pattern stands for any of the roles."""
    found = []
    for each in node.items():
        pattern = each.text()
        for name, words in (lists or {}).items():
            pattern = pattern.replace(f"{{{name}}}", words)
        try:
            found.append(re.compile(pattern))
        except re.error as error:
            raise each.wrong(f"is no regular expression: {error}") from error
    return tuple(found)
