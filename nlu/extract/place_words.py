"""Words that may be a place, and pieces of an address: for answers and corrections."""

from __future__ import annotations

import re
from typing import Final


def is_fragment(text: str) -> bool:
    """Whether it is no more than a building, a unit or a room: 21栋, 2单元302."""
    return _FRAGMENT.fullmatch(text.strip()) is not None


def merged(known: str, fragment: str) -> str:
    """``known`` with the parts that ``fragment`` names put right, or added: 锦绣12栋 + 21栋."""
    for unit in _UNIT.finditer(fragment):
        kind = _kind_of(unit.group())
        old = next((m for m in _UNIT.finditer(known) if _kind_of(m.group()) == kind), None)
        words = unit.group().strip(" ,")
        if old is None:
            known = known.rstrip(" ,") + words
        else:
            known = known[: old.start()] + words + known[old.end() :]
    return known


def is_sentence(text: str) -> bool:
    """Whether the words tell something, and so name neither a place nor anybody."""
    if text.isascii():
        return False
    words = text.removesuffix("的")
    return any(sign.search(words) for sign in (_SENTENCE, _BODY)) or bool(_HOUR.fullmatch(words))


def ends_like_place(text: str) -> bool:
    """Whether the words end in what places end in: a road, an estate, a building's number."""
    return _ENDS_LIKE_ONE.search(text) is not None


def names_firm(text: str) -> bool:
    """Whether the words end in what only companies end in: 盛源食品厂."""
    return text.endswith(("厂", "公司", "集团"))


def is_said_of(text: str, place: str) -> bool:
    """Whether the words say that somebody is of the place: 狗主人是6栋."""
    return "是" in text and "是" not in place


def is_vague(text: str) -> bool:
    """Whether it points at a place without naming one: 学校后门那条路, 我家门口, 三号楼."""
    return is_fragment(text) or _POINTS.search(text) is not None


def is_beside(text: str) -> bool:
    """Whether the words of a fuller place may stand before these: 三号楼, 幼儿园门口."""
    return is_vague(text) and "的" not in text


def is_numbered(text: str) -> bool:
    """Whether it holds a number as addresses do: 6-1-402, 12号."""
    return _NUMBERED.search(text) is not None


def without_villages(text: str) -> str:
    """The text in which 赵家湾 holds no 家: it is a place, and nobody's household."""
    return _VILLAGE.sub("", text)


def looks_like_place(text: str) -> bool:
    """Whether the words of an answer can be a place at all, and are no sentence about one."""
    if text.isascii():
        return True
    if len(set(text)) < 2:
        return False  # 哈哈哈
    if _NOWHERE.fullmatch(text) or _HOUR.fullmatch(text) or _BODY.search(text):
        return False
    if _MEASURE.fullmatch(text):
        return False
    if _SENTENCE.search(text) is not None or "叫" in text:
        return False
    ends = _ENDS_LIKE_ONE.search(text) is not None and len(text) <= PLAIN
    if _DOING.search(text) is not None and not ends:
        return False
    return len(text) <= SHORT or _PLACELIKE.search(text) is not None


