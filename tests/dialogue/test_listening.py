"""While a human holds the conversation the bot is silent and still takes down what is said."""

from __future__ import annotations

from bot.dialogue.requests import AmendCase, OpenCase, RaiseCrisis, RateCase, ReopenCase
from tests.dialogue import neighbours
from tests.dialogue.office import Office


def in_the_queue(office: Office, *lines: str) -> Office:
    for line in lines:
        office.hear(line)
    office.holder = "officer"
    return office


def test_it_says_nothing(office: Office) -> None:
    in_the_queue(office, "老板欠我三个月工资")
    for line in ("你好", "一共一万二", "人工", "到哪了", "", "傻逼"):
        assert office.hear(line).replies == ()


def test_it_opens_a_case_for_a_complaint_told_to_a_human(office: Office) -> None:
    in_the_queue(office, "人工")
    step = office.hear("翠湖花园3栋电梯坏了半个月，物业一直不修")
    assert any(isinstance(request, OpenCase) for request in step.requests)
    step = office.hear("13812345678")
    assert any(isinstance(request, AmendCase) for request in step.requests)
    assert office.cases["JS260303-0001"].slots["phone"].value == "13812345678"


def test_talk_opens_nothing(office: Office) -> None:
    in_the_queue(office, "人工")
    for line in ("好的", "嗯", "谢谢您", "我等您", "可以", "13812345678"):
        office.hear(line)
    assert office.cases == {}


def test_it_raises_a_worse_crisis_and_no_milder_one(office: Office) -> None:
    in_the_queue(office, "我在楼顶上，不给工资我现在就跳下去")
    assert not any(isinstance(r, RaiseCrisis) for r in office.hear("活着真没意思").requests)
    fresh = Office(office.book, office.engine, holder="officer")
    step = fresh.hear("我在楼顶上，不给工资我现在就跳下去")
    assert RaiseCrisis("R3", "self_harm") in step.requests


def test_ratings_and_reopening_work_whoever_holds_it(office: Office) -> None:
    for line in ("翠湖花园3栋电梯坏了半个月了，物业一直不修", "13900001111", "对"):
        office.hear(line)
    office.officer("resolve", "修好了")
    office.holder = "officer"
    step = office.press("reopen:JS260303-0001")
    assert [type(request) for request in step.requests] == [ReopenCase]
    office.officer("resolve", "又修好了")
    step = office.press("rate:JS260303-0001:5")
    assert [type(request) for request in step.requests] == [RateCase]
    assert office.press("file:1").requests == ()
    assert office.cases["JS260303-0001"].rating == 5


def test_joining_works_whoever_holds_it(office: Office) -> None:
    told = {"category": "property_management", "place": "翠湖花园3栋", "issue": "电梯坏了"}
    neighbours.filed(office, "neighbour", told)
    office.hear("翠湖花园3栋电梯坏了半个月了，物业一直不修")
    neighbours.finish(office)
    office.holder = "officer"
    office.press("same:yes")
    assert office.line is None
    assert office.cases["JS260303-0002"].joined == "JS260303-0001"


def test_the_form_goes_on_where_it_was_when_the_bot_gets_it_back(office: Office) -> None:
    in_the_queue(office, "老板欠我三个月工资", "人工")
    office.hear("一共一万二")
    office.holder = "bot"
    office.hear("是宏达建筑公司")
    assert office.state.asking == "slot:place"
    assert len(office.cases) == 1
