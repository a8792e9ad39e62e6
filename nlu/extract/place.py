"""Places: 翠湖小区3号楼2单元, 桃源镇柳树村五组, 人民路与解放路路口, A市A3区某某花园, 火车站天桥."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nlu.extract.names import LONGEST, Piece, runs
from nlu.extract.span import Span
from nlu.lexicon import word_set

_COUNT: Final = r"(?:第?[\d一二三四五六七八九十两百]{1,4}|[a-z]\d{0,3}|叁|贰|壹)"
_DETAIL: Final = re.compile(
    rf"(?: ?[的,]?(?:{_COUNT} ?(?:期|区|号院|号楼|号|栋|幢|座|单元|层|楼|室|房|户|弄|巷|组|村|队|排|门|片|街)"
    r"|[东南西北](?:门|区|苑|侧|面|边|头)|[a-z]?-?\d{3,4}(?!\d|元|块|年|多|个|户|人|万|名|平)(?:室|房)?|[一二三四五六]期"
    r"|项目部|项目|工地|写字楼|安置点|家属院|宿舍))+"
)
_BUILDING: Final = re.compile(
    rf"(?:{_COUNT}(?:期|区)?,? ?)?{_COUNT} ?(?:号楼|栋|幢|座|单元)(?: ?,?{_COUNT} ?(?:单元|单|层|楼|室|房|号|户)| ?[a-z]?-?\d{{3,4}}(?!\d|元|块|年|多))*"
)
_JOINED: Final = re.compile(
    r"(?:与|和|跟|到|至|—|-|、)[^,。;!? ]{1,8}?(?:路|街|大道|巷)(?:的)?(?:交汇处|交叉口|交界处?|路口|十字路口|路段|之间)?"
)
_ANSWER_HEAD: Final = re.compile(
    r"^(?:我?们?家?(?:就|住|是)*在|就在?|在|搁|喺|是|住|地址是?:?|位置是?:?|我们是|我是)+ *"
)
_ANSWER_TAIL: Final = re.compile(
    r"(?:那里|这里|那边|这边|那块|那个[^,。]{0,5}|这块|附近|那儿|这儿|啊|呀|吧|嘛|呢|哦|的|[,。!. ])+$"
)


def find_places(text: str, found: Sequence[Piece], *, asked: bool = False) -> list[Span]:
    """Places in ``text``; the fullest comes first. ``asked``: the whole answer may be one."""
    spans: list[Span] = []
    for run in runs(found):
        span = _in_run(text, run)
        if span is None or any(span.start < other.end for other in spans):
            continue
        if spans and spans[-1].end == span.start and span.end - spans[-1].start <= LONGEST:
            span = _spanning(text, spans.pop().start, span)
        spans.append(span)
    spans += [span for span in _buildings(text) if not _inside(span, spans)]
    if asked and not spans:
        spans = _answer(text)
    return spans


def _in_run(text: str, run: Sequence[Piece]) -> Span | None:
    """The place that ends latest in this run of words."""
    long, short, generic = (
        word_set("place_suffix"),
        word_set("place_suffix_short"),
        word_set("place_generic"),
    )
    begin, end, sure = run[0].start, 0, 0.0
    for piece in run:
        if piece.masked:
            if end == 0 or piece.start != end:
                begin = piece.start if end == 0 else begin
            end, sure = piece.end, max(sure, 0.75)
        elif _ends_place(text, begin, piece, long, short, generic):
            end, sure = piece.end, 0.85
        elif end == 0 and piece.end - begin > 10:
            begin = piece.start
    if end == 0:
        return None
    end = _extended(text, end)
    if end - begin > LONGEST or text[begin:end] in generic:
        return None
    return Span("place", begin, end, text[begin:end].strip(), sure, score=end - begin)


def _spanning(text: str, start: int, last: Span) -> Span:
    """One address of two parts: 黄谷路368号 + 山水嘉园1栋."""
    words = text[start : last.end].strip()
    return Span("place", start, last.end, words, last.confidence, score=len(words))


def _ends_place(
    text: str,
    begin: int,
    piece: Piece,
    long: frozenset[str],
    short: frozenset[str],
    generic: frozenset[str],
) -> bool:
    so_far = text[begin : piece.end]
    if so_far in generic:
        return False
    ending = next((so_far[-size:] for size in (5, 4, 3, 2) if so_far[-size:] in long), None)
    if ending == "广场" and text.startswith("舞", piece.end):
        return False
    if ending is not None:
        return len(so_far) > len(ending) and (
            piece.word not in {"项目", "中心", "国际", "时代", "市场"}
            or len(so_far) > len(ending) + 1
        )
    if so_far[-1] in short and (len(piece.word) == 1 or piece.word not in generic):
        return (
            len(so_far) >= 3
            and (len(piece.word) != 1 or len(so_far) <= 12)
            and not so_far.endswith(("夜市", "超市", "门市", "上市"))
        )
    return False


def _extended(text: str, end: int) -> int:
    for pattern in (_DETAIL, _JOINED, _DETAIL):
        match = pattern.match(text, end)
        if match is not None and match.end() - end < 24:
            end = match.end()
    return end


def _buildings(text: str) -> list[Span]:
    """A building or flat without an estate's name."""
    found = []
    for match in _BUILDING.finditer(text):
        words = match.group()
        exact = any(unit in words for unit in ("号楼", "栋", "幢", "单元"))
        if exact and not text.startswith(("楼", "居民", "业主", "房子"), match.end()):
            found.append(
                Span("place", match.start(), match.end(), words.strip(), 0.6, score=len(words) / 2)
            )
    return found


def _inside(span: Span, spans: Sequence[Span]) -> bool:
    return any(other.start <= span.start < other.end for other in spans)


def _answer(text: str) -> list[Span]:
    """The words of an answer to "where?", without 就在 … 那边."""
    head = _ANSWER_HEAD.match(text)
    start = head.end() if head is not None else 0
    body = _ANSWER_TAIL.sub("", text[start:])
    if not 2 <= len(body) <= 30:
        return []
    return [Span("place", start, start + len(body), body, 0.5, score=1.0)]
