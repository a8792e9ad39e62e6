"""Numbers in English lines: money, lengths of time, dates, people, telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from nlu.understanding import Entity

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"hundred": 100, "k": 1000, "thousand": 1000, "grand": 1000, "million": 1_000_000}
_MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_SPELT = "|".join((*_UNITS, *_TENS))
_NUMBER = (
    rf"(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|(?:{_SPELT})(?:[ -](?:{_SPELT}))?|a|an|half a)"
    r"(?:\s?(?:hundred|thousand|grand|million|k)\b)*"
)
_MONEY = re.compile(
    rf"(?:(?:rmb|cny|yuan|¥|￥)\s?(?P<before>{_NUMBER}))"
    rf"|(?<![\w.])(?P<after>{_NUMBER})\s?(?:yuan|rmb|cny|kuai|renminbi|\u5143|\u5757)(?![a-z])",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\w.,])(?P<n>{_NUMBER})(?![\w,.]*\d)", re.IGNORECASE)
_OWED = re.compile(r"\bowe[sd]? (?:me|us)?\s?(?P<n>\d[\d,.]*\s?(?:k|thousand)?)\b", re.IGNORECASE)
_LENGTH = re.compile(
    rf"(?<![\w.])(?P<n>{_NUMBER}|several|a couple of|a few|many|few)[ -](?P<half>and a half )?"
    r"(?P<unit>month|year|week|day)s?(?P<more> and a half)?\b(?P<ago> ago)?",
    re.IGNORECASE,
)
_NOT_LASTING = re.compile(r"(?:within|every|in|per|each|next|aged|another)\s$", re.IGNORECASE)
_WORKED = re.compile(r"\bwork(?:ed|ing)? (?:\w+ ){0,3}$", re.IGNORECASE)
_UNPAID = re.compile(r"\b(?:without|no|not|unpaid|never)\b", re.IGNORECASE)
_OLD = re.compile(r"^[\s-]?(?:old|notice|later|warranty|contract)\b", re.IGNORECASE)
_PEOPLE = re.compile(
    rf"(?<![\w.])(?P<n>{_NUMBER})\s(?:of us|(?:other )?(?:people|persons?|workers?|colleagues?|"
    r"co-?workers|residents?|famil(?:y|ies)|households?|employees?|men|women|guys|others|owners)\b)",
    re.IGNORECASE,
)
_AND_ME = re.compile(
    rf"\b(?:me|myself|i) (?:and|with) (?P<n>{_NUMBER}) (?:other|more|co-?workers|colleagues|"
    r"friends|people|workers)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w+])(?:\+?86[\s-]?)?(1[3-9]\d(?:[\s-]?\d){8}|0\d{2,3}-?\d{7,8})(?!\d)")
_SINCE = re.compile(
    r"\b(?:since|from|starting|started|began)(?: (?:in|on|at|from|around|about|the))*\s"
    r"(?P<when>[^,.;!?，。]{2,30})",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?P<rel>yesterday|last (?:night|week|month|year|spring|summer|autumn|winter)|"
    r"this (?:morning|week|month|year)|the day before yesterday|today)\b"
    rf"|\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<m>{'|'.join(_MONTHS)})[a-z]*\.?"
    r"(?: (?P<d2>\d{1,2})(?:st|nd|rd|th)?\b(?!\d))?(?:,? (?P<y>(?:19|20)\d\d))?"
    r"(?: (?P<ly>last year))?"
    r"|\b(?P<iso>(?:19|20)\d\d(?:-\d{1,2}){0,2})\b",
    re.IGNORECASE,
)
_A_MONTH = {"month": 1.0, "year": 12.0, "week": 7 / 30, "day": 1 / 30}
_LONGEST_MONTHS, _MOST_MONEY = 600, 1e10
_SHORT = 8  # words of a line in which a bare number answers


def number(text: str) -> float | None:
    """What a number is: 20,000; 20k; twenty-five thousand; a; half a."""
    words = re.findall(r"\d[\d,]*(?:\.\d+)?|[a-z]+", text.lower())
    total: float | None = None
    if words[:2] == ["half", "a"]:
        total, words = 0.5, words[2:]
    for word in words:
        if word[0].isdigit():
            total = float(word.replace(",", ""))
        elif word in _SCALES:
            total = (total or 1) * _SCALES[word]
        elif word in {"a", "an"}:
            total = 1
        elif word in _UNITS:
            total = (total or 0) + _UNITS.index(word)
        elif word in _TENS:
            total = (total or 0) + 20 + 10 * _TENS.index(word)
    return total


def figures(text: str, asked: str | None, today: date | None) -> Iterator[Entity]:
    """The facts with a number or a date in them; ``asked`` lets a bare 650 be an amount."""
    for match in _PHONE.finditer(text):
        digits = (
            re.sub(r"[\s-]", "", match.group(1)) if match.group(1)[0] == "1" else match.group(1)
        )
        yield Entity("phone", match.start(1), match.end(1), digits, match.group(1), 0.95)
    text = _PHONE.sub(lambda found: " " * len(found.group()), text)
    yield from _money(text, asked)
    yield from _since(text, asked, today)
    yield from _lengths(text, asked)
    yield from _people(text, asked)


def _money(text: str, asked: str | None) -> Iterator[Entity]:
    found = [(m, m.group("before") or m.group("after")) for m in _MONEY.finditer(text)]
    found = found or [(m, m.group("n")) for m in _OWED.finditer(text)]
    if not found and asked == "amount_yuan" and len(text.split()) <= _SHORT:
        found = [(m, m.group("n")) for m in _BARE.finditer(text) if not _unit_follows(text, m)]
    for match, told in found:
        value = number(told)
        if value is not None and 0 < value <= _MOST_MONEY and told.lower() not in {"a", "an"}:
            start = match.start() if match.re is _MONEY else match.start("n")
            words = text[start : match.end()].strip()
            yield Entity("amount_yuan", start, start + len(words), int(value), words, 0.9)


def _unit_follows(text: str, match: re.Match[str]) -> bool:
    return (
        re.match(r"\s?-?(?:month|year|week|day|people|worker|of us)", text[match.end() :])
        is not None
    )


def _lengths(text: str, asked: str | None) -> Iterator[Entity]:
    for match in _LENGTH.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if match.group("ago") or _NOT_LASTING.search(before) or _OLD.match(after):
            continue
        if _WORKED.search(before) and not _UNPAID.search(after[:20]):
            continue  # how long the work was, not how long the pay is owed
        told, unit = match.group("n").lower(), match.group("unit").lower()
        vague = told in {"several", "a few", "many", "few"}
        value = None if vague else 2.0 if told == "a couple of" else number(told)
        if value is not None:
            value += 0.5 if match.group("more") or match.group("half") else 0
            value = round(value * _A_MONTH[unit], 2)
            if value > _LONGEST_MONTHS:
                continue
        words = match.group().strip()
        yield Entity("period_months", match.start(), match.end(), value, words, 0.85, vague)
    if asked == "period_months":
        bare = _BARE.fullmatch(text.strip())
        value = number(bare.group("n")) if bare else None
        if bare is not None and value:
            at = text.index(bare.group())
            yield Entity("period_months", at, at + len(bare.group()), value, bare.group(), 0.8)


def _people(text: str, asked: str | None) -> Iterator[Entity]:
    for match in _AND_ME.finditer(text):
        more = number(match.group("n"))
        if more:
            words = match.group()
            yield Entity("people_n", match.start(), match.end(), int(more) + 1, words, 0.85)
            return
    found = _PEOPLE.search(text)
    if found is None and asked == "people_n" and _BARE.fullmatch(text.strip()):
        found = _BARE.search(text)
    value = number(found.group("n")) if found else None
    if found is not None and value and value == int(value):
        words = found.group()
        yield Entity("people_n", found.start(), found.end(), int(value), words, 0.85)


def _since(text: str, asked: str | None, today: date | None) -> Iterator[Entity]:
    """Since when: a date said as one, or how long ago it was."""
    ago = next((m for m in _LENGTH.finditer(text) if m.group("ago")), None)
    since = _SINCE.search(text)
    told = _WHEN.search(since.group("when")) if since else None
    offset = since.start("when") if since and told else 0
    if told is None and (asked in {"happened_since", "last_paid"} or ago is None):
        told, offset = _WHEN.search(text), 0
    name = "last_paid" if asked == "last_paid" else "happened_since"
    if told is not None:
        start, end = offset + told.start(), offset + told.end()
        value = _day(told, today)
        yield Entity(name, start, end, value or told.group(), told.group(), 0.8, value is None)
    elif ago is not None:
        months = (number(ago.group("n")) or 1) * _A_MONTH[ago.group("unit").lower()]
        day = today - timedelta(days=round(months * 30.4)) if today else None
        exact = ago.group("unit").lower() in {"day", "week"}
        value = (day.isoformat() if exact else day.isoformat()[:7]) if day else ago.group()
        yield Entity(name, ago.start(), ago.end(), value, ago.group(), 0.8, day is None)


def _day(told: re.Match[str], today: date | None) -> str | None:
    """The date meant, as far as it is told: 2026-03-02, 2026-02 or 2025."""
    if told.group("iso"):
        return told.group("iso")
    if today is None:
        return None
    if told.group("rel"):
        return _relative(told.group("rel").lower(), today)
    month = _MONTHS.index(told.group("m").lower()) + 1
    day = told.group("d1") or told.group("d2")
    year = int(told.group("y") or today.year)
    if told.group("ly") or (not told.group("y") and month > today.month):
        year -= 1
    if day is None:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{int(day):02}" if int(day) <= 31 else f"{year}-{month:02}"


def _relative(told: str, today: date) -> str | None:
    days = {"yesterday": 1, "last night": 1, "the day before yesterday": 2}
    if told in days:
        return (today - timedelta(days=days[told])).isoformat()
    if told in {"today", "this morning"}:
        return today.isoformat()
    if told == "last week":
        return (today - timedelta(days=today.weekday() + 7)).isoformat()
    if told == "last month":
        return (today.replace(day=1) - timedelta(days=1)).isoformat()[:7]
    return str(today.year - 1) if told == "last year" else None
