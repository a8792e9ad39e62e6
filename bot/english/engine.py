"""An engine for both: Chinese lines go to the trained one, English ones to the word lists."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cached_property

from bot.english.reading import LEVELS, EnglishReader
from bot.language import is_english
from config.language import ENGLISH
from config.load import Book
from nlu.engine import EmbeddedEngine, Engine, RemoteEngine
from nlu.understanding import Understanding

_LATIN = re.compile(r"[A-Za-z]{2}")


class BothLanguages:
    """Asks the engine for everything but English lines; a line in both goes to both."""

    def __init__(self, chinese: Engine, book: Book) -> None:
        self._chinese = chinese
        self._book = book

    @cached_property
    def _reader(self) -> EnglishReader:
        """Made at the first line with Latin letters: nobody else should wait for it."""
        return EnglishReader(self._book.speaking(ENGLISH).vocabulary)

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """See :class:`nlu.engine.Engine`."""
        if is_english(text, self._book.tongues):
            return self._reader.understand(text, context, now)
        return self._both(self._chinese.understand(text, context, now=now), context, now)

    def gist(self, text: str, now: date | None = None) -> Understanding:
        """What lines are about; of those without English the facts are not read, which is half
        the work."""
        if isinstance(self._chinese, EmbeddedEngine) and _LATIN.search(text) is None:
            return self._chinese.gist(text)
        return self.understand(text, now=now)

    def _both(self, heard: Understanding, context: str | None, now: date | None) -> Understanding:
        if _LATIN.search(heard.text) is None:
            return heard
        return joined(heard, self._reader.understand(heard.text, context, now))


class BothLanguagesRemote(BothLanguages):
    """The same around an engine in another process."""

    def __init__(self, chinese: Engine, remote: RemoteEngine, book: Book) -> None:
        super().__init__(chinese, book)
        self._remote = remote

    async def aunderstand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """See :class:`nlu.engine.RemoteEngine`."""
        if is_english(text, self._book.tongues):
            return self._reader.understand(text, context, now)
        return self._both(await self._remote.aunderstand(text, context, now=now), context, now)


def joined(chinese: Understanding, english: Understanding) -> Understanding:
    """A line in both languages: the worse danger, all facts, and the Chinese opinion first."""
    names = {entity.entity for entity in chinese.entities}
    more = [
        entity
        for entity in english.entities
        if entity.entity not in names
        and not any(e.start < entity.end and entity.start < e.end for e in chinese.entities)
    ]
    both = replace(
        chinese,
        entities=tuple(sorted((*chinese.entities, *more), key=lambda e: (e.start, e.end))),
        urgent=chinese.urgent or english.urgent,
    )
    if LEVELS.index(english.crisis) > LEVELS.index(chinese.crisis):
        both = replace(both, crisis=english.crisis, crisis_kind=english.crisis_kind)
    if both.category is None and english.category is not None:
        both = replace(
            both,
            intent=english.intent,
            ranking=english.ranking,
            category=english.category,
            category_ranking=english.category_ranking,
            act=english.act,
            act_ranking=english.act_ranking,
        )
    return both


def for_both(engine: Engine, book: Book) -> BothLanguages:
    """The engine that understands English as well; one that is remote stays so."""
    if isinstance(engine, RemoteEngine):
        return BothLanguagesRemote(engine, engine, book)
    return BothLanguages(engine, book)
