"""`jiesu digest`, as an operator types it."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework.desk.digests import bind
from casework.groups import Group
from cli.main import app, main
from config.load import load_book
from storage.engine import open_store
from tests.clock.conftest import EVENING
from tests.clock.street import NOW, Street

CHAT = "-1001234567890"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, sqlite_copy: str) -> None:
    """The command works on the street."""
    monkeypatch.setenv("JIESU_DATABASE_URL", sqlite_copy)


@pytest.fixture
def group(sqlite_copy: str) -> Group:
    """A bound group and a case that is long overdue."""

    async def make() -> Group:
        store = open_store(sqlite_copy)
        street = Street(store, load_book())
        await street.filed("7", NOW.replace(year=2025))
        bound = await street.bind("street", NOW, chat=CHAT)
        await store.close()
        return bound

    return asyncio.run(make())


def test_preview_by_id_and_by_chat(group: Group) -> None:
    by_id, by_chat = (
        CliRunner().invoke(app, ["digest", "preview", "--group", wanted])
        for wanted in (group.id, CHAT)
    )
    assert by_id.exit_code == by_chat.exit_code == 0
    assert by_id.stdout == by_chat.stdout
    assert "逾期1件" in by_id.stdout
    assert "张伟" not in by_id.stdout


def test_preview_as_json(group: Group) -> None:
    done = CliRunner().invoke(app, ["digest", "preview", "--group", group.id, "--json"])
    shown = json.loads(done.stdout)
    assert shown["group"] == {"id": group.id, "title": "和平家园", "chat": CHAT}
    assert [each["key"] for each in shown["sections"]] == ["due"]
    assert shown["sections"][0]["lines"][0] in shown["text"]


def test_a_printed_code_binds_a_group(sqlite_copy: str) -> None:
    done = CliRunner().invoke(app, ["digest", "code", "--officer", "stan"])
    assert done.exit_code == 0
    code = done.stdout.strip()

    async def use() -> Group | None:
        store = open_store(sqlite_copy)
        bound = await store.write(
            lambda tx: bind(tx, code, "telegram", CHAT, "和平家园", NOW, EVENING)
        )
        await store.close()
        return bound

    bound = asyncio.run(use())
    assert bound is not None
    assert (bound.unit_id, bound.bound_by) == ("street", "stan")
    assert "valid once" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["preview", "--group", "nowhere"], "no group nowhere"),
        (["code", "--officer", "nobody"], "officer add"),
    ],
)
def test_what_is_not_there_is_one_line_and_exit_1(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.setattr("sys.argv", ["jiesu", "digest", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert says in told.err
    assert told.err.count("\n") == 1


def test_an_empty_database_is_told_how_to_begin_and_not_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "none.sqlite3"
    monkeypatch.setenv("JIESU_DATABASE_URL", f"sqlite+aiosqlite:///{path}")
    monkeypatch.setattr("sys.argv", ["jiesu", "digest", "code", "--officer", "stan"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert "jiesu db upgrade" in capsys.readouterr().err
    assert not path.exists()


def test_wrong_use_is_exit_2() -> None:
    assert CliRunner().invoke(app, ["digest", "preview"]).exit_code == 2
    assert CliRunner().invoke(app, ["digest", "code", "--group", "x"]).exit_code == 2
