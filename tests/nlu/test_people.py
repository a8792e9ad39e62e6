"""How many people."""

import pytest

from tests.nlu.found import first, value

COUNTED = {
    "一共18个": 18,
    "我们七个人都没拿到": 7,
    "我们八个门岗": 8,
    "家里五口人": 5,
    "一百零七个人堵在门口": 107,
    "我们四人干的活": 4,
    "共33位业主联名": 33,
    "剩我们5个理发的": 5,
    "反映人20人": 20,
}


@pytest.mark.parametrize(("text", "people"), COUNTED.items())
def test_counts_people(text: str, people: int) -> None:
    assert value(text, "people_n") == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("十来号人没拿到钱", 10),
        ("80多名农民工", 80),
        ("好几十个工友", None),
        ("我们五十多个小姑娘", 50),
        ("我们一帮人", None),
    ],
)
def test_a_rough_count_is_vague(text: str, people: int | None) -> None:
    entity = first(text, "people_n")
    assert entity is not None
    assert (entity.value, entity.vague) == (people, True)


@pytest.mark.parametrize(
    "text", ["人民币一百元", "两个月没给", "第三个人", "一个人也没来", "农民工工资"]
)
def test_invents_no_people(text: str) -> None:
    assert first(text, "people_n") is None


def test_answers() -> None:
    assert value("我自个儿", "people_n", "people_n") == 1
    assert value("就我一个人", "people_n", "people_n") == 1
    assert value("18", "people_n", "people_n") == 18
    assert value("三十来个", "people_n", "people_n") == 30
