"""A strict reader of Rasa 3.1 training data. Every mistake is named with its file and line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import yaml

from nlu.intents import INTENTS

VERSION: Final = "3.1"
KINDS: Final = ("intent", "lookup", "synonym", "regex")
ENTITIES: Final = frozenset({
    "employer", "project", "amount_yuan", "period_months", "people_n", "place", "phone", "contract",
    "happened_since", "respondent", "issue", "demand", "identity_mode", "name", "last_paid",
    "evidence", "relation",
})  # fmt: skip
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ANNOTATION: Final = re.compile(
    r"\[(?P<text>[^\[\]]+)\](?:\((?P<name>[^()]*)\)|(?P<json>\{[^{}]*\}))"
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in the data; ``line`` counts from 1."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class TrainingDataError(ValueError):
    """The data has mistakes; all of them are in ``mistakes`` and in the message."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotated entity; ``start`` and ``end`` index the example's plain text."""

    entity: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Example:
    """One training sentence of one intent, and where it stands."""

    text: str
    intent: str
    annotations: tuple[Annotation, ...]
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything read: examples in file order, and the lists by name."""

    examples: tuple[Example, ...] = ()
    lookups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    regexes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    crisis: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Lines for the crisis head, by level; see :func:`read_crisis`."""
    corrections: tuple[Example, ...] = ()
    """What officers said complaints are: for the category head alone, see nlu/feedback.py."""

    def of(self, intent: str) -> tuple[Example, ...]:
        """The examples of ``intent``."""
        return tuple(example for example in self.examples if example.intent == intent)


@dataclass(slots=True)
class _Reading:
    examples: list[Example] = field(default_factory=list)
    lists: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    mistakes: list[Mistake] = field(default_factory=list)


def data_files(root: Path) -> list[Path]:
    """The training files under ``root``: intents, lookups, synonyms and regexes, in name order."""
    single = [root / "synonyms.yml", root / "regex.yml"]
    return sorted(
        [
            *root.glob("intents/*.yml"),
            *root.glob("lookups/*.yml"),
            *(path for path in single if path.exists()),
        ]
    )


def data_hash(paths: Iterable[Path]) -> str:
    """A sha256 over names and contents, the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read(paths: Sequence[Path]) -> TrainingData:
    """Read all files. Raises TrainingDataError naming every mistake found."""
    reading = _Reading()
    for path in paths:
        _read_file(path, reading)
    _check_repeats(reading)
    if reading.mistakes:
        raise TrainingDataError(reading.mistakes)
    return TrainingData(
        tuple(reading.examples),
        reading.lists["lookup"],
        reading.lists["synonym"],
        reading.lists["regex"],
    )


def read_all(root: Path) -> TrainingData:
    """Everything the model learns from under ``root``."""
    return replace(read(data_files(root)), crisis=read_crisis(root / "crisis_examples.yml"))


def read_crisis(path: Path) -> dict[str, tuple[str, ...]]:
    """The lines of ``crisis_examples.yml`` by level: none, R1, R2, R3."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  # safe ones
    levels = ("none", "R1", "R2", "R3")
    if not isinstance(content, dict) or set(content) != set(levels):
        raise TrainingDataError([Mistake(path, 1, f"must hold exactly {', '.join(levels)}")])
    return {level: tuple(map(str, content[level])) for level in levels}


def _read_file(path: Path, reading: _Reading) -> None:
    node = _composed(path, reading)
    if node is None:
        return
    for key, value in node.value:
        message = _wrong_key(key, value)
        if message:
            reading.mistakes.append(Mistake(path, key.start_mark.line + 1, message))
        elif key.value == "nlu":
            for item in value.value:
                _read_item(path, item, reading)
    if "version" not in {key.value for key, _ in node.value}:
        reading.mistakes.append(Mistake(path, 1, f'version: "{VERSION}" is missing'))


def _composed(path: Path, reading: _Reading) -> yaml.MappingNode | None:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        message = f"not readable as YAML: {getattr(error, 'problem', None) or error}"
        reading.mistakes.append(Mistake(path, line, message))
        return None
    if not isinstance(node, yaml.MappingNode):
        reading.mistakes.append(Mistake(path, 1, "the file must be a mapping: version and nlu"))
        return None
    return node


