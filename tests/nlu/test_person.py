"""Names: the other side's and the resident's own."""

import pytest

from nlu.engine import EmbeddedEngine
from nlu.extract.person import is_bare_name
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
        ("我们老板 张德福", "张德福"),
        ("给一个叫张德福的老板干的", "张德福"),
        ("老板呢叫刘二狗", "刘二狗"),
        ("老板诸葛强跑了", "诸葛强"),
        ("包工头姓欧阳", "欧阳"),
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
        ("我姓欧阳", "欧阳"),
        ("我叫欧阳建国", "欧阳建国"),
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


@pytest.mark.parametrize("words", ["王八蛋", "王八", "胡说八道", "白眼狼", "夏天", "老赖"])
def test_abuse_and_seasons_are_nobodys_name(words: str) -> None:
    assert value(words, "respondent", "respondent") == "none"
    assert value(f"老板是{words}", "respondent") == "none"
    assert not is_bare_name(words)


NICKNAMES = [
    "王老五",
    "刘二狗",
    "王八斤",
    "李大傻",
    "孙猴子",
    "王大锤",
    "陈狗剩",
    "张狗蛋",
    "王二麻子",
]


@pytest.mark.parametrize("asked", [None, "", "respondent", "employer", "name"])
@pytest.mark.parametrize("name", NICKNAMES)
def test_a_name_that_sounds_rude_scolds_nobody(
    engine: EmbeddedEngine, name: str, asked: str | None
) -> None:
    assert engine.understand(name, asked).act == "inform"


@pytest.mark.parametrize("words", ["王八蛋", "狗东西", "王八蛋一个", "你个王八", "他妈的"])
def test_abuse_is_still_heard(engine: EmbeddedEngine, words: str) -> None:
    assert engine.understand(words, "respondent").act == "abuse"
