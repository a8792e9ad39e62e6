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
from nlu.understanding import CrisisKind, CrisisLevel

LEVELS: Final[tuple[CrisisLevel, ...]] = ("none", "R1", "R2", "R3")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLANK: Final = "□"
_FEARED: Final = re.compile(
    r"(?:万一|要是|如果|假如|一旦|怕|担心|真要?|容易|会|可能|哪天|迟早|早晚|引起|引发|造成|导致|预防|以防|隐患|差点|险些|好像要|小心|注意|防止|避免|演练|危险)[^,。!?;]{0,10}$"
)
_LONG_AGO: Final = re.compile(
    r"(?:去年|前年|上个?月|以前|之前|上次|那年|曾经|年前|上回|小时候|早年|前几年|过去|往年|当年)[^。!?;]{0,16}$"
)
_DENIED: Final = re.compile(r"(?:没有?|没再|不是|并非|从来不|从没|没闻到|没人)$")
_OTHERS: Final = re.compile(
    r"隔壁|楼上|楼下|对门|邻居|有人|有个|路边|街上|桥上有|楼顶有|天台有|一个(?:女|男|老|小|孩)|别人|别家|人家|我(?:妈|爸|爷|奶|姥|婆婆|公公|老婆|媳妇|老公|儿子|女儿|妹|弟|哥|姐|同学|室友|工友|朋友|闺女|孙|娘|爹|嫂|同事|老乡)"
    r"|俺(?:嫂|哥|娘|爹|婆)|他(?!们?(?:打|揍|拿|说要|要|掐|踹|砸|再))|她|孩子|娃|老人|老头|大爷|大妈|老太|工友|同学|室友|师傅"
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


@dataclass(frozen=True, slots=True)
class _Rule:
    level: CrisisLevel
    kind: CrisisKind
    pattern: re.Pattern[str]


NO_ALARM: Final = Alarm("none", None)


@cache
def _rules() -> tuple[re.Pattern[str], tuple[_Rule, ...]]:
    """The guards as one pattern, and the rules with the gravest first."""
    with (DATA / "crisis.yml").open(encoding="utf-8") as stream:
        content = yaml.load(stream, Loader=_LOADER)  # noqa: S506  # both loaders are safe ones
    guards = [pattern for patterns in content["guards"].values() for pattern in patterns]
    rules = [
        _Rule(rule["level"], rule["kind"], _any_of(rule["patterns"])) for rule in content["rules"]
    ]
    rules.sort(key=lambda rule: -LEVELS.index(rule.level))
    return _any_of(guards), tuple(rules)


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def detect(text: str) -> Alarm:
    """The gravest alarm the rules find in normalised ``text``."""
    guards, rules = _rules()
    plain = guards.sub(lambda match: _BLANK * len(match.group()), text)
    for rule in rules:
        for match in rule.pattern.finditer(plain):
            if match.group() and _stands(plain, match.start(), rule):
                return Alarm(rule.level, _kind(text, rule.kind), match.group())
    return NO_ALARM


def _stands(text: str, start: int, rule: _Rule) -> bool:
    before = text[max(0, start - 24) : start]
    if _DENIED.search(before):
        return False
    if rule.kind == "hazard" or (rule.kind == "violence" and rule.level == "R3"):
        return not (_FEARED.search(before) or _LONG_AGO.search(before))
    return True


def _kind(text: str, kind: CrisisKind) -> CrisisKind:
    """Who sees it happen to someone else is a witness and gets other words."""
    if kind == "hazard":
        return kind
    if _OTHERS.search(text) and not _MYSELF_HIT.search(text):
        return "witness"
    return kind


def graver(one: Alarm, level: str, kind: CrisisKind | None = None) -> Alarm:
    """``one``, raised to ``level`` when that is graver."""
    if LEVELS.index(cast("CrisisLevel", level)) <= LEVELS.index(one.level):
        return one
    return Alarm(cast("CrisisLevel", level), kind or one.kind or "self_harm", one.words)