_NUMBERED: Final = re.compile(r"\d+ ?(?:号|室|层|期|组|弄|排|队|区|-|#)|[a-zA-Z]-?\d|\d$")
_VILLAGE: Final = re.compile("家(?=[湾村庄沟屯园属院坡河台塘岭山坪坝店营寨堡桥])")
PLAIN: Final = 14
"""Up to here words that end like a place are one, even with a verb in the name: 来福花园."""
_DOING: Final = re.compile(
    r"做|干|跑|看|找|去|来|回|上班|站着|坐|拖|停|放|摔|吃|买|卖|搞|弄|叫|喊|问|想|拿|给|用|讲|说|养|种|办|交|开|关|走|等"
)
_ENDS_LIKE_ONE: Final = re.compile(
    r"[村路街区园苑栋楼镇乡院厂校场巷弄城府湾桥店馆站里庄屯坊寨口侧旁边面头处室号房组社队坡沟坝河江港洲岛局所]$|\d$"
)
SHORT: Final = 6
"""So short an answer may be a name that only people there know."""
_UNIT: Final = re.compile(
    r"(?:第?[\d一二三四五六七八九十]{1,4}|[a-z]\d{0,3}) ?(?:号楼|号院|栋|幢|座|期|区|单元|层|楼|室|房|户|号|组|社|队)[ ,]?"
    r"|(?<!\d)\d{3,4}(?!\d)",
    re.IGNORECASE,
)
_FRAGMENT: Final = re.compile(rf"(?:{_UNIT.pattern})+", re.IGNORECASE)
_KINDS_OF_UNIT: Final = (
    ("号楼", "栋", "幢", "座"),
    ("单元",),
    ("期",),
    ("区",),
    ("号院",),
    ("层", "楼"),
    ("组", "社", "队"),
)
_NOWHERE: Final = re.compile(
    "(?:后头|前头|后面|前面|对面|旁边|附近|门口|隔壁|边上|外面|里面|家里|屋里|[这那](?:边|里|儿|块|头))+"
    "|(?:就|是|都)?(?:现在|眼下|目前|刚才|刚刚|这会儿?|当时|平时|有时候?|经常|总是|一直|马上)"
)
"""Beside what is not said, or no where at all."""
_HOUR: Final = re.compile(
    "(?:每天|天天|都是|一般)?(?:凌晨|清早|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|白天)?"
    "[零一二两三四五六七八九十几\\d到至、~-]*(?:点|点钟|点半|点多|点来钟|凌晨|早上|上午|中午|下午|晚上|半夜|夜里|白天)(?:左右|以后|之后|前后|多|半|钟|的时候)?"
)
_MEASURE: Final = re.compile(
    r"(?:约|大概|有|差不多)?[\d零一二两三四五六七八九十百千几半]+(?:多|来)?(?:亩|亩[一二两三四五六七八九半]分|分地|平方米|平方|平米|平|岁|斤|米|块|万|千|百|年级)(?:多|左右|半|地)?"
    r"|[每一](?:个?[月人年]|[套次本张节平度天份户顿斤箱件科])\d+(?:多|块|元|万|千)*(?:钱|左右)?"
)
"""四亩多 is how much, not where."""
_BODY: Final = re.compile(
    "[左右][手脚腿眼耳]|食指|中指|无名指|拇指|小指|手指|脚趾|手腕|脚踝|膝盖|胳膊|额头|骨折"
)
_POINTS: Final = re.compile(
    "[那这][条个边座栋栏家片]|^我们?家?门口|^[学单]校?位?[后前]门"
    "|^(?:幼儿园|学校|小区|医院|超市|菜市场|菜场|市场|村委会|村|单位|厂|公园|车站|小学|中学|加油站)"
    "(?:的?[东南西北前后正大]?门口?|门口|旁边|对面|附近|后面|后头|前面|边上|里面)$"
)
_SENTENCE: Final = re.compile(
    r"又|也|有(?:一个|个)?(?:[\d一二三四五六七八九十几两]+多?岁|老人|孩子|娃|病人|孕妇)|[瘫躺](?:在|着)|残疾|坏|得很|得要|得不|难闻|厉害|好大|开始|太(?!平|阳|湖|原|白|和|行|子|仓|极|古)|医保|社保|低保|身份证|[大小][一二两三四五六七八九十\d]+岁|这个月|排[的放]?$|老[大二三四五].{0,4}老[大二三四五]|押金|学费|补贴|还有|^问|就是|紧张|我(?!们?(?:家|小区|村|院|楼|厂|公司|单位|住|县|镇|乡|市))|你|他(?!家)|她|都|还在|还是|要|修|赔|打|骂|签|漏|吵|臭|欠|骗"
    r"|有个|机器|停[了电水]|上个?月|上周|去年|前年|今年|昨天|前天|今天|明天|礼拜|星期|年底|年初|得行|[了吗呢吧]$|啥|什么|怎么|屁|领导|协议|合同|钱|小时|没[有得人]|不[是会让给肯到]|是不|已经|的$"
)
_PLACELIKE: Final = re.compile(
    r"[村路街区园苑栋楼镇乡院厂校场巷弄城府湾桥店馆站里庄屯坊寨坡沟坝河江山湖港洲岛口侧旁边面头处号室局所站行]|\d"
)


def _kind_of(unit: str) -> int:
    """Which sort of unit; a bare number is a room, like 室, 房, 户 and 号."""
    return next(
        (at for at, names in enumerate(_KINDS_OF_UNIT) if any(n in unit for n in names)), -1
    )
