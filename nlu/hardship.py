"""Words of despair said of a shop, a price or a noise: 撑不下去了店要关门了, 物业费涨得让不让人活.

They are the common coin of complaints. The same words about oneself (我撑不下去了), or beside any
word of a wish to die, stay what they are: recall of danger comes first.
"""

from __future__ import annotations

import re
from typing import Final

_NEAR: Final = 40
"""Characters around the words in which what they are said of is looked for."""
_ENDURED: Final = re.compile(r"[撑扛熬挺顶](?:不住|不下去|不过)|坚持不|快要?[撑扛挺垮熬]")
_LIVED: Final = re.compile(r"活路|没法活|让人活|怎么还?活|生路")
_FORCED: Final = re.compile(r"[逼整赶]")
_LIVED_ON: Final = re.compile(r"活不下去|日子(?:过|熬)不下去")
_MADDENED: Final = re.compile(r"崩溃|疯")
_DAYS: Final = re.compile(r"日子|没法[活过]")
_WISHED: Final = re.compile(r"想死|想跳楼|跳楼")
_TRADE: Final = re.compile(
    r"生意|买卖|(?:小|饭|开|本|[我你他]|的|^|[,。 ])店(?!员|里人)"
    r"|店(?:要|快|都|也|开|面|铺|里生意)|店主|商铺|铺子|门面|门市"
    r"|摊|商户|个体户|饭馆|餐馆|饭店|厂|公司|企业|养殖场?|跑车|出租车|房租|租金|转让|客流|停业|歇业|关门|关张|城管|罚款|抽成|佣金|小本"
)
_PRICE: Final = re.compile(r"[电水油药菜房肉]价|[电水气暖业学]费|取暖费|收费|涨|贵|抽成|罚款")
_INCOME: Final = re.compile(r"工资|工钱|收入|低保|退休金|养老金|补贴|一个月|一年才")
_NUISANCE: Final = re.compile(
    r"吵|噪|楼上|装修|施工|广场舞|音响|外机|臭|异味|油烟|气味|灰尘|漏水|停水|停电|没水|没电|没暖|供暖|暖气|蚊|蟑螂|堵车|作业|手续"
)
_STENCH: Final = re.compile(r"臭|异味|气味|油烟|停水|停电|没水没电|没暖")
_WAITED: Final = re.compile(
    r"(?:等|堵|排|写|背|热|困|辣|无聊|慢|卡|晒|[多加]班?)(?:队|车)?得(?:我|人|我们|大家)?(?:都|真|就|快|直)*想死"
    r"|得(?:我|人)?(?:都|真|就|直)*想(?:死|跳楼)了?(?:,|。)?哈哈"
)
_DESPAIR: Final = re.compile(
    r"不想活|(?<!得)(?<!得我)(?<!得人)想死|寻死|死了算|去死|我死|死在|死给|一死|陪葬|同归|绝路|走投无路|一了百了|解脱|活着|活够|没意思|没脸|没希望|看不到希望|遗书|遗言"
    r"|喝药|农药|安眠|药都?[买备攒]|跳[河江桥下]|上吊|割腕|割脉|汽油|煤气罐|刀|自杀|轻生|自焚|抑郁|奔头|盼头|天天哭|老命|条命|拼命|债|老婆跑|妻离|家破|倾家|血本"
    r"|一个人|想不开|傻事|走了算|今晚|托付|对不起|拖累|累赘|报复|杀|砍|炸|点了|人命|我也(?:活|撑|熬|不想)|人也|孩子怎么办|全没了|都没了"
)
_ONESELF: Final = re.compile(
    r"(?:我|俺|我(?:们)?(?:一家|全家)|一家(?:人|老小|几口)?|全家|孩子|老人)(?:真的?|实在|也|都|就|已经|快|要|现在)*$"
)


def is_of_a_matter(text: str, match: re.Match[str]) -> bool:
    """Whether the words found are said of a business, a price or a nuisance, and nobody is meant.

    Linear in ``text``.
    """
    words = match.group()
    near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    if _DESPAIR.search(text) is not None:
        return False
    if _WISHED.search(words):
        return _WAITED.search(near) is not None
    if _ONESELF.search(text[: match.start()]) is not None:
        return _MADDENED.search(words) is not None and _NUISANCE.search(near) is not None
    trade = _TRADE.search(near) is not None
    if _ENDURED.search(words) or _LIVED_ON.search(words):
        return trade
    if _MADDENED.search(words):
        return trade or _NUISANCE.search(near) is not None
    told = trade or _PRICE.search(near) is not None or _STENCH.search(near) is not None
    if _LIVED.search(words) or _DAYS.search(words):
        return told or _INCOME.search(near) is not None
    return told and _FORCED.search(words) is not None
