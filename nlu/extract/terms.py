"""Closed facts: the kind of contract, who may know the resident's name, since when, last paid."""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.numbers import NUMERAL
from nlu.extract.span import Span

_CONTRACT: Final = (
    (
        "无",
        re.compile(
            r"(?:没有?|未|从没|从来没|压根没|都没|也没|不|没给|一直没)(?:跟我们?|和我们?|给我们?)?(?:签过?|订|有|签订|弄)?(?:过|任何|劳动|书面|用工|什么|啥|正式)*(?:合同|协议)|(?:劳动)?合同(?:也|都|啥的|什么的)?(?:没|未|不)(?:有|签|给签)?|无(?:劳动|书面)?合同|啥(?:合同|手续)?都没签|没签(?:过)?字?(?:合同)?$"
        ),
    ),
    ("口头", re.compile(r"口头|嘴上|嘴头|口说|说好的没写|光嘴|就嘴")),
    (
        "书面",
        re.compile(
            r"(?:签(?:了|过|订了?|有)|有|订了|写了)(?:\d+年|[一二三]年)?(?:的)?(?:书面|劳动|劳务|用工|正式|劳动用工|纸质)*(?:合同|协议)|合同(?:在|有|签了|签过|还在)|书面(?:合同|的)?|白纸黑字|签了的?"
        ),
    ),
)
_NOT_SIGNED: Final = re.compile(r"(?:没|未|不)[^,。;]{0,4}$")
_IDENTITY: Final = (
    (
        "保密",
        re.compile(
            r"保密|别(?:说|讲|告诉|透露|让[^,。]{0,8}知道|公开|提)[^,。;]{0,10}(?:我|名|谁|知道)?|不要(?:说|透露|公开|告诉)[^,。;]{0,8}|千万别让|马赛克|别露(?:我|名)|不想让[^,。]{0,6}知道|怕(?:他|被|打击)[^,。]{0,4}报复"
        ),
    ),
    (
        "匿名",
        re.compile(r"匿名|不(?:留|写|想留|想写|方便留)(?:名字?|姓名|真名)|无名氏|别写(?:我)?名"),
    ),
    (
        "实名",
        re.compile(
            r"实名|写我(?:的)?(?:名字|真名|大名)|(?:可以|能)公开(?:我)?(?:名字|姓名)|不怕[^,。]{0,4}知道|用我真名"
        ),
    ),
)
_WHEN: Final = (
    r"(?:(?:农历|阴历|阳历)?(?:19|20)\d{2}[年.\-/](?:\d{1,2}(?:月份?|[.\-/]\d{1,2}日?|月\d{1,2}[日号]?)?)?"
    r"|(?:大前年|前年|去年|今年|上个?月|本月|这个月|上上个?月|年前|年后|年底|年初|开春|入冬|入夏|立秋|麦收|秋收|疫情)(?:的)?(?:腊月|正月|春节|国庆|中秋|端午|五一|十一|元旦|过年|年底|年初|夏天|冬天|秋天|春天|底|初|上半年|下半年|暑假|寒假|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?)?(?:前后|底|初|中旬|上旬|下旬|(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})[号日])?"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})?[号日]?(?:前后|底|初)?"
    r"|(?:上上?个?|这个?)(?:礼拜|星期|周)[一二三四五六日天末]?|(?:大前天|前天|昨天|今天|前儿|昨儿|今儿|前晚|昨晚|昨夜|今早|今晨|刚才|刚刚)(?:个|晚上?|夜里|早上|上午|下午|中午|半夜|晚黑|黑儿)?"
    r"|腊月|正月|春节|国庆|中秋|过年|元旦|五一|端午|暑假|寒假|搬进来|入住|交房|装修|开工|开业)"
)
_SINCE: Final = re.compile(
    rf"(?:(?:从|自从?|打从?|自打)(?P<from>{_WHEN}(?:那天|那会儿?|的?时候)?)(?:以来|以后|之后|后|开始|起|就|到现在|至今|到今天)?"
    rf"|(?P<since>{_WHEN})(?:到现在|至今|到今天|到这会儿|开始|以来|起就|起到|起|至今天))"
)
_ANY_WHEN: Final = re.compile(_WHEN)
_LAST_PAID: Final = re.compile(
    rf"(?:上次|最后一次|最近一次|上回|最后)(?:发|给|结|领|开)?(?:的)?(?:工资|钱|薪|工钱)?(?:是|发的?|在|还是|就是)*(?P<when>{_WHEN})"
    rf"|(?:工资|钱)?只?(?:发|结|给|算|开)到(?:了)?(?P<until>{_WHEN})"
)
_DEMAND: Final = re.compile(
    r"(?:就想|只想|只求|我要求|要求|希望|诉求是|请求|请你们|麻烦你们|恳请|想让)(?P<want>[^,。;!?]{3,40})"
)


