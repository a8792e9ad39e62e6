"""Places: 翠湖小区3号楼2单元, 桃源镇柳树村五组, 人民路与解放路路口, A市A3区某某花园, 银泰后头."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from nlu.extract.names import LONGEST, Piece
from nlu.extract.place_words import is_fragment, is_sentence
from nlu.extract.span import Span
from nlu.lexicon import word_set

_COUNT: Final = r"(?:第?[\d一二三四五六七八九十两百]{1,4}|[a-z]\d{0,3}|叁|贰|壹)"
_DETAIL: Final = re.compile(
    rf"(?: ?[的,]?(?:{_COUNT} ?(?:期|区|号院|号楼|号|栋|幢|座|单元|层|楼|室|房|户(?!都|没|人|全|也|一起|业主|居民|家)|弄|巷|组|村|队|排|门|片|街)"
    r"|[东南西北](?:门|区|苑|侧|面|边|头|段|坡)|[中上下](?:段|坡)|[后前]山(?!上)|[a-z]?-?\d{3,4}(?!\d|元|块|年|多|个|户|人|万|名|平)(?:室|房)?|[一二三四五六]期"
    r"|(?<=[元栋幢楼])[零〇一二三四五六七八九]{3,4}(?![十百千万块元个月天年])(?:室|房)?"
    r"|项目部|项目|工地|写字楼|安置点|家属院|宿舍)){1,8}"
)
_BUILDING: Final = re.compile(
    rf"(?:{_COUNT}(?:期|区)?,? ?)?{_COUNT} ?(?:号楼|栋|幢|座|单元)(?: ?,?{_COUNT} ?(?:单元|单|层|楼|室|房|号|户(?!都|没|人|全|也|一起|业主|居民|家))| ?[a-z]?-?\d{{3,4}}(?!\d|元|块|年|多)){{0,4}}"
)
_TO_BUILDING: Final = re.compile(
    rf"[^\W\d_的在是把和与了我们跟给被有没不第]{{1,4}}(?={_COUNT} ?(?:号楼|栋|幢|座))"
)
_BUILDING_MARKS: Final = re.compile("栋|幢|号楼|单元")
_JOINED: Final = re.compile(
    r"(?:与|和|跟|到|至|—|-|、)[^,。;!? ]{1,8}?(?:路|街|大道|巷)(?:的)?(?:交汇处|交叉口|交界处?|路口|十字路口|路段|之间)?"
)
_AFTER_MASK: Final = re.compile(
    r"[^\s,。;!?、:的在是有了我们请向对及被将不没]{1,12}?(?:小区|花园|家园|广场|公寓|新城|工地|项目|大厦|公租房|安置房|廉租房|嘉园|佳园|新村|社区|街道|中心|市场|路口)"
)
"""A masked district opens an address even where the words after it hold a stop word."""
_BESIDE: Final = re.compile(
    r"(?:的)?(?:正对面|斜对面|对面|旁边|附近|后头|后边|后面|背后|边上|那一?带|一带)"
)
_NOT_BEFORE_BESIDE: Final = re.compile(
    r"[\d他她你我谁人店房屋车门楼窗]$|^(?:[^\W\d]家|公司|单位|厂)$"
)
_ADVERBS: Final = frozenset("从就只还都也又才再正停放摆堆乱")
_ANSWER_HEAD: Final = re.compile(
    r"^(?:我?们?家?(?:就|住|是)*在|就在?|在|搁|喺|是|住|地址是?:?|位置是?:?|我们是|我是)+ *"
)
_ANSWER_TAIL: Final = re.compile(
    r"(?:那里|这里|那边|这边|那块|那个[^,。]{0,5}|这块|附近|那儿|这儿|啊|呀|吧|嘛|呢|哦|的|[,。!. ])+$"
)
_LIVES: Final = re.compile("(?:我|俺|家|现|我家)住")
_ROAD_THINGS: Final = ("灯", "面", "边", "上", "中", "由", "费")
_SPOILT: Final = ("丢", "坏", "脏", "没", "了", "得", "成", "掉", "错", "湿", "断", "伤", "死")
_POINTING: Final = (
    "这",
    "那",
    "哪",
    "某",
    "每",
    "一条",
    "两条",
    "一个",
    "几条",
    "整个",
    "有些",
    "有个",
)
"""这条路 is a road in sight, no name."""
_OWN: Final = re.compile("(?:我们|俺们|咱们|我家|你们|我|俺|咱)(?:这个?|那个?)?$")
_OWN_KINDS: Final = ("小区", "社区", "院子", "村子", "村", "院")
_SHORTEST_NAME: Final = 3  # characters
_BARELY: Final = frozenset({"项目", "中心", "国际", "时代", "市场"})


@cache
def _last_characters() -> frozenset[str]:
    """What a word must end in to end a place: the cheapest of all tests."""
    endings = word_set("place_suffix") | word_set("place_suffix_short")
    return frozenset(ending[-1] for ending in endings)


def find_places(text: str, runs: Sequence[Sequence[Piece]], *, asked: bool = False) -> list[Span]:
    """Places in ``text``; the fullest comes first. ``asked``: the whole answer may be one."""
    spans: list[Span] = []
    beside = _BESIDE.search(text) is not None
    for run in runs:
        span = _in_run(text, run)
        if span is None and beside:
            span = _beside(text, run)
        if span is None or any(span.start < other.end for other in spans):
            continue
        if spans and spans[-1].end == span.start and span.end - spans[-1].start <= LONGEST:
            span = _spanning(text, spans.pop().start, span)
        spans.append(span)
    spans += [span for span in _buildings(text, runs) if not _inside(span, spans)]
    if not spans:
        spans = _run_together(text)
    called = _called(text, spans)
    if called is not None:
        spans = [called, *(span for span in spans if not _inside(span, [called]))]
    if asked and not spans:
        spans = _answer(text)
    return spans


_RUN_TOGETHER: Final = re.compile(
    r"(?P<road>[^\W\d_在我你他她俺咱们的这那哪条是就从到住走每整个过]{1,4}路)(?=路[灯面边段口])"
    r"|(?P<village>[^\W\d_在我你他她俺咱们的这那哪是就从到住走进出每整个全本]{2,4}村[口头尾])"
)
"""春晖路路灯, 柳林村口: cut into words, name and thing share a character."""


def _run_together(text: str) -> list[Span]:
    match = _RUN_TOGETHER.search(text)
    if match is None:
        return []
    return [Span("place", *match.span(), match.group(), 0.8, score=len(match.group()))]


_CALLED: Final = re.compile(
    r"(?:楼盘|小区|社区|院子|商场|商城|大厦|写字楼)(?:的?名字?|名称)?(?:就?叫做?|名叫|就?是|:)(?P<name>[^\W\d_]{2,10}?)"
    r"(?=[ ,。;!?\d]|[一二三四五六七八九十]+(?:栋|期|号)|$)"
)


def _called(text: str, spans: Sequence[Span]) -> Span | None:
    """楼盘叫云澜台 3栋1804: a name that says no more than what it is called."""
    match = _CALLED.search(text)
    if match is None or is_sentence(match["name"]):
        return None
    start, end = match.span("name")
    rest = next((s for s in spans if s.start >= end and not text[end : s.start].strip(" ,")), None)
    if rest is not None and is_fragment(str(rest.value)):
        end = rest.end
    value = text[start:end].replace(" ", "")
    return Span("place", start, end, value, 0.7, score=end - start)


def _in_run(text: str, run: Sequence[Piece]) -> Span | None:
    """The place that ends latest in this run of words."""
    begin, end, sure, masked = _last_end(text, run)
    if end == 0 or text.startswith(_POINTING, begin) or text[begin] in "没不":
        return None
    begin = _after_own(text, begin, end)
    if text.startswith("小区", begin) and not text[begin + 2 : begin + 3].isdigit():
        return None
    if masked:
        more = _AFTER_MASK.match(text, end)
        end = end if more is None else more.end()
    if text.startswith("村村口", end - 2):  # 柳林村 and its 村口
        end -= 1
    end = _extended(text, end)
    if end - begin > LONGEST or text[begin:end] in word_set("place_generic"):
        return None
    return Span("place", begin, end, text[begin:end].strip(), sure, score=end - begin)


def _after_own(text: str, begin: int, end: int) -> int:
    """Where the name begins that follows what it is: 我们小区翠湖花园3栋."""
    if _OWN.search(text, 0, begin) is None:
        return begin
    kind = next((each for each in _OWN_KINDS if text.startswith(each, begin)), "")
    return begin + len(kind) if end - begin - len(kind) >= _SHORTEST_NAME else begin


def _last_end(text: str, run: Sequence[Piece]) -> tuple[int, int, float, bool]:
    """Where it begins, where it ends (0: nowhere), how sure, and whether a masked name ends it."""
    lasts = _last_characters()
    begin, end, sure, masked = _begin(run[0]), 0, 0.0, False
    for piece in run:
        if piece.masked:
            if end == 0 or piece.start != end:
                begin = piece.start if end == 0 else begin
            end, sure, masked = piece.end, max(sure, 0.75), True
        elif piece.word[-1] in lasts and _ends_place(text, begin, piece):
            end, sure, masked = piece.end, 0.85, False
        elif end == 0 and piece.end - begin > 10:
            begin = piece.start
    return begin, end, sure, masked


def _begin(first: Piece) -> int:
    """我住 and 家住 are no part of the name behind them, even cut as one word."""
    head = _LIVES.match(first.word)
    return first.start + (0 if head is None else head.end())


def _spanning(text: str, start: int, last: Span) -> Span:
    """One address of two parts: 建设路68号 + 云山家园1栋."""
    words = text[start : last.end].strip()
    return Span("place", start, last.end, words, last.confidence, score=len(words))


def _ends_place(text: str, begin: int, piece: Piece) -> bool:
    long, short = word_set("place_suffix"), word_set("place_suffix_short")
    generic = word_set("place_generic")
    so_far = text[begin : piece.end]
    if so_far in generic:
        return False
    ending = next((so_far[-size:] for size in (5, 4, 3, 2) if so_far[-size:] in long), None)
    if ending == "广场" and text.startswith("舞", piece.end):
        return False
    if ending is not None:
        return len(so_far) > len(ending) and (
            piece.word not in _BARELY or len(so_far) > len(ending) + 1
        )
    if so_far[-1] in short and (len(piece.word) == 1 or piece.word not in generic):
        return (
            len(so_far) >= 3
            and (len(piece.word) != 1 or len(so_far) <= 12)
            and not (so_far[-1] == "路" and so_far[-2].isdigit())  # a bus
            and not (so_far[-1] == "路" and text.startswith(_ROAD_THINGS, piece.end))
            and not (so_far[-1] == "弄" and text.startswith(_SPOILT, piece.end))
            and not (so_far[-1] == "桥" and ("搭" in so_far or "心脏" in text))
            and not so_far.endswith(
                ("夜市", "超市", "门市", "上市", "老乡", "同乡", "家乡", "坏路", "烂路")
            )
        )
    return False


def _extended(text: str, end: int) -> int:
    for pattern in (_TO_BUILDING, _DETAIL, _JOINED, _DETAIL):
        match = pattern.match(text, end)
        if match is not None and match.end() - end < 24:
            end = match.end()
    return end


def _beside(text: str, run: Sequence[Piece]) -> Span | None:
    """银泰后头, 老粮站对面: a name known to everybody there, and where from it."""
    at = next((at for at, piece in enumerate(run) if _BESIDE.fullmatch(piece.word)), len(run))
    run = run[:at]  # the tokeniser may count the 后头 in
    if not 1 <= len(run) <= 2 or len(run[-1].word) < 2 or run[0].word in _ADVERBS:
        return None
    start, end = run[0].start, run[-1].end
    match = _BESIDE.match(text, end)
    if match is None or end - start > 8:
        return None
    words = text[start:end]
    if words in word_set("place_generic") or words in word_set("company_generic"):
        return None
    if any(piece.word in word_set("landmark_generic") for piece in run):
        return None
    if _NOT_BEFORE_BESIDE.search(words) or not words[-1].isalpha():
        return None
    return Span("place", start, match.end(), text[start : match.end()], 0.5, score=len(words) / 2)


def _buildings(text: str, runs: Sequence[Sequence[Piece]]) -> list[Span]:
    """A building or flat; the words that run up to it are the estate's name (御景名邸二栋)."""
    if _BUILDING_MARKS.search(text) is None:
        return []
    found = []
    for match in _BUILDING.finditer(text):
        words = match.group()
        if not _BUILDING_MARKS.search(words):
            continue
        if text.startswith(("楼", "居民", "业主", "房子"), match.end()):
            continue
        start = _estate(match.start(), runs)
        words = text[start : match.end()].strip()
        found.append(Span("place", start, match.end(), words, 0.6, score=len(words) / 2))
    return found


def _estate(start: int, runs: Sequence[Sequence[Piece]]) -> int:
    for run in runs:
        begin = run[0].start
        if begin < start <= run[-1].end and 2 <= start - begin <= 8:
            generic = {*(piece.word for piece in run if piece.start < start)}
            return start if generic & word_set("place_generic") else begin
    return start


def _inside(span: Span, spans: Sequence[Span]) -> bool:
    return any(other.start < span.end and span.start < other.end for other in spans)


def _answer(text: str) -> list[Span]:
    """The words of an answer to "where?", without 就在 … 那边."""
    head = _ANSWER_HEAD.match(text)
    start = head.end() if head is not None else 0
    body = _ANSWER_TAIL.sub("", text[start : start + 60])
    if not 2 <= len(body) <= 30:
        return []
    return [Span("place", start, start + len(body), body, 0.5, score=1.0)]
