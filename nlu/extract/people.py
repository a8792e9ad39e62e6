"""How many people: 一共18个, 十来号人, 七个人, 咱仨, 夫妻俩, 我们六个保洁, 就我自己, 拖欠260职工.

``people_n`` is how many share the complaint; others counted in the line are ``people_other``.
``households`` counts doors, not heads: 30多户.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nlu.extract.numbers import NUMERAL, numeral_runs, parse
from nlu.extract.span import Span, best_first

_WORKER: Final = r"农民工|民工|工人|工友|员工|职工|业主|村民|居民|住户|骑手|门岗|老乡|同事|弟兄|兄弟|女工|临时工|租户|商户|受害者?|家长|股民|会员|学员|商家"
_PERSON: Final = (
    rf"(?:{_WORKER}|老师|教师|学生|孩子|娃|小孩|师傅|保洁|保安|老人|人"
    r"|服务员|司机|护工|剪头发的|小姑娘|小伙子?|姐妹|同学|技师|厨师|护士|伙计|哥们|邻居|乘客|患者|病人|友)"
)
_NUMBERED: Final = re.compile(
    rf"(?P<number>{NUMERAL})(?P<more>多|来|几|余)?(?P<measure>个|名|位|号|口|条)?(?P<person>{_PERSON})"
    rf"|(?P<doors>{NUMERAL})(?P<moredoors>多|来|几|余)?(?:户(?!型|口|外|籍|头|主|名|室|数)|家(?=业主|居民|人家|村民|住户|商户|农户|人|的|都|没|[,。;]|$))"
    rf"|(?P<number3>(?!一[名位]|1[名位]){NUMERAL})(?P<more3>多|来|几|余)?(?P<measure3>名|位)"
    rf"|(?P<number2>{NUMERAL})(?P<more2>多|来|几|余)?(?P<measure2>个)(?![月小年半多钟工礼星房电车窗洞坑灯楼包井厕门问项部路单井点季])"
)
_TOTAL_BEFORE: Final = re.compile(
    r"(?:一共|总共|共有?|合计|我们一共|我们|咱们?|俺们?|剩我们)有?(?:就|是|差不多|大概|剩)?$"
)
_OPEN: Final = re.compile(
    rf"(?:(?:好几|几|数)(?:十|百|千)*|上[十百千]+)(?:来|多)?(?:个|名|位|号|口)?{_PERSON}|数十名|数百名"
)
_CROWD: Final = re.compile(
    r"一大帮人?|一帮人|一群人|一伙人|一大群人?"
    r"|(?P<pair>(?:咱|俺|我们|我|咱们|他们)?(?:夫妻|两口子|娘|爷|兄弟|姐妹|哥|姐|父子|母女|母子|父女|老两口|小两口)(?P<two>俩|两个|二人|两人|仨|三个))"
    r"|(?P<we>咱|俺|我们|俺们|咱们)(?:哥|姐)?(?:几个)?(?P<few>[俩仨])(?!月|小时|钟)"
    r"|(?P<alone>就我(?:自己|一个(?:人)?|自个儿?)|我(?:自己)?一个人(?!都|也|就)|我自个儿|只有我(?:自己|一个人)?|单我一个|我一个(?=[,。!?;]|$))"
)
_CROWD_MARKS: Final = re.compile("[俩仨帮群伙]|我自|就我|我一|有我|单我|两个|二人|两人|三个")
_AGAINST: Final = re.compile(
    r"(?:第|每|[最前后]|号码?|尾号|证件?|对面|搬来|来了|叫了|派了?|保洁从|雇了|请了|找了|开除了?|招了?|打人的|另外|其中|造成|致|以上|对方|他们|不足|超过|养了?|生了?|[a-z\d])(?:有)?$"
)
_FAMILY: Final = re.compile(r"(?:家中?|家里|家庭|户口|人口)[^,。;]{0,6}$")
_NOT_PEOPLE_AFTER: Final = re.compile(
    r"(?:民|工费|均|才|数|次|间|行|民币|家|造|格|为|员?不够|受伤|重伤|死亡|遇难|轻伤)"
)
_RESIDENTS: Final = re.compile(
    r"我们|咱|俺|大家|一共|总共|共|都|工友|工地|反映|受害|中毒|没发|没给|没拿|被拖|欠|家里|这边|窝|堵|走回|剩"
)
_OURS_BEFORE: Final = re.compile(
    r"(?:我们|咱们?|俺们?|欠|拖欠|带|带领|一共|总共|共有?|全体|全部|连我|包括我|还有|剩|有|现|克扣|大约|大概|约|近|将近|的|给)[^,。;]{0,6}$"
)
_OURS_AFTER: Final = re.compile(
    r"[^,。;]{0,6}(?:没拿|没发|没给|没领|欠|工资|工钱|联名|签名|反映|讨薪|要钱|受害|血汗|泣血|被骗|上当|维权|呈)"
)
LETTER: Final = 100
"""From this many characters on, only workers, neighbours and we are counted."""
_BESIDE_A_COUNT: Final = frozenset(
    "个名位号口条多来几余户家农民工员职业村居住骑门老同弟兄女临租商受股会学教孩娃小师保人服司护剪姐技厨伙哥邻乘患病友"
)
"""The cheapest test: what may stand right after a number that counts people."""
_UNPAID: Final = re.compile(r"欠|没[发给拿结领]|不[发给结]|工资|工钱|干活|打工")
_WORKERS: Final = re.compile(_WORKER)

_TENS: Final = re.compile(r"[一二两三四五六七八九][十百千]$")
_BARE: Final = re.compile(rf"(?P<number>{NUMERAL})(?P<more>多|来|几)?(?:个|名|位|号|口|户|家)?")


def find_people(
    text: str, *, asked: bool = False, runs: Sequence[tuple[int, int]] | None = None
) -> list[Span]:
    """At most one ``people_n``, the best; the others are ``people_other`` or ``households``."""
    found = _loose(text)
    loose, last = tuple(found), 0
    for start, end in numeral_runs(text) if runs is None else runs:
        if start < last or text[end : end + 1] not in _BESIDE_A_COUNT:
            continue
        match = _NUMBERED.match(text, start)
        span = None if match is None else _read(text, match)
        if span is not None and not any(_meet(span, other) for other in loose):
            found.append(span)
            last = span.end
    if asked and not any(span.entity == "people_other" for span in found):
        found = _bare(text) or [span.named("people_other") for span in found]
    bar = 0.95 if len(text) > LETTER and not asked else 0.0
    order = best_first([span for span in found if span.entity == "people_other"])
    best = order[0] if order and order[0].score > bar else None
    return sorted(
        (span.named("people_n") if span is best else span for span in found),
        key=lambda span: span.start,
    )


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _loose(text: str) -> list[Span]:
    """Counts without a numeral: 好几十个工友, 一帮人, 夫妻俩, 就我自己."""
    found = []
    if "几" in text or "数" in text or "上" in text:
        for match in _OPEN.finditer(text):
            if _TENS.search(text, 0, match.start()) is not None:  # 六十几个人
                continue
            span = Span("people_other", *match.span(), None, 0.6, vague=True)
            found.append(_with_score(text, span, match.group()))
    if _CROWD_MARKS.search(text) is None:
        return found
    for match in _CROWD.finditer(text):
        if match["alone"]:
            only = match.group().startswith(("就", "只", "单"))
            whole = len(text) - len(match.group()) <= (4 if only else 1)
            span = Span(
                "people_other", *match.span(), 1, 0.8, score=1.5 if whole else 0.2 * only - 0.1
            )
        elif match["pair"] or match["we"]:
            number = 3 if (match["two"] or match["few"])[0] in "仨三" else 2
            score = 1.3 if _UNPAID.search(text) else -1.0
            span = Span("people_other", *match.span(), number, 0.8, score=score)
        else:
            span = Span("people_other", *match.span(), None, 0.6, vague=True)
            span = _with_score(text, span, match.group())
        if not any(_meet(span, other) for other in found):
            found.append(span)
    return found


def _read(text: str, match: re.Match[str]) -> Span | None:
    start = match.start()
    if match["doors"]:
        return _households(match)
    words = match["number"] or match["number2"] or match["number3"]
    number = parse(words)
    total = _TOTAL_BEFORE.search(text[max(0, start - 8) : start])
    if number is None or number.value < 1 or number.value != int(number.value):
        return None
    if _no_people(text, match, words, total=total is not None):
        return None
    vague = number.vague or bool(match["more"] or match["more2"] or match["more3"])
    vague = vague or words in {"百", "千", "万", "上百", "上千"}
    if total is not None and match["measure2"]:
        start -= len(total.group())
    span = Span("people_other", start, match.end(), int(number.value), 0.9 - 0.3 * vague, vague)
    return _with_score(text, span, words, total=total is not None)


def _no_people(text: str, match: re.Match[str], words: str, *, total: bool) -> bool:
    """A count of something else, or no count at all."""
    if text[match.start() - 1 : match.start()] in {"几", "数"}:
        return True
    if match["measure2"]:  # 还我们一个公道
        return not total or words in {"一", "1"}
    if not match["number"]:
        return False
    if match["measure"]:
        each = len(words) > 2 and words[-1] == "一"  # 两万一个人
        door = match["measure"] == "号" and match["person"] != "人"  # 29号住户
        no_count = each or door
    else:
        no_count = "万" in words or not _bare_count(text, match, words)
    person = match["person"] == "人"
    return no_count or (person and _NOT_PEOPLE_AFTER.match(text, match.end()) is not None)


def _households(match: re.Match[str]) -> Span | None:
    number = parse(match["doors"])
    if number is None or number.value < 2 or number.value != int(number.value):
        return None
    vague = number.vague or bool(match["moredoors"])
    return Span("households", *match.span(), int(number.value), 0.8 - 0.2 * vague, vague)


def _bare_count(text: str, match: re.Match[str], words: str) -> bool:
    """四人, 20人, 80多人 count; 一人 and 两老人 seldom do; 拖欠260职工 does."""
    if match["person"] == "人":
        return words != "一"
    owed = text[max(0, match.start() - 2) : match.start()].endswith(("欠", "共", "近", "约", "们"))
    return bool(match["more"]) or (owed and _WORKERS.match(match["person"]) is not None)


def _with_score(text: str, span: Span, words: str, *, total: bool = False) -> Span:
    """How likely these are the people who complain."""
    before = text[max(0, span.start - 12) : span.start]
    around = before + text[span.start : span.end + 10]
    ours = _RESIDENTS.search(around) is not None
    if words in {"一", "1"} or _AGAINST.search(before):
        score = -1.0
    elif len(text) > LETTER:
        score = 0.5 * ours + 1.0 * total + _in_a_letter(text, span, before)
    elif span.value == 2 and not (ours or total):  # a couple more often than two who complain
        score = -0.5
    else:
        score = 0.5 + 1.0 * ours + 1.0 * total
    return Span(span.entity, span.start, span.end, span.value, span.confidence, span.vague, score)


def _in_a_letter(text: str, span: Span, before: str) -> float:
    """Letters count many people; those who are owed or affected are named as such."""
    if _FAMILY.search(before):
        return -1.0
    workers = _WORKERS.search(text, span.start, span.end) is not None
    ours = _OURS_BEFORE.search(before) or _OURS_AFTER.match(text, span.end)
    return 0.4 + 0.5 * workers + 0.6 * (ours is not None)


def _bare(text: str) -> list[Span]:
    """The answer 18 or 三十来个 to "how many?"."""
    match = _BARE.search(text)
    number = parse(match["number"]) if match is not None else None
    if match is None or number is None or number.value < 1 or number.value > 100_000:
        return []
    vague = number.vague or bool(match["more"])
    return [Span("people_other", match.start(), match.end(), int(number.value), 0.8, vague, 1.0)]
