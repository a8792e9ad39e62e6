"""Dates as people say them: 去年腊月, 上个月, 国庆前, 上礼拜三, 2019年3月, 入夏, 三个月前, 大前天.

:data:`WHEN` finds the words; :func:`resolve` turns them into a date, given the day they were said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from nlu.extract.lunar import lunar_year, new_year, solar, solar_term
from nlu.extract.numbers import NUMERAL, parse

Precision = Literal["day", "month", "year"]

_D: Final = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_YEAR: Final = r"(?:(?P<year>(?:19|20)\d{2}|[零〇一二三四五六七八九]{4}|[01]\d|2\d|[零一二][零〇一二三四五六七八九])年|(?P<past>大前年|前年|去年|旧年|头年|上年|今年|本年|当年))"
_FEASTS: Final = r"春节|过年|元宵|清明|端午|中秋|重阳|国庆|元旦|五一|劳动节|十一(?!月)|暑假|寒假|高考|双十一|除夕|大年三十"
_SEASONS: Final = r"春天|夏天|秋天|冬天|开春|春上|入春|入夏|入秋|入冬|立春|谷雨|立夏|芒种|夏至|小暑|大暑|立秋|处暑|白露|秋分|霜降|立冬|冬至|麦收|秋收|上半年|下半年|年初|年中|年底|年末|岁末|(?<=年)[春夏秋冬底初]"
_PART: Final = rf"(?:(?P<lunar>农历|阴历|旧历|古历)?闰?(?P<month>{_D})月份?|(?P<moon>正月|冬月|腊月)|(?P<feast>{_FEASTS})节?|(?P<season>{_SEASONS}))"
_DAY: Final = rf"(?:(?P<day>{_D})(?:[号日]|(?=交房|前|以前|之前|起|开始|到期|那天|$))|(?P<moonday>初[一二三四五六七八九十]|[一二]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十)|(?P<decade>上旬|中旬|下旬|初|中|底|末))"
_TAIL: Final = r"(?P<tail>前后|左右|以前|之前|以后|之后|前|后|过后|那天|那会儿?|的?时候)?"
_GROUP_NAME: Final = re.compile("[?]P<[a-z]+>")
_CALENDAR: Final = (
    rf"(?={_GROUP_NAME.sub('?:', f'{_YEAR}|{_PART}')})(?:{_YEAR}的?)?(?:{_PART}{_DAY}?)?"
)
_DIGITS: Final = r"(?P<y>(?:19|20)\d{2})[.\-/](?P<m>\d{1,2})(?:[.\-/](?P<d>\d{1,2})[日号]?)?"
_MONTHS: Final = rf"(?P<relmonth>上上个?月|上个?月|上月|本月|这个?月|当月)(?:的)?(?:(?P<rday>{_D})(?:[号日]|(?=交|发|签|买|给|办|出|的|$))|(?P<rdecade>上旬|中旬|下旬|初|中|底|末))?"
_WEEKS: Final = (
    r"(?P<week>上上个?|上个?|这个?|本)(?:礼拜|星期|周)(?P<weekday>[一二三四五六日天末])?"
)
_DAYS: Final = r"(?P<near>大前天|前天|昨天|昨日|今天|今日|前儿|昨儿|今儿|前晚|昨晚|昨夜|今早|今晨|刚才|刚刚)(?:个|晚上?|夜里|早上|上午|下午|中午|半夜|晚黑|黑儿)?"
_AGO: Final = rf"(?P<ago>{NUMERAL}|半)(?P<more>多|来|几)?(?P<unit>个半?月|个?季度|年|天|周|个?星期|个?礼拜)(?P<over>多)?(?:以前|之前|前)"
_AROUND: Final = r"(?:年前|年后)(?!\w?度)"
_EVENTS: Final = r"(?:疫情|搬进来|搬家|入住|交房|(?<![精简硬软])装修|开工|开业|入职|进厂|进场|开学|出事|停工|完工|竣工)"
_NAMED: Final = (
    rf"(?:{_DIGITS}|{_MONTHS}|{_WEEKS}|{_DAYS}|{_AGO}|{_CALENDAR}{_TAIL}|(?P<around>{_AROUND}))"
)
_FIRST: Final = "0-9零〇一二两三四五六七八九十廿百半仨俩大前去旧头上今本当农阴古闰正冬腊春过元清端中重国劳暑寒高双除夏秋开入立谷芒小处白霜麦下年岁底初这昨刚疫搬交装进出停完竣"
"""What a point in time can begin with: one glance at each character spares the long look."""
WHEN: Final = rf"(?:(?=[{_FIRST}])(?:{_GROUP_NAME.sub('?:', _NAMED)}|{_EVENTS}))"
"""A point in time, without groups, for other patterns to hold."""

_RESOLVED: Final = re.compile(_NAMED)
_PAST: Final = {
    "大前年": 3, "前年": 2, "去年": 1, "旧年": 1, "头年": 1, "上年": 1, "今年": 0, "本年": 0, "当年": 0,
}  # fmt: skip
_NEAR: Final = {
    "大前天": 3, "前天": 2, "前儿": 2, "前晚": 2, "昨天": 1, "昨日": 1, "昨儿": 1, "昨晚": 1, "昨夜": 1,
}  # fmt: skip
_MOONS: Final = {"正月": 1, "冬月": 11, "腊月": 12}
_SOLAR_FEASTS: Final = {
    "国庆": (10, 1), "十一": (10, 1), "元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1),
    "暑假": (7, 1), "寒假": (1, 15), "高考": (6, 7), "双十一": (11, 11),
}  # fmt: skip
_LUNAR_FEASTS: Final = {
    "春节": (1, 1), "过年": (1, 1), "元宵": (1, 15), "端午": (5, 5), "中秋": (8, 15), "重阳": (9, 9),
}  # fmt: skip
_SEASON_MONTHS: Final = {
    "春": 3, "夏": 6, "秋": 9, "冬": 12, "麦收": 6, "秋收": 10, "上半年": 1, "下半年": 7,
    "年初": 1, "年中": 6, "年底": 12, "年末": 12, "岁末": 12, "底": 12, "初": 1,
    "开春": 3, "入春": 3, "入夏": 5, "入秋": 8, "入冬": 11,
}  # fmt: skip
_EXACT_PARTS: Final = frozenset({"上半年", "下半年", "年初", "年底", "年末", "底", "初"})
_WEEKDAYS: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something began: the first day it can mean, how exact that is, and whether it is rough."""

    start: date
    precision: Precision
    vague: bool = False

    def iso(self) -> str:
        """ISO 8601, cut to what is known: 2025, 2025-12, 2025-12-03."""
        return self.start.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


