"""`jiesu doctor`: what is missing, and how to mend it."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import typer

from casework.errors import Misconfigured
from config.load import load_book
from config.reading import Source
from config.settings import Settings
from config.whistle import read_whistle
from handoff_console.notice_paper.fonts import NoFont, find_font
from nlu.model_file import DEFAULT_PATH, freshness
from storage.probe import Probe, probe
from storage.schema import HEAD

STATIC = Path(__file__).parents[1] / "handoff_console" / "static"
PAGES = ("index.html", "chat.html")
TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")
TELEGRAM = "https://api.telegram.org"
TELEGRAM_SECONDS = 5.0
RASA_SECONDS = 5.0
STT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``mend`` is empty when all is well."""

    what: str
    found: str
    mend: str = ""
    essential: bool = True

    @property
    def mark(self) -> str:
        """✓ well, ! could be better, ✗ jiesu will not work."""
        if not self.mend:
            return "✓"
        return "✗" if self.essential else "!"

    def __str__(self) -> str:
        line = f"{self.mark} {self.what}: {self.found}"
        return f"{line}\n    → {self.mend}" if self.mend else line


def examine(settings: Settings) -> int:
    """Print every finding; 1 when something essential is missing, else 0."""
    findings = list(diagnose(settings))
    for finding in findings:
        typer.echo(str(finding))
    return int(any(finding.mark == "✗" for finding in findings))


def diagnose(settings: Settings) -> Iterator[Finding]:
    """Everything worth looking at, one finding each, in the order to mend it."""
    yield _python()
    yield _pages(STATIC)
    yield _model(settings.nlu_model or DEFAULT_PATH)
    yield _rasa(settings)
    yield _speech(settings)
    yield _calendar(settings)
    yield _font(settings)
    yield _data_folder(settings.data_dir)
    yield _database(settings)
    yield _secret(settings)
    yield _telegram(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    mend = "" if sys.version_info[:2] == (3, 11) else "make PYTHON=python3.11 setup"
    return Finding("Python", version, mend)


def _pages(static: Path) -> Finding:
    missing = [name for name in PAGES if not (static / name).is_file()]
    if missing:
        return Finding("网页 web pages", f"not built ({', '.join(missing)})", "make web")
    return Finding("网页 web pages", "built")


def _model(path: Path) -> Finding:
    state = freshness(path)
    return Finding("语言模型 language model", state, "" if state == "fresh" else "jiesu nlu train")


def _rasa(settings: Settings) -> Finding:
    if settings.nlu_engine != "rasa" or not settings.rasa_url:
        return Finding("Rasa", "not used (JIESU_NLU_ENGINE is embedded)")
    # Neither the token nor a password in the address may be printed.
    token = settings.rasa_token.get_secret_value() if settings.rasa_token else None
    shown = httpx.URL(settings.rasa_url).copy_with(username=None, password=None)
    what, params = f"Rasa {shown}", {"token": token} if token else None
    try:
        with httpx.Client(trust_env=False, timeout=RASA_SECONDS) as client:
            answer = client.get(f"{settings.rasa_url}/status", params=params)
    except httpx.HTTPError as error:
        found = f"cannot be reached ({type(error).__name__}); the embedded engine stands in"
        return Finding(what, found, "start it, or correct JIESU_RASA_URL", essential=False)
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return Finding(what, "refuses the token", "correct JIESU_RASA_TOKEN", essential=False)
    try:
        model = answer.raise_for_status().json()["model_file"]
    except (httpx.HTTPError, ValueError, TypeError, KeyError):
        mend = "point JIESU_RASA_URL at a Rasa server started with --enable-api"
        return Finding(what, f"answers, but not as Rasa does ({answer.status_code})", mend)
    return Finding(what, f"reached, model {model}")


def _speech(settings: Settings) -> Finding:
    if not settings.stt_url:
        return Finding("语音转文字 speech to text", "not used (JIESU_STT_URL is not set)")
    shown = httpx.URL(settings.stt_url).copy_with(username=None, password=None)
    what = f"语音转文字 speech to text {shown}"
    try:
        # Any answer will do: transcribing something to find out would cost money on some servers.
        with httpx.Client(trust_env=False, timeout=STT_SECONDS) as client:
            answer = client.get(settings.stt_url)
    except httpx.HTTPError as error:
        found = f"cannot be reached ({type(error).__name__}); officers listen themselves"
        return Finding(what, found, "start it, or correct JIESU_STT_URL", essential=False)
    return Finding(what, f"answers ({answer.status_code})")


def _calendar(settings: Settings) -> Finding:
    """Public holidays of the years that deadlines reach into (config/calendar.yaml)."""
    what = "工作日历 working calendar"
    try:
        book = load_book(settings.config_dir)
    except Misconfigured as error:
        return Finding(what, str(error), "correct this file; it says which key is wrong")
    known = sorted(book.calendar.years)
    missing = book.missing_years(datetime.now(UTC))
    if not missing:
        return Finding(what, f"public holidays of {known[0]}-{known[-1]}")
    years = ", ".join(map(str, missing))
    found = f"no public holidays of {years}, where deadlines reach; only weekends count as free"
    mend = "update jiesu, or write the year into calendar.yaml in JIESU_CONFIG_DIR"
    return Finding(what, found, mend, essential=False)


def _font(settings: Settings) -> Finding:
    """What a printed notice is written with (config/whistle.yaml)."""
    what = "中文字体 Chinese font"
    try:
        paper = read_whistle(Source(settings.config_dir).read("whistle.yaml")).paper
    except Misconfigured as error:
        return Finding(what, str(error), "correct this file; it says which key is wrong")
    try:
        return Finding(what, find_font(paper).path.name)
    except NoFont as missing:
        found = "none found: notices are printed as Word files only"
        return Finding(what, found, f"apt-get install {missing.package}", essential=False)


def _data_folder(folder: Path) -> Finding:
    what, shown = "数据目录 data directory", str(folder.absolute())
    exists = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir())
    try:
        with tempfile.TemporaryFile(dir=exists):
            return Finding(what, shown)
    except OSError as error:
        return Finding(what, f"{shown}: {error.strerror}", f"make {exists} writable, or --data")


