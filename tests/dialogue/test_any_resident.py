"""Whatever a resident does, the bot stays sane: seeded random residents against the real engine."""

from __future__ import annotations

import random

import pytest

from bot.dialogue.state import DialogueState
from casework.intake import has
from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import Office

LINES = (
    *("你好", "在吗", "谢谢", "再见", "嗯", "对", "不对", "好的", "1", "5", "没有", "是的", "👍"),
    *("不知道", "不方便说", "匿名", "保密", "跳过", "要改", "错了", "撤回", "算了不反映了"),
    *("老板欠我三个月工资", "一共两万三", "三个月", "好几万", "七个人", "宏达建筑公司", "没签"),
    *("翠湖花园3栋电梯坏了半个月，物业不修", "楼上天天半夜咚咚跳", "路灯灭了一排", "翠湖花园3栋"),
    *(
        "不对，是五个月",
        "金额写错了，两万三",
        "地址不对，是阳光里5栋",
        "13812345678",
        "上个月开始的",
    ),
    *("到哪了", "帮我催催", "还没解决", "解决了", "要几天有结果", "怎么申请劳动仲裁", "你能干什么"),
    *(
        "另外还有个事，老板欠我工资",
        "傻逼",
        "滚",
        "哈哈哈",
        "asdfgh",
        "呜哩哇啦",
        "",
        "   ",
        "😀😀",
    ),
    *(
        "{number}",
        "{0}",
        "%s",
        "<b>x</b>",
        "'; DROP TABLE cases;--",
        "\u202e你好\u0000",
        "活着没意思",
    ),
)
PRESSES = (
    *("file", "file:1", "file:7", "edit", "edit:phone", "edit:nothing", "say:contract:0"),
    *(
        "say:contract:9",
        "say:x:y",
        "cat:consumer",
        "cat:nothing",
        "anonymous",
        "new",
        "new:consumer",
    ),
    *(
        "rate:JS260303-0001:5",
        "rate:JS260303-0009:5",
        "rate::",
        "reopen:JS260303-0001",
        "second:yes",
        "second:no",
    ),
    *("more:add", "more:new", "crisis:no", "crisis:skip", "nonsense", "", ":"),
)
FALLBACKS = {"fallback_empty", "fallback_1", "fallback_2", "fallback_3", "fallback_4"}


@pytest.mark.parametrize("seed", range(60))
def test_any_resident_ends_well(seed: int, book: Book, engine: EmbeddedEngine) -> None:
    chance = random.Random(seed)
    office = Office(book, engine)
    fallbacks: list[str] = []
    for _ in range(40):
        before = office.state
        if not _random_turn(office, chance):
            continue
        if office.holder != "bot":
            assert not office.step.replies or office.reasons
            office.holder = "bot" if chance.random() < 0.5 else office.holder
            continue
        _check(office, before)
        fallbacks += [r.key for r in office.step.replies if r.key in FALLBACKS]
    assert len(fallbacks) == len(set(fallbacks)), fallbacks
    assert all(case.owner_id for case in office.cases.values())


def _random_turn(office: Office, chance: random.Random) -> bool:
    """Whether the resident said anything; the rest of the time an officer works."""
    dice = chance.random()
    if dice < 0.7:
        office.hear(chance.choice(LINES), edits=chance.random() < 0.05)
    elif dice < 0.88:
        shown = [b.payload for b in office.line.buttons] if office.line else []
        office.press(chance.choice(shown or PRESSES) if dice < 0.82 else chance.choice(PRESSES))
    elif dice < 0.96:
        office.attach(chance.choice(("photo", "voice", "location", "contact")))
    elif any(case.status == "dispatched" for case in office.cases.values()):
        newest = office.cases[max(office.cases)]
        if newest.status == "dispatched":
            office.officer("resolve", "办好了")
        return False
    else:
        return False
    return True


def _check(office: Office, before: DialogueState) -> None:
    """The bot always answers, and never asks for what it holds or was refused."""
    assert office.line is not None
    assert office.line.text.strip()
    assert "{" not in office.line.text.replace("{number}", "").replace("{0}", "")
    draft = office.state.draft
    kind, _, names = (office.state.asking or "").partition(":")
    asks = any(reply.key == "ask" for reply in office.step.replies)
    if kind == "slot" and draft is not None and asks and office.state != before:
        for name in names.split(","):
            edited = any(reply.key == "ask_new_value" for reply in office.step.replies)
            assert edited or not has(draft.slots, name) or before.asking == office.state.asking
            assert name not in draft.declined or before.asking == office.state.asking
    if draft is not None:
        assert draft.questions <= 6
        assert all(count <= 2 for count in draft.asked.values()), draft.asked


@pytest.mark.parametrize(
    "line",
    [
        "老板欠我钱" * 200_000,
        "\u0000\ud800\udfff",
        "🏗️" * 5_000,
        "<script>alert(1)</script>",
        "{owner}" * 99,
    ],
    ids=["1 MB", "control", "emoji", "html", "braces"],
)
def test_a_monstrous_line_is_answered(line: str, office: Office) -> None:
    office.hear(line)
    assert office.line is not None
    assert office.line.text.strip()


def test_a_long_conversation_keeps_a_small_state(office: Office) -> None:
    for number in range(300):
        office.hear(f"小区电梯坏了，物业第{number}次说明天修，一直没有人来，大家都很着急")
        office.holder = "bot"
    assert len(str(office.state.to_json())) < 20_000
