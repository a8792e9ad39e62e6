"""The configuration as read in another language: the same files, with other words in them.

English has its own files beside the Chinese ones (``replies.en.yaml`` …) and, for the forms, a list
of what each Chinese sentence is in English (``intake.en.yaml``), so that a form keeps its structure
in one place and a changed sentence cannot keep an old translation. What a city added and nobody
translated stays Chinese. Traditional Chinese is made from the Simplified texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.forms import KIND, Form
from config.reading import Node, Source
from config.words import places

FORMS = "intake.en.yaml"
BESIDE: Mapping[str, str] = {
    "replies.zh.yaml": "replies.en.yaml",
    "crisis.zh.yaml": "crisis.en.yaml",
    "phrases.zh.yaml": "phrases.en.yaml",
    "taxonomy.yaml": "taxonomy.en.yaml",
}
"""The English file beside each Chinese one."""

ADDED = frozenset({"months"})
"""What an English file may have and the Chinese one need not."""

_SAID = frozenset({"label", "title", "opening", "consult", "evidence", "say", "display"})
_SAID_LISTS = frozenset({"variants"})
_SAID_BLOCKS = frozenset({"texts", "buttons", "statuses", "button", "greeting"})
_NAMED = frozenset({"kinds", "office", "categories"})
_HEARD = frozenset({"words", "bare", "aliases", "also"})


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """``intake.en.yaml``: ``texts`` by the Chinese sentence; by an answer's Chinese title the
    ``words`` that tell it anywhere in a line, and the ``bare`` ones that only answer."""

    texts: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_phrasebook(top: Node) -> Phrasebook:
    """Raises BadConfiguration for a sentence whose places differ from the Chinese one's."""
    top.mapping(("texts", "words", "bare"))
    texts = {}
    for chinese, node in top.need("texts").mapping().items():
        texts[chinese] = node.text()
        if places(chinese) != places(texts[chinese]):
            raise node.wrong("does not have the places of the Chinese sentence")
    heard = [
        {title: node.texts() for title, node in top.need(key).mapping().items()}
        for key in ("words", "bare")
    ]
    return Phrasebook(texts, *heard)


@dataclass(frozen=True, slots=True)
class EnglishSource(Source):
    """The files with English words in them."""

    phrasebook: Phrasebook = field(default_factory=Phrasebook)

    def read(self, file: str) -> Node:
        """As ``Source.read``; an error in an English file names that file."""
        top = Source.read(self, file)
        if file in BESIDE:
            return _merged(top, Source.read(self, BESIDE[file]))
        if not file.startswith("intake/"):
            return top
        return Node(file, "", _changed(_with_answers(top.value, self.phrasebook), self._english))

    def _english(self, text: str) -> str:
        return self.phrasebook.texts.get(text.strip(), text)


@dataclass(frozen=True, slots=True)
class TraditionalSource(Source):
    """The files in Traditional characters; ``table`` is what each text becomes."""

    table: Mapping[str, str] = field(default_factory=dict)

    def read(self, file: str) -> Node:
        """As ``Source.read``; words that are listened for stand in both."""
        top = Source.read(self, file)
        if file == "phrases.zh.yaml":
            return Node(file, "", _changed(top.value, self._both, heard=True))
        return Node(file, "", _changed(_with_simplified(top.value), self._both))

    def _both(self, text: str) -> str:
        return self.table.get(text, text)


