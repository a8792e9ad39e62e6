"""A console on a real store: Alice answers for a grid, Charlie for another and must see nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from argon2 import PasswordHasher

from casework.case import SlotValue
from casework.channels import WEBCHAT
from casework.desk.cases import Opening, draft, file
from casework.desk.conversations import hand_off, open_conversation, receive, say
from casework.links import LinkKeys
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from casework.turn import Inbound, Line
from cli.web import WebParts, build_app
from cli.web_guard import Guard, Limits
from config.capture import load_capture_words
from config.digest_words import load_digest_words
from config.load import Book, load_book
from handoff_console.app import create_console
from handoff_console.auth import Logins, Passwords
from handoff_console.deps import ConsoleDeps
from handoff_console.digests import DigestDesk
from handoff_console.field_work import FieldWork
from handoff_console.live import Live
from handoff_console.presence import Presences
from storage.engine import SqlStore
from storage.files import FileStore

PASSWORD = "correct horse"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # tests log in all the time
MINUTE = timedelta(minutes=1)


class Time:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, length: timedelta) -> None:
        self.now += length


@dataclass(frozen=True)
class Street:
    """The running console and what it is made of."""

    app: Guard
    deps: ConsoleDeps
    store: SqlStore
    time: Time

    @asynccontextmanager
    async def stranger(self, base: str = "http://jiesu.test") -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who is not logged in."""
        transport = httpx.ASGITransport(self.app, client=("192.0.2.9", 50_000))
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            yield client

    @asynccontextmanager
    async def officer(self, name: str) -> AsyncIterator[httpx.AsyncClient]:
        """An officer at the console, whose requests carry the CSRF token."""
        async with self.stranger() as client:
            answer = await client.post("/api/login", json={"username": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = (await client.get("/api/me")).json()["csrf_token"]
            yield client

    async def talk(self, *texts: str, title: str = "李女士") -> str:
        """A resident says these lines; gives the conversation's id."""

        def work(tx: Transaction) -> str:
            opened = open_conversation(tx, WEBCHAT, tx.new_id(), title, self.time())
            for number, text in enumerate(texts):
                line = Inbound(
                    WEBCHAT,
                    f"{opened.id}:{number}",
                    "",
                    self.time(),
                    text,
                    conversation_id=opened.id,
                )
                receive(tx, line)
            return opened.id

        return await self.store.write(work)

    async def hand_off(self, conversation_id: str, *, crisis: str = "none") -> None:
        """The bot asks for a human."""

        def work(tx: Transaction) -> None:
            before = tx.conversations.get(conversation_id, lock=True)
            after = hand_off(tx, replace(before, crisis=crisis), "asked", self.time())
            tx.conversations.save(after, before.epoch)

        await self.store.write(work)

    async def bot_says(self, conversation_id: str, text: str) -> None:
        """The bot speaks."""

        def work(tx: Transaction) -> None:
            before = tx.conversations.get(conversation_id, lock=True)
            after, _ = say(tx, before, [Line(text)], self.time())
            tx.conversations.save(after, before.epoch)

        await self.store.write(work)

    async def case(
        self, conversation_id: str, place: str = "翠湖花园", *, filed: bool = True
    ) -> str:
        """A complaint at a place becomes a case; gives its number."""
        slots = {
            "employer": SlotValue("宏达建筑", "宏达建筑"),
            "place": SlotValue(place, place),
            "phone": SlotValue("13800138000", "电话13800138000"),
        }
        opening = Opening("wage_arrears", slots, f"欠薪：{place}")

        def work(tx: Transaction) -> str:
            before = tx.conversations.get(conversation_id, lock=True)
            case = draft(tx, before, opening, self.time())
            known = replace(before, has_cases=True, unit_id=case.unit_id, category="wage_arrears")
            tx.conversations.save(known, before.epoch)
            if filed:
                file(tx, case.number, self.deps.book, self.time())
            return case.number

        return await self.store.write(work)


def people(tx: Transaction) -> None:
    """A street with two grids and an officer for each."""
    tx.people.add_unit(Unit("street", "street", "青禾街道"))
    tx.people.add_unit(Unit("lake", "grid", "翠湖网格", "street"))
    tx.people.add_unit(Unit("hill", "grid", "东山网格", "street"))
    tx.people.add_place(Place("翠湖花园", "lake", ("翠湖",)))
    tx.people.add_place(Place("东山小区", "hill"))
    staff = [
        ("alice", "艾丽", Role.GRID, "lake"),
        ("bob", "鲍勃", Role.STREET, "street"),
        ("charlie", "查理", Role.GRID, "hill"),
        ("root", "管理员", Role.ADMIN, None),
    ]
    for name, called, role, unit in staff:
        tx.people.add_officer(Officer(name, name, called, role, unit, CHEAP.hash(PASSWORD)))


def console_deps(store: SqlStore, folder: Path, book: Book, time: Time) -> ConsoleDeps:
    """The console's parts on a store."""
    return ConsoleDeps(
        store=store,
        book=book,
        files=FileStore(folder / "files", 200_000),
        digests=DigestDesk(store, load_digest_words(book.categories)),
        logins=Logins(store, Passwords(CHEAP)),
        live=Live(store, heartbeat=5),
        presences=Presences(),
        clock=time,
        field_work=FieldWork(load_capture_words(book.forms), LinkKeys(["a secret of the tests"])),
    )


async def open_street(store: SqlStore, folder: Path) -> Street:
    """Put the console together on an empty store."""
    time = Time()
    deps = console_deps(store, folder, load_book(), time)
    await store.write(people)
    parts = WebParts([create_console(deps)], Limits(upload=200_000), folder / "static")
    return Street(build_app(parts), deps, store, time)
