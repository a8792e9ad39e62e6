"""How many people: 一共18个, 十来号人, 七个人, 我们八个门岗, 就我自己."""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.numbers import NUMERAL, parse
from nlu.extract.span import Span, best_first

_PERSON: Final = (
    r"(?:农民工|民工|工人|工友|员工|职工|老师|教师|业主|村民|居民|学生|孩子|娃|小孩|同事|老乡|兄弟|师傅|骑手|保洁|保安|门岗|住户|家长|老人|人"
    r"|服务员|司机|护工|剪头发的|小姑娘|小伙子?|姐妹|女工|临时工|同学|技师|厨师|护士|伙计|弟兄|哥们|邻居|乘客|患者|病人|友)"
)
_COUNT: Final = re.compile(
    rf"(?P<number>{NUMERAL})(?P<more>多|来|几|余)?(?P<measure>个|名|位|号|口|条)?(?P<person>{_PERSON})"
    rf"|(?P<total>一共|总共|共有?|合计|我们|咱们?|俺们?|我们一共)有?(?:就|是|差不多|大概)?(?P<number2>{NUMERAL})(?P<more2>多|来|几|余)?(?P<measure2>个|名|位|号)(?![月小年半多钟工礼星房电车窗洞坑灯楼电包井厕门问项部路单井点])"
    rf"|(?P<number3>(?!一[名位]|1[名位]){NUMERAL})(?P<more3>多|来|几|余)?(?P<measure3>名|位)"
    rf"|(?P<open>(?:好几|几|数|上)十?百?千?(?:个|名|位|号|口)?{_PERSON}|数十名|数百名|一大帮人?|一帮人|一群人|一伙人)"
    r"|(?P<alone>就我(?:自己|一个(?:人)?|自个儿?)|我(?:自己)?一个人|我自个儿?|只有我(?:自己|一个人)?|单我一个|我一个)"
)
_AGAINST: Final = re.compile(
    r"(?:第|每|对面|搬来|来了|叫了|派了?|保洁从|雇了|请了|找了|开除了?|招了?|打人的|[a-z\d])(?:有)?$"
)
_NOT_PEOPLE_AFTER: Final = re.compile(r"(?:民|工费|均|才|数|次|间|行|民币|家|造|格|为|员?不够)")
_RESIDENTS: Final = re.compile(
    r"我们|咱|俺|大家|一共|总共|共|都|工友|工地|反映|受害|中毒|没发|没给|没拿|被拖|欠|家里|这边|窝|堵|走回|剩"
)


def find_people(text: str, *, asked: bool = False) -> list[Span]:
    """At most one ``people_n``, the best; the others are ``people_other``."""
    found = []
    for match in _COUNT.finditer(text):
        span = _read(text, match)
        if span is not None:
            found.append(span)
    if asked and not found:
        found = _bare(text)
    order = best_first(found)
    best = order[0] if order and order[0].score > 0 else None
    return [span.named("people_n") if span is best else span for span in found]


def _read(text: str, match: re.Match[str]) -> Span | None:
    if match["alone"]:
        whole = len(text) - len(match.group()) <= 4
        return Span("people_other", match.start(), match.end(), 1, 0.8, score=1.5 if whole else 0.2)
    if match["open"]:
        return Span(
            "people_other",
            match.start(),
            match.end(),
            None,
            0.6,
            vague=True,
            score=_score(text, match),
        )
    words = match["number"] or match["number2"] or match["number3"]
    number = parse(words)
    if match["total"] and words in {"一", "1"}:  # 还我们一个公道
        return None
    if match["measure"] == "号" and match["person"] != "人":  # 29号住户
        return None
    if number is None or number.value < 1 or number.value != int(number.value):
        return None
    if match["number"] and not match["measure"] and not _bare_count(match, words):
        return None
    if _NOT_PEOPLE_AFTER.match(text, match.end()) and match["person"] == "人":
        return None
    vague = number.vague or bool(match["more"] or match["more2"] or match["more3"])
    start = match.start("number") if match["number"] else match.start()
    value = int(number.value)
    return Span(
        "people_other", start, match.end(), value, 0.9 - 0.3 * vague, vague, _score(text, match)
    )


def _bare_count(match: re.Match[str], words: str) -> bool:
    """四人, 20人, 80多人 count; 一人 and 两老人 seldom do."""
    if match["person"] == "人":
        return words != "一"
    return bool(match["more"])


def _score(text: str, match: re.Match[str]) -> float:
    if _AGAINST.search(text[max(0, match.start() - 5) : match.start()]):
        return -1.0
    number = match["number"] or match["number2"] or match["number3"] or ""
    score = 0.5 if number not in {"一", "1"} else -0.5
    around = text[max(0, match.start() - 14) : match.end() + 10]
    if _RESIDENTS.search(around):
        score += 1.0
    if match["total"] or re.search(
        r"(?:一共|总共|共)(?:有)?$", text[max(0, match.start() - 3) : match.start()]
    ):
        score += 1.0
    return score


def _bare(text: str) -> list[Span]:
    """The answer 18 or 三十来个 to "how many?"."""
    match = re.search(rf"(?P<number>{NUMERAL})(?P<more>多|来|几)?(?:个|名|位|号|口|户|家)?", text)
    number = parse(match["number"]) if match is not None else None
    if match is None or number is None or number.value < 1 or number.value > 100_000:
        return []
    vague = number.vague or bool(match["more"])
    return [Span("people_other", match.start(), match.end(), int(number.value), 0.8, vague, 1.0)]
