"""Contract, identity, since when, last paid, demand."""

import pytest

from tests.nlu.found import value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("没签合同，就微信转过一次", "无"),
        ("一直没有跟我们签劳动合同", "无"),
        ("合同没签", "无"),
        ("签了劳动合同在他们手里", "书面"),
        ("有书面合同", "书面"),
        ("就是口头说好的工资", "口头"),
    ],
)
def test_kind_of_contract(text: str, kind: str) -> None:
    assert value(text, "contract") == kind


@pytest.mark.parametrize(
    ("text", "kind"), [("没有", "无"), ("签了", "书面"), ("没签", "无"), ("嘴上说的", "口头")]
)
def test_answers_about_the_contract(text: str, kind: str) -> None:
    assert value(text, "contract", "contract") == kind
    assert value("没有水", "contract") == "none"


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("别让物业知道是我说的", "保密"),
        ("给我保密", "保密"),
        ("匿名", "匿名"),
        ("不留名字", "匿名"),
        ("实名举报", "实名"),
        ("写我名字，不怕", "实名"),
    ],
)
def test_identity(text: str, mode: str) -> None:
    assert value(text, "identity_mode") == mode


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("从去年腊月到现在没发", "去年腊月"),
        ("上礼拜三开始漏的", "上礼拜三"),
        ("自2017年以来就这样", "2017年"),
        ("打从搬进来就没热过", "搬进来"),
        ("3月份到现在没水", "3月份"),
    ],
)
def test_since_when(text: str, since: str) -> None:
    assert value(text, "happened_since") == since


def test_since_when_as_an_answer() -> None:
    assert value("去年国庆前后", "happened_since", "happened_since") == "去年国庆前后"
    assert value("大前天晚上", "happened_since", "happened_since") == "大前天晚上"


def test_last_paid_and_demand() -> None:
    assert value("上次发是六月", "last_paid") == "六月"
    assert value("工资只发到八月", "last_paid") == "八月"
    assert value("我就想把钱要回来", "demand") == "把钱要回来"
