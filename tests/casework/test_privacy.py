"""What an anonymous resident's case may hold, and what stays of a case that is forgotten."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from casework.case import Case, SlotValue, Status
from casework.masking import masked, masked_name
from casework.privacy import anonymised, mode_of, shielded, sources, title_for, without_door
from config.load import load_book

BOOK = load_book()
RECORD = BOOK.privacy.record
MARK = RECORD.clues.mark
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ANONYMOUS = {"identity_mode": SlotValue("匿名", "匿名")}

# What gives somebody away, as people say it; the words that must not be left.
CLUES = (
    ("说了他们就猜到是财务室的人讲的", "财务室"),
    ("我是他们的出纳", "出纳"),
    ("我在华丰厂里做质检", "质检"),
    ("我还在食堂帮厨", "帮厨"),
    ("我叫周小兰", "周小兰"),
    ("免贵姓欧", "姓欧"),
    ("我是林子默", "林子默"),
    ("打我电话13987654321", "13987654321"),
    ("身份证是110101199003071234", "110101199003071234"),
    ("我住8号楼3单元602", "602"),
    ("别人一听就知道是我家", "是我家"),
    ("就我一个人管这个账本", "一个人管"),
    ("怕被认出来", "怕被认"),
    ("我跟他一个办公室", "办公室"),
    ("我负责收这笔钱", "负责收"),
    ("邮箱zhouxl@example.com", "zhouxl"),
)
# Words that give nobody away: they must be there afterwards.
PLAIN = (
    "电梯坏了半个月没人修",
    "老板欠我们三个月工资一共两万三",
    "物业收了停车费不给发票",
    "路口的路灯灭了一排",
    "村里分征地款有几户没地的也领了",
    "夜里两点还在施工吵得睡不着",
    "我叫了物业三次都不来",
    "学校食堂的菜有异味",
    "我认出他就是那个包工头",
    "我是金桂园的业主",
    "叫物业来修也不来",
    "保安室门口堆满垃圾",
)


@pytest.mark.parametrize(("told", "secret"), CLUES)
def test_a_clue_goes_and_the_matter_stays(told: str, secret: str) -> None:
    text = RECORD.clues.hidden(f"电梯坏了半个月没人修，{told}，希望快点")
    assert secret not in text
    assert MARK in text
    assert text.startswith("电梯坏了半个月没人修，")
    assert text.endswith("，希望快点")


@pytest.mark.parametrize("told", PLAIN)
def test_what_gives_nobody_away_stays_as_it_was_said(told: str) -> None:
    assert RECORD.clues.hidden(told) == told


@pytest.mark.parametrize("seed", range(200))
def test_no_mixture_of_clues_gets_through(seed: int) -> None:
    """Any clues among any plain words, in any order, joined in any way."""
    chance = random.Random(seed)
    clues = chance.sample(CLUES, chance.randint(1, 4))
    pieces = [told for told, _ in clues] + chance.sample(PLAIN, chance.randint(0, 4))
    chance.shuffle(pieces)
    text = "".join(p + chance.choice(("，", "。", " ", "；", "\n", "！")) for p in pieces)
    slots = {
        **ANONYMOUS,
        "name": SlotValue("周小兰", "周小兰", "t1", 0, 3),
        "phone": SlotValue("13987654321", "13987654321", "t1", 4, 15),
        "issue": SlotValue(text, text, "t1", 0, len(text)),
        "details": SlotValue(text, text, "t2"),
    }
    kept = shielded(slots, "other", RECORD)
    shown = str(kept) + title_for(f"其他：{text}", slots, RECORD)
    for _, secret in clues:
        assert secret not in shown, (secret, text)
    assert not {"name", "phone"} & kept.keys()
    for words in set(pieces) & set(PLAIN):
        assert words in str(kept["issue"].value), (words, kept["issue"].value)
    assert (kept["issue"].start, kept["issue"].end) == (None, None)
    assert kept["issue"].turn_id == "t1"
    assert shielded(kept, "other", RECORD) == kept


def test_only_the_unnamed_lose_their_words() -> None:
    for mode in ("实名", "保密"):
        slots = {"identity_mode": SlotValue(mode), "issue": SlotValue("我叫周小兰")}
        assert shielded(slots, "other", RECORD) == slots
    assert mode_of({}) == "保密"
    assert mode_of({"identity_mode": SlotValue("什么")}) == "保密"


def test_the_door_goes_where_the_building_is_enough() -> None:
    place = {**ANONYMOUS, "place": SlotValue("翠湖花园3栋2单元501", "翠湖花园3栋2单元501", "t")}
    assert shielded(place, "environment_noise", RECORD)["place"].value == f"翠湖花园3栋{MARK}"
    home = shielded(place, "neighbour_dispute", RECORD)["place"].value
    assert home.startswith("翠湖花园3栋")


def test_titles_are_for_more_eyes_than_the_owners() -> None:
    title = "物业服务：我叫周小兰，翠湖花园3栋501漏水"
    assert "周小兰" not in title_for(title, {}, RECORD)
    assert "501" not in title_for(title, {}, RECORD)
    assert title_for(title, {"identity_mode": SlotValue("实名")}, RECORD) == title


def test_a_private_door_is_for_the_owner() -> None:
    slots = {
        "identity_mode": SlotValue("实名"),
        "place": SlotValue("翠湖花园3栋501", "翠湖花园3栋501", "t", 0, 9),
        "place_private": SlotValue("是"),
    }
    shown = without_door(slots, RECORD.clues)
    assert shown["place"] == SlotValue(f"翠湖花园3栋{MARK}", f"翠湖花园3栋{MARK}")
    assert title_for("物业：翠湖花园3栋501", slots, RECORD) == f"物业：翠湖花园3栋{MARK}"
    told = {name: held for name, held in slots.items() if name != "place_private"}
    assert without_door(told, RECORD.clues) == told


def test_the_bare_record_holds_numbers_and_choices_only() -> None:
    case = Case(
        number="JS261122-0001",
        conversation_id="c",
        category="wage_arrears",
        opened_at=NOW - timedelta(days=2000),
        owner_id="o",
        unit_id="u",
        status=Status.CONFIRMED,
        title="欠薪：周小兰",
        slots={
            "amount_yuan": SlotValue(20000, "我周小兰的两万", "t"),
            "contract": SlotValue("无", "没签", "t"),
            "name": SlotValue("周小兰", "周小兰", "t"),
            "issue": SlotValue("欠周小兰钱", "欠周小兰钱", "t"),
        },
        result="已联系周小兰",
        rating=5,
        rating_text="周小兰很满意",
        forget=True,
    )
    bare = anonymised(case, "欠薪", "锦绣花园", RECORD, NOW)
    assert "周小兰" not in str(bare)
    assert {name: held.value for name, held in bare.slots.items()} == {
        "amount_yuan": 20000,
        "contract": "无",
        "place": "锦绣花园",
    }
    assert (bare.rating, bare.forget, bare.anonymised_at) == (5, False, NOW)


def test_a_case_names_its_turns_and_files() -> None:
    held = [SlotValue("x", "x", "t1"), SlotValue(["f1", "f2"], "", "t2"), SlotValue([30.1, 104.0])]
    assert sources(held) == (frozenset({"t1", "t2"}), frozenset({"f1", "f2"}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("卡号6222021300003256", "卡号6222********3256"),
        ("车牌苏D4Z9A0", "车牌苏D****0"),
        ("zhou@qq.com", "z***@qq.com"),
        ("0917-1234570", "0917******70"),
    ],
)
def test_more_that_names_a_person_is_covered(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert len(shown) == len(text)


def test_names_keep_their_first_character() -> None:
    assert [masked_name(n) for n in ("段正淳", "王", "")] == ["段**", "王", ""]
