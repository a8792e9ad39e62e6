"""Lines that cross: two at once, and one written before our question was sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.dialogue.overlap import is_overtaken
from casework.desk.conversations import receive
from casework.ports import Transaction
from casework.turn import Inbound, Speaker
from tests.dialogue.office import CHANNEL, CHAT, Office, done


def write(office: Office, *lines: str) -> list[str]:
    """The resident writes these before anything is decided; then all is decided, in order."""

    def stored(tx: Transaction) -> str:
        found = ""
        for line in lines:
            office.turns += 1
            inbound = Inbound(CHANNEL, f"t{office.turns}", CHAT, office.now, line)
            found = receive(tx, inbound)[0].id
        return found

    before = office.conversation.last_seq if office._id else 0
    office._id = office.write(stored)
    while done(office.desk.decide_next(office._id)):
        pass
    said = office.read(lambda tx: tx.turns.after(office._id or "", before))
    return [turn.text for turn in said if turn.speaker is Speaker.BOT]


def test_of_two_lines_at_once_only_the_last_is_asked_about(office: Office) -> None:
    said = write(office, "小区电梯坏了半个月物业不管", "翠湖花园3栋", "别打电话")
    draft = office.state.draft
    assert draft is not None
    assert draft.slots["place"].value == "翠湖花园3栋"
    assert "phone" in draft.declined
    assert draft.asked.get("place", 0) == 0
    assert office.state.asking == "readback"
    assert sum("？" in text and "小区" in text for text in said) == 0, said


def test_a_question_held_back_is_not_counted(office: Office) -> None:
    write(office, "老板欠我工资", "三个月了")
    draft = office.state.draft
    assert draft is not None
    assert draft.questions == 1
    assert draft.slots["period_months"].value == 3


def test_the_greeting_is_said_though_the_question_waits(office: Office) -> None:
    said = write(office, "老板欠我工资", "三个月了")
    assert "AI助手" in said[0]


def test_danger_is_never_held_back(office: Office) -> None:
    said = write(office, "他拿刀追我，救命", "我躲在厕所里")
    assert office.holder == "queue"
    assert "110" in said[0]


def test_a_line_from_before_the_question_is_no_answer(office: Office) -> None:
    """是 was written before we asked whether there is a contract."""
    office.hear("我们七个人在翠湖花园工地干活，老板叫张大军，欠了三个月一共两万三没给")
    assert office.state.asking is not None
    before = office.state
    overtaken(office, "是")
    assert office.state.draft is not None
    assert before.draft is not None
    assert office.state.draft.slots == before.draft.slots
    assert office.state.asking == before.asking
    assert office.state.draft.questions == before.draft.questions


def test_what_such_a_line_tells_is_taken_all_the_same(office: Office) -> None:
    office.hear("小区电梯坏了半个月物业不管")
    assert office.state.asking == "slot:place"
    overtaken(office, "翠湖花园3栋")
    draft = office.state.draft
    assert draft is not None
    assert draft.slots["place"].value == "翠湖花园3栋"
    assert office.state.asking == "slot:phone"


def overtaken(office: Office, line: str) -> None:
    """A line sent before the bot's last words were, and received after them."""
    office.now -= timedelta(seconds=30)
    received = office._receive(Inbound(CHANNEL, "late", CHAT, office.now, line))
    office.now += timedelta(seconds=30)
    done(office.desk.decide_next(received.conversation.id, received))


def test_an_answer_in_the_second_of_the_question_counts(office: Office) -> None:
    """Telegram tells whole seconds: 9:00:05 may be after 9:00:05.4."""
    office.now = office.now.replace(microsecond=400_000)
    office.hear("小区电梯坏了半个月物业不管")
    asked = office.state.asked_at
    assert asked is not None
    exact = datetime.fromisoformat(asked)
    assert not is_overtaken(office.state, exact.replace(microsecond=0))
    assert is_overtaken(office.state, exact - timedelta(microseconds=1))
    assert not is_overtaken(office.state, exact)