def resolve(words: str, now: date) -> Moment | None:
    """The moment that ``words`` name when said on ``now``; None when they name none.

    What lies ahead is taken for the last one that is past: nobody complains of next October.
    """
    match = _RESOLVED.match(words)
    if match is None:
        return None
    try:
        found = _read(match, now)
    except ValueError:  # 2月30日
        return None
    if found is None or found.start > now or found.start.year < 1980:
        return None
    return found


def _read(match: re.Match[str], now: date) -> Moment | None:
    readers: tuple[tuple[str, Callable[[re.Match[str], date], Moment | None]], ...] = (
        ("y", _digits),
        ("relmonth", _months),
        ("week", _week),
        ("near", _near),
        ("unit", _ago),
        ("around", _around),
    )
    for name, reader in readers:
        if match[name]:
            return reader(match, now)
    return _calendar(match, now)


def _digits(match: re.Match[str], now: date) -> Moment:  # noqa: ARG001
    year, month = int(match["y"]), int(match["m"])
    if match["d"]:
        return Moment(date(year, month, int(match["d"])), "day")
    return Moment(date(year, month, 1), "month")


def _months(match: re.Match[str], now: date) -> Moment:
    words = match["relmonth"]
    first = _back(now, 2 if words.startswith("上上") else 1 if words.startswith("上") else 0)
    if match["rday"]:
        return Moment(first.replace(day=_number(match["rday"])), "day")
    return Moment(first, "month")


def _week(match: re.Match[str], now: date) -> Moment:
    back = {"上上": 2, "上": 1}.get(match["week"].removesuffix("个"), 0)
    monday = now - timedelta(days=now.weekday() + 7 * back)
    if match["weekday"]:
        at = "六" if match["weekday"] == "末" else match["weekday"].replace("天", "日")
        return Moment(monday + timedelta(days=_WEEKDAYS.index(at)), "day")
    return Moment(monday, "day", vague=True)


def _near(match: re.Match[str], now: date) -> Moment:
    return Moment(now - timedelta(days=_NEAR.get(match["near"], 0)), "day")


def _ago(match: re.Match[str], now: date) -> Moment | None:
    number = 0.5 if match["ago"] == "半" else _value(match["ago"])
    unit = match["unit"]
    vague = bool(match["more"] or match["over"])
    if number is None or number > 600:
        return None
    for mark, months in (("年", 12.0), ("季", 3.0), ("月", 1.0)):
        if mark in unit:
            whole = number * months + 0.5 * ("半" in unit)
            precision: Precision = "year" if mark == "年" and number >= 1 else "month"
            return Moment(_back(now, int(whole)), precision, vague or whole != int(whole))
    days = number * (7 if unit != "天" else 1)
    return Moment(now - timedelta(days=int(days)), "day", vague or unit != "天")


