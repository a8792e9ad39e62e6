"""Closed facts: the kind of contract, who may know the name, proofs, who is who, what is wanted."""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.span import Span

_CONTRACT: Final = (
    (
        "口头",
        re.compile(
            r"(?:都|全|就|只)?是?口头(?:上|说|讲|约|答应|的|协议|承诺)|(?:都|就|光|全凭|只)是?嘴上"
        ),
    ),
    (
        "无",
        re.compile(
            r"(?:没有?|未|不)签(?:过|那个|这个|那种|什么|啥|个|正式|劳动|书面|用工){1,4}(?:合同|协议)|(?:没有?|未|从没|从来没|压根没|都没|也没|不|没给|一直没)(?:跟我们?|和我们?|给我们?)?(?:签过?|订|有|签订|弄)?(?:过|任何|劳动|书面|用工|什么|啥|正式)*(?:合同|协议)|(?:劳动)?合同(?:也|都|啥的|什么的)?(?:没|未|不)(?:有|签|给签)?|合同(?:那些|啥的|什么的|这些|呢|嘛)?(?:都|也|是|就)?(?:没得|莫得|冇|没有|木有)|无(?:劳动|书面)?合同|啥(?:合同|手续)?都没签|没签(?:过)?字?(?:合同)?$|[冇莫冒](?:得|有)?签过?(?:什么|啥|劳动|书面)*(?:合同|协议)"
        ),
    ),
    ("口头", re.compile(r"口头|嘴上|嘴头|口说|说好的没写|光嘴|就嘴")),
    (
        "书面",
        re.compile(
            r"(?:签(?:了|过|订了?|有)|有|订了|写了)(?:\d+年|[一二三]年)?(?:的)?(?:书面|劳动|劳务|用工|正式|劳动用工|纸质|电子|购房|买房|租房)*(?:合同|协议)|合同(?:在|有|(?:是|都|也|肯定|当然)?签(?:了|过|到|的是)|还在)|书面(?:合同|的)?|合同(?:上|里|书)?(?:头|面)?(?:明明)?(?:写|约定|规定|注明|签到|盖了?章|说好)(?!错)|(?:购房|买房|租房|租赁)合同有|白纸黑字|签了的?"
        ),
    ),
)
_NOT_SIGNED: Final = re.compile(r"(?:没|未|不)[^,。;]{0,4}$")
_IDENTITY: Final = (
    (
        "保密",
        re.compile(
            r"保密|别(?:说|讲|告诉|透露|让[^,。]{0,8}知道|公开|提)[^,。;]{0,10}(?:我|名|谁|知道)?|不要(?:说|透露|公开|告诉)[^,。;]{0,8}|千万(?:别|莫|不要)(?:让|跟|给)|(?:别|莫|不要|不能|不想|不敢)(?:跟|和|给|让|叫|告诉|对)[^,。;]{1,8}(?:知道|晓得|讲|说|看出|认出|听到)|(?:别|莫|不要)提(?:是)?[我俺]|马赛克|别露(?:我|名)|不想让[^,。]{0,6}知道|怕(?:他|被|打击)[^,。]{0,4}报复"
        ),
    ),
    (
        "匿名",
        re.compile(
            r"匿名|不(?:留|写|想留|想写|方便留)(?:名字?|姓名|真名)|无名氏|(?:别|莫|不要|不想)(?:写|登|留|报)(?:我的?)?(?:名|姓)|不登名|名字(?:就|先)?不(?:留|说|写)"
        ),
    ),
    (
        "实名",
        re.compile(
            r"实名|写我(?:的)?(?:名字|真名|大名)|(?:可以|能)公开(?:我)?(?:名字|姓名)|不怕[^,。]{0,4}知道|用我真名"
        ),
    ),
)
_CONTRACT_MARKS: Final = re.compile("合同|协议|口头|口说|嘴|手续|白纸黑字|条子|说好")
_IDENTITY_MARKS: Final = re.compile("名|密|别|不要|莫|不能|不想|不敢|公开|马赛克|知道|怕")
_DEMAND_MARKS: Final = re.compile("想|求|希望|请|麻烦")
_RELATION_MARKS: Final = re.compile("我|俺|咱")
_EVIDENCE_MARKS: Final = re.compile(
    "条|录|照|截图|聊天|打卡|考勤|流水|转账|视频|合同|协议|记工|工牌|票|收据|病历|证人|监控"
)
_WHO: Final = frozenset({"respondent", "name", "employer"})
_KINDS: Final = (
    ("夫妻", frozenset({"夫妻", "两口子", "爱人", "老公", "丈夫", "老婆", "媳妇", "妻子", "对象"})),
    ("前配偶", frozenset({"前夫", "前妻", "前老公", "前老婆", "离异夫妻"})),
    ("父母子女", frozenset({"父子", "母子", "父女", "母女", "儿子", "女儿", "公公", "婆婆", "儿媳", "女婿", "岳父", "岳母", "亲爹", "亲妈"})),
    ("亲戚", frozenset({"亲戚", "兄弟", "姐妹", "亲兄弟", "表兄弟", "堂兄弟", "兄妹", "姐弟", "叔侄", "叔叔", "舅舅", "姑姑", "表哥", "表弟", "堂哥", "堂弟", "妯娌", "大伯", "小叔子"})),
    ("邻居", frozenset({"邻居", "对门", "楼上楼下", "同村", "一个村", "一个村的", "隔壁邻居"})),
    ("同事", frozenset({"同事", "工友"})),
    ("朋友", frozenset({"朋友", "同学", "老乡", "网友", "战友", "熟人"})),
    ("恋人", frozenset({"男女朋友", "恋人", "男朋友", "女朋友", "前男友", "前女友"})),
    ("雇佣", frozenset({"雇佣", "劳动", "劳务", "上下级", "老板和员工", "我老板", "雇主", "东家"})),
    ("租赁", frozenset({"租赁", "房东", "租客", "租户", "二房东"})),
    ("合伙", frozenset({"合伙", "合伙人", "股东"})),
)  # fmt: skip
_KIN: Final = "|".join(
    sorted((word for _, words in _KINDS for word in words), key=lambda word: -len(word))
)
_RELATION: Final = re.compile(
    rf"(?:[我俺咱]们?(?:和|跟|与|同)(?:[^,。;]{{1,6}}?)(?:都)?(?:以前|原来|只|就|算)?是|(?:他|她|对方|那人)(?:就|以前|原来)?是[我俺咱]们?的?|[我俺咱]们?(?:俩|两个|两家|双方)?(?:以前|原来|本来|就)?是)(?:普通|一般|远房|多年)?(?P<kin>{_KIN})"
)
_RELATIVE: Final = re.compile(rf"(?<![\w他她你])[我俺咱]们?(?P<kin>{_KIN})(?![们的])")
_PROOFS: Final = (
    ("欠条", re.compile(r"欠条|借条|白条|条子|结算单|工资条|工钱条|欠薪确认书")),
    ("录音", re.compile(r"录音|通话录音|录了音")),
    ("照片", re.compile(r"照片|相片|拍照|拍了照|拍的照片|图片")),
    ("聊天记录", re.compile(r"(?:微信)?聊天记录|(?:微信)?截图|微信记录|聊天截图")),
    ("打卡", re.compile(r"打卡(?:记录)?|考勤(?:表|记录)?|记工(?:本|表|单)|工牌|出勤表")),
    ("流水", re.compile(r"(?:银行)?流水|工资流水")),
    ("转账", re.compile(r"转账(?:记录|截图|凭证)?")),
    ("视频", re.compile(r"视频|录像|监控")),
    ("合同", re.compile(r"(?:劳动|书面|购房|租房)?合同|协议书?")),
    ("票据", re.compile(r"收据|发票|小票|票据|收条")),
    ("病历", re.compile(r"病历|诊断(?:书|证明)|伤情鉴定")),
    ("证人", re.compile(r"证人|工友(?:能|可以)作证|人证")),
)
_PROOF: Final = "|".join(pattern.pattern for _, pattern in _PROOFS)
_EVIDENCE: Final = re.compile(
    rf"(?:有|留了?着?|保存了?着?|存了?着?|拍了?|录了?|手里|手上|提供|打了?|写了?|开了?|拿着?|证据(?:就?是|:)?|附)(?:一?[张份段个]|一些|部分|完整的|当时的|他写的|他打的|老板写的|所有的?|相关|他的|我的|的){{0,2}}(?P<proof>{_PROOF})"
)
_MORE_EVIDENCE: Final = re.compile(
    rf" ?(?:、|和|及|以及|,|还有|跟|与){{1,3}}(?:有)?(?P<proof>{_PROOF})"
)
_NO_PROOF: Final = re.compile(r"(?:没|未|不|无|哪|要|能不能|可不可以|必须|需要)[^,。;]{0,2}$")
_DEMAND: Final = re.compile(
    r"(?:就想|只想|只求|我要求|要求|希望|诉求是|请求|请你们|麻烦你们|恳请|想让)(?P<want>[^,。;!?]{3,40})"
)


