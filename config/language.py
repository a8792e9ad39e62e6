"""How a resident's language is told (``languages.yaml``), and the book in each language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from config.reading import Node

if TYPE_CHECKING:
    from config.load import Book

Language = Literal["zh", "zh-Hant", "en"]
HOME: Language = "zh"
TRADITIONAL: Language = "zh-Hant"
ENGLISH: Language = "en"
LANGUAGES: tuple[Language, ...] = (HOME, TRADITIONAL, ENGLISH)


@dataclass(frozen=True, slots=True)
class Tongues:
    """What tells a language. ``wishes`` are lines that ask for one, ``asks`` parts of such lines.

    ``common`` are English words, ``neutral`` Latin words that Chinese lines hold as well, and
    ``sentence`` marks a Chinese line as more than a name.
    """

    wishes: Mapping[str, Language]
    asks: tuple[tuple[str, Language], ...]
    common: frozenset[str]
    neutral: frozenset[str]
    sentence: frozenset[str]


def read_tongues(top: Node, english: frozenset[str]) -> Tongues:
    """``languages.yaml``; ``english`` are the words of the vocabulary. Raises BadConfiguration."""
    top.mapping(("wishes", "common", "neutral", "sentence"))
    top.need("wishes").mapping(LANGUAGES)
    wishes, asks = dict[str, Language](), list[tuple[str, Language]]()
    for language in LANGUAGES:
        node = top.need("wishes").need(language)
        node.mapping(("whole", "part"))
        for word in node.need("whole").texts():
            if wishes.setdefault(word.lower(), language) != language:
                raise node.need("whole").wrong(f"{word!r} asks for {wishes[word.lower()]} already")
        asks += [(word.lower(), language) for word in node.need("part").texts()]
    common = frozenset(word.lower() for word in top.need("common").texts())
    neutral = frozenset(word.lower() for word in top.need("neutral").texts())
    sentence = frozenset(top.need("sentence").texts())
    return Tongues(wishes, tuple(asks), common | english, neutral, sentence)


class Books:
    """One book per language, each made when it is first asked for.

    A book is whole: whatever reads one reads it the same way in every language.
    """

    def __init__(self) -> None:
        self._made: dict[str, Book] = {}
        self._makers: dict[str, Callable[[Book], Book]] = {}

    def lay_out(self, home: Book, makers: Mapping[str, Callable[[Book], Book]]) -> None:
        """``home`` is the Chinese book; ``makers`` make the others out of it."""
        self._made = {HOME: home}
        self._makers = {**makers}

    def make_all(self) -> None:
        """Make whatever is not made yet; it takes a second and may be done in a thread."""
        for language in self._makers:
            self.of(language)

    def of(self, language: str) -> Book:
        """The book in this language; the Chinese one for a language there is no book in.

        Made at most once per process (twice when two threads ask at the same moment).
        """
        book = self._made.get(language)
        if book is None:
            make = self._makers.get(language)
            book = make(self._made[HOME]) if make else self._made[HOME]
            self._made[language] = book
        return book
