"""What each sum in a line is for: at stake, paid, a wage rate, a price.

One sum answers "how much is at stake" and is ``amount_yuan``; the others keep what they are:
``amount_paid`` (the other side has already given it), ``wage_rate`` (per month, day, hour),
``unit_price`` (per ㎡, kWh, …), ``amount_other``. In a letter a sum must be said to be owed, lost
or wrongly taken before it is at stake: most sums told there are only part of the story.
"""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.span import Span, best_first

_BEFORE: Final = re.compile(
    r"(?P<monthly>每个?月|一个?月|月薪|(?<!个)月工资|月供|按月|月租|底薪|保底|月收入|工资是?每月)(?:工资|租金|收入|房租|给|发|交|挣|拿|是|才|就|只有?|大概|差不多|也就|的|能|到手|开|收|我|他|她|你|合计|总共|一共|共)*$"
    r"|(?P<daily>每天|一天|日薪|一日|每日|一个?工|每个?工|小时|时薪)(?:工资|给|挣|是|才|的|收|开|算)*$"
    r"|(?P<unit>每(?:平方米|平方|平米|平|度|吨|斤|车|单|个|次|间|方|张|件|亩|本|套|顿|小时)|一(?:平方|平米|平|度|单|吨|斤|车|方|张|件|次|亩|扇|本|套|顿)|单价|均价|标准是?)(?:收|要|给|卖|是|才|的|就)*$"
    r"|(?P<person>每人|人均|一人|每个人|一个人|每户|一户|户均|每家)(?:欠|差|交|收|摊|给|要|出|还|各|都|得|也|该|应|平均|大概|差不多|押金|工资)*$"
)
RATE_AFTER: Final = re.compile(
    r"(?P<unit> ?(?:/|每|一)(?:平方米|平方|平米|平|度|吨|斤|车|单|方|张|件|㎡|m|小时|亩|立方))"
    r"|(?P<monthly> ?(?:/月|每月|一个?月|/ ?m))|(?P<daily> ?(?:/天|每天|一天|一日|/日|一个工))"
)
_OWED: Final = re.compile(
    r"欠|差|剩|没[给发结付退]|未[付发结退]|不[给退结发付]|拖|损失|赔|该[给退]|结算|骗|罚|扣|挪用|携款|卷|私吞|侵占|贪|压了?|拒绝?支?付|拿不到|要不回|结清|讨"
)
_TOTAL: Final = re.compile(r"一共|总共|总计|合计|共计|共|累计|合起来|加起来|全部")
_ALL_OF_IT: Final = re.compile(r"(?:一共|总共|总计|合计|加起来)(?:大概|差不多|也就|是|有|约|得)*$")
_OWING: Final = re.compile(r"欠|没[给发结付退]|未[付发结退]|不[给退结发付]|拖|拒绝?[支付]|骗|赖")
_AT_STAKE: Final = re.compile(
    r"欠|退|赔|骗|扣|罚|损失|没[给发结付]|不[给发结付认]|拖|追回|要回|克扣|押金|多收|乱收|违规|强制|跑路|跑了|关门|倒闭|赖|坑|黑|涨|贵|索要|敲诈|要我|坏|补偿|没见"
)
_FORMAL: Final = re.compile(
    r"请问|尊敬|本人|您好|你好|有关部门|相关部门|政策|规定|咨询|是否|被告知|希望|市民|建议|反映|领导"
)
_PAID: Final = re.compile(
    r"(?:给过|预支|只给|才给|先给|已付|付过|借支|支了|生活费|只发|才发|发过|先发|已发|还过|只退|才退|已经(?:给|付|发|退|还|结)|结了)[^,。;、还差欠剩]{0,6}$"
)
_GAVE: Final = re.compile(r"(?:塞|垫付|路费|退了|给了|打了)[^,。;、]{0,6}$")
"""Who gave is left open: the debtor a part of it, or the resident to a swindler."""
_OTHER_OWNER: Final = re.compile(
    r"(?:别人|(?<![给帮为替])人家|隔壁|其他人|同行|市场价|原价)[^,。;]{0,8}$"
)
_TOLD_BEFORE: Final = (("paid", _PAID), ("paid", _OTHER_OWNER), ("gave", _GAVE))
_LIMIT: Final = re.compile(
    r"(?:超过|不超过|低于|高于|不足|估计|预估|优惠|奖励?|注册资金|投资|融资|贷款|首付|房价|总价|年收入|月收入|收入|市值|价值|卖价?|售价|标价|预算)[^,。;、]{0,4}$"
)
_BREAKS: Final = re.compile(r"[,。;!?、\n]")
_EARNED: Final = re.compile(
    r"(?:块|的|点|多|钱){0,4}(?:[点计]工|人工|加班)?(?:工资|工钱|薪|血汗钱|工程款|货款|劳务费)"
)
_BY_THE_MONTH: Final = re.compile(
    r"补贴|补助|低保|抚养费|赡养费|租金|房租|物业费|停车费|养老金|退休金|管理费|会费|伙食费|学费|医药费|救助|津贴"
)
_SCORES: Final = {
    "owed": 3.0,
    "total": 2.6,
    "plain": 2.0,
    "person": 2.2,
    "monthly": 1.2,
    "gave": 1.0,
    "limit": 0.5,
    "paid": 0.8,
    "daily": 0.6,
    "unit": 0.4,
}
_RIVALS: Final = frozenset({"owed", "total", "plain", "person"})
_NAMES: Final = {
    "monthly": "wage_rate",
    "daily": "wage_rate",
    "unit": "unit_price",
    "paid": "amount_paid",
}
LETTER: Final = 60
"""From this many characters on a line tells a story in which not every figure is the answer."""
LETTER_OF_ONE: Final = 140
"""The same when it names a single sum that can be the answer."""
_LETTER_BAR: Final = 2.1


