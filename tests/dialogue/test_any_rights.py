"""Rights in the middle of anything: seeded random residents who see, hide, delete and stop."""

from __future__ import annotations

import random

import pytest

from casework.events import Kind
from casework.intake import ANONYMOUS
from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.kept import registered
from tests.dialogue.office import Office

TALK = (
    *(
        "你好",
        "对",
        "好的",
        "不用",
        "不知道",
        "13900001111",
        "翠湖花园3栋",
        "要改",
        "到哪了",
        "没签",
    ),
    *("老板欠我三个月工资，我叫王小玲", "翠湖花园3栋电梯坏了半个月，物业不修", "一共两万三"),
    *("我是他们的会计，知道是我说的就完了", "我妈瘫在床上", "还没解决", "撤回", "先别记", "人工"),
    *("另外还有个事，楼上半夜一直响", "", "呜哩哇啦", "谢谢", "我女儿12岁", "不对，是五个月"),
)
RIGHTS = (
    *("匿名", "保密就行", "写我名字吧", "不用匿名了", "我的信息", "隐私说明", "删除", "确认删除"),
    *("办完再删", "先不删", "撤回同意", "愿意", "不说", "我是家长"),
)
PRESSES = (
    *("file", "erase:yes", "erase:keep", "erase:withdraw", "erase:no", "erase:", "erase"),
    *("consent:yes", "consent:no", "consent:", "sensitive:yes", "sensitive:no", "anonymous"),
)
OWN = ("王小玲", "13900001111", "会计")


@pytest.mark.parametrize("seed", range(60))
def test_rights_hold_in_any_order(seed: int, book: Book, engine: EmbeddedEngine) -> None:
    chance = random.Random(seed)
    office = Office(book, engine)
    for _ in range(30):
        _turn(office, chance)
        if office.holder == "bot":
            assert office.line is not None or office.step.replies == ()
        _check(office)
        if office.holder != "bot" and chance.random() < 0.5:
            office.holder = "bot"


def _turn(office: Office, chance: random.Random) -> None:
    erased = len(office.events(Kind.RESIDENT_ERASED))
    dice = chance.random()
    if dice < 0.45:
        office.hear(chance.choice(TALK))
    elif dice < 0.75:
        office.hear(chance.choice(RIGHTS))
    elif dice < 0.9:
        shown = [button.payload for button in office.line.buttons] if office.line else []
        office.press(chance.choice(shown or PRESSES))
    else:
        office.press(chance.choice(PRESSES))
    if len(office.events(Kind.RESIDENT_ERASED)) > erased:
        _gone(office)


def _check(office: Office) -> None:
    state = office.state
    assert not (state.stopped and state.draft)
    assert not (state.minor and state.draft)
    for case in office.cases.values():
        mode = case.slots.get("identity_mode")
        if mode is not None and mode.value == ANONYMOUS:
            assert not any(words in str(case) for words in OWN), case
        if case.anonymised_at is not None:
            assert not any(words in str(case) for words in OWN), case


def _gone(office: Office) -> None:
    """What is left names the resident only where an open case stands on it."""
    left = [case for case in office.cases.values() if case.anonymised_at is None]
    assert all(case.forget for case in left)
    if not left:
        assert not any(words in registered(office) for words in OWN)
        turns = office.read(lambda tx: tx.turns.after(office.conversation.id, 0))
        assert not any(words in turn.text for turn in turns for words in OWN)
        assert office.state.draft is None
