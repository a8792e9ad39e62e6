"""How long: 仨月, 两个半月, 半年多, 一年零两个月, 三个月没给.

The span that says how long the trouble has lasted is ``period_months`` (a float); every other
length of time in the line (contract term, an age, notice given) is ``duration``.
"""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.numbers import NUMERAL, parse
from nlu.extract.span import Span, best_first

_ABOUT: Final = r"(?:将近|近|大概|大约|差不多|快|约|整整|足足|已经|超过|满|不到|小)?"
_MONTHS: Final = r"个?(?P<half>半)?(?P<more>多|来|几)?个?月(?P<over>多|有余|左右)?"
_PERIOD: Final = re.compile(
    rf"{_ABOUT}(?P<years>{NUMERAL})(?:多)?年(?:零|又|多|,|加)?(?P<months>{NUMERAL})个(?P<mhalf>半)?月"
    rf"|{_ABOUT}(?P<year>{NUMERAL}|大?小?半)(?P<ymore>多|来|几)?年(?P<yhalf>半)?(?P<yover>多|有余|左右|来)?"
    rf"|{_ABOUT}(?P<month>{NUMERAL}|半){_MONTHS}"
    rf"|{_ABOUT}(?P<week>{NUMERAL})个?(?P<wmore>多)?(?:礼拜|星期|周)(?P<wover>多|左右)?(?![一二三四五六日天末\d])"
    rf"|{_ABOUT}(?P<day>{NUMERAL})(?P<dmore>多|来|几)?(?:天|日)(?P<dover>多|左右)?"
    r"|(?P<open>好几个月|好几月|几个月|个把月|数月|好几年|几年|多年|数年|好些年|好久|好几天|几天|常年|好些日子|个把礼拜|几个星期|好几周|几个礼拜)"
)
_DATE_AFTER: Final = re.compile(
    r" ?(?:\d{1,2}月|[一二三四五六七八九十]{1,2}月(?!没)|[底初末]|前后|份|度|[上下]半年|春|夏|秋|冬|国庆|春节|中秋|腊月|正月|签|买的|入职|交房)"
)
_CLOCK_DAY: Final = re.compile(r"(?:月份?|初)$")
_TERM_BEFORE: Final = re.compile(
    r"(?:提前|试用期?|合同期?|签了?|还?剩|还有|离.{1,4}就|距|保修期?|质保期?|保几?|判了?|怀孕|孕|产假|年龄|今年|婚龄|期限|有效期|给他|再等|要等|上个?|下个?|每|这个|前|后|第|最近|近|头|开学|结婚|租期|押一付|刚满|学制|读了?|出生|孩子才?|娃才?|宝宝才?|生完)(?:是|为|了|满|只有|才|已经)?$"
)
_TERM_AFTER: Final = re.compile(
    r"(?:内|以内|之内|前(?!后|头)|以后|之后|后再|的?(?:试用|合同|孩子|娃|宝宝|婴儿|产假|病假|质保|保修|有期|工期|租期|房租|押金|培训|物业费|租金|卡|会员)|大的|起租|一次|一趟|一回|一付|一结|到期)"
)
_LASTING_AFTER: Final = re.compile(
    r"(?:的?(?:工资|工钱|薪水|薪|钱|血汗钱|社保|公积金)?(?:一分|一毛|都|还|也|就|到现在|一直|愣)*(?:没|未|不)(?:给|发|结|付|见|交|修|人|有|开|动|管|拿|算|处理|解决|下来|打|停|退|回|消停|办|看)|了|多了|没|未)"
)
_LASTING_BEFORE: Final = re.compile(
    r"(?:拖欠?|欠|压|拖了?|停了?|坏了?|漏了?|断了?|等了?|过去|持续|吵了?|闹了?|没发|不发|没给|住了?|已经|都|了|连着|连续|整整|足足|有|前头那|这|快|克扣|断缴|断交|滴了?|堵了?|修了?)(?:了|我们|我|他们|员工|工人|大家|近|将近|有|快|整|都|差不多)*$"
)
_RATE_AFTER: Final = re.compile(
    rf"(?:的)?(?:费用?|租金|工资|房租|收入)?(?:是|才|就|要|给|收|挣|拿|发|都|交)?{NUMERAL}(?:块|元|多|来|[百千万,。;]|$)"
)
_WORKED_BEFORE: Final = re.compile(
    r"(?:干了?|做了?|上了?|扛了?|工作了?|上班|打工|跑了?|当了?)(?:了|快|有|近|将近)?$"
)

