"""Reads the configuration of a city into one validated Book.

The files lie beside this module; a directory given by the operator may hold its own version of
any of them. Every error names the file and the key.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from casework.case import Status
from casework.deadlines import DeadlineClass
from casework.intake import Form
from config.book import Book, Thresholds
from config.booking import read_booking
from config.calendar import read_calendar
from config.crisis import CrisisPlan, check_kinds, read_crisis
from config.deadlines import read_deadlines
from config.english import read_vocabulary
from config.forms import read_forms
from config.hotlines import Hotlines, read_hotlines
from config.hours import read_hours
from config.language import ENGLISH, TRADITIONAL, read_tongues
from config.mediation import read_mediation
from config.nearby import read_nearby
from config.organisation import read_organisation
from config.phrases import read_phrases
from config.privacy import Privacy, read_privacy
from config.reading import BadConfiguration, Node, Source
from config.routing import read_routing
from config.spoken import (
    BESIDE,
    FORMS,
    EnglishSource,
    TraditionalSource,
    read_phrasebook,
    texts_of,
    told_by,
)
from config.statutory import read_statutory
from config.supervision import read_watch
from config.telling import read_quiet
from config.traditional import traditional
from config.whistle import read_whistle
from config.words import Words

__all__ = ["BadConfiguration", "Book", "CrisisPlan", "Thresholds", "load_book"]


class _Base(NamedTuple):
    """What the other files are read against."""

    hotlines: Hotlines
    names: dict[str, str]
    buttons: dict[str, str]
    words_for: dict[str, str]
    thresholds: Thresholds
    deadlines: Mapping[str, DeadlineClass]
    urgent: str
    crisis: str
    plan: CrisisPlan
    crisis_texts: Mapping[str, str]
    forms: Mapping[str, Form]


def _base(source: Source) -> _Base:
    hotlines = read_hotlines(source.read("hotlines.yaml"))
    names, buttons, words_for, thresholds = _taxonomy(source.read("taxonomy.yaml"))
    classes = read_deadlines(source.read("deadlines.yaml"))
    plan, texts = read_crisis(source.read("crisis.zh.yaml"), hotlines, names)
    forms = read_forms(source, names, classes[0], hotlines)
    named = names, buttons, words_for, thresholds
    return _Base(hotlines, *named, *classes, plan, texts, forms)


def _privacy(source: Source, base: _Base) -> Privacy:
    said, kept = source.read("privacy.zh.yaml"), source.read("retention.yaml")
    return read_privacy(said, kept, base.hotlines, base.names)


def load_book(directory: Path | None = None) -> Book:
    """The book of this city. Raises BadConfiguration naming file and key."""
    source = Source(directory)
    base = _base(source)
    words, version = _words(source.read("replies.zh.yaml"), base.crisis_texts)
    calendar = read_calendar(source.read("calendar.yaml"))
    hours, urge_again = read_hours(source.read("hours.yaml"), calendar)
    vocabulary = read_vocabulary(source.read("english.yaml"), list(base.names))
    book = Book(
        words=words,
        forms=base.forms,
        categories=base.names,
        category_buttons=base.buttons,
        category_words=base.words_for,
        thresholds=base.thresholds,
        deadlines=base.deadlines,
        urgent_deadline=base.urgent,
        crisis_deadline=base.crisis,
        crisis=base.plan,
        hotlines=base.hotlines,
        phrases=read_phrases(source.read("phrases.zh.yaml")),
        consent_version=version,
        calendar=calendar,
        statutes=read_statutory(source.read("statutory.yaml"), base.forms),
        hours=hours,
        routing=read_routing(source.read("routing.yaml"), base.names, base.deadlines),
        organisation=read_organisation(source.read("organisation.yaml")),
        quiet=read_quiet(source.read("telling.yaml")),
        urge_again=urge_again,
        booking=read_booking(source.read("booking.yaml")),
        mediation=read_mediation(source.read("mediation.yaml"), base.forms),
        watch=read_watch(source.read("supervision.yaml")),
        whistle=read_whistle(source.read("whistle.yaml")),
        nearby=read_nearby(source.read("nearby.yaml"), base.names),
        privacy=_privacy(source, base),
        tongues=read_tongues(source.read("languages.yaml"), vocabulary.plain),
        vocabulary=vocabulary,
    )
    return _checked(book, base.plan, source)


def _checked(book: Book, plan: CrisisPlan, source: Source) -> Book:
    check_kinds(source.read("crisis.zh.yaml"), plan, book.forms)
    book.books.lay_out(book, _makers(source))
    _check_english(book, source)
    return book


def _makers(source: Source) -> dict[str, Callable[[Book], Book]]:
    """How the book in each other language is made of the Chinese one."""
    return {
        ENGLISH: lambda home: _english(home, source),
        TRADITIONAL: lambda home: _traditional(home, source),
    }


def _check_english(home: Book, source: Source) -> None:
    """Raise BadConfiguration for a wrong English file now, and not when somebody writes English.

    The book itself, which takes longer, is made when it is needed.
    """
    english = EnglishSource(source.directory, read_phrasebook(source.read(FORMS)))
    for file in BESIDE:
        top = english.read(file)
        if file == "crisis.zh.yaml":
            read_crisis(top, home.hotlines, home.categories)


def _english(home: Book, source: Source) -> Book:
    """The English book; what nobody translated stays Chinese. Raises BadConfiguration."""
    phrasebook = read_phrasebook(source.read(FORMS))
    book = _spoken(home, EnglishSource(source.directory, phrasebook), ENGLISH)
    told = home.vocabulary.told(told_by(home.forms, phrasebook))
    contact = phrasebook.texts.get(home.privacy.contact, home.privacy.contact)
    statutes = home.statutes.named(phrasebook.texts)
    privacy = replace(home.privacy, contact=contact)
    return replace(book, vocabulary=told, privacy=privacy, statutes=statutes)


def _traditional(home: Book, source: Source) -> Book:
    """The book in Traditional characters; Simplified when they cannot be made here."""
    said = ["replies.zh.yaml", "crisis.zh.yaml", "phrases.zh.yaml", "taxonomy.yaml"]
    contact = home.privacy.contact
    texts = [*texts_of(source, [*said, *source.names("intake")]), contact, *home.statutes.texts]
    try:
        table = traditional(texts)
    except (OSError, subprocess.SubprocessError):
        return replace(home, language=TRADITIONAL)
    book = _spoken(home, TraditionalSource(source.directory, table), TRADITIONAL)
    privacy = replace(home.privacy, contact=table[contact])
    return replace(book, privacy=privacy, statutes=home.statutes.named(table))


def _spoken(home: Book, source: Source, language: str) -> Book:
    """Everything of the home book that consists of words, read anew."""
    names, buttons, words_for, _ = _taxonomy(source.read("taxonomy.yaml"))
    _, crisis = read_crisis(source.read("crisis.zh.yaml"), home.hotlines, names)
    words, _ = _words(source.read("replies.zh.yaml"), crisis)
    return replace(
        home,
        language=language,
        words=words,
        forms=read_forms(source, names, home.deadlines, home.hotlines),
        categories=names,
        category_buttons=buttons,
        category_words={**home.category_words, **words_for},
        phrases=read_phrases(source.read("phrases.zh.yaml")),
    )


def _taxonomy(
    top: Node,
) -> tuple[dict[str, str], dict[str, str], dict[str, str], Thresholds]:
    """Names, button titles, the category a bare word stands for, and the thresholds."""
    top.mapping(("categories", "thresholds"))
    names, buttons, words = dict[str, str](), dict[str, str](), dict[str, str]()
    for category, node in top.need("categories").mapping().items():
        node.mapping(("name", "button", "also"))
        names[category] = node.need("name").text()
        buttons[category] = node.need("button").text()
        for word in (names[category], buttons[category], *node.need("also").texts()):
            stands = words.setdefault(word.lower(), category)
            if stands != category:
                raise node.need("also").wrong(f"{word!r} stands for {stands} already")
    limits = top.need("thresholds")
    keys = ("sure", "likely", "margin", "hint")
    limits.mapping(keys)
    return names, buttons, words, Thresholds(*(limits.need(key).number(0, 1) for key in keys))


def _words(top: Node, crisis: Mapping[str, str]) -> tuple[Words, str]:
    top.mapping(("consent_version", "texts", "buttons", "statuses", "months"))
    texts = {key: node.text() for key, node in top.need("texts").mapping().items()}
    double = sorted(set(texts) & set(crisis))
    if double:
        raise top.need("texts").wrong(f"{double[0]!r} belongs to crisis.zh.yaml")
    buttons = {key: node.text() for key, node in top.need("buttons").mapping().items()}
    statuses = top.need("statuses")
    named = {str(status): statuses.need(status).text() for status in Status}
    months = top.need("months").texts() if "months" in top.mapping() else ()
    return Words({**texts, **crisis}, buttons, named, months), top.need("consent_version").text()