def roles(text: str, sums: list[Span], *, asked: bool = False) -> list[Span]:
    """Name each sum; the one most likely at stake becomes ``amount_yuan``.

    ``asked``: the bot asked how much, so a sum put in (投了二十万) is the answer.
    """
    if not sums:
        return []
    rated = []
    for span in sums:
        kind = _kind(text, span)
        score = _SCORES[kind] + (0.0 if span.value is not None else -0.5)
        name = _NAMES.get(kind, "amount_other")
        rated.append((kind, _with_role(span, name, score)))
    rivals = sum(kind in _RIVALS for kind, _ in rated)
    story = len(text) > (LETTER if rivals > 1 or _only_tells(text) else LETTER_OF_ONE)
    bar = _LETTER_BAR if story and not asked else 0.0
    for stake in best_first([span for _, span in rated]):
        kind = next(kind for kind, span in rated if span is stake)
        answers = asked and kind == "limit"
        if stake.score > bar and (answers or _may_be_stake(text, kind, stake)):
            return [span.named("amount_yuan") if span is stake else span for _, span in rated]
    return [span for _, span in rated]


def _only_tells(text: str) -> bool:
    """Formal words, and none of loss: an enquiry or a report in which the sum is a detail."""
    return _FORMAL.search(text) is not None and _AT_STAKE.search(text) is None


def _with_role(span: Span, name: str, score: float) -> Span:
    return Span(name, span.start, span.end, span.value, span.confidence, span.vague, score)


def _kind(text: str, span: Span) -> str:
    closest = _BREAKS.split(text[max(0, span.start - 14) : span.start])[-1]
    after = text[span.end : span.end + 10]
    for match in (RATE_AFTER.match(after), _BEFORE.search(closest)):
        if match is not None and match.lastgroup is not None:
            return match.lastgroup
    if isinstance(span.value, float):
        return "unit"
    for kind, pattern in _TOLD_BEFORE:
        summed = pattern is _OTHER_OWNER and _ALL_OF_IT.search(closest)  # 其他人也有，总共十七万
        if pattern.search(closest) and not summed:
            return kind
    rest = _BREAKS.split(after)[0][:8]
    owed = _OWED.search(closest[-10:]) or _OWED.search(rest)
    if owed or (_EARNED.match(rest) and _OWING.search(text)):
        return "owed"
    if _LIMIT.search(closest):
        return "limit"
    if _TOTAL.search(closest[-8:]):
        return "total" if len(text) <= LETTER or _OWING.search(text) else "plain"
    return "plain"


def _may_be_stake(text: str, kind: str, span: Span) -> bool:
    if kind in {"daily", "paid", "limit"} or isinstance(span.value, float):
        return False
    if kind == "unit":  # 一扇一千八 is what it costs, 一平两块八 is a price
        return isinstance(span.value, int) and span.value >= 100
    return kind != "monthly" or _BY_THE_MONTH.search(text) is not None
