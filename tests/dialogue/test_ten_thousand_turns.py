"""Ten thousand turns of residents who do anything at all: no loops, no question asked in vain.

Seeded: a failing seed fails again. Each resident talks at random, then says no to everything
else; by then there is a case, a withdrawal or a human, or nothing was ever told.
"""

from __future__ import annotations

import random

import pytest

from bot.dialogue.state import DialogueState
from casework.case import Status
from casework.intake import has
from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import Office
from tests.dialogue.test_any_resident import LINES, PRESSES

CROWDS, EACH, TURNS = 20, 13, 40
SAME = 3  # times in a row that the very same words may be said
RECEIVED = frozenset({
    "added", "story_added", "got_evidence", "got_location", "got_contact", "stale", "stale_filed",
})  # fmt: skip
"""What is said of each thing that is taken in, and of each button that is not."""
ENOUGH = 14  # lines of "no" after which nothing may be open

WHO = ("老板", "物业", "隔壁", "开发商", "健身房", "村里", "医院", "学校", "工地", "路边那家店")
WHAT = ("欠钱不给", "电梯坏了不修", "半夜吵得睡不着", "不退钱", "漏水", "占了我家的地", "乱收费")
WHERE = ("翠湖花园3栋", "柳林村五组", "建设西路路口", "在东门市场后头", "五一路 供销社宿舍", "")
WHEN = ("三个月了", "从昨天晚上开始", "去年腊月", "半拉月", "好久了", "")
EXTRA = (
    *("一共两万三", "不对，是两万六", "13812345678 晚上打", "我们六个人", "没签合同", "不留电话"),
    *("别说是我讲的", "要求他赔", "能不能派个人来家里看看", "身份证号我不给", "[图片]", "归谁管"),
    *("不是3栋，是5栋", "刚说过了", "另外还有个事 小区垃圾没人收", "那你说咋办", "机器人有个屁用"),
)


def made_up(chance: random.Random) -> str:
    """A line nobody wrote: who, what, where and when in any order, or something beside it."""
    if chance.random() < 0.35:
        return chance.choice(EXTRA)
    parts = [chance.choice(each) for each in (WHO, WHAT, WHERE, WHEN)]
    told = parts[: chance.randint(1, 4)]
    chance.shuffle(told)
    return chance.choice((" ", "，", "")).join(told)


def turn(office: Office, chance: random.Random) -> None:
    """One random thing a resident does."""
    dice = chance.random()
    shown = [button.payload for button in office.line.buttons] if office.line else []
    if dice < 0.45:
        office.hear(made_up(chance), edits=chance.random() < 0.03)
    elif dice < 0.75:
        office.hear(chance.choice(LINES), edits=chance.random() < 0.03)
    elif dice < 0.93:
        office.press(chance.choice(shown or PRESSES) if dice < 0.87 else chance.choice(PRESSES))
    else:
        office.attach(chance.choice(("photo", "voice", "location", "contact")))


def check(office: Office, before: DialogueState) -> None:
    """What was asked was neither known nor refused, and was asked twice at most."""
    draft, kept = office.state.draft, before.draft
    kind, _, names = (office.state.asking or "").partition(":")
    keys = {reply.key for reply in office.step.replies}
    if kind != "slot" or draft is None or "ask" not in keys or "ask_new_value" in keys:
        return
    repeated = before.asking == office.state.asking
    for name in names.split(","):
        assert repeated or not has(draft.slots, name), (name, draft.slots)
        assert repeated or name not in draft.declined, (name, draft.declined)
        assert draft.asked.get(name, 0) <= 2
    assert draft.questions <= 6
    assert kept is None or draft.questions <= kept.questions + 1


@pytest.mark.parametrize("crowd", range(CROWDS))
def test_whatever_residents_do(crowd: int, book: Book, engine: EmbeddedEngine) -> None:
    for number in range(EACH):
        chance = random.Random(crowd * EACH + number)
        office = Office(book, engine)
        said: list[str] = []
        for _ in range(TURNS):
            before = office.state
            turn(office, chance)
            if office.holder != "bot":
                office.holder = "bot"  # a human looked at it and gave it back
                continue
            check(office, before)
            told = not RECEIVED.isdisjoint(reply.key for reply in office.step.replies)
            said.append("" if told or office.line is None else office.line.text)
            last = said[-SAME - 1 :]
            assert len(last) <= SAME or len(set(last)) > 1 or not last[0], last
        ends(office)


def ends(office: Office) -> None:
    """Whoever then answers nothing more comes to an end all the same."""
    for _ in range(ENOUGH):
        if office.holder != "bot" or (office.turns and office.state.draft is None):
            break
        office.hear("对" if office.state.asking == "readback" else "不知道")
    open_still = office.state.draft is not None and bool(office.state.draft.slots)
    closed = [case for case in office.cases.values() if case.status is not Status.DRAFT]
    assert office.holder != "bot" or not open_still, (office.state.asking, office.state.draft)
    assert closed or office.holder != "bot" or office.state.draft is None
