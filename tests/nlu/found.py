"""How the tests read what an extractor found."""

from __future__ import annotations

from datetime import date

from nlu.extract import extract
from nlu.normalize import normalize
from nlu.spoken import fluent
from nlu.tokenizer import words
from nlu.understanding import Entity


def entities(text: str, asked: str | None = None, *, now: date | None = None) -> list[Entity]:
    line = fluent(normalize(text))
    found = list(extract(line, words(line.text), asked, now=now))
    for entity in found:
        assert text[entity.start : entity.end] == entity.text, entity
    return found


def first(
    text: str, name: str, asked: str | None = None, *, now: date | None = None
) -> Entity | None:
    found = entities(text, asked, now=now)
    return next((entity for entity in found if entity.entity == name), None)


def value(text: str, name: str, asked: str | None = None) -> object:
    """The first value under ``name``; "none" when there is no such entity."""
    entity = first(text, name, asked)
    return "none" if entity is None else entity.value


def values(text: str, name: str, asked: str | None = None) -> list[object]:
    return [entity.value for entity in entities(text, asked) if entity.entity == name]
