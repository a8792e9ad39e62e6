"""Sums of money: 两万三, 1w8, 三千来块, 每人一万二, 一个月四千五, 叁万捌仟元整.

One sum answers "how much is at stake" and is ``amount_yuan``; the others in the line keep what
they are: ``wage_rate`` (per month, day, hour), ``unit_price`` (per ㎡, kWh, …), ``amount_other``.
"""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.numbers import DIGIT, NUMERAL, UNIT, Number, parse
from nlu.extract.span import Span, best_first

_CURRENCY: Final = r"元整|元钱|元|块钱|块大洋|块|圆整|圆|蚊|大洋|人民币|rmb|大元|刀乐|文钱"
_SUM: Final = re.compile(
    rf"(?P<about>大概|大约|约莫|约|将近|近|差不多|快|小|¥ ?)?(?P<number>{NUMERAL})"
    rf"(?P<more>[多来几余把]|好几)?(?P<unit>[{UNIT}]{{1,2}}|[wk](?![a-z0-9]))?"
    rf" ?(?P<currency>{_CURRENCY})?(?P<over>多钱|多块|多|左右|上下|出头|不到)?"
)
_OPEN: Final = re.compile(
    rf"(?<![\d十百两一二三四五六七八九])(?:好几|几|数|上|成|大几|小几)(?P<unit>[十百千万亿]+)(?P<more>[多来])?(?P<currency>{_CURRENCY})?"
)
_SMALL_CHANGE: Final = re.compile(
    rf"(?P<yuan>{NUMERAL})块(?P<jiao>[{DIGIT}\d])(?:毛|角)?(?![{UNIT}\d个百千万])"
)
_JIAO: Final = re.compile(rf"(?P<jiao>[{DIGIT}\d])(?:毛|角)(?:钱|五|5)?(?![{DIGIT}\d])")
_MEASURE: Final = re.compile(
    r" ?(?:个|人|名|位|户|家|平|米|m|斤|公斤|吨|亩|公里|里路|年|月|天|日|号|小时|钟|次|字|只|头|条|张|件|台|辆|瓦"
    r"|度|升|片|楼|栋|幢|路|股|卡|步|遍|回|岁|口|级|伏|v|kg|g|克|分贝|分钟|分|秒|倍|颗|棵|盆|层|方|余户|余人|多户|多人"
    r"|市民|村民|业主|处|趟|盏|根|瓶|桶|箱|包|袋|支|枚|篇|例|宗|把|场|门|节|堂|道|题|类|种|兆|间|套|份|封|座|辈|项|页|学生|%|％|比|:|\.|/\d|-\d|期|届|中|小|所|室|房|单元|大街|床|版)"
)
_ONE_WORDS: Final = "直样定起共个次分点些年月天边再旦切概律批名位户人种套间面下会家方般等向刀群帮"
_BARE_CUE: Final = re.compile(
    r"(?:欠(?:了|我|我们|款|薪|条)?|工资(?:款)?|工钱|金额(?:为|是)?|共计|合计|总计|总额|收了?|交了?|花了?|付了?|退|押金|赔偿?|罚了?"
    r"|转了?|剩|差|损失|费|款|价|一天|每天|一个月|每月|月薪|日薪)(?:了|我|是|为|我们|：|:)? ?$"
)
_KIND_BEFORE: Final = re.compile(
    r"(?P<monthly>每个?月|一个?月|月薪|月工资|月供|按月|月租|底薪|保底|月收入|工资是?每月)(?:工资|租金|收入|房租|给|发|交|挣|拿|是|才|就|只有?|大概|差不多|也就|的|能|到手|开|收)*$"
    r"|(?P<daily>每天|一天|日薪|一日|每日|一个?工|每个?工|小时|时薪)(?:工资|给|挣|是|才|的|收|开|算)*$"
    r"|(?P<unit>每(?:平方米|平方|平米|平|度|吨|斤|车|单|个|次|间|方|张|件|亩|本|套|顿|小时)|一(?:平方|平米|平|度|单|吨|斤|车|方|张|件|次|亩|扇|本|套|顿)|单价|均价|标准是?)(?:收|要|给|卖|是|才|的|就)*$"
    r"|(?P<person>每人|人均|一人|每个人|一个人|每户|一户|户均|每家)(?:欠|差|交|收|摊|给|要|出|还|各|都|得|也|该|应|平均|大概|差不多|押金|工资)*$"
)
_KIND_AFTER: Final = re.compile(
    r"(?P<unit> ?(?:/|每|一)(?:平方米|平方|平米|平|度|吨|斤|车|单|方|张|件|㎡|m|小时|亩|立方))"
    r"|(?P<monthly> ?(?:/月|每月|一个?月|/ ?m))|(?P<daily> ?(?:/天|每天|一天|一日|/日|一个工))"
)
_OWED: Final = re.compile(
    r"欠|差|剩|没[给发结付退]|未[付发结退]|不[给退结发付]|拖|一共|总共|总计|合计|共计|共|累计|合起来|加起来|全部|损失|赔|该给|该退|结算|被骗|骗了?|罚|扣"
)
_PAID: Final = re.compile(
    r"(?:给过|预支|只给|才给|先给|已付|付过|借支|支了|生活费|只发|才发|发过|先发|已发|塞|垫付|路费|还过|只退|才退|退了|给了|打了)[^,。;、]{0,6}$"
)
_OTHER_OWNER: Final = re.compile(r"(?:别人|人家|隔壁|其他人)[^,。;]{0,8}$")
_NOT_MONEY: Final = re.compile(
    r"(?:百分之|第|[a-z][-_]?|[\d.:]|农历|周岁|编号|尾号|电话|微信|热线|拨打|打了?|工号|车牌|20[12]\d)$"
)
_HOTLINES: Final = frozenset({12345, 12315, 12333, 12348, 12356, 12338, 12388, 12369, 12393, 95598})
_BREAKS: Final = re.compile(r"[,。;!?、\n]")
_SCORES: Final = {
    "owed": 3.0,
    "plain": 2.0,
    "person": 1.8,
    "monthly": 1.2,
    "paid": 1.0,
    "daily": 0.6,
    "unit": 0.4,
}
_NAMES: Final = {"monthly": "wage_rate", "daily": "wage_rate", "unit": "unit_price"}


