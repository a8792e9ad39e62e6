"""Which length of time is the answer to "how long has it lasted?".

The span that says so is ``period_months``; how long somebody worked before is ``worked_months``;
every other length (a contract's term, an age, notice given) is ``duration``. In a letter the words
beside it must say that something is owed, broken or undone all that time: a letter tells many
times, and the one that is only mentioned is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nlu.extract.numbers import NUMERAL
from nlu.extract.span import Span, best_first

_TERM_BEFORE: Final = re.compile(
    r"(?:提前|少[领算拿休]|多[领算交]|试用期?|合同期?|签了?|还?剩|还有|离.{1,4}就|距|仅有|保修期?|质保期?|保几?|判了?|怀孕|孕|产假|保修|年龄|今年|婚龄|期限|有效期|给他|再等|要等|上个?|下个?|每|这个|前|(?<!最)后|第|最近|(?<!后)头|开学|结婚|租期|押一付|刚满|学制|读了?|出生|孩子才?|娃才?|宝宝才?|生完|未来|今后|接下来|最多|最长|最少|至少|需要?|得|要|补偿|补缴|赔偿?|经验|从业|教龄|工龄|房龄|毕业|恋爱|处了?|认识|住院|手术|治疗|休息|收取|(?<!断)缴纳?|预交|丢|休养|养|每隔|隔|只肯给|[只就才][给发结]|只赔|只补|说好|约定|承诺|保证|答应|相等|等[于]|[\d一二两三四五六七八九十]岁零?)(?:是|为|了|我|我们|满|只有|才|已经)?$"
)
_TERM_AFTER: Final = re.compile(
    r"(?:就[坏黑断裂掉散死破废]|完工|交货|交付|内|以内|之内|前(?!后|头)|以上|以下|以后|之后|后(?!来)|后再|一次|一趟|一回|一付|一结|起租|大的|到期|周年|期间|期|不等"
    r"|的?(?:试用|合同|孩子|娃|宝宝|婴儿|产假|病假|质保|保修|有期|工期|租期|房租|押金|培训|物业费|租金|卡|会员|房龄|工龄|经验|历史|使用|老房|老小区|工资?的?补偿|住院|院))"
)
_OWED_AFTER: Final = re.compile(
    r"了?(?:的|没发的?|没给的?)?(?:工资|工钱|薪水|薪|钱|血汗钱|社保|公积金|[点工]){0,4}(?:一分|一毛|钱|都|还|也|就|到现在|至今|一直|愣|仍然?|分文|迟迟){0,4}(?:没|未|不|拒)(?!到|满)(?:给|发|结|付|见|交|修|人|有|开|动|管|拿|算|处理|解决|下来|打|停|退|回|消停|办|看|支付|兑现|领|到账|来|还|能|通|热|得到)"
    r"|了?(?:都|还|仍)?(?:拒绝|拒不|拒付)"
)
_PAY_AFTER: Final = re.compile(
    r"(?:的)?(?:工资|工钱|薪水|血汗钱)(?!是|有|赔|补偿|[\d一二两三四五六七八九十])"
)
_OWED_BEFORE: Final = re.compile(
    r"(?:拖欠?|欠|压着?|拖了?|拖着|停了?|停工|坏了?|漏了?|断了?|持续|吵了?|闹了?|没发|不发|没给|没修|没人管|没人修|克扣|断缴|断交|滴了?|堵了?|修了?|停水|停电|停气|没水|没电|烂尾|积压|塌了?|臭了?)(?:着|了|我们|我|他们|员工|工人|大家|农民工|工资|近|将近|有|达|长达|快|整|都|差不多|大概|已|已经)*$"
)
_OWED_SUM_BEFORE: Final = re.compile(
    r"(?:欠|拖|压|扣|不给|没给|没发|不发|兑现|拒付|发不出)[^,。;]{0,10}(?:工资|工钱|钱|薪水?|款|费|[多万千])[, ]?(?:近|已|已经|都|有|将近)*$"
    r"|(?:工资|工钱)[^,。;]{0,3}[万千多元块]$"
)
_WEAK_AFTER: Final = re.compile(r"了|多了|没|未|整了|之久|一直|至今|还")
_WEAK_BEFORE: Final = re.compile(
    r"(?:等了?|过去|没给|住了?|已经?|都|了|连着|连续|整整|足足|有|前头那|这|快|长达|历时|历经|拖到)(?:了|我们|我|他们|员工|工人|大家|近|将近|有|快|整|都|差不多)*$"
)
_SO_FAR: Final = re.compile(
    r"(?:到|至)(?:现在|今天|目前|今|这个?月|如今|这会儿)(?:为止)?(?:已|已经|正好|刚好|都|整整|有|满|也|快)*$"
)
_RATE_AFTER: Final = re.compile(
    rf"(?:就|才|只|要)*(?:靠|休|歇|放|好几?(?=[十百千万]))(?:那|这|着)?(?:{NUMERAL}|[十百千万])|(?:的)?(?:[说讲谈定约]好(?:了|的|是)*)?(?:费用?|租金|工资|房租|收入|基本工资|底薪|低保金?|补助|补贴|退休金|养老金|生活费|抚养费|赡养费|停车费|车位费|物业费|学费)?(?:每人|每家|每户|一人|各|人均)?(?:出|摊|是|才|就|要|给|收|挣|拿|发|都|交)?{NUMERAL}(?:块|元|多|来|[百千万,。;]|$)"
)
_PRICE_BEFORE: Final = re.compile(r"[\d万千百]多?[元块]?(?:钱)?$")
_OWN_DEBT: Final = re.compile(r"(?:费|房租|房贷|贷款|社保)(?:已经|也|都|有)?$")
_UNPAID: Final = re.compile(
    r"了?[, ]?(?:他|老板|人家|公司|厂里|店里|也|都|就|一直)*(?:不发|不给|没发|没给|没结|不结|没开)(?=$|[,。 ]|工资|工钱|钱|[我俺])"
)
"""端了两个月他不发: all that was worked is owed."""
_WORKED_BEFORE: Final = re.compile(
    r"(?:干了?|做了?|上了?|扛了?|工作了?|上班|打工|跑了?|当了?|入职|任职|洗了|扫了|端了|送了|搬了|教了|炒了|焊了|砌了|站了|守了)(?:了|快|有|近|将近|满|不到)*$"
)
_NOTHING_PAID: Final = re.compile(
    r"一(?:分|毛|个子|厘)(?:钱|儿)?(?:都|也|还)?(?:没|未|不)(?:给|发|见|拿|结|到|收|付)|(?:分文|半分)(?:都|也)?(?:没|未|不)(?:给|发|见|付)|没(?:给|见|拿)(?:过|着|到)?一(?:分|毛)"
)
_AFTER: Final = ((_OWED_AFTER, 1.4), (_PAY_AFTER, 0.6), (_WEAK_AFTER, 0.4))
_BEFORE: Final = (
    (_OWED_BEFORE, 1.4),
    (_OWED_SUM_BEFORE, 1.4),
    (_SO_FAR, 1.2),
    (_WEAK_BEFORE, 0.6),
)
"""How much each kind of words beside a length of time speaks for it; the first that is there."""
_EMPHATIC: Final = ("已经", "整整", "足足", "快")
SHORT: Final = 100
"""Up to this many characters a line that names a length of time at all most likely answers."""
_LETTER_BAR: Final = 1.45


def lasting(text: str, found: list[Span], *, asked: bool) -> list[Span]:
    """Name the lengths of time ``found`` in ``text``."""
    rated = [_scored(text, span, asked=asked) for span in found]
    owed = [span for span in rated if asked or span.entity != "worked_months"]
    order = best_first(owed)
    bar = 0.0 if asked or len(text) <= SHORT else _LETTER_BAR
    best = order[0] if order and order[0].score > bar else None
    return [span.named("period_months") if span is best else span for span in rated]


def _scored(text: str, span: Span, *, asked: bool) -> Span:
    before, after = text[max(0, span.start - 18) : span.start], text[span.end : span.end + 14]
    words = text[span.start : span.end]
    worked = _WORKED_BEFORE.search(before) is not None
    nothing_paid = worked and (
        _UNPAID.match(after) is not None
        or _NOTHING_PAID.search(text, span.end, span.end + 24) is not None
    )
    score = 0.4 + _first_hit(_AFTER, lambda pattern: pattern.match(after))
    if not worked:
        emphatic = 0.6 if words.startswith(_EMPHATIC) else 0.0
        score += _first_hit(_BEFORE, lambda pattern: pattern.search(before)) or emphatic
    if worked:
        # Worked three months and saw not a cent: all three are owed.
        score += 1.4 if nothing_paid else -1.0
    against = _against(text, span, before, after)
    score -= against
    if asked or (len(text) <= len(words) + 3 and not against):
        score += 2.0
    if isinstance(span.value, float) and span.value < 0.25:
        score -= 0.5
    if span.value is None:
        score -= 0.3
    name = "worked_months" if worked and not nothing_paid else span.entity
    return Span(name, span.start, span.end, span.value, span.confidence, span.vague, score)


def _first_hit(
    table: tuple[tuple[re.Pattern[str], float], ...],
    look: Callable[[re.Pattern[str]], re.Match[str] | None],
) -> float:
    return next((score for pattern, score in table if look(pattern) is not None), 0.0)


def _against(text: str, span: Span, before: str, after: str) -> float:
    """What speaks for another kind of time: a rate, a term, an age."""
    words = text[span.start : span.end]
    against = 0.0
    if (words[0] in "一1每" and _RATE_AFTER.match(after)) or words == "四周":
        against += 2.0
    if words in {"一年", "一个月", "一月", "一天"} and _PRICE_BEFORE.search(before):
        against += 1.0
    if _TERM_BEFORE.search(before) or _TERM_AFTER.match(after):
        against += 2.0
    if _OWN_DEBT.search(before) and after.startswith(("没交", "未交", "没缴", "未缴")):
        against += 2.0
    if after.startswith(("大", "岁")):
        against += 2.0
    return against