_NOTHING_PAID: Final = re.compile(
    r"一(?:分|毛|个子|厘)(?:钱|儿)?(?:都|也|还)?(?:没|未|不)(?:给|发|见|拿|结|到|收|付)|(?:分文|半分)(?:都|也)?(?:没|未|不)(?:给|发|见|付)|没(?:给|见|拿)(?:过|着|到)?一(?:分|毛)"
)


def find_periods(text: str, *, asked: bool = False) -> list[Span]:
    """Every length of time; at most one is ``period_months``. ``asked``: the bot asked how long."""
    found = []
    for match in _PERIOD.finditer(text):
        span = _read(text, match)
        if span is not None:
            found.append(_scored(text, span, asked=asked))
    order = best_first(found)
    lasting = order[0] if order and order[0].score > 0 else None
    return [span.named("period_months") if span is lasting else span for span in found]


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
    return Span("duration", match.start(), match.end(), rounded, 0.6 if vague else 0.85, vague)


def _months(match: re.Match[str]) -> tuple[float | None, bool]:
    if match["open"]:
        return None, True
    if match["years"]:
        years, months = parse(match["years"]), parse(match["months"])
        if years is None or months is None:
            return None, False
        return years.value * 12 + months.value + 0.5 * bool(match["mhalf"]), False
    if match["year"]:
        return _of_years(match)
    if match["month"]:
        if match["month"] == "半":
            return 0.5, bool(match["more"] or match["over"])
        return _times(match["month"], 1, match["half"], match["more"] or match["over"])
    if match["week"]:
        return _times(match["week"], 7 / 30, None, match["wmore"] or match["wover"])
    return _times(match["day"], 1 / 30, None, match["dmore"] or match["dover"])


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
    """2013年8月, 19年签的, 二零一九年."""
    words = match["year"]
    number = parse(words)
    if number is not None and number.value > 100:
        return True
    if _DATE_AFTER.match(text, match.end()) or text[match.start() - 1 : match.start()] in {
        "今",
        "去",
        "前",
        "明",
        "每",
        "当",
        "过",
    }:
        return True
    arabic_year = words.isdigit() and len(words) == 2 and (words[0] in "012")
    return (
        arabic_year
        and not (match["ymore"] or match["yover"] or match["yhalf"])
        and not text.startswith("了", match.end())
        and text[match.start() - 1 : match.start()] not in set("占拖欠住干等达近有")
    )


def _is_month_name(text: str, match: re.Match[str]) -> bool:
    """3月, 三月份, 腊月 name a month; 三个月, 仨月, 俩月 count them."""
    if (
        "个" in match.group()
        or match["month"] in {"仨", "俩", "两"}
        or match["half"]
        or match["more"]
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


def _scored(text: str, span: Span, *, asked: bool) -> Span:
    before, after = text[max(0, span.start - 10) : span.start], text[span.end : span.end + 14]
    words = text[span.start : span.end]
    score = 0.4
    if _LASTING_AFTER.match(after):
        score += 1.0
    worked = _WORKED_BEFORE.search(before) is not None
    if (_LASTING_BEFORE.search(before) and not worked) or words.startswith(
        ("已经", "整整", "足足", "快")
    ):
        score += 1.0
    if worked:
        # Worked three months and saw not a cent: all three are owed.
        score += 0.6 if _NOTHING_PAID.search(text, span.end, span.end + 24) else -0.6
    if (words[0] in "一1" and _RATE_AFTER.match(after)) or words == "四周":
        score -= 2.0
    if _TERM_BEFORE.search(before) or _TERM_AFTER.match(after):
        score -= 2.0
    if text[span.end : span.end + 4].startswith(("大", "岁")):
        score -= 2.0
    if asked or len(text) <= len(words) + 3:
        score += 2.0
    if span.value is not None and isinstance(span.value, float) and span.value < 0.25:
        score -= 0.5
    return Span(span.entity, span.start, span.end, span.value, span.confidence, span.vague, score)
