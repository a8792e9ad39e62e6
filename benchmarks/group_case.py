"""One answer to 302 households: how long until each has heard it, in batches as the clock works.

python -m benchmarks.group_case [DATABASE_URL] [HOUSEHOLDS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from casework.case import Case, SlotValue
from casework.desk import cases, collective, collective_sheet, joining, moving
from casework.desk.conversations import open_conversation
from casework.effects import Given
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from config.group_texts import group_book
from config.load import Book, load_book
from handoff_console.following import Following
from handoff_console.supervision_clock import SupervisionClock
from storage import schema
from storage.engine import SqlStore, open_store

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)


def people(tx: Transaction) -> None:
    """A street, a grid, and who works there."""
    tx.people.add_unit(Unit("s", "street", "青禾街道"))
    tx.people.add_unit(Unit("g", "grid", "第一网格", "s"))
    tx.people.add_officer(Officer("he", "he", "何敏", Role.STREET, "s"))
    tx.people.add_officer(Officer("zhou", "zhou", "周小兰", Role.GRID, "g"))


async def household(store: SqlStore, book: Book, number: int) -> Case:
    """A resident's case about the title deed."""
    told = {
        "place": f"翠湖花园{number // 40 + 1}栋",
        "project": "翠湖花园",
        "issue": "房产证办不下来",
    }
    slots = {name: SlotValue(value, value) for name, value in told.items()}

    def work(tx: Transaction) -> Case:
        talk = open_conversation(tx, "telegram", str(number), "", NOON)
        case = cases.draft(tx, talk, cases.Opening("housing_developer", slots), NOON)
        return cases.file(tx, case.number, book, NOON)

    return await store.write(work)


async def gathered(store: SqlStore, book: Book, households: int) -> Case:
    """The group: each resident says that it is the same issue."""
    leading = await household(store, book, 0)
    for number in range(1, households):
        mine = await household(store, book, number)
        join = partial(joining.join, number=mine.number, leading_number=leading.number)
        await store.write(partial(join, rule=book.nearby, now=NOON))
    officer = await store.read(lambda tx: tx.people.officer("he"))
    group = group_book(book)
    await store.write(lambda tx: collective.make(tx, leading.number, officer, group, NOON))
    return leading


async def until_quiet(step: Following | SupervisionClock) -> tuple[float, float]:
    """Seconds until nothing is left, and the longest single step."""
    began, longest = time.perf_counter(), 0.0
    while True:
        before = time.perf_counter()
        more = await step.step(LATER)
        longest = max(longest, time.perf_counter() - before)
        if not more:
            return time.perf_counter() - began, longest


async def measure(url: str, households: int) -> None:
    """Print the figures."""
    await schema.upgrade(url)
    store, book = open_store(url), load_book()
    await store.write(people)
    began = time.perf_counter()
    leading = await gathered(store, book, households)
    print(f"filed and joined {households} households in {time.perf_counter() - began:.1f} s")

    officer = await store.read(lambda tx: tx.people.officer("he"))
    given = Given("证都办好了，带身份证到街道领")
    await store.write(
        lambda tx: moving.act(tx, leading.number, "resolve", officer, LATER, book, given=given)
    )
    total, longest = await until_quiet(Following(store, book))
    print(f"one answer to all: {total:.2f} s, longest batch {longest * 1000:.0f} ms")

    text = "12月1日到4日在街道一楼集中办，带身份证和合同"
    await store.write(lambda tx: collective_sheet.post(tx, leading.number, text, officer, LATER))
    total, longest = await until_quiet(SupervisionClock(store, book))
    print(f"one summary to all: {total:.2f} s, longest batch {longest * 1000:.0f} ms")

    each = await store.read(lambda tx: tx.cases.get(leading.number))
    before = time.perf_counter()
    count = await store.read(lambda tx: collective.progress(tx, each))
    print(f"count: {count} in {(time.perf_counter() - before) * 1000:.1f} ms")
    heard = await store.read(
        lambda tx: [
            [turn.text for turn in tx.turns.after(case.conversation_id, 0)]
            for case in (each, *tx.cases.joined_to(leading.number))
        ]
    )
    once = [sum(text in line for line in lines) for lines in heard]
    answered = [sum("证都办好了" in line for line in lines) for lines in heard]
    print(f"heard the summary once: {once.count(1)}, the answer once: {answered.count(1)}")
    await store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        default = f"sqlite+aiosqlite:///{Path(folder) / 'group.db'}"
        url = sys.argv[1] if len(sys.argv) > 1 else default
        asyncio.run(measure(url, int(sys.argv[2]) if len(sys.argv) > 2 else 302))
