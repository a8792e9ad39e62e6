"""The digest's texts (``digest.zh.yaml``) and how a digest is put into them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from casework.digest import Rules
from casework.digest_parts import (
    Danger,
    Digest,
    Due,
    NamedCase,
    New,
    Outcome,
    Part,
    Shared,
    Waiting,
)
from config.reading import Node, Source
from config.words import ParamValue, fill, places

FILE = "digest.zh.yaml"
LONGEST = 1500  # characters; Telegram takes 4,096, a reader in the evening takes less
_TEXTS: dict[str, tuple[str, ...]] = {
    "head": ("day", "unit", "line"),
    "everything": (),
    "day": ("month", "day"),
    "part": ("title", "line"),
    "quiet": (),
    "no_hurry": (),
    "foot": (),
    "comma": (),
    "semicolon": (),
    "list": (),
    "danger_crises": ("crises",),
    "danger_urgent": ("urgent",),
    "due_overdue": ("n",),
    "due_today": ("n",),
    "due_tomorrow": ("n",),
    "first": ("cases",),
    "case_late": ("number", "category", "place"),
    "case_today": ("number", "category", "place"),
    "case_open": ("number", "category", "place"),
    "waiting": ("n", "length"),
    "minutes": ("minutes",),
    "hours": ("hours", "minutes"),
    "days": ("days", "hours"),
    "new": ("n", "categories"),
    "new_category": ("category", "n"),
    "shared": ("issues",),
    "shared_issue": ("place", "category", "n"),
    "outcome_resolved": ("n",),
    "outcome_confirmed": ("n",),
    "outcome_lapsed": ("n",),
    "outcome_reopened": ("n",),
    "outcome_average": ("average", "n"),
}
_TITLES = ("danger", "due", "waiting", "new", "shared", "outcome")
_PRESSING = (Danger, Due, Waiting)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a digest in words."""

    key: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A digest in words: as one message, and by its parts."""

    text: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class DigestWords:
    """The texts, the names of the categories and what a city decided about digests."""

    texts: Mapping[str, str]
    titles: Mapping[str, str]
    categories: Mapping[str, str]
    rules: Rules

    def render(self, digest: Digest) -> Rendered:
        """The digest in words; a quiet day is one line."""
        sections = tuple(self._section(part) for part in digest.parts)
        if not sections:
            return Rendered(self._headed(digest, self._say("quiet")), ())
        lines = [
            self._say("part", title=each.title, line=line)
            for each in sections
            for line in each.lines
        ]
        if not isinstance(digest.parts[0], _PRESSING):
            lines.insert(0, self._say("no_hurry"))
        lines[0] = self._headed(digest, lines[0])
        text = "\n".join([*lines, self._say("foot")])
        return Rendered(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…", sections)

    def _say(self, key: str, **params: ParamValue) -> str:
        return fill(key, self.texts[key], params)

    def _headed(self, digest: Digest, line: str) -> str:
        day = self._say("day", month=digest.day.month, day=digest.day.day)
        unit = digest.unit or self._say("everything")
        return self._say("head", day=day, unit=unit, line=line)

    def _section(self, part: Part) -> Section:
        key, write = _WRITERS[type(part)]
        return Section(key, self.titles[key], (write(self, part),))

    def _counted(self, pairs: Iterable[tuple[str, int]]) -> list[str]:
        return [self._say(key, n=count) for key, count in pairs if count]

    def _danger(self, part: Danger) -> str:
        said = []
        if part.crises:
            said.append(self._say("danger_crises", crises=part.crises))
        if part.urgent:
            said.append(self._say("danger_urgent", urgent=part.urgent))
        return self._first(said, part.first)

    def _due(self, part: Due) -> str:
        said = self._counted(
            (
                ("due_overdue", part.overdue),
                ("due_today", part.today),
                ("due_tomorrow", part.tomorrow),
            )
        )
        return self._first([self.texts["comma"].join(said)], part.first)

    def _first(self, said: list[str], cases: Sequence[NamedCase]) -> str:
        """What was counted, and then the cases to look at first."""
        named = [
            self._say(
                f"case_{case.state}",
                number=case.number,
                category=self._category(case.category),
                place=case.place,
            )
            for case in cases
        ]
        if named:
            said = [*said, self._say("first", cases=self.texts["list"].join(named))]
        return self.texts["semicolon"].join(said)

    def _waiting(self, part: Waiting) -> str:
        return self._say("waiting", n=part.residents, length=self._length(part.longest))

    def _new(self, part: New) -> str:
        pairs = [*part.by_category]
        if part.rest:
            pairs.append((self.rules.other, part.rest))
        named = [self._say("new_category", category=self._category(c), n=n) for c, n in pairs]
        return self._say("new", n=part.total, categories=self.texts["list"].join(named))

    def _shared(self, part: Shared) -> str:
        named = [
            self._say(
                "shared_issue",
                place=issue.place,
                category=self._category(issue.category),
                n=issue.residents,
            )
            for issue in part.issues
        ]
        return self._say("shared", issues=self.texts["semicolon"].join(named))

    def _outcome(self, part: Outcome) -> str:
        said = self._counted(
            (
                ("outcome_resolved", part.resolved),
                ("outcome_confirmed", part.confirmed),
                ("outcome_lapsed", part.lapsed),
                ("outcome_reopened", part.reopened),
            )
        )
        if part.average is not None:
            average = f"{part.average:.1f}"
            said.append(self._say("outcome_average", average=average, n=part.answers))
        return self.texts["semicolon"].join(said)

    def _category(self, category: str) -> str:
        return self.categories.get(category, category)

    def _length(self, length: timedelta) -> str:
        minutes = int(length.total_seconds() // 60)
        hours, days = minutes // 60, minutes // (24 * 60)
        if days:
            return self._say("days", days=days, hours=hours % 24)
        if hours:
            return self._say("hours", hours=hours, minutes=minutes % 60)
        return self._say("minutes", minutes=minutes)


_WRITERS: dict[type[Part], tuple[str, Callable[[DigestWords, Any], str]]] = {
    Danger: ("danger", DigestWords._danger),
    Due: ("due", DigestWords._due),
    Waiting: ("waiting", DigestWords._waiting),
    New: ("new", DigestWords._new),
    Shared: ("shared", DigestWords._shared),
    Outcome: ("outcome", DigestWords._outcome),
}


def load_digest_words(categories: Mapping[str, str], directory: Path | None = None) -> DigestWords:
    """The digest's texts of this city. Raises BadConfiguration naming file and key."""
    top = Source(directory).read(FILE)
    top.mapping(("door", "restricted", "texts", "titles"))
    titles = top.need("titles")
    titles.mapping(_TITLES)
    restricted = frozenset(node.one_of(list(categories)) for node in top.need("restricted").items())
    return DigestWords(
        texts=_texts(top.need("texts")),
        titles={key: titles.need(key).text() for key in _TITLES},
        categories=categories,
        rules=Rules(_door(top.need("door")), restricted),
    )


def _texts(top: Node) -> dict[str, str]:
    top.mapping(tuple(_TEXTS))
    found = {}
    for key, known in _TEXTS.items():
        node = top.need(key)
        found[key] = node.text()
        unknown = places(found[key]) - set(known)
        if unknown:
            raise node.wrong(f"{{{min(unknown)}}} is never given to this text")
    return found


def _door(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(node.text())
    except re.error as error:
        raise node.wrong(f"is no regular expression: {error}") from error
