"""Who is complained of, and the resident's own name: 包工头叫王大强, 带我们的姓周, 我叫李芳."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nlu.extract.span import Span
from nlu.lexicon import surnames, word_set

_ROLE: Final = (
    r"(?:老板|包工头|工头|包工的|带班的?|领工的?|领头的?|带头的?|带我们(?:干活)?的?|承包人|承包商|承包的|负责人|项目经理|经理|店主|店长|房东|东家|工长|班长|班组长"
    r"|组长|队长|站长|厂长|主管|领班|领导|管家|管事的|户主|男的|女的|那家人?|那户人?家?|老板娘|会计|股东|社长|对方|邻居|楼上那家|楼上|隔壁|男方|女方|[大二三小亲堂表]?哥哥?|[大二三小亲堂表]?弟弟?|嫂子|姐夫|妹夫|小叔子|大伯子|公公|婆婆|老公|丈夫|前夫|前妻|法人|法定代表人|当事人|那个?人|这个?人|那个?[男女]的|村长|支书|主任|校长|班主任|教练|中介|业务员|销售|二房东|欠钱的|他)"
)
_TITLE: Final = r"(?:老板|总|经理|主任|队长|工头|师傅|工|站长|厂长|先生|女士|老师|书记|校长|医生|某某|某|哥|姐|叔|姨|婶)"
_NAMED: Final = re.compile(
    rf"{_ROLE}(?:的)?(?:那个人?|这个人?|那人)?(?:名字|姓名)?[呢嘛啊吧 ]{{0,2}}(?:是|叫[做作]?|名叫|名字叫|全名叫?|本名叫?|喊[做作]?|:|就叫|好像叫|是叫|就是)+ ?(?P<name>[^\W\d_·]{{1,3}}(?:·[^\W\d_]{{1,6}})?[^\W\d_]?)"
)
_ROLE_NAME: Final = re.compile(
    r"(?:老板|包工头|工头|带班的?|领工的?|承包人|负责人|项目经理|经理|店主|房东|法人|队长|业务员|中介) ?(?P<name>[^\W\d_]{2,4})"
)
_ROLE_LATER: Final = re.compile(
    rf"(?:叫|名叫|名字叫)(?P<name>[^\W\d_的]{{2,4}})的(?:那个|这个|一个)?{_ROLE}"
)
"""一个叫张德福的老板."""
_DEBTOR: Final = re.compile(
    r"(?:^|[ ,。;!])(?P<name>[^\W\d_](?:包工头|工头|老板|经理|队长|总))(?=欠|拖|不给|没给|不发|没发|跑)"
)
"""刘工头欠我两万六: all that is known of him."""
_TWO: Final = "|".join(sorted(word_set("double_surnames")))
"""Family names of two characters: 欧阳, 诸葛."""
_FAMILY: Final = re.compile(rf"姓(?P<name>{_TWO}|[^\W\d_])(?P<rest>{_TITLE})?")
_FAMILY_BEFORE: Final = re.compile(
    rf"(?:{_ROLE}|主人|[栋楼室号户]|单元|那位)(?:的|他|她)?(?:好像|应该|可能|就|是)?$"
)
_ROLE_AFTER: Final = re.compile(rf"的(?:那个|这个)?{_ROLE}")
_FULLY: Final = re.compile(r"[ ,、]{1,2}(?:全名|大名|就?叫|名字?叫?|是)?|(?:全名|大名|就?叫|名叫)")
"""老板姓汪 汪建国: the family name first, then all of it."""
_HAN: Final = re.compile(r"[^\W\d_]+")
_NO_FAMILY: Final = frozenset("名氏什啥")
"""姓名, 姓氏, 姓什么 name nobody."""
_MYSELF: Final = re.compile(
    rf"(?:我叫|我是|本人叫?|我名字叫|我的名字叫?|姓名:?|名字:?|叫我|我姓|免贵姓|免贵)(?P<name>(?:{_TWO})?[^\W\d_]{{1,3}}(?:·[^\W\d_]{{1,6}})?)(?P<rest>先生|女士|老师|师傅|姐|哥|阿姨|叔|大爷|大妈|大娘|大叔|婶|工|总|就行|就好|,|。| |$)"
)
_NOTHING: Final = frozenset({"", " ", ",", "。"})
_NICKNAME: Final = re.compile(
    r"(?:外号|绰号|花名|人称|诨名|诨号)(?:就?叫做?|是|:)?(?P<name>[^\W\d_]{2,4})(?=$|[ ,。;!]|的)"
    r"|(?:都|[我他]们|大家|人家|工友|别人|就|群里)(?:喊|叫)(?:他|她|其)?(?P<name2>[^\W\d_]{2,3})(?=$|[ ,。;!])"
)
"""大家都喊他黑子: a name that nobody was given, and all that is known of the boss."""
_ORDERS: Final = re.compile(
    "来|去|还|赔|给|修|搬|停|别|不|退|管|出|道|关|小点|我|你|他|快|拿|走|等|回|人|什么|啥"
)
_CALLED: Final = re.compile(
    rf"(?:喊|都叫|叫|称呼)(?:他|她|其)?(?P<name>(?:老|小|大)[^\W\d_]|[^\W\d_]{_TITLE})(?![^\W\d_]{{0,1}}(?:家|店))"
)
_CALLS: Final = re.compile("[喊叫]|称呼|外号|绰号|花名|人称|诨")
_SELF: Final = re.compile("我|本人|姓|名字|免贵")
_WHOLE: Final = re.compile(
    r"^(?:我?叫|我?姓|免贵姓?|就叫|就写|写|记|名字:?)?(?P<name>[^\W\d_a-z]{2,4}|[^\W\d_]{1,8}·[^\W\d_]{1,8}|[^\W\d_](?:先生|女士|师傅|姐|哥|阿姨|叔|大爷|大妈|婶|工))(?:就行|就好|吧|啊|呀|哈)?[。!. ]*$"
)
_AFTER_NAME: Final = re.compile(
    r"[^\w]|欠|拖|不|没|跑|说|电话|的|把|给|就|也|还|已|让|带|找|失联|拿|答应|承诺|人|骗|卷"
)
_NOT_IN_NAMES: Final = frozenset(
    "的是在他她不没说给欠就也都已电去来跑,了有把被这那我你住还从和跟得"
)
_LONGEST_NAME: Final = 4  # characters, with a family name of two
_NEVER: Final = frozenset("我你他她它咱俺这那不没是在的了谁啥")


def find_people_named(text: str, *, asked: str | None = None) -> list[Span]:
    """``respondent`` (the other side) and ``name`` (the resident). ``asked`` may name one of them."""
    spans: list[Span] = []
    for span in _beside_roles(text):
        _add(spans, span)
    if "姓" in text:
        for match in _FAMILY.finditer(text):
            _add(spans, _family(match, asked))
    if not spans and _CALLS.search(text) is not None:
        _add(spans, _called(text))
    if _SELF.search(text) is not None:
        for match in _MYSELF.finditer(text):
            _add(spans, _own_name(match))
    if asked in {"name", "respondent"} and not spans:
        _add(spans, _answer(text, asked))
    return spans


def _beside_roles(text: str) -> Iterator[Span | None]:
    """Names told by what somebody is: 老板叫张德福, 包工头张大强, 叫张德福的老板, 刘工头欠我."""
    patterns = ((_NAMED, 0.85), (_ROLE_NAME, 0.7), (_ROLE_LATER, 0.85))
    for pattern, sure in patterns:
        if pattern is _ROLE_LATER and "叫" not in text:
            continue
        for match in pattern.finditer(text):
            yield _full_name(match, "respondent", sure)
    for match in _DEBTOR.finditer(text):
        yield _debtor(match)


def is_bare_name(text: str) -> bool:
    """Whether the whole line is what somebody may be called, however it sounds: 王老五, 刘二狗."""
    match = _WHOLE.match(text.strip())
    if match is None or not 2 <= len(match["name"]) <= _LONGEST_NAME:
        return False
    words = match["name"]
    never = any(char in _NEVER for char in words) or words[:2] in word_set("not_names")
    return _opens_name(words) and not never and not is_scolding(words)


def is_scolding(words: str) -> bool:
    """王八蛋, 胡说八道: they open with a family name and name nobody."""
    return words in word_set("scolding") or words.startswith(tuple(word_set("scolding_heads")))


def _opens_name(words: str) -> bool:
    return words[0] in surnames() or words[:2] in word_set("double_surnames")


def _debtor(match: re.Match[str]) -> Span | None:
    known = match["name"][0] in surnames()
    return Span("respondent", *match.span("name"), match["name"], 0.7) if known else None


def _called(text: str) -> Span | None:
    for match in _CALLED.finditer(text):
        if match["name"][-1] not in _NEVER:
            return Span("respondent", *match.span("name"), match["name"], 0.6)
    for match in _NICKNAME.finditer(text):
        group = "name" if match["name"] else "name2"
        if _ORDERS.search(match[group]) is None:
            return Span("respondent", *match.span(group), match[group], 0.6)
    return None


def _family(match: re.Match[str], asked: str | None) -> Span | None:
    text, start = match.string, match.start()
    before = text[max(0, start - 12) : start]
    mine = before.endswith(("我", "免贵", "本人"))
    role = _FAMILY_BEFORE.search(before) is not None
    role = role or _ROLE_AFTER.match(text, match.end("name")) is not None
    if match["name"] in _NO_FAMILY or not (role or mine or asked is not None):
        return None
    entity = "name" if (mine and not role) or asked == "name" else "respondent"
    end = match.end("rest") if match["rest"] else match.end("name")
    pause = _FULLY.match(text, end)
    if pause is not None and text.startswith(match["name"], pause.end()):
        words = _HAN.match(text, pause.end())
        if words is not None and 2 <= len(words.group()) <= 3:
            return Span(entity, pause.end(), words.end(), words.group(), 0.8)
    return Span(entity, match.start("name"), end, text[match.start("name") : end], 0.75)


def _add(spans: list[Span], span: Span | None) -> None:
    if span is not None and not any(
        span.start < other.end and other.start < span.end for other in spans
    ):
        spans.append(span)


def _full_name(match: re.Match[str], entity: str, sure: float) -> Span | None:
    """Two or three characters opened by a family name, cut before words that no name holds."""
    words, start = match["name"], match.start("name")
    if words[0] in {"老", "小", "阿"} and len(words) >= 2:
        if is_scolding(words[:2]):
            return None
        return Span(entity, start, start + 2, words[:2], sure - 0.15)
    if "·" in words:
        return Span(entity, start, start + len(words), words, sure)
    if not _opens_name(words) or len(words) < 2:
        return None
    size = min(4 if words[:2] in word_set("double_surnames") else 3, len(words))
    size = next((at for at in range(1, size) if words[at] in _NOT_IN_NAMES), size)
    if sure < 0.8 and size == 3 and not _ends_name(match.string, start + size):
        size = 2
    if size < 2 or words[:2] in word_set("not_names") or is_scolding(words[:size]):
        return None
    if sure < 0.8 and not _ends_name(match.string, start + size):
        return None
    return Span(entity, start, start + size, words[:size], sure)


def _ends_name(text: str, end: int) -> bool:
    """Whether what follows a bare name is no further part of a word."""
    return end == len(text) or _AFTER_NAME.match(text, end) is not None


def _own_name(match: re.Match[str]) -> Span | None:
    words, rest = match["name"], match["rest"]
    familiar = words[0] in "老小阿" and len(words) == 2 and match.group().startswith("叫我")
    named = _opens_name(words) or "·" in words or familiar
    if any(char in _NEVER for char in words) or not named:
        return None
    if (
        len(words) == 1
        and rest in _NOTHING
        and "姓" not in match.group()
        and "免贵" not in match.group()
    ):
        return None
    end = match.end("name") if rest in {"就行", "就好"} | _NOTHING else match.end("rest")
    return Span("name", match.start("name"), end, match.string[match.start("name") : end], 0.8)


def _answer(text: str, entity: str) -> Span | None:
    match = _WHOLE.match(text)
    if match is None:
        return None
    words = match["name"]
    likely = _opens_name(words) or "·" in words or words[0] in "老小阿大"
    never = any(char in _NEVER for char in words) or words in word_set("not_names")
    if not likely or never or is_scolding(words):
        return None
    return Span(entity, *match.span("name"), words, 0.8)
