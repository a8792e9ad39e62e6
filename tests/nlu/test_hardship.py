"""Words of despair said of a shop, a price or a noise are no alarm; said of oneself they are."""

import pytest

from nlu.engine import EmbeddedEngine

HARDSHIP = [
    "实在撑不下去了店要关门了",
    "生意撑不下去了，房租还要涨",
    "活不下去了生意，街上挖了半年没人来",
    "没活路，油价涨成这样跑车没得赚",
    "没活路了，城管天天撵摊",
    "一年到头没休息，工资一个月两千，没活路",
    "修路修了一年我们沿街商户快撑不住了",
    "菜价这么贵还让不让人活",
    "电费这么贵，老百姓没法活了",
    "疫情后生意一直不行，撑不住了只好关门，预付卡的钱怎么退",
    "快崩溃了楼上装修",
    "被噪音搞得快疯了",
    "养殖场臭得人没法活",
    "这公交等得我想死",
    "这是要把商户往死里逼",
    "公司快不行了，工资拖着",
    "担心死了，老人一个人在家没暖气",
    "累死了",
    "气死我了",
    "热死人了这教室",
    "要命，电费涨了一倍",
    "签了给四万块一次性了断",
    "山路去年塌方压死过人",
]
ONESELF = [
    "我撑不下去了",
    "实在撑不下去了",
    "真的撑不下去了，不想活了",
    "店倒了，钱没了，我也不想活了",
    "店关了，我撑不下去了",
    "生意垮了，欠了一屁股债，活着没意思",
    "生意赔光了，我真的撑不住了",
    "没活路了",
    "我们一家没活路了",
    "工资要不回来，我真的活不下去了",
    "厂里不发工资我一家人活不下去了",
    "老板不给钱这是把人往绝路上逼",
    "快撑不下去了这个月房贷都还不上，老板还不发工资",
    "债主天天上门，我快撑不住了想跳楼",
    "生意失败，没脸见人，撑到今天真撑不下去了",
    "这日子没法过了",
    "气得我想死",
    "作业多得孩子想死",
]
GRAVE = [
    "店垮了我喝药算了",
    "工资再不发我就死在你们门口",
    "活不下去了，药都买好了",
    "撑不下去了，今晚就走",
    "生意黄了，我从店里楼上跳下去得了",
    "变压器一直冒火花，边上堆的全是纸箱",
    "老板养的人说不撤诉就让我走不出这个县",
    "想一了百了，地方都选好了",
]


@pytest.mark.parametrize("line", HARDSHIP)
def test_a_shop_a_price_or_a_noise_is_no_alarm(engine: EmbeddedEngine, line: str) -> None:
    assert engine.understand(line).crisis == "none"


@pytest.mark.parametrize("line", ONESELF)
def test_the_same_words_about_oneself_are(engine: EmbeddedEngine, line: str) -> None:
    assert engine.understand(line).crisis != "none"


@pytest.mark.parametrize("line", GRAVE)
def test_a_plan_or_a_danger_beside_a_shop_is_grave(engine: EmbeddedEngine, line: str) -> None:
    assert engine.understand(line).crisis in {"R2", "R3"}
