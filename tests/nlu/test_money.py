"""Sums of money in whole sentences."""

import pytest

from tests.nlu.found import first, value, values

STAKE = {
    "欠我两万三没给": 23000,
    "老板压着我1w8一直不发": 18000,
    "还差三千五": 3500,
    "总共2.3万": 23000,
    "工钱一共欠两万三千五百块，说下个月给": 23500,
    "定金三万一直没退": 30000,
    "剩那三万一说没钱": 31000,
    "店里扣咗我万二蚊": 12000,
    "上头写着叁万捌仟元整": 38000,
    "公司欠款贰拾叁萬玖仟圆（239000元）": 239_000,
    "工资23000没发": 23000,
    "转了5000给中介": 5000,
    "扣我¥500": 500,
    "房东押金2000不退": 2000,
    "打碎个碗要赔三百": 300,
    "货款12,500.00元没结": 12500,
    "给过两千生活费，还欠一万八": 18000,
    "月薪五千管吃住，欠了一万五": 15000,
    "三年零四个月攒的六万二打了水漂": 62000,
    "欠两万三年了": 20000,
    "彩礼八万八，处了俩月黄了": 88000,
    "退我一万四个月都没动静": 10000,
    "每人一万二": 12000,
    "每平方1块2，一年两千四": 2400,
    "花了4万8千块": 48000,
    "近30万血本无归": 300_000,
}


@pytest.mark.parametrize(("text", "yuan"), STAKE.items())
def test_finds_what_is_at_stake(text: str, yuan: int) -> None:
    amounts = values(text, "amount_yuan")
    assert amounts == [yuan]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("三千来块", 3000),
        ("被扣了八千多", 8000),
        ("大概一万七八", 17000),
        ("万把块", 10000),
        ("百把块", 100),
        ("2百多万", 2_000_000),
        ("好几万", None),
        ("几十万打了水漂", None),
        ("少了几百块", None),
    ],
)
def test_a_rough_sum_is_vague(text: str, about: int | None) -> None:
    entity = first(text, "amount_yuan")
    assert entity is not None
    assert (entity.value, entity.vague) == (about, True)
    assert entity.confidence < 0.8


@pytest.mark.parametrize(
    "text",
    [
        "千万别告诉他是我说的",
        "万达广场后头",
        "打了12345没用",
        "2019年来的",
        "两千多人没水",
        "四楼402",
        "100多平的房子",
        "一百二十天",
        "第三百名",
        "百分之三十",
        "二十四号去的",
        "18楼",
        "一万个不愿意",
        "38路公交",
        "尾号8888",
        "13800138000",
        "百姓苦",
        "500兆宽带",
        "三千米",
        "楼高三十三层",
        "两万平米的小区",
        "20000多户",
    ],
)
def test_invents_no_sum(text: str) -> None:
    assert value(text, "amount_yuan") == "none"


def test_the_whole_counts_whoever_else_is_named() -> None:
    assert value("我一万五 其他人有多有少 总共大概十七万", "amount_yuan") == 170000


def test_rates_and_prices_keep_their_kind() -> None:
    assert value("一天280", "wage_rate") == 280
    assert value("月薪五千管吃住", "wage_rate") == 5000
    assert value("一度电收1块8", "unit_price") == 1.8
    assert value("一平两块八收着", "unit_price") == 2.8
    assert value("一平两块八收着", "amount_yuan") == "none"


@pytest.mark.parametrize("text", ["一共两万三", "一共是两万三", "一直欠着两万三", "大概一起两万三"])
def test_a_one_that_is_half_a_word_is_no_answer_to_how_much(text: str) -> None:
    assert value(text, "amount_yuan", "amount_yuan") == 23_000


def test_a_bare_answer_is_a_sum_when_it_was_asked_for() -> None:
    assert value("650", "amount_yuan") == "none"
    assert value("650", "amount_yuan", "amount_yuan") == 650
    assert value("六百五", "amount_yuan", "amount_yuan") == 650


def test_a_subsidy_by_the_month_is_at_stake() -> None:
    assert value("护理补贴一个月一百一没发", "amount_yuan") == 110
