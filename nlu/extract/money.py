"""Sums of money: 两万三, 1w8, 三千来块, 每人一万二, 一个月四千五, 肆万贰仟元整, 10-20万.

Finding them; what each is for is told in money_role.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nlu.extract.money_role import RATE_AFTER, roles
from nlu.extract.numbers import DIGIT, NUMERAL, UNIT, numeral_runs, parse
from nlu.extract.span import Span

_CURRENCY: Final = r"元整|元钱|元|块钱|块大洋|块|圆整|圆|蚊|大洋|人民币|rmb|大元|刀乐|文钱"
_SUM: Final = re.compile(
    rf"(?P<number>{NUMERAL})(?P<more>[多来几余把]|好几)?(?P<unit>[{UNIT}]{{1,2}}|[wk](?![a-z0-9]))?"
    rf" ?(?P<currency>{_CURRENCY})?(?P<over>多钱|多块|多|左右|上下|出头|不到|\+)?"
)
_RANGE: Final = re.compile(
    rf"(?P<low>\d{{1,7}}(?:\.\d{{1,2}})?|[{DIGIT}{UNIT}]{{1,6}})(?P<lowunit>[万千w])?(?:{_CURRENCY})? ?(?:[-~—–至]{{1,2}}|到) ?"
    rf"(?P<high>{NUMERAL})(?P<unit>[{UNIT}]{{1,2}}|[wk](?![a-z0-9]))? ?(?P<currency>{_CURRENCY})?(?P<over>左右|不等|之间)?"
)
_OPEN: Final = re.compile(
    rf"(?P<unit>[十百千万亿]{{1,4}})(?P<more>[多来])?(?P<currency>{_CURRENCY})?"
)
_OPEN_BEFORE: Final = re.compile(
    r"(?<![\d十百两一二三四五六七八九])(?:好几|大几|小几|几|数|上|成)$"
)
_SMALL_CHANGE: Final = re.compile(
    rf"(?P<yuan>{NUMERAL})块(?P<jiao>[{DIGIT}\d])(?:毛|角)?(?![{UNIT}\d个百千万])"
)
_JIAO: Final = re.compile(rf"(?P<jiao>[{DIGIT}\d])(?:毛|角)(?:钱|五|5)?(?![{DIGIT}\d])")
_ABOUT: Final = re.compile(r"(?:大概|大约|约莫|约|将近|近|差不多|快|小|¥ ?|￥ ?)$")
_MEASURE: Final = re.compile(
    r" ?(?:个|人|名|位|户|家|平|米|m|斤|公斤|吨|亩|公里|里路|年|月|天|日|号|小时|钟|次|字|只|头|条|张|件|台|辆|瓦"
    r"|度|升|片|楼|栋|幢|路|股|卡|步|遍|回|岁|口|级|伏|v|kg|g|克|分贝|分钟|分|秒|倍|颗|棵|盆|层|方|余户|余人|多户|多人"
    r"|市民|村民|业主|处|趟|盏|根|瓶|桶|箱|包|袋|支|枚|篇|例|宗|把|场|门|节|堂|道|题|类|种|兆|间|套|份|封|座|辈|项|页|学生|%|％|比|:|\.|/\d|-\d|期|届|中(?!介)|小|所|室|房|单元|大街|床|版"
    r"|老师|居民|住户|师生|群众|考生|旅客|乘客|粉丝|平方|立方|毫|瓶|公分|厘米|转|匹|寸|码|位数|工时|工分|积分|分的)"
)
_ONE_WORDS: Final = (
    "直样定起共个次分点些年月天边再旦切概律批名位户人种套间面下会家方般等向刀群帮拖推压扣问看打查算"
)
_BARE_CUE: Final = re.compile(
    r"(?:欠(?:了|我|我们|款|薪|条)?|工资(?:款)?|工钱|金额(?:为|是)?|共计|合计|总计|总额|收了?|交了?|花了?|付了?|退|押金|赔偿?|罚了?"
    r"|转了?|办了?(?:[一两二三半]年)?(?:的)?[^,。]{0,3}卡|充值?了?|存了?|剩|差|损失|费|款|价|一天|每天|一个?月[给开发]?|每月|月薪|日薪|[给开]我?开)(?:了|我|是|为|我们|：|:)? ?$"
)
_NOT_MONEY: Final = re.compile(
    r"(?:百分之|第|[a-z][-_]?|[\d.:]|农历|周岁|编号|尾号|电话|微信|热线|拨打|打了?|工号|车牌|20[12]\d)$"
)
_WORKERS: Final = re.compile(r" ?余?(?:工人|农民工|民工|员工|职工|工友|业主|居民)")
_HOTLINES: Final = frozenset({12345, 12315, 12333, 12348, 12356, 12338, 12388, 12369, 12393, 95598})
_CIPHERS: Final = frozenset("一二两三四五六七八九几壹贰叁叄肆伍陆柒捌玖0123456789")
_BESIDE_A_SUM: Final = frozenset("元块圆蚊大人多来几余把好wkr角毛刀文 ,.-~—–至到/每一")
_UNITS: Final = frozenset(UNIT)
_ROUGH: Final = frozenset({"多", "多钱", "多块", "左右", "上下", "出头", "不到", "+"})


def find_money(
    text: str, *, asked: bool = False, runs: Sequence[tuple[int, int]] | None = None
) -> list[Span]:
    """Every sum in ``text``; at most one is ``amount_yuan``. ``asked``: a bare number counts."""
    sums: list[Span] = []
    last = 0
    for start, end in numeral_runs(text) if runs is None else runs:
        at = max(start, last)
        if not (asked or end - at > 2 or _may_be_a_sum(text, at, end)):
            continue
        while at < end:
            span = _at(text, at, asked=asked)
            if span is None:
                break
            if span.entity:
                sums.append(span)
            at = last = max(span.end, at + 1)
    return roles(text, sums, asked=asked)


def _may_be_a_sum(text: str, start: int, end: int) -> bool:
    """The cheapest test: one or two ciphers are a sum only with one of these beside them."""
    return (
        text[end : end + 1] in _BESIDE_A_SUM
        or text[start - 1 : start] in {"¥", " "}
        or not _UNITS.isdisjoint(text[start:end])
    )


def _at(text: str, start: int, *, asked: bool) -> Span | None:
    """The sum that starts here; a span without a name is one that was read and is no money."""
    for marks, read in _SPECIAL:  # most runs have none of the marks, and looking is cheap
        if not marks.isdisjoint(text[max(0, start - 1) : start + 14]):
            span = read(text, start)
            if span is not None:
                return span
    match = _SUM.match(text, start)
    return None if match is None else _read(text, match, asked=asked)


def _yuan(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 2)


def _range(text: str, start: int) -> Span | None:
    """10-20万, 三千到五千: the lower end, vague."""
    match = _RANGE.match(text, start)
    if match is None or _NOT_MONEY.search(text[max(0, start - 4) : start]):
        return None
    low, high = parse(match["low"]), parse(match["high"])
    scaled = bool(match["unit"]) or any(char in "百千万w" for char in match["high"])
    if low is None or high is None or not (match["currency"] or scaled):
        return None
    if not match["currency"] and _MEASURE.match(text, match.end()):
        return Span("", start, match.end(), None, 0.0)
    top = high.value * _multiplier(match["unit"])
    factor = _multiplier(match["lowunit"] or match["unit"])
    if not match["lowunit"] and not match["unit"] and low.value < 100 <= high.value:
        factor = _last_factor(match["high"])
    value = low.value * factor
    if not 0 < value < top:
        return None
    return Span("sum", start, match.end(), _yuan(value), 0.65, vague=True)


def _last_factor(words: str) -> float:
    """What 万 in 三到五万 says about the three."""
    return _multiplier(words[-1]) if words[-1] in "百千万w" else 1.0


def _read(text: str, match: re.Match[str], *, asked: bool) -> Span | None:
    words, start, end = match["number"], match.start(), match.end()
    plain = not (match["more"] or match["unit"] or match["currency"] or match["over"])
    if plain:
        words, end = _without_foreign_digit(text, words, match.end("number"))
    number = parse(words)
    before = text[max(0, start - 4) : start]
    about = _ABOUT.search(before)
    sign = about is not None and about.group()[0] in "¥￥"
    other = Span("", start, max(end, start + 1), None, 0.0)
    if number is None or (_NOT_MONEY.search(before) and not sign):
        return other
    if not sign and not _is_money(text, match, words, end, asked=asked):
        return other
    yuan = _yuan(number.value * _multiplier(match["unit"]))
    vague = number.vague or bool(match["more"]) or match["over"] in _ROUGH
    sure = 0.95 if match["currency"] else 0.85
    if about is not None:
        start -= len(before) - about.start()
    return Span("sum", start, end, yuan, sure - 0.25 * vague, vague)


def _without_foreign_digit(text: str, words: str, end: int) -> tuple[str, int]:
    """三万一直没退 is 三万 and 一直; 两万三年 is 两万 and 三年."""
    follows = text[end : end + 1]
    if len(words) > 2 and words[-1] in DIGIT and words[-2] in DIGIT and parse(words) is None:
        return words[:-1], end - 1
    if len(words) < 2 or words[-2] not in "百佰千仟万亿wk" or words[-1] not in DIGIT:
        return words, end
    if follows and (
        (words[-1] == "一" and follows in _ONE_WORDS)
        or follows in "个年月天号人户名位岁次层栋楼家口回遍"
    ):
        return words[:-1], end - 1
    return words, end


def _is_money(text: str, match: re.Match[str], words: str, end: int, *, asked: bool) -> bool:
    if words == "一" and _half_a_word(text, match, end):
        return False
    if match["currency"]:
        return True
    if match["more"] in {"几", "多", "来"} and match["unit"]:  # 十几万
        return _MEASURE.match(text, end) is None
    bare = _CIPHERS.isdisjoint(words)  # 百姓, 千万别, 万达
    if bare or (words[0] in UNIT and words[0] not in "十拾"):  # 万一, 千八
        return asked or (bare and match["more"] == "把")
    if match["unit"] and match["unit"] in UNIT and text.startswith("公", end):
        return False
    if _MEASURE.match(text, end):
        return RATE_AFTER.match(text, end) is not None
    if any(char in "百佰千仟万亿wk" for char in words + (match["unit"] or "")):
        return True
    return asked or _bare_with_cue(text, match.start("number"), words)


def _half_a_word(text: str, match: re.Match[str], end: int) -> bool:
    """一块地, 一块走; and 一共, 一直, also in the answer to how much."""
    if match["currency"]:
        return match["currency"] == "块" and not match["over"]
    return text[end : end + 1] in tuple(_ONE_WORDS)


def _bare_with_cue(text: str, start: int, words: str) -> bool:
    figure = words.replace(",", "")
    if len(figure) > 7 or re.fullmatch(r"\d+(?:\.\d+)?", figure) is None:
        return False
    is_year = len(figure) == 4 and 1980 <= float(figure) < 2040 and figure != "2000"
    if is_year or float(figure) < 100 or int(float(figure)) in _HOTLINES:
        return False
    if _WORKERS.match(text, start + len(words)):
        return False
    return _BARE_CUE.search(text[max(0, start - 8) : start]) is not None


def _multiplier(unit: str | None) -> float:
    if not unit:
        return 1
    number = parse(unit)
    return number.value if number is not None else {"w": 10_000.0, "k": 1000.0}.get(unit, 1.0)


def _open(text: str, start: int) -> Span | None:
    """几十万, 好几千块: mentioned, no number."""
    match = _OPEN.match(text, start)
    if match is None:
        return None
    before = _OPEN_BEFORE.search(text[max(0, start - 3) : start])
    if before is None:
        return None
    begin = start - len(before.group())
    small = match["unit"] in {"十", "百"} and not match["currency"]
    other = Span("", start, match.end(), None, 0.0)
    if _MEASURE.match(text, match.end()) or (match["unit"] == "十" and not match["currency"]):
        return other
    if before.group() in {"上", "成"} and (small or not match["currency"]):
        return other
    return Span("sum", begin, match.end(), None, 0.6, vague=True)


def _small_change(text: str, start: int) -> Span | None:
    """一块八, 两块五毛: prices, seldom what is at stake."""
    match = _SMALL_CHANGE.match(text, start)
    if match is None:
        return None
    yuan, jiao = parse(match["yuan"]), parse(match["jiao"])
    if yuan is None or jiao is None or yuan.value >= 100:
        return None
    value = round(yuan.value + jiao.value / 10, 2)
    return Span("sum", start, match.end(), value, 0.85)


def _tenths(text: str, start: int) -> Span | None:
    """五毛."""
    match = _JIAO.match(text, start)
    number = parse(match["jiao"]) if match is not None else None
    if match is None or number is None or text[start - 1 : start] in {"一", "根", "块"}:
        return None
    return Span("sum", start, match.end(), round(number.value / 10, 2), 0.7)


_SPECIAL: Final = (
    (frozenset("-~—–至到"), _range),
    (frozenset("块"), _small_change),
    (frozenset("几数上成"), _open),
    (frozenset("毛角"), _tenths),
)
