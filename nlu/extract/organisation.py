"""Companies and institutions: 鼎盛劳务, 某某物业公司, 老周烧烤店, 中铁某局, 公司叫鼎盛, 总包是宏远."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from nlu.extract.names import LONGEST, Piece
from nlu.extract.span import Span
from nlu.lexicon import surnames, word_set

_TRAIL: Final = re.compile(
    r"(?:(?:股份)?有限(?:责任)?公司|集团|分公司|公司|项目部|物业(?:管理|服务)?(?:有限)?(?:公司|中心|处)?)"
)
_STATE: Final = re.compile(
    r"(?:中铁|中建|中交|中冶|中国水电|中铁建|省建|市建|葛洲坝)[一二三四五六七八九十\d]{0,3}(?:局|公司|航局)?(?:集团)?"
)
_NOT_AFTER: Final = re.compile(
    r"(?:费|经理|员工|人员|师傅|管理员|办公室|楼|部门|用房|保安|用品|路|街|工作|名义|法|条例|材料|资质|市场|合同|图纸|垃圾|噪音|质量|行业|纠纷|问题|款)"
)
_BESIDE: Final = re.compile(r"(?:的)?(?:门口|对面|旁边|附近|后头|后面|边上|楼下|隔壁|斜对面)")
_PLAIN_NAME: Final = re.compile(
    r"^(?:想换掉?|要换掉?|更换|换掉|(?:总包|分包|甲方|乙方|承包方|发包方|挂靠|原告|被告|雇主)(?=...)|(?:\d{1,2}[月日号])+|入职|就职于?|任职于?|应聘到?|加入|购买|投诉|举报|推给?|找过?|问过?|能管|催过?|求过?|告|打过|去过|某|这|那|该|本|我|小区|业主|开发商|建设|施工|前期|(?:原|前|后|新|老|旧|现|黑)(?=公司|物业))+(?:的|家|个)?"
)
_ACTS: Final = re.compile(
    r"(?:公司)?(?:的老板|老板|还|又|一直|也|都|至今|恶意|长期)*(?:拖欠|欠|不给|没给|不发|没发|扣|克扣|压着?|跑路|跑了|倒闭|把我|让我|叫我|辞退|开除|裁员|招的|骗|干了|上班|做工|做了|打工)"
)
_MASK_ONLY: Final = re.compile(
    r"(?:[a-z]\d{0,2}(?:市|区|县))+(?:公司|物业|银行|医院|学校|超市|厂)?"
)
_NAMED: Final = re.compile(
    r"(?:(?:公司|单位|厂子?|店|店名|厂名|物业|机构|学校|医院|开发商|商家|饭店|餐馆|健身房|培训班)(?:名字|名称|全称)?(?:[^\W\d_]{0,3}[ ,])?(?:叫做?|名叫|是叫|是:|叫:|名为)|(?:总包|上头|上面|上边|上级|上家|总公司|甲方|发包方|承建方|施工方|劳务方|用工单位)(?:单位|公司|的)?(?:是|叫|就是)|挂靠(?:的是|在|到|于)?|(?:用人单位|单位名称|公司名称|被投诉单位|投诉对象|被告):)"
    r"(?P<name>[^\W_]{2,16})"
)
_LABELLED: Final = re.compile(
    r"(?:(?:开发商|施工方|承建商|物业公司|公司名称?|店名|单位名称?|厂名|机构名称?|被告|被投诉方)[ :]+|(?:店|厂|公司|单位)名字?(?:是|叫做?|就叫)?)(?P<name>[^\W\d_]{3,14})(?=$|[ ,。;!])"
)
_TELLS: Final = re.compile(r"[我你他她它这那了是不没有去来给把被说让叫要]")
_WORKED_AT: Final = re.compile(
    r"(?:在|给|帮|跟着?|进了?)(?P<name>[^\W\d_]{2,8}?)(?:上班|打工|干活|做工|当保安|做保洁|送外卖|跑外卖|送快递|当服务员|端盘子|开车|打零工|做事)"
)
_OF_A_TRADE: Final = re.compile(
    r"(?:在|给|帮|跟着?|进了?)(?P<name>[^\W\d_]{2,8}(?:(?:[^\W\d_]厂|建筑|建工|劳务|模具|电子|制衣|服装|鞋业|纺织|建材|装饰|装修|钢构|园林|环卫|物流|配送|快递|保洁|家政|物业|集团|公司)"
    r"(?= |,|$|干|做|上班|打工|当|压|砸|摔|轧|烫|夹|绞|切|伤|受伤|跑|送|开|搬|扫)"
    r"|(?:火锅|烧烤|烤肉|饭店|酒店|餐厅|餐馆|面馆|宾馆|酒楼|食堂|超市|理发|美容|美发|足浴|会所|ktv)店?(?=洗碗|洗菜|端|传菜|炒菜|切菜|收银|当|打工|上班|干|做服务|做保洁|做饭|帮厨|跑堂|打杂)))"
)
"""干活 is named after what the house does: 在宏远模具厂压的手, 在老码头火锅洗碗."""
_NO_NAME: Final = re.compile(
    r"[我你他她它咱俺们这那的了是不没有在去来给把和人家哪里边上下个年月天日外]|老板|工地|附近|家里|公司$|单位$|一直|每天|夜里|白天"
)
_LEFT: Final = re.compile(
    r"(?:欠|拖|不给|没给|跑了|的|在|，|有|我|不|没|也|还|让|把|说|现在|老板|法人|地址)"
)
_BRACKET: Final = re.compile(r"[^\W\d_]{2,6}\([^\W\d_]{2,6}\)[^\W\d_]{0,14}?(?:公司|集团)")


@cache
def _last_characters() -> frozenset[str]:
    """What a word must end in to end a company."""
    endings = (*word_set("company_suffix"), *word_set("company_trade"), *_LONG_WORDS)
    return frozenset(ending[-1] for ending in endings)


_LONG_WORDS: Final = ("公司", "集团", "物业", "酒店", "医院", "驾校", "银行", "劳务", "置业")


def find_organisations(text: str, runs: Sequence[Sequence[Piece]]) -> list[Span]:
    """Named companies and institutions, in order; a bare 公司 or 物业 is none."""
    spans = _state_owned(text)
    if "(" in text:
        spans += [_span(text, *match.span(), 0.85) for match in _BRACKET.finditer(text)]
    for run in runs:
        for span in _in_run(text, run):
            rivals = [other for other in spans if span.start < other.end and other.start < span.end]
            spans = [other for other in spans if other not in rivals]
            start = min([span.start, *(other.start for other in rivals)])
            end = max([span.end, *(other.end for other in rivals)])
            spans.append(_span(text, start, end, span.confidence))
    for span in (*_introduced(text), *_alone(text)):
        if not any(span.start < other.end and other.start < span.end for other in spans):
            spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def _state_owned(text: str) -> list[Span]:
    if "中" not in text and "建" not in text and "葛" not in text:
        return []
    return [
        _span(text, match.start(), match.end(), 0.85)
        for match in _STATE.finditer(text)
        if match.end() - match.start() > 2
    ]


def _span(text: str, start: int, end: int, confidence: float) -> Span:
    return Span("employer", start, end, text[start:end].strip(), confidence, score=end - start)


def _in_run(text: str, run: Sequence[Piece]) -> list[Span]:
    lasts = _last_characters()
    begin = run[0].start
    found: list[Span] = []
    for at, piece in enumerate(run):
        if piece.word[-1] not in lasts or piece.end <= begin:
            continue
        if not _ends_company(text, begin, piece, at) or _BESIDE.match(text, piece.end):
            continue
        end = piece.end
        trail = _TRAIL.match(text, end)
        if trail is not None:
            end = trail.end()
        head = _PLAIN_NAME.match(text[begin:end])
        start = begin + (head.end() if head is not None else 0)
        words = text[start:end]
        plain = words in word_set("company_generic") or _MASK_ONLY.fullmatch(words)
        if found and found[-1].end == start:
            found[-1] = _span(text, found[-1].start, end, 0.85)
        elif 3 <= len(words) <= LONGEST and not plain:
            found.append(_span(text, start, end, 0.6 if _NOT_AFTER.match(text, end) else 0.85))
        begin = end if at + 1 < len(run) else begin
    return found


def _ends_company(text: str, begin: int, piece: Piece, at: int) -> bool:
    so_far = text[begin : piece.end]
    if piece.masked:
        return False
    if piece.word in word_set("company_trade"):
        short = 4 <= len(so_far) <= 8 and 1 <= at <= 2
        return short and _ACTS.match(text, piece.end) is not None
    if piece.word in word_set("company_suffix"):
        return len(so_far) > len(piece.word)
    if len(piece.word) >= 3 and piece.word.endswith(_LONG_WORDS):
        return True
    return piece.word == "厂" and len(so_far) >= 3


def _alone(text: str) -> list[Span]:
    """永兴化工: a line that is a trade with a name before it, and no more."""
    words = _POINTED.sub("", re.split("[,。;!?]", text.strip(" ,。!"))[0]).strip()
    trade = max(
        (t for t in (*word_set("company_trade"), "厂") if words.endswith(t)), key=len, default=""
    )
    name = words.removesuffix(trade)
    fits = (
        trade
        and 2 <= len(name) <= (4 if trade != "厂" else 6)
        and not _unfit(words)
        and name.isalpha()
    )
    if not fits or _TELLS.search(words) is not None or name in word_set("company_generic"):
        return []
    start = text.find(words)
    return [_span(text, start, start + len(words), 0.6)]


_POINTED: Final = re.compile(
    "^(?:就是|就|是|叫做?|在|那个)+|(?:那个|那家|这家|这个|他们家|的那个|的)$"
)


def _introduced(text: str) -> list[Span]:
    """A name that needs no 公司, for the words before it say what it is: 公司叫鼎盛, 总包是宏远."""
    found = [
        _span(text, *match.span("name"), 0.7)
        for match in _LABELLED.finditer(text)
        if not _unfit(match["name"]) and _TELLS.search(match["name"]) is None
    ]
    for match in _NAMED.finditer(text):
        left = _LEFT.search(match["name"])
        end = match.end("name") if left is None else match.start("name") + left.start()
        words = text[match.start("name") : end]
        firm = _FIRM.match(match.group()) is not None and not _PAUSE.search(match.group())
        if len(words) >= 2 and not _unfit(words, firm=firm):
            found.append(_span(text, match.start("name"), end, 0.7))
    if _WORKPLACE.search(text) is not None:
        found += [
            _span(text, *match.span("name"), 0.5)
            for match in _WORKED_AT.finditer(text)
            if not _unfit(match["name"]) and not _NO_NAME.search(match["name"])
        ]
    found += [
        _span(text, *match.span("name"), 0.7)
        for match in _OF_A_TRADE.finditer(text)
        if not _unfit(match["name"]) and not _NO_NAME.search(match["name"])
    ]
    return found


_PAUSE: Final = re.compile("[ ,]")  # 我是物业的保洁，叫王小玲: that is who speaks
_FIRM: Final = re.compile("公司|单位|厂|店|物业|机构|学校|医院|开发商|商家|饭店|餐馆|健身房|培训班")
_WORKPLACE: Final = re.compile(
    "上班|打工|干活|做工|保安|保洁|外卖|快递|服务员|端盘子|开车|零工|做事"
)


def _unfit(words: str, *, firm: bool = False) -> bool:
    """A kind of company, a kind of place, or a person's name, unless said to be a firm's."""
    generic = words in word_set("company_generic") or words in word_set("place_generic")
    stop = words in word_set("name_stop") or words[:2] in word_set("name_stop")
    person = not firm and len(words) <= 3 and words[0] in surnames()
    return generic or stop or person or words.startswith(("啥", "什么", "哪", "谁"))
