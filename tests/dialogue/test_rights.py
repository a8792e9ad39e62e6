"""The resident's rights on the real executor: held by humans, after a new notice, at length."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.text_split import split_text
from casework.case import Status
from casework.events import Kind
from casework.intake import has
from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.kept import check
from tests.dialogue.office import Office

LIFT = "翠湖花园3栋电梯坏了半个月了，物业一直不修，我叫王小玲"


def spoken(office: Office) -> str:
    """What the bot said to the last line."""
    return office.line.text if office.line is not None else ""


def filed(office: Office) -> Office:
    for line in (LIFT, "13900001111"):
        office.hear(line)
    office.press("file")
    assert office.cases["JS260303-0001"].status is Status.DISPATCHED
    return office


def test_deletion_works_while_an_officer_holds(office: Office) -> None:
    office.hear(LIFT)
    office.holder = "officer"
    office.hear("删除我的信息")
    assert spoken(office) == ""
    assert office.events(Kind.ERASURE_ASKED)
    office.hear("确认删除")
    assert "删好了" in spoken(office)
    assert office.holder == "bot"
    assert [e.data["to"] for e in office.events(Kind.RELEASED)] == ["bot"]
    check({"gone": ["王小玲", "半个月"]}, office)


def test_one_word_while_an_officer_holds_deletes_nothing(office: Office) -> None:
    filed(office)
    office.holder = "officer"
    office.hear("删除")
    office.hear("好的")
    assert office.holder == "officer"
    check({"stays": ["王小玲"]}, office)


def test_nothing_is_deleted_behind_a_human_in_danger(office: Office) -> None:
    office.hear("我在楼顶上，不给工资我现在就跳下去")
    office.hear("确认删除")
    assert office.holder == "queue"
    check({"stays": ["楼顶"]}, office)
    assert office.events(Kind.ERASURE_ASKED)


def test_a_case_behind_danger_stays_open_when_the_bot_deletes(office: Office) -> None:
    office.hear("我在楼顶上，不给工资我现在就跳下去")
    office.holder = "bot"
    office.hear("删除我的信息")
    office.press("erase:withdraw")
    (case,) = office.cases.values()
    assert (case.status, case.forget) == (Status.DISPATCHED, True)


def test_a_newer_notice_is_told_once(book: Book, engine: EmbeddedEngine) -> None:
    office = Office(book, engine)
    office.hear("你好")
    assert office.consents == 1
    office.desk._book = replace(book, consent_version="2")
    office.hear("翠湖花园3栋电梯坏了半个月了")
    assert office.line is not None
    assert office.line.text.startswith("【AI助手】隐私说明有更新")
    office.hear("13900001111")
    assert "隐私说明有更新" not in office.line.text
    assert [e.data["version"] for e in office.events(Kind.CONSENT_NOTED)] == ["1", "2"]
    assert office.state.consent == "2"


def test_consent_has_its_time(office: Office) -> None:
    office.hear("你好")
    assert office.state.consent_at == "2026-03-03T01:00:00+00:00"
    office.hear("我的信息")
    assert office.line is not None
    assert "2026-03-03" in office.line.text


def test_everything_kept_is_told_in_two_messages_at_most(office: Office) -> None:
    for number in range(9):
        office.hear(f"翠湖花园{number + 1}栋电梯坏了半个月了，物业一直不修，" + "大家很着急" * 60)
        office.hear("13900001111")
        office.press("file")
        office.hear("新的事")
    office.hear("我的信息")
    assert office.line is not None
    assert len(split_text(office.line.text)) <= 2
    assert "13900001111" not in office.line.text


def test_after_deletion_the_bot_knows_nothing(office: Office) -> None:
    filed(office)
    office.hear("删除我的信息")
    office.press("erase:withdraw")
    for line in ("我的信息", "到哪了", "还没解决", "JS260303-0001"):
        office.hear(line)
        assert office.line is not None
        assert "JS260303-0001" not in office.line.text
        assert "电梯" not in office.line.text
        office.holder = "bot"
    bare = office.read(lambda tx: tx.cases.get("JS260303-0001"))
    assert bare.anonymised_at is not None


def test_a_stale_delete_button_does_nothing(office: Office) -> None:
    filed(office)
    office.hear("删除我的信息")
    office.hear("先不删")
    office.press("erase:withdraw")
    assert office.cases["JS260303-0001"].status is Status.DISPATCHED
    assert office.line is not None
    assert "删好了" not in office.line.text


@pytest.mark.parametrize("line", ["你好", "要多久能办好", "电梯又坏了，停在三楼", "谢谢", "好的"])
def test_any_other_line_lets_the_deletion_go(office: Office, line: str) -> None:
    filed(office)
    office.hear("删除我的信息")
    office.hear(line)
    check({"stays": ["王小玲"]}, office)
    assert not office.events(Kind.RESIDENT_ERASED) or line == "好的"


def test_lines_to_a_bot_that_may_keep_nothing_are_gone(office: Office) -> None:
    office.hear("撤回同意")
    for line in ("你好", "欠薪找哪个部门", "我姓欧阳"):
        office.hear(line)
        if office.state.asking == "consent":
            office.hear("不用")
        office.holder = "bot"
    check({"gone": ["欧阳", "欠薪找哪个部门"]}, office)
    assert office.cases == {}


def test_a_child_is_not_asked_anything_more(office: Office) -> None:
    office.hear("我今年11岁，楼上有人欺负我")
    assert office.holder == "queue"
    assert office.reasons == ["minor"]
    office.hear("我家住翠湖花园3栋，电话13900001111，电梯坏了半个月")
    assert office.cases == {}
    office.holder = "bot"
    office.hear("翠湖花园3栋电梯坏了半个月了，物业一直不修")
    assert office.state.draft is None
    office.holder = "bot"
    office.hear("我是家长")
    office.hear("翠湖花园3栋电梯坏了半个月了，物业一直不修")
    assert office.state.draft is not None


def test_the_separate_question_is_never_asked_twice(office: Office) -> None:
    office.hear("翠湖花园3栋电梯坏了半个月了，物业一直不修，我妈瘫在床上下不了楼")
    office.hear("13900001111")
    assert office.state.asking == "sensitive"
    office.hear("不对，是一个月")
    assert office.state.asking != "sensitive"
    office.press("file")
    (case,) = office.cases.values()
    assert not has(case.slots, "vulnerable")


def test_an_unnamed_resident_stays_unnamed_whatever_follows(office: Office) -> None:
    for line in ("翠湖花园3栋电梯坏了半个月了，物业一直不修，匿名", "我是物业的保洁，叫王小玲"):
        office.hear(line)
    office.press("file")
    office.hear("补充一下，我电话13900001111，我在物业上班，他们知道是我说的")
    office.hear("昨天又停在三楼半天")
    check({"hidden": ["13900001111", "王小玲", "保洁", "上班"]}, office)
