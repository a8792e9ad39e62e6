"""Whatever residents answer about a place, they are asked once and the case has an owner."""

from __future__ import annotations

import random

import pytest

from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import Office

PLACES = (
    *("石桥", "锦绣家园", "锦绣家园3栋2单元", "翠×花园", "柳岸社区", "望江苑5栋"),
    *("翠胡小区", "不知道", "石桥街12号", "幸福里", "大石桥村", "第二小学门口", "XX小区"),
)
LINES = (
    *PLACES,
    *("楼道灯坏了半个月，物业不管", "锦绣家园楼上天天半夜咚咚跳", "都不是"),
    *("是", "不是", "第二个", "村里那个", "最近的服务点在哪", "去哪儿办", "地址不对，是石桥"),
    *("13812345678", "匿名", "上个月", "对", "谢谢"),
)
PRESSES = ("where:1:0", "where:1:3", "where:2:1", "where:1:none", "where::", "where:9:x", "file:1")
POINTS = ((30.6586, 104.0648), (30.6543, 104.0713), (31.0, 105.0))


@pytest.mark.parametrize("seed", range(40))
def test_a_place_is_asked_about_once(seed: int, book: Book, engine: EmbeddedEngine) -> None:
    chance = random.Random(seed)
    office = Office(book, engine)
    office.move_in()
    for _ in range(25):
        dice = chance.random()
        shown = [b.payload for b in office.line.buttons] if office.line else []
        if dice < 0.75:
            office.hear(chance.choice(LINES))
        elif dice < 0.9:
            office.press(chance.choice(shown or PRESSES))
        elif dice < 0.95:
            office.press(chance.choice(PRESSES))
        else:
            office.attach("location", at=chance.choice(POINTS))
        if office.holder != "bot":
            office.holder = "bot"
        draft = office.state.draft
        if draft is not None:
            assert draft.asked.get("which_place", 0) <= 1
            assert draft.questions <= 6
    units = office.read(lambda tx: tx.people.organisation().units)
    for case in office.cases.values():
        assert case.owner_id
        assert units[case.unit_id].kind == "grid" or not case.placed, case