def told_by(forms: Mapping[str, Form], book: Phrasebook) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The English words that tell a slot's answer or a sub-kind, by the vocabulary's labels.

    Sensitive slots are never taken from words in passing.
    """
    told: dict[tuple[str, ...], tuple[str, ...]] = {}
    for category, form in forms.items():
        for slot in form.slots.values():
            for choice in () if slot.sensitive else slot.choices:
                kind = slot.name == KIND
                label = (
                    (KIND, category, choice.value) if kind else ("value", slot.name, choice.value)
                )
                told[label] = book.words.get(choice.title, ())
    return told


def texts_of(source: Source, files: list[str]) -> list[str]:
    """Every text of these files that has to be in the table, once."""
    found: dict[str, None] = {}

    def note(text: str) -> str:
        found[text] = None
        return text

    for file in files:
        _changed(source.read(file).value, note, heard=file == "phrases.zh.yaml")
    return list(found)


def _changed(value: Any, change: Callable[[str], str], *, heard: bool = False) -> Any:
    """A copy in which what is said is changed; what is heard (if at all) gets the change added."""
    if heard:
        return {k: _added(v, change) for k, v in value.items()} if _maps(value) else value
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    if not _maps(value):
        return value
    return {key: _entry(key, each, change) for key, each in value.items()}


def _entry(key: str, value: Any, change: Callable[[str], str]) -> Any:
    if key in _SAID_BLOCKS or key in _SAID or key in _SAID_LISTS:
        return _all(value, change)
    if key in _HEARD:
        return _added(value, change)
    if key in _NAMED and _maps(value):
        named = {"name": value["name"]} if "name" in value else {}
        entries = {k: _changed(_named(v, change), change) for k, v in value.items()}
        return {**entries, **{k: _all(v, change) for k, v in named.items()}}
    return _changed(value, change)


def _named(value: Any, change: Callable[[str], str]) -> Any:
    """An entry of a block of named things: its ``name`` is said."""
    return (
        {**value, "name": _all(value["name"], change)}
        if _maps(value) and "name" in value
        else value
    )


def _all(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_all(each, change) for each in value]
    return {k: _all(v, change) for k, v in value.items()} if _maps(value) else value


def _added(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        more = [change(each) for each in value if isinstance(each, str)]
        return [*value, *(each for each in dict.fromkeys(more) if each not in value)]
    return {k: _added(v, change) for k, v in value.items()} if _maps(value) else value


def _maps(value: Any) -> bool:
    return isinstance(value, Mapping)


def _with_answers(value: Any, book: Phrasebook) -> Any:
    """Every choice with the English words that answer it, every slot known by its English name."""
    if isinstance(value, list):
        return [_with_answers(each, book) for each in value]
    if not _maps(value):
        return value
    entries = {key: _with_answers(each, book) for key, each in value.items()}
    if "title" in entries and "value" in entries:
        title = str(entries["title"])
        words = (book.texts.get(title, title).lower(), *book.bare.get(title, ()))
        entries["bare"] = list(dict.fromkeys([*entries.get("bare", []), *words]))
    if "label" in entries and isinstance(entries.get("aliases"), list):
        label = book.texts.get(str(entries["label"]), "").lower()
        entries["aliases"] = [*entries["aliases"], *([label] if label else [])]
    return entries


def _with_simplified(value: Any) -> Any:
    """Every choice, slot and kind known by its Simplified name: lines are read in Simplified."""
    if isinstance(value, list):
        return [_with_simplified(each) for each in value]
    if not _maps(value):
        return value
    entries = {key: _with_simplified(each) for key, each in value.items()}
    if "title" in entries and "value" in entries:
        entries["bare"] = list(dict.fromkeys([*entries.get("bare", []), entries["title"]]))
    if "label" in entries and isinstance(entries.get("aliases"), list):
        entries["aliases"] = list(dict.fromkeys([*entries["aliases"], entries["label"]]))
    for kind in entries.get("kinds", {}).values():
        kind["words"] = list(dict.fromkeys([*kind.get("words", []), kind.get("name")]))
    return entries


def _merged(top: Node, other: Node) -> Node:
    """The file with the texts of the one beside it. Raises BadConfiguration naming the latter."""
    return Node(other.file, "", _over(top.value, other))


def _over(value: Any, other: Node) -> Any:
    if _maps(value):
        kept = dict(value)
        for key, node in other.mapping().items():
            name = next((known for known in value if str(known) == key), None)
            if name is None and key not in ADDED:
                raise node.wrong("is not in the Chinese file")
            kept[name or key] = node.value if name is None else _over(value[name], node)
        return kept
    if isinstance(value, list):
        return [*value, *(text for text in other.texts() if text not in value)]
    text = other.text()
    if isinstance(value, str) and places(value) != places(text):
        raise other.wrong("does not have the places of the Chinese text")
    return text
