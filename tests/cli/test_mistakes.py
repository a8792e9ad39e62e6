"""What an operator does wrong is told in one line, which says where and what to do."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from cli.mistakes import Mistake
from cli.nlu_files import labelled
from tests.fixtures.postgres import PostgresServer
from tests.served import JIESU


def said(*arguments: str, **environment: str) -> tuple[int, str]:
    """The exit code and what stands on stderr."""
    done = subprocess.run(
        [JIESU, *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def one_line(*arguments: str, **environment: str) -> str:
    """The line a command fails with."""
    code, told = said(*arguments, **environment)
    assert (code, told.count("\n"), told[:7]) == (1, 1, "jiesu: "), told
    return told


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_there_is_no_such_port(port: str) -> None:
    code, told = said("serve", "--port", port)
    assert code == 2
    assert "--port" in told
    code, told = said("nlu", "serve", "--port", port)
    assert code == 2
    assert "--port" in told


def test_somebody_else_listens_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = one_line("serve", "--port", str(port), JIESU_DATA_DIR=str(tmp_path / "data"))
    assert f"cannot listen on 127.0.0.1:{port} (address already in use)" in told
    assert "another --port" in told
    assert not (tmp_path / "data").exists()  # said before anything was begun


def test_the_machine_has_no_such_address() -> None:
    told = one_line("serve", "--host", "192.0.2.1")
    assert "cannot listen on 192.0.2.1:8000 (cannot assign requested address)" in told


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "jiesu.db"
    file.write_bytes(b"not a database at all" * 100)
    told = one_line("db", "upgrade", JIESU_DATABASE_URL=f"sqlite+aiosqlite:///{file}")
    assert "file is not a database; `jiesu doctor`" in told


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    told = one_line("db", "upgrade", JIESU_DATA_DIR=str(tmp_path / "taken" / "data"))
    assert str(tmp_path / "taken") in told


def test_nobody_listens_there() -> None:
    url = "postgresql+asyncpg://jiesu:hush@127.0.0.1:1/jiesu"
    told = one_line("db", "upgrade", JIESU_DATABASE_URL=url)
    assert "`jiesu doctor`" in told
    assert "hush" not in told


@pytest.mark.postgres
def test_a_server_without_that_database(postgres_server: PostgresServer) -> None:
    told = one_line("db", "upgrade", JIESU_DATABASE_URL=postgres_server.url("no_such"))
    assert 'database "no_such" does not exist; `jiesu doctor`' in told


def test_a_file_to_score_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_bytes('{"text": "路灯不亮"}'.encode("gb18030"))
    with pytest.raises(Mistake, match=f"{file} is not UTF-8: save it"):
        labelled([file])
