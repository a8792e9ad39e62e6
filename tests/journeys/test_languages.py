"""An English and a Traditional Chinese resident at every door, and their Chinese officers."""

from __future__ import annotations

import re
from uuid import uuid4

from tests.journeys.conftest import LogIn
from tests.journeys.residents import Resident

NUMBER = re.compile(r"JS\d{6}-\d{4,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES = re.compile("马立新|何敏|周小兰")


async def test_an_english_resident_files_a_case_and_hears_of_it_in_english(
    resident: Resident, log_in: LogIn
) -> None:
    mark = uuid4().hex[:8]
    heard = await resident.say(
        f"Note {mark}, boss Li Ming owes three of us 2 months' wages, 18,000 yuan, 幸福里 site"
    )
    assert heard.text.startswith("[AI assistant]")
    officer = await log_in("demo-street")
    conversation = await officer.open(await officer.find(mark))
    assert conversation["conversation"]["language"] == "en"
    heard = await resident.say("no contract, my phone is 139 0000 1111")
    for _ in range(6):
        if "Yes, send it" in heard.buttons:
            break
        heard = await resident.say("I don't know")
    assert not CHINESE.search(heard.text.replace("幸福里", ""))
    receipt = await resident.say("Yes, send it")
    number = NUMBER.search(receipt.text)
    assert number is not None, receipt.text
    assert not CHINESE.search(NAMES.sub("", receipt.text))

    case = await officer.get(f"/api/cases/{number.group()}")
    assert case["case"]["title"].startswith("欠薪")
    values = {slot["name"]: slot for slot in case["dossier"]["slots"]}
    assert values["contract"]["value"] == "无"
    assert values["contract"]["text"] == "no contract"
    assert (values["people_n"]["value"], values["amount_yuan"]["value"]) == (3, 18000)

    await officer.act(number.group(), "accept")
    notice = await resident.hear()
    assert "working on it" in notice.text
    await officer.act(number.group(), "resolve", result="已发放工资")
    answer = await resident.hear()
    assert "Is it solved?" in answer.text
    assert "已发放工资" in answer.text
    assert "5 very satisfied" in answer.buttons


async def test_a_traditional_resident_is_answered_in_traditional(
    resident: Resident, log_in: LogIn
) -> None:
    mark = uuid4().hex[:8]
    heard = await resident.say(f"樓上半夜總蹦跶，睡不著覺，翠湖花園3棟2單元 {mark}")
    assert "我會記下您反映的事" in heard.text
    officer = await log_in("demo-street")
    conversation = await officer.open(await officer.find(mark))
    assert conversation["conversation"]["language"] == "zh-Hant"
    heard = await resident.say("大概有五個月了")
    for _ in range(6):
        if "對，提交" in heard.buttons:
            break
        heard = await resident.say("不知道")
    assert "鄰里糾紛" in heard.text
    receipt = await resident.say("對，提交")
    number = NUMBER.search(receipt.text)
    assert number is not None, receipt.text
    assert "登記好了" in receipt.text

    case = await officer.get(f"/api/cases/{number.group()}")
    assert case["case"]["title"].startswith("邻里纠纷")
