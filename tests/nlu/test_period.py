"""How long the trouble lasts, apart from other lengths of time."""

import pytest

from tests.nlu.found import first, value

LASTING = {
    "仨月没给": 3,
    "工资压了两个半月": 2.5,
    "欠了一年零两个月": 14,
    "三个月没给工资": 3,
    "在工地干了三个月，老板一分钱没给": 3,
    "干了三年，欠我两个月工资": 2,
    "老板欠了我们将近四个月的工资": 4,
    "干完活已经三个月了": 3,
    "欠3个半月": 3.5,
    "一个月四千五，压了仨月": 3,
    "等了半个月了": 0.5,
    "三月没给钱了": 3,
    "厨房顶上漏了七个月": 7,
    "两周没水了": 14 / 30,
    "路灯坏了十天": 10 / 30,
    "这事拖了三年半": 42,
    "都13年了还没办": 156,
    "电梯停了俩月": 2,
    "近半年没发": 6,
}


@pytest.mark.parametrize(("text", "months"), LASTING.items())
def test_finds_how_long_it_lasts(text: str, months: float) -> None:
    assert value(text, "period_months") == pytest.approx(months, abs=0.01)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("欠薪半年多", 6),
        ("9个多月没发", 9),
        ("拖了好几个月", None),
        ("十来年了", 120),
        ("都大半年了", 6),
        ("停水好几天", None),
    ],
)
def test_a_rough_length_is_vague(text: str, months: float | None) -> None:
    entity = first(text, "period_months")
    assert entity is not None
    assert (entity.value, entity.vague) == (months, True)


@pytest.mark.parametrize(
    "text",
    [
        "2013年8月干的活",
        "19年签的合同",
        "我是去年三月份入职的",
        "五月三日报的警",
        "第三天",
        "工资到现在没发，试用期三个月",
        "孩子三个月大就没人管",
        "要我提前一个月说才给办",
        "二零一九年的事",
        "每个月都这样",
    ],
)
def test_other_times_are_not_how_long_it_lasts(text: str) -> None:
    assert value(text, "period_months") == "none"


def test_a_wage_agreed_on_is_no_length() -> None:
    told = "干了四个多月，老板头一个月给了两千，一个月说好的三千八"
    assert value(told, "period_months") == "none"


def test_an_answer_to_how_long() -> None:
    assert value("三个月", "period_months") == 3
    assert value("差不多两年吧", "period_months", "period_months") == 24
