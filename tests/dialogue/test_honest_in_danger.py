"""No words to somebody in danger claim what no human has done: neither arriving nor having seen."""

from __future__ import annotations

import asyncio
import random
import re
from datetime import timedelta

import pytest

from casework.desk import alerts as desk
from casework.desk.conversations import take_over
from casework.events import Kind
from casework.ports import Transaction
from casework.turn import Speaker
from config.load import Book
from handoff_console.crisis_clock import CrisisClock
from nlu.engine import Engine
from tests.dialogue.office import Office

ARRIVING = re.compile(
    r"马上到|就到|正在赶|在路上|已经出发|派了?人|有人(?:会|来)|会(?:有人)?(?:来|到|过去)|去接您|赶过去|赶来"
    r"|on (?:the|their) way|is coming|are coming|has been sent|will (?:come|arrive)",
    re.IGNORECASE,
)
SEEN = re.compile(r"看到您的话|跟您联系|跟您说，不给您打|read your words", re.IGNORECASE)
BLAMING = re.compile(r"别冲动|想想(?:家人|父母|孩子)|太脆弱|影响您|记录在案|犯法|身份证")
ONLY_SEEN = {"crisis_seen", "crisis_seen_here"}
LINES = (
    "我在楼顶上，不给工资我现在就跳下去",
    "再不给钱我就喝药，遗书都写好了",
    "他拿刀冲进来了，救命",
    "昨天晚上喝酒又打我，孩子看着呢",
    "家里煤气味很重，头晕",
    "隔壁又在打孩子，孩子一直喊别打了",
    "活着真没意思",
    "没事，我说气话",
    "有一点",
    "没有",
    "到了",
    "我在翠湖花园",
    "有人来了",
    "只发消息",
    "1",
    "什么时候有人来",
    "有人来吗，快点",
    "人呢",
    "老板欠我三个月工资",
    "人工",
    "你们到底来不来",
    "",
)
TURNS = 14


@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
def test_no_fixed_text_claims_arrival_or_blames(book: Book, language: str) -> None:
    texts = book.speaking(language).words.texts
    crisis = {key: text for key, text in texts.items() if key.startswith("crisis_")}
    assert len(crisis) > 20
    for key, text in crisis.items():
        assert not ARRIVING.search(text), (key, text)
        assert not BLAMING.search(text), (key, text)
        if key not in ONLY_SEEN:
            assert not SEEN.search(text), (key, text)


def test_the_pattern_finds_what_it_looks_for() -> None:
    for claim in ("工作人员马上到", "网格员正在赶过来", "已经派人了", "somebody is on the way"):
        assert ARRIVING.search(claim), claim


@pytest.mark.parametrize("seed", range(60))
def test_whatever_happens_nothing_is_claimed_before_a_human_acknowledged(
    book: Book, engine: Engine, seed: int
) -> None:
    """Lines, buttons, minutes, acknowledgements and take-overs in any order."""
    dice = random.Random(seed)
    office = Office(book, engine)
    office.hear(dice.choice(LINES[:7]))
    clock = CrisisClock(office.store, book)
    for _ in range(TURNS):
        _one_thing(office, clock, dice)
        _check(office)


def _one_thing(office: Office, clock: CrisisClock, dice: random.Random) -> None:
    chance = dice.random()
    if chance < 0.5:
        office.hear(dice.choice(LINES))
    elif chance < 0.6 and office.line and office.line.buttons:
        office.press(dice.choice(office.line.buttons).payload)
    elif chance < 0.9:
        office.now += timedelta(seconds=dice.choice((20, 61, 200)))
        while asyncio.run(clock.step(office.now)):
            pass
    else:
        office.write(lambda tx: _officer(office, tx, dice))


def _officer(office: Office, tx: Transaction, dice: random.Random) -> None:
    alert = tx.alerts.open_of(office.conversation.id)
    if alert is None:
        return
    officer = tx.people.officer(dice.choice(("owner", "second")))
    if dice.random() < 0.7:
        desk.acknowledge(tx, alert.id, officer, office.book.response, office.now)
    elif office.holder != "officer":
        taken = take_over(tx, office.conversation.id, officer, office.now)
        desk.taken_over(tx, taken, officer, office.now)


def _check(office: Office) -> None:
    seen = [event.at for event in office.events(Kind.ALERT_ACKNOWLEDGED)]
    first = min(seen, default=None)
    wanted = office.conversation.id
    reminders = 0
    for turn in office.read(lambda tx: tx.turns.after(wanted, 0)):
        if turn.speaker is not Speaker.BOT:
            continue
        assert not ARRIVING.search(turn.text), turn.text
        reminders += "您还在吗" in turn.text
        if SEEN.search(turn.text):
            assert first is not None, turn.text
            assert turn.at >= first, turn.text
    raised = len(office.events(Kind.CRISIS_RAISED))
    assert reminders <= 2 * max(1, raised)
