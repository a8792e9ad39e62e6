"""``jiesu link``: add, list and revoke on a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casework.links import LinkKeys
from casework.organisation import Unit
from cli.main import app
from cli.mistakes import Mistake
from storage import schema
from storage.engine import open_store

SITE = "https://city.example"


class Town:
    """A database with one grid, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite+aiosqlite:///{folder / 'jiesu.db'}"

        async def build() -> None:
            await schema.upgrade(self.url)
            store = open_store(self.url)
            await store.write(lambda tx: tx.people.add_unit(Unit("g", "grid", "第一网格")))
            await store.close()

        asyncio.run(build())

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["link", *words, "--data", str(self.folder)])

    def told(self, *words: str) -> list[str]:
        done = self.run(*words)
        assert done.exit_code == 0, done.exception
        return done.output.splitlines()


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("JIESU_PUBLIC_URL", SITE)
    return Town(tmp_path)


def test_a_code_is_made_drawn_listed_and_revoked(town: Town) -> None:
    picture = town.folder / "gate.svg"
    made = town.told("add", "宏达电子厂", "--unit", "g", "--picture", str(picture))
    link_id, name = made[0].split()
    assert name == "宏达电子厂"
    address = made[1].strip()
    assert address.startswith(f"{SITE}/chat?p=L")
    secret = (town.folder / "secret.key").read_text(encoding="utf-8")
    assert LinkKeys([secret]).read(address.rpartition("=")[2]) == link_id
    assert picture.read_bytes().startswith(b"<svg")
    assert town.told("list") == [f"{link_id}  enterprise  宏达电子厂  g  0"]
    town.told("revoke", link_id)
    assert town.told("list")[0].endswith("[revoked]")


def test_telegram_is_told_where_the_bot_has_a_name(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIESU_TELEGRAM_NAME", "@jiesu_bot")
    made = town.told("add", "路口", "--unit", "g", "--kind", "place")
    assert made[2].strip().startswith("https://t.me/jiesu_bot?start=L")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "厂", "--unit", "nowhere"], "jiesu grid import"),
        (["add", " ", "--unit", "g"], "NAME"),
        (["add", "厂", "--unit", "g", "--last-day", "soon"], "2027-12-31"),
        (["add", "厂", "--unit", "g", "--last-day", "2020-01-01"], "--last-day"),
        (["add", "厂", "--unit", "g", "--picture", "gate.gif"], ".svg or .png"),
        (["revoke", "aaaabbbbcccc"], "jiesu link list"),
    ],
)
def test_mistakes_say_what_to_do(town: Town, words: list[str], told: str) -> None:
    done = town.run(*words)
    assert isinstance(done.exception, Mistake)
    assert told in str(done.exception)
    assert town.told("list") == []


def test_a_code_needs_somewhere_to_lead(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIESU_PUBLIC_URL")
    done = town.run("add", "厂", "--unit", "g")
    assert "JIESU_PUBLIC_URL" in str(done.exception)
    assert town.told("list") == []