def _wrong_key(key: yaml.Node, value: yaml.Node) -> str:
    """What is wrong with a top-level key, or nothing."""
    if key.value == "version":
        return "" if value.value == VERSION else f'version must be "{VERSION}"'
    if key.value != "nlu":
        return f"unknown key {key.value!r}; only version and nlu belong here"
    return "" if isinstance(value, yaml.SequenceNode) else "nlu must be a list"


def _read_item(path: Path, item: yaml.Node, reading: _Reading) -> None:
    line = item.start_mark.line + 1

    def wrong(at: int, message: str) -> None:
        reading.mistakes.append(Mistake(path, at, message))

    if not isinstance(item, yaml.MappingNode):
        wrong(line, "each item must be a mapping such as intent: …, examples: |")
        return
    fields = {key.value: value for key, value in item.value}
    kinds = [kind for kind in KINDS if kind in fields]
    unknown = sorted(set(fields) - {*KINDS, "examples"})
    if unknown:
        wrong(line, f"unknown key {unknown[0]!r}")
    if len(kinds) != 1:
        wrong(line, f"an item needs exactly one of {', '.join(KINDS)}")
        return
    kind, name, block = kinds[0], fields[kinds[0]].value, fields.get("examples")
    if kind == "intent" and name not in INTENTS:
        wrong(line, f"unknown intent {name!r}")
    if not isinstance(block, yaml.ScalarNode) or block.style != "|":
        wrong(line, "examples must be a block that begins with |")
        return
    lines = _block_lines(path, block, reading)
    if not lines:
        wrong(line, f"{kind} {name!r} has no examples")
    if kind == "intent":
        reading.examples += [
            example
            for at, text in lines
            if (example := _example(path, at, text, name, reading)) is not None
        ]
    else:
        known = reading.lists[kind].get(name, ())
        reading.lists[kind][name] = known + tuple(text for _, text in lines)


def _block_lines(path: Path, block: yaml.ScalarNode, reading: _Reading) -> list[tuple[int, str]]:
    """The ``- example`` lines with their line numbers."""
    found = []
    for at, raw in enumerate(block.value.split("\n"), start=block.start_mark.line + 2):
        text = raw.strip()
        if not text:
            continue
        if not text.startswith("- ") or not text[2:].strip():
            reading.mistakes.append(
                Mistake(path, at, 'each example must begin with "- " and hold text')
            )
            continue
        found.append((at, text[2:].strip()))
    return found


def _example(path: Path, line: int, raw: str, intent: str, reading: _Reading) -> Example | None:
    plain, annotations, at = "", [], 0
    for match in _ANNOTATION.finditer(raw):
        plain += raw[at : match.start()]
        words, start = match["text"], len(plain)
        plain += words
        at = match.end()
        name, value, message = _entity_of(match)
        if message:
            reading.mistakes.append(Mistake(path, line, message))
            return None
        annotations.append(Annotation(name, start, len(plain), value))
    plain += raw[at:]
    if re.search(r"\]\(|\]\{", plain):
        reading.mistakes.append(Mistake(path, line, "an entity annotation is not closed or nested"))
        return None
    return Example(plain, intent, tuple(annotations), path, line)


def _entity_of(match: re.Match[str]) -> tuple[str, str, str]:
    """Entity name, value and what is wrong with the annotation (empty when nothing is)."""
    words = match["text"]
    if match["json"] is None:
        name, value = match["name"], words
    else:
        try:
            body = json.loads(match["json"])
        except ValueError:
            return "", "", f"the annotation of {words!r} is not valid JSON"
        extra = sorted(set(body) - {"entity", "value"})
        if extra or not isinstance(body.get("entity"), str):
            return "", "", f"the annotation of {words!r} must hold entity and value only"
        name, value = body["entity"], str(body.get("value", words))
    if name not in ENTITIES:
        return "", "", f"unknown entity {name!r}"
    return name, value, ""


def _check_repeats(reading: _Reading) -> None:
    seen: dict[str, Example] = {}
    for example in reading.examples:
        first = seen.setdefault(example.text, example)
        if first is not example:
            where = f"{first.path.name}:{first.line}"
            other = "" if first.intent == example.intent else f" as {first.intent}"
            reading.mistakes.append(
                Mistake(
                    example.path, example.line, f"{example.text!r} stands already in {where}{other}"
                )
            )
