"""The levels of an organisation and the words of its sheets (``organisation.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casework.levels import CODE_LENGTH, Level, Levels
from casework.organisation import Role
from config.reading import Node, Source

KEYS = ("levels", "headings", "words", "posts")
LEVEL_KEYS = ("name", "top", "under", "digits", "roles", "body")
LEAST_DEPTH, MOST_DEPTH = 2, 6  # areas in one another


@dataclass(frozen=True, slots=True)
class OrganisationWords:
    """What a city calls its levels, and what it writes in its sheets."""

    levels: Levels
    headings: Mapping[str, str]
    words: Mapping[str, str]
    posts: Mapping[str, str]


def load_organisation(directory: Path | None = None) -> OrganisationWords:
    """The levels of this city. Raises BadConfiguration naming file and key."""
    return read_organisation(Source(directory).read("organisation.yaml"))


def read_organisation(top: Node) -> OrganisationWords:
    """As ``load_organisation``, from a file that was read."""
    top.mapping(KEYS)
    levels = _levels(top.need("levels"))
    return OrganisationWords(
        levels=levels,
        headings=_texts(top.need("headings")),
        words=_texts(top.need("words")),
        posts=_texts(top.need("posts")),
    )


def _texts(node: Node) -> dict[str, str]:
    return {name: each.text() for name, each in node.mapping().items()}


def _levels(node: Node) -> Levels:
    known = {key: _level(key, each) for key, each in node.mapping().items()}
    levels = Levels(known)
    for key, each in node.mapping().items():
        for above in known[key].under:
            if above not in known:
                raise each.need("under").wrong(f"{above} is no level")
        if not known[key].under and not known[key].top:
            raise each.wrong("lies under nothing and not at the top either")
    if not LEAST_DEPTH <= levels.depth() <= MOST_DEPTH:
        raise node.wrong(f"has {levels.depth()} areas in one another, not 2 to 6")
    return levels


def _level(key: str, node: Node) -> Level:
    given = node.mapping(LEVEL_KEYS)
    roles = tuple(role.value for role in Role)
    flags = {name: name in given and given[name].flag() for name in ("top", "body")}
    return Level(
        key=key,
        name=node.need("name").text(),
        under=given["under"].texts() if "under" in given else (),
        top=flags["top"],
        digits=int(node.need("digits").number(0, CODE_LENGTH)),
        roles=frozenset(Role(each.one_of(roles)) for each in node.need("roles").items()),
        body=flags["body"],
    )
