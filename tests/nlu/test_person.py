"""Names: the other side's and the resident's own."""

import pytest

from tests.nlu.found import value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("包工头叫邵大强", "邵大强"),
        ("老板叫啥不知道，大伙儿喊老周", "老周"),
        ("带我们的叫王强他不接电话", "王强"),
        ("包工头姓张", "张"),
        ("老板姓马叫马国强 电话打不通", "马国强"),
        ("老板是王建国跑了", "王建国"),
        ("包工头张大强欠我们钱", "张大强"),
        ("负责人王军失联了", "王军"),
    ],
)
def test_finds_the_other_side(text: str, name: str) -> None:
    assert value(text, "respondent") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫李芳，在这住十年了", "李芳"),
        ("免贵姓赵", "赵"),
        ("叫我王姐就行", "王姐"),
        ("我姓陈", "陈"),
    ],
)
def test_finds_the_residents_own_name(text: str, name: str) -> None:
    assert value(text, "name") == name


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "张三", "刘婶"])
def test_a_name_answers_the_question_for_it(name: str) -> None:
    assert value(name, "name", "name") == name
    assert value(name, "name") == "none"


@pytest.mark.parametrize(
    "text",
    [
        "老板周末不在",
        "老板马上跑了",
        "老板黄了",
        "我是业主",
        "经理高得很",
        "不方便说",
        "叫我怎么办",
    ],
)
def test_invents_no_name(text: str) -> None:
    assert value(text, "respondent") == "none"
    assert value(text, "name") == "none"
