"""jiesu doctor, on healthy and broken installations: real databases, a real HTTP server."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cli.bootstrap.model import MODEL
from cli.doctor import Finding, diagnose, examine
from config.settings import WrongSetting, load_settings
from nlu.model_file import DEFAULT_PATH
from storage import schema

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"

Find = Callable[[str], Finding]


class BotApi(BaseHTTPRequestHandler):
    """Knows one bot."""

    def do_GET(self) -> None:
        known = self.path == f"/bot{TOKEN}/getMe"
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def bot_api() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BotApi)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def find(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Find:
    """The one finding about a thing, with the environment as it is then."""
    monkeypatch.setenv("JIESU_DATA_DIR", str(tmp_path))
    for name in ("TELEGRAM_SECONDS", "RASA_SECONDS", "STT_SECONDS"):
        monkeypatch.setattr(f"cli.doctor.{name}", 120.0)  # the machine may be busy

    def look(what: str) -> Finding:
        return next(finding for finding in diagnose(load_settings()) if what in finding.what)

    return look


def test_the_set_up_trains_the_model_that_is_served() -> None:
    assert MODEL == DEFAULT_PATH


def test_a_fresh_installation_can_be_started(find: Find) -> None:
    assert find("database").mark == "!"
    assert find("data directory").mark == "✓"
    assert find("SECRET_KEY").mark == "✓"
    assert find("Telegram").mark == "✓"


def test_a_year_without_public_holidays_is_named(
    find: Find, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shipped = (ROOT / "config" / "calendar.yaml").read_text(encoding="utf-8")
    city = tmp_path / "city"
    city.mkdir()
    monkeypatch.setenv("JIESU_CONFIG_DIR", str(city))
    this = datetime.now(UTC).year
    given = '{holidays: ["%d-01-01"], workdays: []}'
    years = "".join(f"  {year}: {given % year}\n" for year in (this, this + 1))
    known = shipped.replace("years: {}\n", f"years:\n{years}")
    (city / "calendar.yaml").write_text(known, encoding="utf-8")
    assert find("calendar").mark == "✓"
    far = shipped.replace("years: {}\n", "years: {}\nholidays_: []\n")
    (city / "calendar.yaml").write_text(far, encoding="utf-8")
    broken = find("calendar")
    assert (broken.mark, "calendar.yaml" in broken.found) == ("✗", True)


def test_looking_creates_nothing(find: Find, tmp_path: Path) -> None:
    find("Telegram")
    assert list(tmp_path.iterdir()) == []


def test_an_upgraded_sqlite_database_is_well(
    find: Find, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIESU_DATABASE_URL", sqlite_url)
    asyncio.run(schema.upgrade(sqlite_url))
    assert find("database").mark == "✓"


@pytest.mark.postgres
def test_an_empty_postgres_database_is_named(
    find: Find, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIESU_DATABASE_URL", postgres_url)
    assert find("database").found == "no tables yet"
    asyncio.run(schema.upgrade(postgres_url))
    assert find("database").mark == "✓"


def test_a_database_that_is_not_there_is_an_error(
    find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIESU_DATABASE_URL", "postgresql+asyncpg://jiesu:hush@127.0.0.1:1/jiesu")
    finding = find("database")
    assert finding.mark == "✗"
    assert "JIESU_DATABASE_URL" in finding.mend
    assert "hush" not in str(finding)


def test_telegram_that_knows_the_bot(
    find: Find, bot_api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIESU_TELEGRAM_API_BASE", bot_api)
    monkeypatch.setenv("JIESU_TELEGRAM_TOKEN", TOKEN)
    assert find("Telegram").mark == "✓"


@pytest.mark.parametrize("token", ["987654321" + TOKEN[9:], "not a token"])
def test_a_wrong_token_is_an_error_and_stays_secret(
    find: Find, bot_api: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIESU_TELEGRAM_API_BASE", bot_api)
    monkeypatch.setenv("JIESU_TELEGRAM_TOKEN", token)
    finding = find("TELEGRAM" if " " in token else "Telegram")
    assert finding.mark == "✗"
    assert token not in str(finding)


def test_telegram_out_of_reach(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIESU_TELEGRAM_API_BASE", "http://127.0.0.1:1")
    monkeypatch.setenv("JIESU_TELEGRAM_TOKEN", TOKEN)
    finding = find("Telegram")
    assert finding.mark == "✗"
    assert TOKEN not in str(finding)


class Rasa(BaseHTTPRequestHandler):
    """Wants a token; behind /odd there is something else."""

    def do_GET(self) -> None:
        known = self.path == "/status?token=hush-token"
        body = b'{"model_file": "models/jiesu.tar.gz"}' if known else b"<html>"
        self.send_response(200 if known or self.path.startswith("/odd") else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def rasa(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Rasa)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setenv("JIESU_NLU_ENGINE", "rasa")
    monkeypatch.setenv("JIESU_RASA_TOKEN", "hush-token")
    yield f"http://me:hush-word@127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_rasa_is_looked_at_when_it_is_chosen(
    find: Find, rasa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIESU_RASA_URL", rasa)
    finding = find("Rasa")
    assert (finding.mark, finding.found) == ("✓", "reached, model models/jiesu.tar.gz")
    for variable, value, mark, part in (
        ("JIESU_RASA_TOKEN", "wrong", "!", "JIESU_RASA_TOKEN"),
        ("JIESU_RASA_URL", rasa + "/odd", "✗", "--enable-api"),
        ("JIESU_RASA_URL", "http://me:hush-word@127.0.0.1:1", "!", "JIESU_RASA_URL"),
    ):
        monkeypatch.setenv(variable, value)
        finding = find("Rasa")
        assert (finding.mark, part in finding.mend) == (mark, True)
        assert "hush" not in str(finding)
    monkeypatch.setenv("JIESU_NLU_ENGINE", "embedded")
    assert find("Rasa").mark == "✓"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "JIESU_NLU_ENGINE=rasa needs JIESU_RASA_URL"),
        ("rasa:5005", "JIESU_RASA_URL: must be the server's address"),
        ("ftp://rasa", "JIESU_RASA_URL: must be"),
        ("http://", "JIESU_RASA_URL: must be"),
        ("http://hush@rasa:99999", "JIESU_RASA_URL: must be"),
        ("http://rasa/?token=hush", "JIESU_RASA_URL: must be"),
    ],
)
def test_a_wrong_rasa_refuses_to_start(value: str, said: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        load_settings({"JIESU_NLU_ENGINE": "rasa", "JIESU_RASA_URL": value})
    assert said in str(refused.value)
    assert "hush" not in str(refused.value)


def test_the_verdict_is_a_failure_when_something_essential_is_missing(
    find: Find, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIESU_DATABASE_URL", "postgresql+asyncpg://jiesu@127.0.0.1:1/jiesu")
    assert examine(load_settings()) == 1
    printed = capsys.readouterr().out
    assert "✗ 数据库 database" in printed
    assert "\n    → " in printed


def test_a_speech_server_is_looked_for(
    find: Find, bot_api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not used" in find("speech to text").found
    monkeypatch.setenv("JIESU_STT_URL", bot_api)
    assert find("speech to text").mark == "✓"
    monkeypatch.setenv("JIESU_STT_URL", "http://someone:secret@127.0.0.1:9")
    gone = find("speech to text")
    assert (gone.mark, "JIESU_STT_URL" in gone.mend) == ("!", True)
    assert "secret" not in str(gone)


def test_a_machine_without_a_chinese_font_is_told_which_package(
    find: Find, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert find("字体").mend == ""
    shipped = (ROOT / "config" / "whistle.yaml").read_text()
    (tmp_path / "whistle.yaml").write_text(shipped.replace("folders: [", "folders: [none] #"))
    monkeypatch.setenv("JIESU_CONFIG_DIR", str(tmp_path))
    found = find("字体")
    assert (found.mark, found.mend) == ("!", "apt-get install fonts-noto-cjk")