def find_terms(text: str, *, asked: str | None = None) -> list[Span]:
    """contract, identity_mode, happened_since, last_paid and demand, each at most once."""
    spans = [_contract(text, asked=asked == "contract"), _first(text, "identity_mode", _IDENTITY)]
    paid = _LAST_PAID.search(text)
    group = "" if paid is None else ("when" if paid["when"] else "until")
    if paid is not None:
        spans.append(Span("last_paid", *paid.span(group), paid[group], 0.8))
    spans += [_since(text, asked=asked), _demand(text)]
    return [span for span in spans if span is not None]


def _contract(text: str, *, asked: bool) -> Span | None:
    for value, pattern in _CONTRACT:
        match = pattern.search(text)
        if match is None:
            continue
        loose = "合同" not in match.group() and "协议" not in match.group() and value != "口头"
        if loose and not asked:
            continue
        if value == "口头" and not asked and not re.search(r"合同|协议|约定|说好|工资|答应", text):
            continue
        if value == "书面" and _NOT_SIGNED.search(text[max(0, match.start() - 5) : match.start()]):
            continue
        return Span("contract", *match.span(), value, 0.85)
    return _contract_answer(text) if asked else None


def _contract_answer(text: str) -> Span | None:
    """没有 and 签了 answer "was there a contract?"."""
    match = re.match(r"(?P<no>没有?签?|没得|无|木有|冇)|(?P<yes>有|签了?)", text)
    if match is None:
        return None
    return Span("contract", *match.span(), "无" if match["no"] else "书面", 0.7)


def _first(text: str, entity: str, table: tuple[tuple[str, re.Pattern[str]], ...]) -> Span | None:
    for value, pattern in table:
        match = pattern.search(text)
        if match is not None:
            return Span(entity, *match.span(), value, 0.8)
    return None


def _since(text: str, *, asked: str | None) -> Span | None:
    match = _SINCE.search(text)
    if match is not None:
        group = "from" if match["from"] else "since"
        return Span("happened_since", *match.span(group), match[group], 0.85)
    if asked == "happened_since":
        plain = _ANY_WHEN.search(text) or re.search(
            rf"{NUMERAL}个?(?:多|半)?(?:月|年|天|周|星期|礼拜)(?:多|半)?(?:了|前|以前)?", text
        )
        if plain is not None:
            return Span("happened_since", *plain.span(), plain.group(), 0.75)
    plain = _ANY_WHEN.search(text)
    if plain is not None and re.match(
        r"(?:晚上?|夜里|早上|下午)?(?:就)?(?:开始|起|停|断|漏|塌|坏|没)", text[plain.end() :]
    ):
        return Span("happened_since", *plain.span(), plain.group(), 0.6)
    return None


def _demand(text: str) -> Span | None:
    match = _DEMAND.search(text)
    return (
        None if match is None else Span("demand", *match.span("want"), match["want"].strip(), 0.55)
    )
