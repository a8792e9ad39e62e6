"""Companies and institutions: 鼎盛劳务, 某某物业公司, 老周烧烤店, 中铁某局."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nlu.extract.names import LONGEST, Piece, runs
from nlu.extract.span import Span
from nlu.lexicon import word_set

_TRAIL: Final = re.compile(
    r"(?:(?:股份)?有限(?:责任)?公司|集团|分公司|公司|项目部|物业(?:管理|服务)?(?:有限)?(?:公司|中心|处)?)"
)
_STATE: Final = re.compile(
    r"(?:中铁|中建|中交|中冶|中国水电|中铁建|省建|市建|葛洲坝)[一二三四五六七八九十\d]{0,3}(?:局|公司|航局)?(?:集团)?"
)
_NOT_AFTER: Final = re.compile(
    r"(?:费|经理|员工|人员|师傅|管理员|办公室|楼|部门|用房|保安|用品|路|街|工作|名义|门口|对面|旁边|附近|法|条例)"
)
_PLAIN_NAME: Final = re.compile(
    r"^(?:某|这|那|该|本|我|小区|业主|开发商|建设|施工|前期|(?:原|前|后|新|老|旧|现|黑)(?=公司|物业))+(?:的|家|个)?"
)


def find_organisations(text: str, found: Sequence[Piece]) -> list[Span]:
    """Named companies and institutions, in order; a bare 公司 or 物业 is none."""
    spans = [
        _span(text, match.start(), match.end(), 0.85)
        for match in _STATE.finditer(text)
        if match.end() - match.start() > 2
    ]
    for run in runs(found):
        for span in _in_run(text, run):
            rivals = [other for other in spans if span.start < other.end and other.start < span.end]
            spans = [other for other in spans if other not in rivals]
            spans.append(
                _span(
                    text,
                    min(span.start, *(other.start for other in rivals)) if rivals else span.start,
                    max([span.end, *(other.end for other in rivals)]),
                    span.confidence,
                )
            )
    return sorted(spans, key=lambda span: span.start)


def _span(text: str, start: int, end: int, confidence: float) -> Span:
    return Span("employer", start, end, text[start:end].strip(), confidence, score=end - start)


def _in_run(text: str, run: Sequence[Piece]) -> list[Span]:
    suffixes, generic = word_set("company_suffix"), word_set("company_generic")
    begin, found = run[0].start, []
    for at, piece in enumerate(run):
        if piece.end <= begin or not _ends_company(text[begin : piece.end], piece, suffixes):
            continue
        end = piece.end
        trail = _TRAIL.match(text, end)
        if trail is not None:
            end = trail.end()
        head = _PLAIN_NAME.match(text[begin:end])
        start = begin + (head.end() if head is not None else 0)
        words = text[start:end]
        if 3 <= len(words) <= LONGEST and words not in generic and not _MASK_ONLY.fullmatch(words):
            found.append(_span(text, start, end, 0.6 if _NOT_AFTER.match(text, end) else 0.85))
        begin = end if at + 1 < len(run) else begin
    return found


_MASK_ONLY: Final = re.compile(
    r"(?:[a-z]\d{0,2}(?:市|区|县))+(?:公司|物业|银行|医院|学校|超市|厂)?"
)


def _ends_company(so_far: str, piece: Piece, suffixes: frozenset[str]) -> bool:
    if piece.masked:
        return False
    if piece.word in suffixes:
        return len(so_far) > len(piece.word)
    return (
        len(piece.word) >= 3
        and any(
            piece.word.endswith(suffix)
            for suffix in ("公司", "集团", "物业", "酒店", "医院", "驾校", "银行")
        )
    ) or (len(piece.word) == 1 and piece.word == "厂" and len(so_far) >= 3)