def _database(settings: Settings) -> Finding:
    what = "数据库 database"
    seen = asyncio.run(probe(settings.url))
    if not seen.reached:
        return Finding(what, seen.reason, "start the server, or correct JIESU_DATABASE_URL")
    if seen.current:
        return Finding(what, f"reached, schema {seen.version}")
    return Finding(what, *_behind(seen))


def _behind(seen: Probe) -> tuple[str, str, bool]:
    """A database this jiesu does not work on yet: only a newer one is beyond mending here."""
    if seen.version is None:
        return "no tables yet", "nothing to do: the first start makes them (jiesu serve)", False
    if seen.version > HEAD:
        return f"schema {seen.version}, newer than this jiesu ({HEAD})", "update jiesu", True
    return f"schema {seen.version}, older than this jiesu ({HEAD})", "jiesu db upgrade", True


def _secret(settings: Settings) -> Finding:
    what = "JIESU_SECRET_KEY"
    if settings.secret_key is not None:
        return Finding(what, "set")
    if settings.url.startswith("sqlite"):
        return Finding(what, "not set: one is made and kept in the data directory")
    # Processes that meet only in the database would each sign with a key of their own.
    mend = "set the same one for every process: openssl rand -hex 32"
    return Finding(what, "not set", mend, essential=False)


def _telegram(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return Finding("Telegram", "not used (JIESU_TELEGRAM_TOKEN is not set)")
    token = settings.telegram_token.get_secret_value()
    if not TOKEN.fullmatch(token):
        mend = "copy it whole from BotFather: digits, a colon, 35 characters"
        return Finding("JIESU_TELEGRAM_TOKEN", "does not look like a bot's token", mend)
    base = (settings.telegram_api_base or TELEGRAM).rstrip("/")
    try:
        # The address holds the token: neither it nor the error's own text may be printed.
        answer = httpx.get(f"{base}/bot{token}/getMe", timeout=TELEGRAM_SECONDS)
    except httpx.HTTPError as error:
        found = f"{base} cannot be reached ({type(error).__name__})"
        return Finding("Telegram", found, "open the firewall, or set JIESU_TELEGRAM_API_BASE")
    if answer.status_code != httpx.codes.OK:
        found = f"{base} refuses the token ({answer.status_code})"
        return Finding("Telegram", found, "ask BotFather for a new JIESU_TELEGRAM_TOKEN")
    return Finding("Telegram", f"{base} knows the bot")
