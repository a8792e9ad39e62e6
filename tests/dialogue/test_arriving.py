"""Coming by a code on a wall: what is filled in, what is said of it, and what is not kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.around import Neighbourhood
from bot.dialogue.requests import Step
from casework.case import Source
from casework.links import Link, LinkKeys, LinkKind
from config.load import Book
from config.places import load_naming
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import START, Office, Watched

KEYS = LinkKeys(["a secret of this test"])
PLANT = Link(
    id="plantplant01",
    kind=LinkKind.ENTERPRISE,
    name="宏达电子厂",
    respondent="宏达电子有限公司",
    place="石桥街8号",
    unit_id="demo-shiqiao-2",
    made_at=START,
)
HOUSE = Link(
    id="househouse01",
    kind=LinkKind.BUILDING,
    name="翠湖花园3栋",
    respondent="",
    place="翠湖花园3栋",
    unit_id="demo-liuan-1",
    made_at=START,
)


@pytest.fixture
def office(book: Book, engine: EmbeddedEngine) -> Office:
    """The demo street, with two codes on its walls."""
    office = Office(book, engine)
    office.move_in()
    area = Neighbourhood(office.store, load_naming())
    office.desk = Watched(
        office.store, engine, book, lambda: office.now, neighbourhood=area, link_keys=KEYS
    )
    office.write(lambda tx: (tx.links.add(PLANT), tx.links.add(HOUSE)))
    return office


def scan(office: Office, link: Link) -> Step:
    return office.hear("/start", start=KEYS.seal(link.id))


def keys(step: Step) -> list[str]:
    return [reply.key for reply in step.replies]


def told(office: Office) -> str:
    assert office.line is not None
    return office.line.text


def test_who_and_where_are_filled_in_and_said_in_one_sentence(office: Office) -> None:
    step = scan(office, PLANT)
    assert keys(step) == ["greeting", "link_enterprise", "ask_story"]
    for words in ("宏达电子厂", "宏达电子有限公司", "石桥街8号", "不对您直接告诉我", "单位看不到"):
        assert words in told(office)
    draft = office.state.draft
    assert draft is not None
    assert {name: slot.value for name, slot in draft.slots.items()} == {
        "respondent": "宏达电子有限公司",
        "place": "石桥街8号",
    }
    assert {slot.text for slot in draft.slots.values()} == {""}  # no words of the resident
    assert office.cases == {}  # a scan alone registers nothing


def test_wages_owed_there_go_to_its_grid_with_the_employer_known(office: Office) -> None:
    scan(office, PLANT)
    office.hear("拖欠我三个月工资，一共两万四，没签合同，电话13900001111")
    for _ in range(6):
        if office.state.asking == "readback":
            break
        assert "employer" not in (office.state.asking or "")
        assert "place" not in (office.state.asking or "")
        office.hear("不知道")
    assert "宏达电子有限公司" in told(office)
    office.hear("对")
    (case,) = office.cases.values()
    assert (case.category, case.unit_id, case.placed) == ("wage_arrears", "demo-shiqiao-2", True)
    assert (case.slots["employer"].value, "respondent" in case.slots) == ("宏达电子有限公司", False)
    assert case.source is Source.LINK


def test_what_was_filled_in_is_corrected_like_anything_else(office: Office) -> None:
    scan(office, HOUSE)
    office.hear("楼道灯坏了半个月，报修好几次没人来，电话13900001111")
    office.hear("地址不对，是锦绣商务楼")
    assert "锦绣商务楼" in told(office)
    office.hear("对")
    (case,) = office.cases.values()
    assert (case.slots["place"].value, case.unit_id) == ("锦绣商务楼", "demo-liuan-2")


def test_a_building_s_code_names_nobody(office: Office) -> None:
    step = scan(office, HOUSE)
    assert "link_place" in keys(step)
    assert "对方" not in told(office)
    draft = office.state.draft
    assert draft is not None
    assert draft.where is not None
    assert (draft.where.unit_id, draft.where.doubt) == ("demo-liuan-1", None)


@pytest.mark.parametrize("why", ["revoked", "expired", "unknown", "tampered", "cut", "other key"])
def test_a_code_that_does_not_count_is_a_normal_beginning(office: Office, why: str) -> None:
    payload = KEYS.seal(PLANT.id)
    if why == "revoked":
        office.write(lambda tx: tx.links.save(replace(PLANT, revoked_at=START)))
    elif why == "expired":
        office.write(lambda tx: tx.links.save(replace(PLANT, valid_until=START)))
    elif why == "unknown":
        payload = KEYS.seal("nobodynobody")
    elif why == "tampered":
        payload = payload[:-1] + ("A" if payload[-1] != "A" else "B")
    elif why == "cut":
        payload = payload[:20]
    else:
        payload = LinkKeys(["another secret"]).seal(PLANT.id)
    step = office.hear("/start", start=payload)
    assert keys(step) == ["greeting", "link_over", "invite"]
    assert office.state.draft is None
    assert office.read(lambda tx: tx.links.openings(START.date())) == {}


def test_an_older_secret_still_opens(office: Office) -> None:
    office.desk._link_keys = LinkKeys(["a newer secret", "a secret of this test"])
    assert "link_enterprise" in keys(scan(office, PLANT))


def test_a_matter_being_told_goes_on(office: Office) -> None:
    office.hear("楼上天天漏水，把我家天花板泡了")
    asking, draft = office.state.asking, office.state.draft
    step = scan(office, PLANT)
    assert keys(step)[0] == "link_later"
    assert (office.state.asking, office.state.draft) == (asking, draft)
    over = office.hear("/start", start="Lnothing")
    assert keys(over)[0] == "link_over"
    assert office.state.draft == draft


def test_scanning_another_code_before_a_word_takes_that_one(office: Office) -> None:
    scan(office, PLANT)
    step = scan(office, HOUSE)
    assert keys(step) == ["link_place", "ask_story"]
    draft = office.state.draft
    assert draft is not None
    assert {name: slot.value for name, slot in draft.slots.items()} == {"place": "翠湖花园3栋"}


def test_of_a_scan_only_the_number_of_the_day_is_kept(office: Office) -> None:
    scan(office, PLANT)
    scan(office, PLANT)
    assert office.read(lambda tx: tx.links.openings(START.date())) == {PLANT.id: 2}
    turns = office.read(lambda tx: tx.turns.after(office.conversation.id, 0))
    assert {turn.start for turn in turns if turn.start} == {"L"}
    events = office.read(lambda tx: tx.events.after(0, 1000))
    assert PLANT.id not in str(events)
    assert KEYS.seal(PLANT.id) not in str(turns)


def test_with_an_officer_nothing_is_said_and_nothing_filled_in(office: Office) -> None:
    office.hear("你好")
    office.holder = "officer"
    step = scan(office, PLANT)
    assert office.line is None
    assert step.replies == ()
    assert office.state.draft is None


def test_english_is_answered_in_english(office: Office) -> None:
    office.hear("Hello, please speak English")
    scan(office, PLANT)
    assert "You scanned the code" in told(office)
    assert "cannot see who scanned it" in told(office)


def test_a_link_runs_out_at_its_time(office: Office) -> None:
    office.write(lambda tx: tx.links.save(replace(PLANT, valid_until=START + timedelta(hours=1))))
    assert "link_enterprise" in keys(scan(office, PLANT))
    office.now += timedelta(hours=2)
    assert "link_over" in keys(scan(office, PLANT))


@given(st.text(max_size=64))
def test_no_payload_breaks_anything(payload: str) -> None:
    """Whatever a deep link carries: our keys read it as nothing, and never raise."""
    assert KEYS.read(payload) is None
    assert KEYS.read("L" + payload) is None
