"""A resident's own period in the conversation: told after filing, ended by a button or by words."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue.requests import EndCountdown
from casework.reminders import DONE, UNWANTED, Reminder
from handoff_console.reminding import ReminderClock
from tests.dialogue.office import Office, done

STORY = (
    "我在宏达电子厂上班，手指被机器压断了，厂里不给报工伤",
    "就在柳岸街8号",
    "上个月6号",
    "没报",
    "13900001111",
    "对",
)


def countdowns(office: Office) -> list[Reminder]:
    """Those that run."""
    wanted = office.conversation.id
    found: list[Reminder] = office.read(lambda tx: tx.reminders.running(wanted))
    return found


def tick(office: Office) -> bool:
    """Let the clock come by, and listen to what it made the bot say."""
    spoken = office.conversation.last_seq
    said = done(ReminderClock(office.store, office.book).step(office.now))
    office.listened(spoken)
    return said


@pytest.fixture
def told(office: Office) -> Office:
    """A work injury, filed, and its countdown told."""
    for line in STORY:
        office.hear(line)
    assert tick(office)
    return office


def test_it_is_told_once_with_the_day_and_where_to_apply(told: Office) -> None:
    assert told.line is not None
    for words in ("2026年2月6日", "2027年2月6日", "当地人社局", "登记不等于申请"):
        assert words in told.line.text
    assert not tick(told)
    (running,) = countdowns(told)
    assert running.rule == "injury_person"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("已经申请了", DONE),
        ("我申请过了", DONE),
        ("不用提醒了", UNWANTED),
        ("别再提醒我", UNWANTED),
        ("I have already applied", DONE),
        ("stop reminding me", UNWANTED),
    ],
)
def test_words_end_it(told: Office, line: str, why: str) -> None:
    (running,) = countdowns(told)
    step = told.hear(line)
    assert step.requests == (EndCountdown(running.id, why),)
    assert countdowns(told) == []
    assert told.line is not None
    assert "不再提醒" in told.line.text or "not remind" in told.line.text


@pytest.mark.parametrize("why", [DONE, UNWANTED])
def test_buttons_end_it_once(told: Office, why: str) -> None:
    (running,) = countdowns(told)
    payload = f"countdown:{why}:{running.id}"
    step = told.press(payload)
    assert step.requests == (EndCountdown(running.id, why),)
    assert countdowns(told) == []
    assert told.press(payload).requests == ()


@pytest.mark.parametrize("payload", ["countdown:moot:x", "countdown:done:x", "countdown:"])
def test_a_button_nobody_made_ends_nothing(told: Office, payload: str) -> None:
    assert told.hear("已经申请了吗", button=payload).requests == ()
    assert len(countdowns(told)) == 1


def test_the_words_mean_nothing_where_nothing_was_told(office: Office) -> None:
    step = office.hear("已经申请了")
    assert not any(isinstance(request, EndCountdown) for request in step.requests)


def test_while_another_matter_is_told_the_words_belong_to_it(told: Office) -> None:
    told.hear("另外我们小区电梯坏了半个月物业不修")
    step = told.hear("已经申请了")
    assert not any(isinstance(request, EndCountdown) for request in step.requests)
    assert len(countdowns(told)) == 1


def test_a_corrected_day_is_told_anew(told: Office) -> None:
    told.hear("时间写错了，是1月20号")
    (running,) = countdowns(told)
    assert running.since == date(2026, 1, 20)
    assert tick(told)
    assert told.line is not None
    assert "2026年1月20日" in told.line.text
    assert not tick(told)