def find_money(text: str, *, asked: bool = False) -> list[Span]:
    """Every sum in ``text``; at most one is ``amount_yuan``. ``asked``: a bare number counts."""
    sums = _small_change(text)
    sums += [span for span in _open(text) if not _taken(span, sums)]
    sums += [span for span in _sums(text, asked=asked) if not _taken(span, sums)]
    return _choose(text, sums)


def _taken(span: Span, spans: list[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in spans)


def _sums(text: str, *, asked: bool) -> list[Span]:
    found = []
    for match in _SUM.finditer(text):
        span = _read(text, match, asked=asked)
        if span is not None:
            found.append(span)
    return found


def _read(text: str, match: re.Match[str], *, asked: bool) -> Span | None:
    words, end = match["number"], match.end()
    plain = not (match["more"] or match["unit"] or match["currency"] or match["over"])
    if plain:
        words, end = _without_foreign_digit(text, words, match.end("number"))
    number = parse(words)
    if number is None or _NOT_MONEY.search(text[max(0, match.start() - 4) : match.start()]):
        return None
    if not _is_money(text, match, words, end, asked=asked):
        return None
    value = number.value * _multiplier(match["unit"])
    vague = (
        number.vague
        or bool(match["more"])
        or match["over"] in {"多", "多钱", "多块", "左右", "上下", "出头", "不到"}
    )
    yuan = int(value) if value == int(value) else value
    sure = 0.95 if match["currency"] else 0.85
    return Span("sum", match.start(), end, yuan, sure - 0.25 * vague, vague)


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
    if match["currency"] or (match["about"] or "").startswith("¥"):
        return True
    if not any(
        char in "一二两三四五六七八九几壹贰叁叄肆伍陆柒捌玖" or char.isdigit() for char in words
    ):
        return asked or match["more"] == "把"  # 百姓, 千万别, 万达
    if words[0] in UNIT and words[0] not in "十拾":  # 万一, 千八: money only with a currency
        return asked
    if match["unit"] and match["unit"] in UNIT and text.startswith("公", end):
        return False
    if _MEASURE.match(text, end):
        return _rate_follows(text, end)
    if any(char in "百佰千仟万亿wk" for char in words + (match["unit"] or "")):
        return True
    return asked or _bare_with_cue(text, match.start("number"), words)


def _half_a_word(text: str, match: re.Match[str], end: int) -> bool:
    """一块地, 一块走; and 一共, 一直, also in the answer to how much."""
    if match["currency"]:
        return match["currency"] == "块" and not match["over"]
    return text[end : end + 1] in tuple(_ONE_WORDS)


def _rate_follows(text: str, end: int) -> bool:
    return _KIND_AFTER.match(text, end) is not None


def _bare_with_cue(text: str, start: int, words: str) -> bool:
    figure = words.replace(",", "")
    if len(figure) > 7 or re.fullmatch(r"\d+(?:\.\d+)?", figure) is None:
        return False
    is_year = len(figure) == 4 and 1980 <= float(figure) < 2040 and figure != "2000"
    if is_year or float(figure) < 100 or int(float(figure)) in _HOTLINES:
        return False
    return _BARE_CUE.search(text[max(0, start - 8) : start]) is not None


def _multiplier(unit: str | None) -> float:
    if not unit:
        return 1
    number = parse(unit)
    return number.value if number is not None else {"w": 10_000.0, "k": 1000.0}.get(unit, 1.0)


def _open(text: str) -> list[Span]:
    """几十万, 好几千块: mentioned, no number."""
    found = []
    for match in _OPEN.finditer(text):
        small = match["unit"] in {"十", "百"} and not match["currency"]
        if _MEASURE.match(text, match.end()) or (match["unit"] == "十" and not match["currency"]):
            continue
        if text[match.start()] in "上成" and (small or not match["currency"]):
            continue
        found.append(Span("sum", match.start(), match.end(), None, 0.6, vague=True))
    return found


def _small_change(text: str) -> list[Span]:
    """一块八, 两块五毛, 五毛: prices, seldom what is at stake."""
    found = []
    for match in _SMALL_CHANGE.finditer(text):
        yuan, jiao = parse(match["yuan"]), parse(match["jiao"])
        if yuan is not None and jiao is not None and yuan.value < 100:
            found.append(
                Span(
                    "sum", match.start(), match.end(), round(yuan.value + jiao.value / 10, 2), 0.85
                )
            )
    for match in _JIAO.finditer(text):
        jiao = parse(match["jiao"])
        span = Span("sum", match.start(), match.end(), 0.1 * (jiao or Number(0)).value, 0.7)
        if (
            jiao is not None
            and not _taken(span, found)
            and text[match.start() - 1 : match.start()] not in {"一", "根", "块"}
        ):
            found.append(Span("sum", span.start, span.end, round(jiao.value / 10, 2), 0.7))
    return found


def _kind(text: str, span: Span) -> str:
    before = text[max(0, span.start - 14) : span.start]
    after = text[span.end : span.end + 10]
    closest = _BREAKS.split(before)[-1]
    for match in (_KIND_AFTER.match(after), _KIND_BEFORE.search(closest)):
        if match is not None and match.lastgroup is not None:
            return match.lastgroup
    if isinstance(span.value, float):
        return "unit"
    if _PAID.search(closest) or _OTHER_OWNER.search(closest):
        return "paid"
    if _OWED.search(closest[-8:]) or _OWED.search(_BREAKS.split(after)[0][:6]):
        return "owed"
    return "plain"


def _choose(text: str, sums: list[Span]) -> list[Span]:
    """Name each sum; the one most likely at stake becomes ``amount_yuan``."""
    rated = []
    for span in sums:
        kind = _kind(text, span)
        score = _SCORES[kind] + (0.0 if span.value is not None else -0.5)
        rated.append(
            (
                kind,
                Span(
                    _NAMES.get(kind, "amount_other"),
                    span.start,
                    span.end,
                    span.value,
                    span.confidence,
                    span.vague,
                    score,
                ),
            )
        )
    order = best_first([span for _, span in rated])
    stake = next((span for span in order if _may_be_stake(text, rated, span)), None)
    return sorted(
        (span.named("amount_yuan") if span is stake else span for _, span in rated),
        key=lambda span: span.start,
    )


def _may_be_stake(text: str, rated: list[tuple[str, Span]], span: Span) -> bool:
    kind = next(kind for kind, other in rated if other is span)
    if kind == "daily" or isinstance(span.value, float):
        return False
    if kind == "unit":  # 一扇一千八 is what it costs, 一平两块八 is a price
        return isinstance(span.value, int) and span.value >= 100
    return not (
        kind == "monthly"
        and re.search(r"工资|月薪|挣|底薪|收入|上班|压了|欠薪|干活|工地|加班", text)
    )
