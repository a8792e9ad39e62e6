"""Places, from estates to masked districts."""

import pytest

from nlu.extract.place_words import looks_like_place
from tests.nlu.found import value, values

PLACES = {
    "我住在翠湖小区3号楼2单元": "翠湖小区3号楼2单元",
    "桃源镇柳树村五组没水": "桃源镇柳树村五组",
    "人民路与解放路交汇处的路灯不亮": "人民路与解放路交汇处",
    "投诉A市A3区锦绣花园物业": "A市A3区锦绣花园",
    "火车站天桥的扶梯坏了": "火车站天桥",
    "我在滨江公园散步": "滨江公园",
    "请问龙泉家园二期什么时候交房": "龙泉家园二期",
    "在城北安置房工地干了三个月": "城北安置房工地",
    "B-1208住户半夜吵，我们是金桂苑5栋": "金桂苑5栋",
    "老电厂宿舍停水": "老电厂宿舍",
    "春晖路路灯不亮": "春晖路",
    "在柳林村口，路灯坏了": "柳林村口",
}


@pytest.mark.parametrize(("text", "place"), PLACES.items())
def test_finds_places(text: str, place: str) -> None:
    assert place in values(text, "place")


@pytest.mark.parametrize(
    "text",
    [
        "我们小区的电梯坏了",
        "农村老人没人管",
        "城市建设得好",
        "跳广场舞太吵",
        "走路都费劲",
        "住在工地上",
        "思路清楚",
    ],
)
def test_a_kind_of_place_is_no_place(text: str) -> None:
    assert values(text, "place") == []


def test_the_whole_answer_may_be_a_place() -> None:
    assert value("就在老粮站那个坡坡上头", "place", "place") == "老粮站"
    assert value("就在老粮站那个坡坡上头", "place") == "none"
    assert value("三号楼二单元", "place", "place") == "三号楼二单元"


def test_a_site_is_a_project_too() -> None:
    assert values("在城北安置房工地干活", "project") == ["城北安置房工地"]


@pytest.mark.parametrize(
    "words", ["这个月发", "三亩二分", "身份证大两岁", "老大在县里老二在村里", "造纸厂排"]
)
def test_an_answer_that_tells_something_else_is_no_place(words: str) -> None:
    assert not looks_like_place(words)


def test_names_close_to_those_are_places() -> None:
    assert looks_like_place("老二路")
    assert looks_like_place("三分地村")
