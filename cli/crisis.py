"""`jiesu crisis drill`: the call chain, played through with made-up officers and no real call."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from casework.alerts import Alert
from casework.case import SlotValue
from casework.desk import alerts as desk
from casework.desk.cases import Opening, draft, file
from casework.desk.conversations import hand_off, open_conversation
from casework.events import Event, Kind
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Store, Transaction
from casework.turn import Speaker
from config.load import Book, load_book
from config.settings import load_settings
from handoff_console.crisis_clock import CrisisClock
from storage.memory import MemoryStore

crisis_app = typer.Typer(help="Danger to life.", no_args_is_help=True)
LONGEST = timedelta(minutes=10)
TICK = timedelta(seconds=1)
STAFF = (
    Officer("duty", "drill-1", "演练·街道值班", Role.STREET, "street"),
    Officer("community", "drill-2", "演练·社区书记", Role.COMMUNITY, "community"),
    Officer("grid", "drill-3", "演练·网格员", Role.GRID, "grid"),
    Officer("deputy", "drill-4", "演练·替补", Role.STREET, "street"),
)
TASKS = {
    "follow_up_1d": "次日回访",
    "follow_up_3d": "第三天回访",
    "follow_up_7d": "第七天回访",
    "supervise": "督办背后的诉求",
}
SHOWN = {
    Kind.ALERT_CALLED: "呼叫 {officer}",
    Kind.ALERT_ACKNOWLEDGED: "{officer} 点了“已收到”",
    Kind.ALERT_EXHAUSTED: "没有人回应：各级都能看到，居民已被如实告知",
    Kind.ALERT_REMINDED: "居民没有出声，机器人又问了一次",
}


class Answers(StrEnum):
    """Who acknowledges."""

    NOBODY = "nobody"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    DEPUTY = "deputy"


class Danger(StrEnum):
    """What somebody is in danger from."""

    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    HAZARD = "hazard"
    WITNESS = "witness"


@dataclass(frozen=True, slots=True)
class Drill:
    """What is played: the kind of danger, and who answers after how long."""

    kind: str = "self_harm"
    who: Answers = Answers.NOBODY
    after: timedelta = timedelta(seconds=20)


@crisis_app.callback()
def _group() -> None:
    """Danger to life."""


@crisis_app.command()
def drill(
    answers: Annotated[Answers, typer.Option(help="Who taps 已收到.")] = Answers.NOBODY,
    after: Annotated[int, typer.Option(help="Seconds it takes them.", min=0, max=59)] = 20,
    kind: Annotated[Danger, typer.Option(help="The kind of danger.")] = Danger.SELF_HARM,
) -> None:
    """Play an alert through the chain in memory: no database, no message, no call leaves."""
    played = Drill(kind.value, answers, timedelta(seconds=after))
    lines = asyncio.run(timeline(played, load_book(load_settings().config_dir)))
    sys.stdout.write("\n".join(lines) + "\n")


async def timeline(played: Drill, book: Book) -> list[str]:
    """What happens, second by second, as lines."""
    store = MemoryStore()
    began = datetime(2026, 1, 5, 1, 0).astimezone()
    alert = await _raise(store, played, book, began)
    clock = CrisisClock(store, book)
    now, seen = began, False
    while now <= began + LONGEST:
        while await clock.step(now):
            pass
        found = await store.read(lambda tx: tx.alerts.get(alert.id))
        last = found.called[-1]
        if played.who == last.level and now >= last.at + played.after and not seen:
            await _acknowledge(store, found, book, now)
            seen = True
        if found.exhausted_at is not None or seen:
            break
        now += TICK
    return await _told(store, alert, began)


async def _raise(store: Store, played: Drill, book: Book, now: datetime) -> Alert:
    def work(tx: Transaction) -> Alert:
        for unit in (
            Unit("street", "street", "演练街道"),
            Unit("community", "community", "演练社区", "street"),
            Unit("grid", "grid", "演练网格", "community"),
        ):
            tx.people.add_unit(unit)
        tx.people.add_place(Place("演练小区", "grid"))
        for officer in STAFF:
            tx.people.add_officer(officer)
        opened = open_conversation(tx, "terminal", "drill", "演练", now)
        slots = {"place": SlotValue("演练小区")}
        category = book.crisis.categories[played.kind]
        case = draft(tx, opened, Opening(category, slots, "演练", crisis="R3"), now)
        file(tx, case.number, book, now)
        handed = hand_off(tx, opened, "crisis", now)
        danger = desk.Danger("R3", played.kind, case.number)
        alert = desk.raise_alert(tx, handed, danger, book.response, now)
        tx.conversations.save(handed, opened.epoch)
        return alert

    return await store.write(work)


async def _acknowledge(store: Store, alert: Alert, book: Book, now: datetime) -> None:
    def work(tx: Transaction) -> None:
        officer = tx.people.officer(alert.called[-1].officer_id)
        desk.acknowledge(tx, alert.id, officer, book.response, now)

    await store.write(work)


async def _told(store: Store, alert: Alert, began: datetime) -> list[str]:
    """Events and the lines the resident reads, in the order they happened."""
    names = {officer.id: officer.name for officer in STAFF}

    def work(tx: Transaction) -> list[str]:
        happened = [
            (event.at, SHOWN[event.kind].format(officer=names.get(_officer(event), "")))
            for event in tx.events.after(0, 1000)
            if event.kind in SHOWN
        ]
        said = [
            (turn.at, f"居民看到：{turn.text}")
            for turn in tx.turns.after(alert.conversation_id, 0)
            if turn.speaker is Speaker.BOT
        ]
        due = [
            f"        待办（{(task.due_at - began).days} 天后）：{TASKS.get(task.kind, task.kind)}"
            for task in tx.tasks.open_of_alert(alert.id)
        ]
        rows = sorted(happened + said, key=lambda row: row[0])
        return [f"+{(at - began).seconds:>3} s  {text}" for at, text in rows] + due

    return await store.read(work)


def _officer(event: Event) -> str:
    return str(event.data.get("officer"))
