"""Facts in a line, each with the words it came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nlu.extract.contact import find_contact
from nlu.extract.derived import derived
from nlu.extract.money import find_money
from nlu.extract.names import name_runs
from nlu.extract.numbers import numeral_runs
from nlu.extract.organisation import find_organisations
from nlu.extract.people import find_people
from nlu.extract.period import find_periods
from nlu.extract.person import find_people_named
from nlu.extract.phone import find_phones
from nlu.extract.place import find_places
from nlu.extract.since import find_since
from nlu.extract.sites import find_sites
from nlu.extract.span import Span, overlaps
from nlu.extract.terms import find_terms
from nlu.normalize import Normalized
from nlu.understanding import Entity

_SITES = ("项目", "工地", "标段", "项目部", "工程")


def extract(
    line: Normalized, words: Sequence[str], asked: str | None = None, *, now: date | None = None
) -> tuple[Entity, ...]:
    """All facts of ``line`` in reading order.

    ``asked`` is the slot the bot has just asked for; ``now`` the day on which it was said.
    """
    text = line.text
    phones = find_phones(text, asked=asked == "phone")
    numbers = numeral_runs(text)
    spans = list(phones)
    money = _apart(find_money(text, asked=asked == "amount_yuan", runs=numbers), phones)
    money = [span for span in money if not _is_in_a_word(text, span)]
    periods = _apart(find_periods(text, asked=asked == "period_months"), phones)
    people = _apart(find_people(text, asked=asked == "people_n", runs=numbers), phones)
    since = find_since(text, asked=asked, now=now)
    if any(span.entity == "period_months" for span in periods):
        since = [span for span in since if span.entity != "period_months"]
    spans += [*money, *periods, *people, *since, *derived(text, money, periods, people)]
    spans += find_people_named(text, asked=asked)
    spans += find_terms(text, asked=asked)
    spans += find_contact(text, asked=asked)
    spans += _names(text, words, asked)
    found = [_entity(line, span) for span in spans if text[span.start : span.end].strip()]
    return tuple(sorted(found, key=lambda entity: (entity.start, entity.end)))


def _is_in_a_word(text: str, span: Span) -> bool:
    """The 万 of 万象城 is no amount, whatever was asked."""
    after = text[span.end : span.end + 1]
    alone = span.end - span.start == 1 and text[span.start] in "万千百十亿"
    return alone and after.isalpha() and after not in "块元把来多几左吧啊的了呢以上"


def _apart(spans: list[Span], taken: list[Span]) -> list[Span]:
    return [span for span in spans if not any(overlaps(span, other) for other in taken)]


def _names(text: str, words: Sequence[str], asked: str | None) -> list[Span]:
    found = name_runs(text, words)
    places = find_places(text, found, asked=asked in {"place", "project"})
    sites = [span.named("project") for span in places if str(span.value).endswith(_SITES)]
    firms = find_organisations(text, found)
    if not sites and (sites := find_sites(text)):
        # the hospital that is being built is neither where nor for whom they work
        firms = [span for span in firms if not any(overlaps(span, site) for site in sites)]
        whole = [site.named("place") for site in sites if any(overlaps(p, site) for p in places)]
        places = [span for span in places if not any(overlaps(span, site) for site in sites)]
        places += whole
    return places + sites + firms


def _entity(line: Normalized, span: Span) -> Entity:
    """Back to the original line; a value that is its own words keeps the original's spelling."""
    words = line.text[span.start : span.end]
    lead = len(words) - len(words.lstrip())
    tail = len(words) - len(words.rstrip())
    start, end = line.span(span.start + lead, span.end - tail)
    text = line.original[start:end]
    value = (
        line.spelling(span.start + lead, span.end - tail)
        if isinstance(span.value, str) and span.value == words.strip() and span.entity != "phone"
        else span.value
    )
    return Entity(span.entity, start, end, value, text, span.confidence, span.vague)
