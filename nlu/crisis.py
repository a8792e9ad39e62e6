"""Signs of danger in a line, looked for before anything else. Recall comes before precision.

The rules are data (``data/crisis.yml``). Guards blank out figures of speech (跳楼价, 气死了) and
plain denials; a fire or a fall that is only feared, or long past, is no alarm. The trained crisis
head (``nlu/data/crisis_examples.yml``) speaks up where no rule matches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

import yaml

from nlu.lexicon import DATA
from nlu.sieve import Sieve
from nlu.understanding import CrisisKind, CrisisLevel, Ranked

LEVELS: Final[tuple[CrisisLevel, ...]] = ("none", "R1", "R2", "R3")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLANK: Final = "□"
_FEARED: Final = re.compile(
    r"(?:万一|要是|如果|假如|一旦|怕|担心|真要?|容易|会|可能|哪天|迟早|早晚|引起|引发|造成|导致|预防|以防|隐患|差点|险些|好像要|小心|注意|防止|避免|演练|危险)[^,。!?;]{0,10}$"
)
_LONG_AGO: Final = re.compile(
    r"(?:去年|前年|上个?月|以前|之前|上次|那年|曾经|年前|上回|小时候|早年|前几年|过去|往年|当年)[^。!?;]{0,16}$"
)
_SETTLED: Final = re.compile(
    r"谁赔|赔偿|理赔|索赔|谁的责任|责任怎么|负什么责|承担|工伤认定|怎么算|算不算"
)
_DENIED: Final = re.compile(r"(?:没有?|没再|不是|并非|从来不|从没|没闻到|没人)$")
_OTHERS: Final = re.compile(
    r"隔壁|楼上|楼下|对门|邻居|有人|有个|路边|街上|桥上有|楼顶有|天台有|一个(?:女|男|老|小|孩)|(?:男|女)的|别人|别家|人家|我(?:妈|爸|爷|奶|姥|婆婆|公公|老婆|媳妇|老公|儿子|女儿|妹|弟|哥|姐|同学|室友|工友|朋友|闺女|孙|娘|爹|嫂|同事|老乡)"
    r"|俺(?:嫂|哥|娘|爹|婆)|他(?!们?(?:打|揍|拿|说要|要|掐|踹|砸|再))|她|孩子|娃|老人|老头|大爷|大妈|老太|工友|同学|室友|师傅"
)
_VIOLENT: Final = re.compile(r"打|砍|捅|杀|刀|棍|枪|掐|踹|威胁|绑|关起来|锁|虐|欺负|强奸|猥亵|收拾")
_HAZARDOUS: Final = re.compile(
    r"着火|起火|冒烟|煤气|燃气|触电|漏电|塌|埋|淹|水里|井|坑里|掉下|呼吸|昏|抽搐|中毒|夹住|压住|走丢|走失"
)
_ONLY_FEARED: Final = re.compile(
    r"怕(?:有人|小孩|孩子|老人|人|哪天|出|摔|砸|掉|倒|挂|塌)|万一|担心"
)
_MYSELF_HIT: Final = re.compile(
    r"(?:打|揍|掐|踹|砍|捅|杀|弄死|威胁|堵|锁|关|骂|扇|追|拿刀)(?:了|着|死|住|在)*(?:我|俺|咱)|(?:我|俺)(?:被|让|给|挨|躲|怕|不敢)|(?:我|俺)(?:们)?家门|砸(?:我|门)|救我|救命"
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """How grave it is, of what kind, and the words that said so ("" when the model did)."""

    level: CrisisLevel
    kind: CrisisKind | None
    words: str = ""
    guarded: bool = False
    """A figure of speech or a denial was blanked out: the head, blind to those, is not asked."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """``marks[i]`` is what the i-th pattern of ``signs`` means; the gravest come first."""

    guards: Sieve
    signs: Sieve
    marks: tuple[tuple[CrisisLevel, CrisisKind], ...]


NO_ALARM: Final = Alarm("none", None)


@cache
def _rules() -> _Rules:
    with (DATA / "crisis.yml").open(encoding="utf-8") as stream:
        content = yaml.load(stream, Loader=_LOADER)  # noqa: S506  # both loaders are safe ones
    guards = [pattern for patterns in content["guards"].values() for pattern in patterns]
    signs = [
        (rule["level"], rule["kind"], pattern)
        for rule in sorted(content["rules"], key=lambda rule: -LEVELS.index(rule["level"]))
        for pattern in rule["patterns"]
    ]
    marks = tuple((level, kind) for level, kind, _ in signs)
    return _Rules(Sieve(guards), Sieve([pattern for _, _, pattern in signs]), marks)


def detect(text: str) -> Alarm:
    """The gravest alarm the rules find in normalised ``text``."""
    rules = _rules()
    plain = text
    for _, guard in rules.guards.candidates(text):
        plain = guard.sub(lambda match: _BLANK * len(match.group()), plain)
    guarded = plain != text
    for at, sign in rules.signs.candidates(plain):
        level, kind = rules.marks[at]
        for match in sign.finditer(plain):
            if match.group() and _stands(plain, match, level, kind):
                return Alarm(level, _kind(text, kind), match.group(), guarded)
    return Alarm("none", None, guarded=guarded)


def _stands(text: str, match: re.Match[str], level: CrisisLevel, kind: CrisisKind) -> bool:
    before = text[max(0, match.start() - 24) : match.start()]
    if _DENIED.search(before):
        return False
    if kind == "hazard" or (kind == "violence" and level == "R3"):
        if _SETTLED.search(text[match.start() : match.end() + 16]):
            return False
        return not (_FEARED.search(before) or _LONG_AGO.search(before))
    return True


def _kind(text: str, kind: CrisisKind) -> CrisisKind:
    """Who sees it happen to someone else is a witness and gets other words."""
    if kind == "hazard":
        return kind
    if _OTHERS.search(text) and not _MYSELF_HIT.search(text):
        return "witness"
    return kind


def with_head(alarm: Alarm, ranking: Sequence[Ranked], text: str) -> Alarm:
    """``alarm``, or the trained head's when the rules found none.

    ``ranking`` holds the levels, the surest first.
    """
    if alarm.level != "none" or not ranking or ranking[0].name == "none":
        return alarm
    if alarm.guarded or _ONLY_FEARED.search(text):
        return alarm
    level = cast("CrisisLevel", ranking[0].name)
    return Alarm(level, _kind(text, _kind_of_words(text)))


def _kind_of_words(text: str) -> CrisisKind:
    if _VIOLENT.search(text):
        return "violence"
    return "hazard" if _HAZARDOUS.search(text) else "self_harm"
