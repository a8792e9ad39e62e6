"""A complaint from the first word to the last, through each of the residents' channels."""

import re
from uuid import uuid4

from tests.journeys.conftest import LogIn
from tests.journeys.residents import Heard, Resident

NUMBER = re.compile(r"JS\d{6}-\d{4,}")
MOST_QUESTIONS = 6


async def until_read_back(resident: Resident, heard: Heard) -> Heard:
    """Answer whatever is still asked with 不知道, as people do, until everything is read back."""
    for _ in range(MOST_QUESTIONS):
        if any(payload.startswith("file") for payload in heard.buttons.values()):
            return heard
        heard = await resident.say("不知道")
    raise AssertionError(f"no read-back after {MOST_QUESTIONS} questions: {heard.text}")


async def filed(resident: Resident, *lines: str) -> tuple[str, Heard]:
    """Say the lines, agree to the read-back; the case's number and the receipt."""
    for line in lines:
        heard = await resident.say(line)
    heard = await until_read_back(resident, heard)
    title, payload = next((t, p) for t, p in heard.buttons.items() if p.startswith("file"))
    receipt = await resident.press(payload, title)
    number = NUMBER.search(receipt.text)
    assert number is not None, receipt.text
    return number.group(), receipt


async def test_wage_arrears_in_plain_words_become_a_case(resident: Resident, log_in: LogIn) -> None:
    number, receipt = await filed(
        resident,
        "我们五个人在幸福里工地干了三个月，老板一分钱没给",
        "宏达劳务，领头的姓周，一共两万三",
        "没签合同，电话13900001111",
    )
    assert "马立新" in receipt.text

    officer = await log_in("demo-grid2")
    case = await officer.get(f"/api/cases/{number}")
    values = {slot["name"]: slot["value"] for slot in case["dossier"]["slots"]}
    assert case["case"]["category"] == "wage_arrears"
    assert case["case"]["status"] == "dispatched"
    assert values["amount_yuan"] == 23000
    assert values["period_months"] == 3
    assert values["people_n"] == 5


async def test_a_correction_in_the_middle_is_taken(resident: Resident, log_in: LogIn) -> None:
    heard = await resident.say("楼上半夜总蹦跶，睡不着觉，翠湖花园3栋2单元")
    assert "【AI助手】" in heard.text
    heard = await resident.say("大概有两个月了")
    heard = await resident.say("不对，是五个月了")
    heard = await until_read_back(resident, heard)
    number, receipt = await filed(resident, "就是楼上501那家")
    assert "周小兰" in receipt.text

    officer = await log_in("demo-grid")
    case = await officer.get(f"/api/cases/{number}")
    assert case["case"]["category"] == "neighbour_dispute"
    slots = {slot["name"]: slot for slot in case["dossier"]["slots"]}
    assert slots["period_months"]["value"] == 5
    assert "五个月" in slots["period_months"]["text"]


async def test_an_officer_takes_over_talks_and_gives_back(
    resident: Resident, log_in: LogIn
) -> None:
    mark = uuid4().hex[:8]
    await resident.say(f"锦绣家园的电梯坏了一个星期没人修 {mark}")
    officer, colleague = await log_in("demo-street"), await log_in("demo-admin")
    conversation = await officer.find(mark)
    epoch = await officer.take_over(conversation)
    refused = await colleague.post(f"/api/conversations/{conversation}/takeover")
    assert (refused.status_code, refused.json()["holder"]["name"]) == (409, "何敏")
    assert (await colleague.reply(conversation, epoch, "我来插一句")).status_code == 409

    await resident.tell("你好，有人吗")
    assert (await officer.reply(conversation, epoch, "您好，我是何敏，我看到了")).status_code == 201
    assert (await resident.hear()).text == "您好，我是何敏，我看到了"
    await resident.tell("谢谢，家里老人下不了楼")
    seen = await officer.open(conversation)
    assert [t["text"] for t in seen["turns"] if t["from"] == "resident"][
        -1
    ] == "谢谢，家里老人下不了楼"
    takes = next(n for n, t in enumerate(seen["turns"]) if t["from"] == "officer")
    assert all(turn["from"] != "bot" for turn in seen["turns"][takes:])

    released = await officer.release(conversation, epoch, "bot")
    assert released.status_code == 200, released.text
    assert (await officer.reply(conversation, epoch, "还有一句")).status_code == 409
    assert (await resident.say("我的电话13900002222")).text


async def test_resolved_not_solved_and_worked_on_again(resident: Resident, log_in: LogIn) -> None:
    number, _ = await filed(
        resident, "翠湖花园物业不修路灯，楼下黑了一个月，物业不理人", "电话13900003333"
    )
    officer = await log_in("demo-grid")
    assert (await officer.act(number, "accept")).status_code == 200
    assert number in (await resident.hear()).text
    empty = await officer.act(number, "resolve")
    assert empty.status_code == 422
    assert (await officer.act(number, "resolve", result="路灯已换好")).status_code == 200
    asked = await resident.hear()
    assert "路灯已换好" in asked.text
    assert f"rate:{number}:5" in asked.buttons.values()

    answer = await resident.say("还没解决，昨晚又不亮了")
    assert answer.text
    case = (await officer.get(f"/api/cases/{number}"))["case"]
    assert case["status"] == "rework"
    assert (await officer.act(number, "resolve", result="线路重拉，已亮")).status_code == 200
    await resident.hear()
    await resident.press(f"rate:{number}:5", "5")
    case = (await officer.get(f"/api/cases/{number}"))["case"]
    assert (case["status"], case["rating"]) == ("confirmed", 5)
    forbidden = await officer.act(number, "accept")
    assert forbidden.status_code == 409
    assert forbidden.json()["allowed"] == ["reopen"]


async def test_a_human_is_one_word_away(resident: Resident, log_in: LogIn) -> None:
    await resident.say("你好")
    heard = await resident.say("人工")
    assert heard.text
    officer = await log_in("demo-admin")
    queue = await officer.get("/api/conversations?view=queue")
    assert queue["counts"]["queue"] >= 1


async def test_not_understood_twice_reaches_a_human(resident: Resident, log_in: LogIn) -> None:
    first = await resident.say("嗯呐那个啥唔")
    second = await resident.say("啊吧啊吧啦咔")
    assert first.text != second.text
    officer = await log_in("demo-admin")
    opened = await officer.open(await officer.find("啊吧啊吧啦咔"))
    assert opened["conversation"]["holder"]["kind"] == "queue"
