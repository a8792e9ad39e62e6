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
from itertools import islice
from typing import Final

import yaml

from nlu.hardship import is_of_a_matter
from nlu.lexicon import DATA
from nlu.sieve import Sieve
from nlu.understanding import CrisisKind, CrisisLevel, Ranked

LEVELS: Final[tuple[CrisisLevel, ...]] = ("none", "R1", "R2", "R3")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLANK: Final = "□"
HEARD: Final = 0.5
"""The head is heard when it gives danger of any level this much."""
SURE: Final = 0.8
"""… and this much where a figure of speech or a denial was seen."""
CERTAIN: Final = 0.93
"""… and this much where the line asks for what complaints ask for, or is a sentence of a letter."""
OPENING: Final = (0.8, HEARD)
"""Plan or presence only the head sees needs this much danger, without and with a word of it."""
ANSWER: Final = (CERTAIN, 0.6)
"""… and this much in the answer to a question: the child's exam, the key at a relative's and the
creditor at the door are everybody's talk."""
GRAVE: Final = 0.35
"""Plan or presence needs this much of what the head gives to danger: recall comes first."""
LETTER: Final = 60
"""Characters from which a text is a letter: its single sentences are heard too …"""
HEARD_ALONE: Final = 4
"""… at most so many, the last two and those with a character of danger, each …"""
LONGEST_SENTENCE: Final = 60
"""… to this many characters, the last ones."""
CURT: Final = 6
"""A line of so few characters is danger only by words of danger."""
NEAR: Final = 30
"""Characters before words of danger in which the one who is meant is named."""
_FEARED: Final = re.compile(
    r"(?:万一|要是|如果|假如|一旦|怕|担心|真要?|容易|会|可能|哪天|迟早|早晚|引起|引发|造成|导致|预防|以防|隐患|差点|险些|好像要|小心|注意|防止|避免|演练|危险)[^,。!?;]{0,10}$"
)
_LONG_AGO: Final = re.compile(
    r"(?:去年|前年|上个?月|以前|之前|当时|当天|次日|那天|(?:19|20)\d\d年|上次|那年|曾经|年前|上回|小时候|早年|前几年|过去|往年|当年)[^。!?;]{0,16}$"
)
_YEARS_AGO: Final = re.compile(r"去年|前年|年前|那年|当年|早年|以前|曾经")
_SETTLED: Final = re.compile(
    r"救灾|只给了|补助|宣告|救回|致.{0,8}(?:骨折|残|死亡)|缝了|谁赔|赔偿|理赔|索赔|谁的责任|责任怎么|负什么责|承担|工伤认定|怎么算|算不算"
)
_TOLD_LATER: Final = re.compile(
    r"包扎|缝了|打了?(?:好?几|[一二两三四五六七八九十\d]+)针|出院|住了[^,。]{0,4}(?:天|院|月|周)|医药费|赔|道歉|讨?个?说法|责任|报销|谁出钱|不认账"
    r"|不承认|索赔|监控|治好|好了|没事了|已经灭|扑灭|处理完|后来|认不认|算不算|该不该|以为|听说|退货|退款|退钱|退费|早就?出来|已经出来|都出来了"
)
_NOW: Final = re.compile(
    r"现在|正(?:在|往|从|打|拿|砸|掐)|还在|快[来点要不]|快$|救(?![济了])|叫不|喊不|没反应|不醒|呼吸|在流|止不住|困在|出不来|上不来|下不来|跑不"
    r"|120|119|110|不动|不敢|怎么办|没知觉|被困|马上|里面有|还有人|没出来|抽搐|冒"
)
_FELL: Final = re.compile(r"(?<!把[我他她])(?:摔|跌|磕|碰|绊|滑)[^。]{0,12}$")
_BRUISED: Final = re.compile(r"青|紫|肿")
_ACCIDENT: Final = re.compile(
    r"(?<!说)(?<!说是)(?<!把[我他她])(?:摔|跌|磕|绊|滑|刮|蹭|硌|崴|夹|别了?一下|(?:被|让)[^,。]{0,6}(?:车|货架|器械|门)[^,。]{0,4}(?:撞|砸|碰))"
)
_STRUCK: Final = re.compile(
    r"打(?!球|车|针|电话|滑)|揍|踢|踹|掐|抽[我他她]|推[我他她倒搡]|扇|虐|家暴|欺负|护工|保姆|说是"
)
_CHRONIC: Final = re.compile(r"常年|长年|长期|多年|一直以来")
_FEARED_WITHIN: Final = re.compile(r"怕[他她]?|担心|万一|要是|防止")
_CLOSED: Final = re.compile(
    r"立了?案|调解|轻伤|重伤|鉴定|谅解|正当防卫|取保|抓了|判了|责任|拘|缓刑|要不要赔|案底|该打哪个"
)
_GOES_ON: Final = re.compile(
    r"又|天天|经常|总|老是|再|敢|怕|现在|还在|正|威胁|扬言|说要|家暴|老公|丈夫|前夫|继父|爸|妈|婆|男友|对象|孩子"
)
_WAITING_FOR: Final = re.compile(r"(?:难道|非要|要等到?|等到|是不是要|出了)[^,。]{0,8}$")
_DENIED: Final = re.compile(
    r"(?:没有?|没再|不是|并非|从来不|从没|没闻到|没人|不会|不可能|没想过?|没打算|没有要)$"
)
_DIED: Final = re.compile(r"走的|去世|过世|身亡|死的|没的|遗产|抚恤|丧葬|理赔|工亡")
_KIN: Final = (
    "妈|爸|爷|奶|姥|婆婆|公公|老婆|媳妇|老公|爱人|对象|老伴|那口子|儿子|女儿|闺女|儿媳|女婿|娃|孩子"
    "|妹|弟|哥|姐|嫂|叔|舅|姑|姨|侄|外甥|孙|娘|爹|同学|室友|工友|朋友|同事|老乡|邻居|徒弟|学生"
)
_OTHERS: Final = re.compile(
    r"隔壁|楼上|楼下|对门|对面|邻居|有人|有个|(?:站|坐|蹲|趴|躺|吊|爬|骑)(?:着|了|上)?(?:有|一|俩|两)?个?(?:人|女|男|老|小|学生|姑娘)|"
    r"路边|街上|桥上有|楼顶有|天台有|一个(?:女|男|老|小|孩)"
    r"|(?:男|女)的|女人|别人|别家|人家|姑娘|小伙|[我俺](?:家)?(?:" + _KIN + r")"
    r"|他(?!们?(?:打|揍|拿|说要|要|掐|踹|砸|再))|她|孩子|娃|老人|老头|大爷|大妈|老太|工友|同学|室友|师傅"
)
_MYSELF: Final = re.compile(
    r"(?<!对不起)[我俺咱](?!们?(?:家|班|这|那)?的?(?:"
    + _KIN
    + r"|小区|楼|村|单元|厂|公司|学校|院|街|组|家?门口))"
    r"(?!们?(?:刚才?|就)?(?:听|看|瞧|瞅|见|发现|怀疑|路过|担心|劝|敲|报了?警|要反映|想反映|举报))"
    r"|(?:^|[,。!? ])[^,。!?他她人孩娃]{0,8}自己"
)
_TAKEN: Final = re.compile(r"(?:整|一|半)(?:瓶|把|板)|安眠药|农药|敌敌畏|百草枯|割腕|上吊")
_DESPAIR: Final = re.compile(r"自焚|不想活|想死|遗书|割腕|自杀|轻生|一了百了")
_HARMING: Final = re.compile(
    r"药|绳|吊|跳|割|遗书|不想活|来生|来世|寻死|自己|了断|了结|解脱|炭|松手|(?:楼|天台|桥|江|河)边|窗沿|水里走"
)
_VIOLENT: Final = re.compile(
    r"打|揍|砍|捅|杀|刀|斧|锤|棍|枪|掐|踹|踢|扎|勒|扇|耳光|皮带|抽我|砖头|酒瓶|威胁|扬言|放话|恐吓|绑|关起来|关着|锁"
    r"|虐|欺负|强奸|猥亵|侵|收拾|摸|动我|碰我|亲我|脱|跪|糟蹋|骚扰|抢|传销|拐|撬|闯|贼|追|手筋|灭口|报复|械斗|尾随|跟踪"
)
_HAZARDOUS: Final = re.compile(
    r"火|烧|烟|煤气|燃气|气罐|漏气|气味|爆|触电|漏电|电线|塌|垮|埋|淹|洪|倒灌|冲走|水里|井|坑里|掉下|摔|砸中|压"
    r"|呼吸|昏|晕|抽搐|抽过|中毒|叫不|不理|没反应|出血|噎|呛|嘴唇|羊水|夹|卡住|困|电梯|翻车|走丢|走失|失联|失踪"
    r"|没回|没到家|不见了|找不到|天黑"
)
_ORDINARY: Final = re.compile(
    r"投诉|举报|起诉|曝光|上访|法律|[去到]法院告|官司|城管|退[款钱费租]|报销|医药费|赔|扣[钱光我他她工绩]|罚[款单]|续租|断网|调岗|拉黑|朋友圈|抖音|横幅|举牌"
    r"|评优|毕业|开除|转让|年终|请假|合并|合理吗|能不能|多少钱|减免|抽烟|吸烟|没动手|和好|治好|(?:现在|已经|早就?|都)好了(?:[,。]|$)|没事|灭了|该修|检测|补办|复印|售后"
    r"|继承|过户|改嫁|户口|抚恤|打不着火|乱扔|没人[收清](?!尸)|护士[^,。]{0,4}(?:凶|态度|不耐烦)|气得我把[^,。]{1,6}[扔丢剪退还]"
    r"|说清楚|讲清楚|问清楚|缺(?:啥|什么|哪)|材料|手续|留名|匿名|实名|别联系|羞死|排队|排长队|停车|路灯|医保|社保|补贴|低保|车位|物业费|发票|app|验证码|不想干了|再见,等|晒|查监控"
)
_SENTENCE: Final = re.compile(r"[^。!?;\n]+")
_DANGEROUS: Final = re.compile(
    r"[死命药刀跳血活火烧救砍杀绳江河炸毒吊割晕埋掐揍]|别找|来世|对不起|楼顶|天台|打我"
)
_ONLY_FEARED: Final = re.compile(
    r"怕(?:有人|小孩|孩子|老人|人|哪天|出|摔|砸|掉|倒|挂|塌)|万一|担心"
    r"|不敢留[名号]|怕[^,。]{0,4}报复|遭[到受]?报复"
)
_MYSELF_HIT: Final = re.compile(
    r"(?:打|揍|掐|踹|砍|捅|杀|弄死|威胁|堵|锁|关|骂|扇|追|拿刀)(?:了|着|死|住|在)*(?:我|俺|咱)|(?:我|俺)(?:被|让|给|挨|躲|怕|不敢)|(?:我|俺)(?:们)?家门|砸(?:我|门)|救我|(?<![喊叫])救命"
    r"|(?:^|[,。! ])被|(?:不能|不敢|说不了|没法)(?:出声|说话|打电话)|说不了话"
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """How grave it is, of what kind, and the words that said so ("" when the model did)."""

    level: CrisisLevel
    kind: CrisisKind | None
    words: str = ""
    guarded: bool = False
    """A figure of speech or a denial was blanked out: the head, blind to those, must be surer."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """``marks[i]`` is what the i-th pattern of ``signs`` means; the gravest come first."""

    guards: Sieve
    figurative: int
    """From this guard on the words blanked out are figures of speech and denials."""
    signs: Sieve
    marks: tuple[tuple[CrisisLevel, CrisisKind], ...]


@cache
def _rules() -> _Rules:
    with (DATA / "crisis.yml").open(encoding="utf-8") as stream:
        content = yaml.load(stream, Loader=_LOADER)  # noqa: S506  # both loaders are safe ones
    figures = [*content["guards"]["metaphor"], *content["guards"]["quotation"]]
    guards = [*content["guards"]["plain"], *figures]
    signs = [
        (rule["level"], rule["kind"], pattern)
        for rule in sorted(content["rules"], key=lambda rule: -LEVELS.index(rule["level"]))
        for pattern in rule["patterns"]
    ]
    marks = tuple((level, kind) for level, kind, _ in signs)
    figurative = len(content["guards"]["plain"])
    return _Rules(Sieve(guards), figurative, Sieve([pattern for _, _, pattern in signs]), marks)


def detect(text: str) -> Alarm:
    """The gravest alarm the rules find in normalised ``text``."""
    rules = _rules()
    plain = text
    guarded = False
    for at, guard in rules.guards.candidates(text):
        plain, blanked = guard.subn(lambda match: _BLANK * len(match.group()), plain)
        guarded = guarded or (blanked > 0 and at >= rules.figurative)
    for at, sign in rules.signs.candidates(plain):
        level, kind = rules.marks[at]
        for match in sign.finditer(plain):
            if match.group() and _stands(plain, match, level, kind):
                return Alarm(level, _kind(text, kind, match.span()), match.group(), guarded)
            guarded = guarded or bool(match.group())
    return Alarm("none", None, guarded=guarded)


def _stands(text: str, match: re.Match[str], level: CrisisLevel, kind: CrisisKind) -> bool:
    before = text[max(0, match.start() - 24) : match.start()]
    after = text[match.start() : match.end() + 16]
    if _DENIED.search(before) or _WAITING_FOR.search(before):
        return False
    if kind == "self_harm" and level != "R3" and is_of_a_matter(text, match):
        return False
    if kind == "violence" and level == "R2" and _is_bruise(text, match):
        return False
    if kind == "violence" and level == "R2" and not _GOES_ON.search(text):
        fell = _FELL.search(before) and not _STRUCK.search(text)
        return not (fell or _CLOSED.search(text[match.start() : match.end() + 30]))
    if kind == "hazard" or (kind == "violence" and level == "R3"):
        if _SETTLED.search(after) or _is_told_later(text, match):
            return False
        return not (_FEARED.search(before) or _LONG_AGO.search(before))
    told = before + match.group()
    return not (kind == "self_harm" and _YEARS_AGO.search(told) and _DIED.search(after))


def _is_bruise(text: str, match: re.Match[str]) -> bool:
    """A bruise after a fall or a knock, in a line that tells of no blow and no keeper."""
    if not _BRUISED.search(match.group()) or _STRUCK.search(text):
        return False
    return bool(_ACCIDENT.search(text[: match.start()]))


def _is_told_later(text: str, match: re.Match[str]) -> bool:
    """An accident that is over is told with what came of it; feared or lasting years it is none."""
    if _FEARED_WITHIN.search(match.group()) or _CHRONIC.search(match.group()):
        return True
    near = text[max(0, match.start() - NEAR) : match.end() + NEAR]
    return bool(_TOLD_LATER.search(near)) and not _NOW.search(near)


def _kind(text: str, kind: CrisisKind, at: tuple[int, int]) -> CrisisKind:
    """Who sees it happen to someone else is a witness and gets other words.

    ``at`` is where the words of danger stand; who is meant is looked for near them first.
    """
    myself = bool(_MYSELF.search(text))
    others = bool(_OTHERS.search(text))
    despair = _DESPAIR.search(text) and not _MYSELF_HIT.search(text)
    if despair and myself and not others:
        return "self_harm"
    if kind == "hazard" and others and not myself and _TAKEN.search(text):
        return "witness"
    if kind == "hazard" or not others:
        return kind
    if kind == "violence":
        return kind if myself or _MYSELF_HIT.search(text) else "witness"
    near = text[max(0, at[0] - NEAR) : at[1]]
    if _MYSELF.search(near):
        return kind
    return "witness" if _OTHERS.search(near) else kind


def sentences_of(text: str) -> list[str]:
    """Of a letter the sentences to hear alone: in the whole of it their danger is drowned.

    Linear in ``text``; empty for a line shorter than LETTER.
    """
    if len(text) < LETTER:
        return []
    every = [match.group().strip(" ,") for match in _SENTENCE.finditer(text)]
    last = [part for part in every if len(part) > 3][-2:]
    grave = (part for part in reversed(every) if part not in last and _DANGEROUS.search(part))
    chosen = [*last, *islice(grave, HEARD_ALONE - len(last))]
    return [part[-LONGEST_SENTENCE:] for part in chosen]


def with_head(
    alarm: Alarm,
    ranking: Sequence[Ranked],
    text: str,
    heard: float = HEARD,
    doubts: tuple[float, float] = OPENING,
) -> Alarm:
    """``alarm``, or the trained head's when the rules found none, or only concern.

    ``ranking`` holds the levels, the surest first; ``heard`` is how sure of danger it must be,
    and ``doubts`` how sure of plan or presence, without and with a word of danger.
    """
    share = {entry.name: entry.confidence for entry in ranking}
    grave = share.get("R2", 0.0) + share.get("R3", 0.0)
    danger = grave + share.get("R1", 0.0)
    if alarm.level in {"R2", "R3"} or _ONLY_FEARED.search(text):
        return alarm
    if alarm.guarded:
        heard = max(heard, SURE)
    if _ORDINARY.search(text):
        heard = max(heard, CERTAIN)
    if len(text) <= CURT and not _DANGEROUS.search(text):  # an answer: "just me", "I am off"
        return alarm
    if danger < heard or (alarm.level == "R1" and grave < HEARD):
        return alarm
    level: CrisisLevel = "R1"
    if grave >= GRAVE * danger:
        named = any(sign.search(text) for sign in (_VIOLENT, _HAZARDOUS, _HARMING, _DANGEROUS))
        if alarm.level == "none" and danger < doubts[named]:
            return alarm
        level = "R3" if share.get("R3", 0.0) > share.get("R2", 0.0) else "R2"
    return Alarm(level, _kind(text, _kind_of_words(text), (0, len(text))), alarm.words)


def _kind_of_words(text: str) -> CrisisKind:
    harming = _HARMING.search(text)
    if _VIOLENT.search(text) and not (harming and _MYSELF.search(text)):
        return "violence"
    return "hazard" if _HAZARDOUS.search(text) and not harming else "self_harm"