def _around(match: re.Match[str], now: date) -> Moment | None:
    """年前 and 年后: before and after the last Spring Festival."""
    first = new_year(lunar_year(now))
    if first is None:
        return None
    day = first - timedelta(days=30) if match["around"] == "年前" else first
    return Moment(day.replace(day=1), "month", vague=True)


def _calendar(match: re.Match[str], now: date) -> Moment | None:
    """A year, a month, a feast or a season, and a day of it."""
    year = _year(match, now)
    found: Moment | None
    if match["month"] and not match["lunar"]:
        found = _in_month(match, now, year)
    elif match["month"] or match["moon"]:
        found = _in_moon(match, now, year)
    elif match["feast"]:
        found = _feast(match["feast"], now, year)
    elif match["season"]:
        found = _season(match["season"], now, year)
    else:
        found = None if year is None else Moment(date(year, 1, 1), "year")
    return None if found is None else _around_it(found, match["tail"])


def _year(match: re.Match[str], now: date) -> int | None:
    if match["past"]:
        return now.year - _PAST[match["past"]]
    if not match["year"]:
        return None
    words = match["year"]
    number = int(words) if words.isdigit() else _spelled(words)
    return number if number >= 100 else 2000 + number


def _spelled(words: str) -> int:
    return int("".join(str("零一二三四五六七八九".index(c)) for c in words.replace("〇", "零")))


def _in_month(match: re.Match[str], now: date, year: int | None) -> Moment:
    month = _number(match["month"])
    day = _number(match["day"]) if match["day"] else None
    in_year = year if year is not None else now.year
    start = date(in_year, month, day or 1)
    if year is None and start > now:
        start = date(in_year - 1, month, day or 1)
    return Moment(start, "month" if day is None else "day")


def _in_moon(match: re.Match[str], now: date, year: int | None) -> Moment | None:
    """腊月, 农历八月: counted in lunar years, of which the last has not ended at New Year."""
    month = _MOONS[match["moon"]] if match["moon"] else _number(match["month"])
    words = match["day"] or match["moonday"]
    day = _number(words.removeprefix("初")) if words else None
    shift = now.year - year if year is not None else 0
    lunar = lunar_year(now) - shift if match["past"] or year is None else year
    start = solar(lunar, month, day or 1)
    if start is not None and start > now and year is None:
        start = solar(lunar - 1, month, day or 1)
    return None if start is None else Moment(start, "month" if day is None else "day")


def _feast(name: str, now: date, year: int | None) -> Moment | None:
    if name in {"除夕", "大年三十"}:
        first = new_year(year if year is not None else lunar_year(now))
        return None if first is None else Moment(first - timedelta(days=1), "day")
    for of in _years(year, now):
        start = _feast_in(name, of)
        if start is not None and start <= now:
            return Moment(start, "month" if name in {"暑假", "寒假"} else "day")
    return None


def _years(year: int | None, now: date) -> tuple[int, ...]:
    """The year that was named, or this one and the last."""
    return (now.year, now.year - 1) if year is None else (year,)


def _feast_in(name: str, year: int) -> date | None:
    if name in _SOLAR_FEASTS:
        return date(year, *_SOLAR_FEASTS[name])
    if name in _LUNAR_FEASTS:
        return solar(year, *_LUNAR_FEASTS[name])
    return solar_term(name, year)


def _season(name: str, now: date, year: int | None) -> Moment | None:
    for of in _years(year, now):
        term = solar_term(name, of)
        month = _SEASON_MONTHS.get(name.removesuffix("天").removesuffix("上"))
        if term is None and month is None:
            return None
        start = term if term is not None else date(of, month or 1, 1)
        if start <= now:
            exact = term is not None
            return Moment(
                start, "day" if exact else "month", not exact and name not in _EXACT_PARTS
            )
    return None


def _around_it(found: Moment, tail: str | None) -> Moment:
    """国庆前 is the weeks before it, 国庆以后 those after."""
    if tail in {"前", "以前", "之前"}:
        day = found.start - timedelta(days=15 if found.precision == "day" else 1)
        return Moment(day.replace(day=1), "month", vague=True)
    if tail in {"前后", "左右", "后", "以后", "之后", "过后"}:
        precision: Precision = "month" if found.precision == "day" else found.precision
        return Moment(found.start, precision, vague=True)
    return found


def _back(now: date, months: int) -> date:
    """The first of the month so many months ago."""
    total = now.year * 12 + now.month - 1 - months
    return date(max(total // 12, 1), total % 12 + 1, 1)


def _value(words: str) -> float | None:
    number = parse(words)
    return None if number is None else number.value


def _number(words: str) -> int:
    """A day or month; raises ValueError when the words are none."""
    number = parse(words)
    if number is None:
        raise ValueError(words)
    return int(number.value)
