"""How long: 仨月, 两个半月, 半年多, 一年零两个月, 一个季度, 1个月零9天, 十来天.

Finding them; which one says how long the trouble has lasted is told in period_role.py.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from nlu.extract.numbers import DIGIT, MOST, NUMERAL, UNIT, parse
from nlu.extract.period_role import lasting
from nlu.extract.span import Span

_START: Final = re.compile(
    rf"(?P<numeral>[\d{DIGIT}{UNIT}廿卅]+)|[大小]?半|好几|好些|好久|几|数|个把|多年|常年|成年"
)
_OVER: Final = r"多|有余|余|左右|上下|出头"
_PERIOD: Final = re.compile(
    rf"(?P<years>{NUMERAL})(?:多)?年(?:零|又|多|,|加|和)?(?P<months>{NUMERAL})个(?P<mhalf>半)?月"
    rf"|(?P<m1>{NUMERAL})个?月(?:零|又|加|多)?(?P<d1>{NUMERAL})天"
    rf"|(?P<year>{NUMERAL}|[大小]?半)(?P<ymore>多|来|几)?年(?P<yhalf>半)?(?P<yover>{_OVER}|来)?"
    rf"|(?P<month>{NUMERAL}|大?半)个?(?P<half>大?半)?(?P<more>多|来|几|余)?个?月(?P<over>{_OVER})?"
    rf"|(?P<quarter>{NUMERAL})个?季度"
    rf"|(?P<week>{NUMERAL})个?(?P<wmore>多)?(?:礼拜|星期|周)(?P<wover>{_OVER})?(?![一二三四五六日天末\d岁年])"
    rf"|(?P<day>{NUMERAL})(?P<dmore>多|来|几|余)?个?(?:天|日|晚上|夜)(?P<dover>{_OVER})?"
    r"|(?P<open>好几个月|好几月|几个多?月|个把月|数月|好几年|几年|多年|数年|好些年|好久|好几天|几天|数天|常年|成年累月|好些日子|好些天|个把礼拜|个把星期|几个星期|好几周|几周|几个礼拜|好几个(?:星期|礼拜)|几个?季度)"
)
_ABOUT: Final = re.compile(r"(?:将近|近|大概|大约|差不多|快|约|整整|足足|已经|超过|满|不到|小)$")
_DATE_AFTER: Final = re.compile(
    r" ?(?:\d{1,2}月|[一二三四五六七八九十]{1,2}月(?!没)|[底初末]|前后|份|度|代|[上下]半年|春|夏|秋|冬|国庆|春节|中秋|腊月|正月|签|买的|入职|交房|级)"
)
_DATE_BEFORE: Final = frozenset("今去前明每当过")
_ACRONYM_YEAR_AFTER: Final = frozenset("占拖欠住干等达近有")
_CLOCK_DAY: Final = re.compile(r"(?:月份?|初)$")
_BESIDE_A_PERIOD: Final = frozenset("个年月天日周礼星季多来几余半大晚夜")
"""The cheapest test: what may stand right after a number that counts time."""
_UNITS: Final = re.compile("[年月天日周夜久晚]|星期|礼拜|季度")


def find_periods(text: str, *, asked: bool = False) -> list[Span]:
    """Every length of time; at most one is ``period_months``. ``asked``: the bot asked how long."""
    if _UNITS.search(text) is None:
        return []
    found: list[Span] = []
    last = 0
    for start in islice(_START.finditer(text), MOST):
        if start.start() < last:
            continue
        if start["numeral"] and text[start.end() : start.end() + 1] not in _BESIDE_A_PERIOD:
            continue
        match = _PERIOD.match(text, start.start()) or _after_a_sum(text, start)
        if match is None:
            continue
        last = match.end()
        span = _read(text, match)
        if span is not None:
            found.append(span)
    return lasting(text, found, asked=asked)


def _after_a_sum(text: str, run: re.Match[str]) -> re.Match[str] | None:
    """两万三年 holds 三年: the last character of a run may be a number of its own."""
    words = run.group()
    if len(words) < 3 or words[-1] not in DIGIT or words[-2] not in UNIT:
        return None
    return _PERIOD.match(text, run.end() - 1)


def _read(text: str, match: re.Match[str]) -> Span | None:
    months, vague = _months(match)
    if months is None and not vague:
        return None
    if match["year"] is not None and _is_date(text, match):
        return None
    if match["month"] is not None and _is_month_name(text, match):
        return None
    if match["day"] is not None and _is_day_name(text, match):
        return None
    rounded = None if months is None else round(months, 2)
    start = match.start()
    about = _ABOUT.search(text[max(0, start - 2) : start])
    if about is not None:
        start -= len(about.group())
    return Span("duration", start, match.end(), rounded, 0.6 if vague else 0.85, vague)


def _months(match: re.Match[str]) -> tuple[float | None, bool]:
    if match["open"]:
        return None, True
    if match["years"]:
        return _sum(match["years"], 12, match["months"], 1, 0.5 * bool(match["mhalf"]))
    if match["m1"]:
        return _sum(match["m1"], 1, match["d1"], 1 / 30, 0.0)
    if match["year"]:
        return _of_years(match)
    if match["month"]:
        if match["month"].endswith("半"):
            rough = len(match["month"]) > 1 or bool(match["more"] or match["over"])
            return 0.5, rough
        return _times(match["month"], 1, match["half"], match["more"] or match["over"])
    for name, unit in (("quarter", 3.0), ("week", 7 / 30), ("day", 1 / 30)):
        if match[name]:
            more = name != "quarter" and (match[f"{name[0]}more"] or match[f"{name[0]}over"])
            return _times(match[name], unit, None, more or None)
    return None, False


def _sum(
    first: str, unit: float, second: str, second_unit: float, more: float
) -> tuple[float | None, bool]:
    one, other = parse(first), parse(second)
    if one is None or other is None or one.value > 100 or other.value > 100:
        return None, False
    return one.value * unit + other.value * second_unit + more, one.vague or other.vague


def _of_years(match: re.Match[str]) -> tuple[float | None, bool]:
    more = match["ymore"] or match["yover"]
    if match["year"] == "半":
        return 6, bool(more)
    if match["year"].endswith("半"):
        return 6, True
    return _times(match["year"], 12, match["yhalf"], more)


def _times(
    words: str, unit: float, half: str | None, more: str | None
) -> tuple[float | None, bool]:
    number = parse(words)
    if number is None or number.value > 1200:
        return None, False
    return (number.value + 0.5 * bool(half)) * unit, number.vague or bool(more and more != "有余")


def _is_date(text: str, match: re.Match[str]) -> bool:
    """2013年8月, 19年签的, 90年代, 二零一九年."""
    words, start = match["year"], match.start()
    number = parse(words)
    if number is not None and number.value > 80:
        return True
    before = text[max(0, start - 1) : start]
    if _DATE_AFTER.match(text, match.end()) or before in _DATE_BEFORE:
        return True
    arabic_year = words.isdigit() and len(words) == 2 and words[0] in "012"
    return (
        arabic_year
        and not (match["ymore"] or match["yover"] or match["yhalf"])
        and not text.startswith("了", match.end())
        and before not in _ACRONYM_YEAR_AFTER
    )


def _is_month_name(text: str, match: re.Match[str]) -> bool:
    """3月, 三月份, 腊月 name a month; 三个月, 仨月, 俩月 count them."""
    if (
        "个" in match.group()
        or match["month"] in {"仨", "俩", "两"}
        or match["half"]
        or match["more"]
        or match["month"].endswith("半")
    ):
        return text[match.start() - 1 : match.start()] in {"每", "第"}
    follows = text[match.end() : match.end() + 2]
    return not follows.startswith(("没给", "没发", "没结")) or match["month"].isdigit()


def _is_day_name(text: str, match: re.Match[str]) -> bool:
    """5月3日, 二十号 name a day."""
    if match.group().endswith("日") or _CLOCK_DAY.search(
        text[max(0, match.start() - 2) : match.start()]
    ):
        return True
    before = text[max(0, match.start() - 1) : match.start()]
    return match["day"] == "一" or before in {"每", "第", "前", "昨", "后", "大", "星"}