def find_terms(text: str, *, asked: str | None = None) -> list[Span]:
    """contract, identity_mode, evidence_kind, relation and demand."""
    spans: list[Span | None] = []
    if asked == "contract" or _CONTRACT_MARKS.search(text) is not None:
        spans.append(_contract(text, asked=asked == "contract"))
    if _IDENTITY_MARKS.search(text) is not None:
        spans.append(_first(text, "identity_mode", _IDENTITY))
    if _DEMAND_MARKS.search(text) is not None:
        spans.append(_demand(text))
    if asked not in _WHO:  # 我邻居 is then the answer itself
        spans += _relation(text)
    if asked != "issue":
        spans += _evidence(text)
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


def _relation(text: str) -> list[Span]:
    """Who the two are to each other, where it is said in so many words: 我和他是夫妻, 我前夫."""
    if _RELATION_MARKS.search(text) is None:
        return []
    for sure, pattern in ((0.85, _RELATION), (0.6, _RELATIVE)):
        match = pattern.search(text)
        if match is not None:
            value = next(name for name, words in _KINDS if match["kin"] in words)
            return [Span("relation", *match.span("kin"), value, sure)]
    return []


def _evidence(text: str) -> list[Span]:
    """Each kind of proof that is said to exist, once."""
    found: dict[str, Span] = {}
    if _EVIDENCE_MARKS.search(text) is None:
        return []
    last = 0
    for first in _EVIDENCE.finditer(text):
        match: re.Match[str] | None = first
        if first.start() < last:  # told in the list before
            continue
        if _NO_PROOF.search(text[max(0, first.start() - 5) : first.start()]) is not None:
            continue
        while match is not None:
            words = match["proof"]
            value = next(name for name, pattern in _PROOFS if pattern.fullmatch(words))
            found.setdefault(value, Span("evidence_kind", *match.span("proof"), value, 0.75))
            last = match.end()
            match = _MORE_EVIDENCE.match(text, last)
    return list(found.values())


def _demand(text: str) -> Span | None:
    """What they want; a question (可以要求补偿多少) wants an answer and is none."""
    match = _DEMAND.search(text)
    denied = match is not None and text[: match.start()].endswith(("不", "没", "别"))
    if match is None or denied or match["want"].endswith(("多少", "吗", "什么", "怎么办", "呢")):
        return None
    return Span("demand", *match.span("want"), match["want"].strip(), 0.55)
