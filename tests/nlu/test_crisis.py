"""Danger in a line: found when it is there, not seen where it is not."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from nlu.crisis import detect, sentences_of
from nlu.engine import EmbeddedEngine
from nlu.normalize import normalize

SETS = Path(__file__).parent / "crisis"
GRAVE_LEVELS = {"R2", "R3"}


@dataclass
class Figures:
    """Counts over labelled lines, and each line that went wrong."""

    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("grave", "R1", "none"), 0))
    seen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("grave", "R1", "none"), 0))
    kinds: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def share(self, what: str) -> float:
        return self.right[what] / self.seen[what]


def figures_of(engine: EmbeddedEngine, names: tuple[str, ...]) -> Figures:
    """Score whole sets. R2 and R3 count as found when either is said, R1 when anything is."""
    figures = Figures()
    for name in names:
        for entry in yaml.safe_load((SETS / f"{name}.yaml").read_text(encoding="utf-8")):
            level, text = entry["level"], entry["text"]
            heard = engine.understand(text)
            what = "grave" if level in GRAVE_LEVELS else level
            found = {
                "grave": heard.crisis in GRAVE_LEVELS,
                "R1": heard.crisis != "none",
                "none": heard.crisis == "none",
            }[what]
            figures.seen[what] += 1
            figures.right[what] += found
            if not found:
                figures.wrong.append(f"{name}: {level}, said {heard.crisis}: {text}")
            elif what == "grave":
                kinds = entry["kind"] if isinstance(entry["kind"], list) else [entry["kind"]]
                figures.kinds.append(heard.crisis_kind in kinds)
    return figures


NOW = [
    "我在天台上坐着，腿耷拉在外面",
    "药我已经吃了大半瓶，头开始晕了",
    "手腕割了，血流了一地",
    "农药喝下去了，肚子跟火烧一样",
    "我站在江桥栏杆外面，就想再看一眼",
    "煤气打开了，窗户关严了，睡了",
    "汽油浇身上了，打火机在手里，叫老板来",
    "见不到钱我们马上就从这楼上跳下去",
    "绳子套好了，再见了各位",
    "他拿着菜刀冲进来了",
    "有人在砸我家门，快来人，我不敢出声",
    "救命啊，他要杀我",
    "他们正在打我男人，满脸是血",
    "两伙人打起来了，快来人，动刀了",
    "被他锁在屋里了，他说要放火，出不去",
    "我妹被她老公打，现在躲在厕所里不敢说话",
    "邻居家着火了，楼道全是烟，下不去",
    "厨房着火了快来",
    "一屋子煤气味，我头晕想吐",
    "我爸倒在地上叫不醒了",
    "工友触电了，没呼吸了",
    "小孩掉进化粪池了，快来救",
    "老人被困在电梯里喘不上气",
    "脚手架塌了，下面压着两个人",
    "孩子误吃了老鼠药，嘴里吐白沫",
    "山洪冲进来了，我们被困在屋顶上",
    "我妈的氧气机没电了，快不行了",
    "电线断了掉在水坑里冒火花",
    "有个女的翻到桥栏杆外边去了，要跳",
    "隔壁女人一直喊救命，孩子在哭",
]
GRAVE = [
    "遗书我写好了，放在抽屉里",
    "再不给钱我就喝农药",
    "不解决我就从你们办公楼跳下去",
    "我想死，真的撑到头了",
    "不想活了",
    "安眠药我攒了一百多片",
    "今晚就不想过了",
    "我妈说她要上吊，怎么劝都不听",
    "要是判给他，我就抱着孩子一起跳河",
    "把我逼急了咱们同归于尽",
    "老公喝了酒就打我，昨天又打了",
    "他说要砍我全家",
    "包工头放话谁再要钱就打断谁的腿",
    "我爸天天拿皮带抽我",
    "孩子今天又被他后爸打了",
    "前夫威胁要杀了我和孩子",
    "继父摸我，我不敢跟我妈说",
    "我非弄死他不可",
    "他车里藏着砍刀",
    "我要把他们公司炸了",
    "被家里人关起来打，手机是偷着用的",
    "老人被护工打得浑身青紫",
    "室友说要自杀，刀片都买好了",
    "他拿裸照威胁我给钱",
    "我奶奶走失两天了",
]
CONCERN = [
    "活着没意思",
    "真的撑不住了",
    "没人管我，不如死了算了",
    "逼急了我什么都干得出来",
    "这日子没法过了",
    "气得我真想死",
    "就想一觉睡过去再也不醒",
    "我就是个累赘，拖累孩子们",
    "烂命一条，没啥好怕的",
    "走投无路了",
    "看不到一点希望",
    "老天爷快收了我吧",
    "大不了拼了这条老命",
    "病也不看了，等死呗",
    "要出人命的我跟你说",
    "没脸见人了",
    "恨不得砍了他",
    "别管我了，让我解脱吧",
    "这是把人往绝路上逼啊",
    "我死了谁管我妈",
]
CALM = [
    "热死了，空调坏了三天",
    "气死我了，物业电话打不通",
    "电脑死机了，材料没提交成功",
    "跳楼价处理，买回来就坏",
    "想死你们了，好久没来社区活动",
    "笑死，这也叫修好了",
    "火锅店油烟太大",
    "广场舞音响吵得要命",
    "隔壁杀鸡呢，一地毛",
    "拼多多砍一刀是骗人的",
    "小区里死角没人打扫",
    "死活不给退钱",
    "打死我也不信他的话",
    "药店卖过期药",
    "农药残留超标的菜",
    "消防通道被堵了，万一着火怎么办",
    "担心煤气管老化会爆炸",
    "去年楼下着过火，隐患一直没整改",
    "井盖松了，怕有人掉下去",
    "剧本杀店半夜扰民",
    "楼上跳绳跳到十一点",
    "上吊顶的师傅把墙钻坏了",
    "刀削面馆占道",
    "孩子作业写到崩溃",
    "老板拖欠工资三个月",
    "楼上漏水把我家天花板泡了",
    "路灯坏了半个月没人修",
    "我妈去世了，丧葬费怎么领",
    "救命稻草都没了，开玩笑的，就问问退费",
    "谢谢，问题解决了",
    "半夜打麻将",
    "快递员态度太差",
    "杀猪盘骗了我三千",
    "公交车甩站",
    "树死了好久没人砍",
    "这价格吓死人",
    "下辈子都不买他家房子",
    "没有煤气味，就是打不着火",
    "天台门能不能打开晒被子",
    "桥边护栏该修了",
]


@pytest.mark.parametrize(
    ("names", "grave", "concern", "false_alarms", "kinds"),
    [
        # What the rules and examples were mended by: the aims hold.
        (("working", "fresh", "blind", "last", "final", "seventh"), 0.99, 0.90, 0.03, 0.75),
        # Lines that nothing was mended by (0.864, 0.90, 7.1 %, 0.58), less a line or two.
        (("unseen",), 0.80, 0.80, 0.12, 0.50),
    ],
)
def test_the_figures_of_whole_sets(
    engine: EmbeddedEngine,
    names: tuple[str, ...],
    grave: float,
    concern: float,
    false_alarms: float,
    kinds: float,
) -> None:
    figures = figures_of(engine, names)
    assert figures.seen["grave"] >= 20
    missed = "\n".join(figures.wrong)
    assert figures.share("grave") >= grave, missed
    assert figures.share("R1") >= concern, missed
    assert 1 - figures.share("none") <= false_alarms, missed
    assert sum(figures.kinds) >= kinds * len(figures.kinds)


@pytest.mark.parametrize("line", NOW)
def test_danger_now(engine: EmbeddedEngine, line: str) -> None:
    assert engine.understand(line).crisis == "R3"


@pytest.mark.parametrize("line", GRAVE)
def test_plans_means_threats_and_violence(engine: EmbeddedEngine, line: str) -> None:
    assert engine.understand(line).crisis in {"R2", "R3"}


@pytest.mark.parametrize("line", CONCERN)
def test_concern_is_never_nothing(engine: EmbeddedEngine, line: str) -> None:
    assert engine.understand(line).crisis != "none"


def test_calm_lines_stay_calm(engine: EmbeddedEngine) -> None:
    alarmed = [line for line in CALM if engine.understand(line).crisis != "none"]
    assert alarmed == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("我在楼顶上，想跳", "self_harm"),
        ("药我都吃了", "self_harm"),
        ("我老公打我，我躲在厕所", "violence"),
        ("他说要砍我全家", "violence"),
        ("煤气味很重，头晕", "hazard"),
        ("邻居家着火了出不去", "hazard"),
        ("楼上有人要跳楼，站在窗台上", "witness"),
        ("隔壁男的天天打孩子，哭得惨", "witness"),
    ],
)
def test_the_kind_decides_the_words(line: str, kind: str) -> None:
    assert detect(normalize(line).text).kind == kind


def test_danger_is_urgent_and_comes_before_the_matter(engine: EmbeddedEngine) -> None:
    heard = engine.understand("老板欠我三万工资，再不给我就从塔吊上跳下去")
    assert (heard.category, heard.urgent) == ("wage_arrears", True)
    assert heard.crisis in {"R2", "R3"}


def test_danger_at_the_end_of_a_long_letter_is_seen(engine: EmbeddedEngine) -> None:
    letter = "我们小区的物业收费从来不公示，" * 400 + "我已经站在楼顶天台边上了，要跳"
    assert engine.understand(letter).crisis == "R3"


@pytest.mark.parametrize(
    "said",
    [
        "我把后事都交代给我姐了，到时候你们去河里捞我",
        "寿衣我自己穿上了，谁也不用来看我",
    ],
)
def test_roundabout_danger_is_heard_in_the_last_sentence_of_a_letter(
    engine: EmbeddedEngine, said: str
) -> None:
    letter = "我家的房子漏水三年了，物业每次来看看就走。维修基金说要三分之二的业主签字。" * 6
    assert engine.understand(letter).crisis == "none"
    assert engine.understand(letter + said + "。").crisis != "none"


def test_only_letters_are_heard_by_the_sentence() -> None:
    assert sentences_of("楼上漏水。找了物业没用。我活够了。") == []
    letter = "电梯坏了没人修。" * 400 + "我活够了。药备好了。就这样。再见了大家。"
    heard = sentences_of(letter)
    assert "再见了大家" in heard
    assert "药备好了" in heard
    assert len(heard) <= 4


def test_what_came_of_an_accident_says_that_it_is_over() -> None:
    assert detect("孩子卡在门里,夹伤了手,已经出院,学校不出医药费").level == "none"
    assert detect("孩子手卡住了,现在还在里面出不来").level == "R3"


def test_a_feared_or_settled_accident_is_no_alarm() -> None:
    assert detect("一旦着火了后果不堪设想").level == "none"
    assert detect("去年着火了,到现在没赔").level == "none"
    assert detect("掉进没盖的井里摔伤谁赔").level == "none"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("骑车被出租车蹭到,胳膊青了一片", "none"),
        ("儿媳妇推我,摔在地上,身上全是青的,她还要打", "R2"),
        ("她说是摔的,可身上全是青紫", "R2"),
    ],
)
def test_a_bruise_is_an_alarm_unless_an_accident_is_told(line: str, level: str) -> None:
    assert detect(line).level == level


def test_a_smell_of_many_years_is_no_alarm() -> None:
    assert detect("附近厂里排毒气味,居民出现常年咳嗽").level == "none"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("狗掉井里了", "none"),
        ("狗追孩子,孩子掉井里了", "R3"),
        ("课没意思,退我学费", "none"),
        ("活着没意思", "R1"),
        ("我跟他没完,法院见", "none"),
        ("我跟他没完", "R1"),
        ("组长说我是废物,换个部门行吗", "none"),
        ("我是废物", "R1"),
    ],
)
def test_a_guard_by_kind_leaves_the_danger_beside_it(line: str, level: str) -> None:
    assert detect(line).level == level


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电梯里困了个老人", "hazard"),
        ("电梯里关着我妈和孩子", "hazard"),
        ("老人摔地上动不了了", "hazard"),
        ("老伴刚才摔倒了，爬不起来了", "hazard"),
        ("路口撞车了 人躺地上不动", "hazard"),
        ("对面楼顶上坐着个人 看着要跳", "witness"),
        ("桥上站着个女的在哭", "witness"),
    ],
)
def test_someone_stuck_or_seen(engine: EmbeddedEngine, text: str, kind: str) -> None:
    heard = engine.understand(text)
    assert (heard.crisis, heard.crisis_kind) == ("R3", kind)


@pytest.mark.parametrize(
    "text",
    [
        "我就想一次说清楚缺啥",
        "电梯昨天卡住了人 今天又坏",
        "我妈上次摔倒了起不来住了院，物业不赔",
        "电梯里卡着我的手机",
    ],
)
def test_no_danger_in_an_ordinary_wish(engine: EmbeddedEngine, text: str) -> None:
    assert engine.understand(text).crisis == "none"
