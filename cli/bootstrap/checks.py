"""`make lint` and `make test`: every part runs, then one table tells which did not pass."""

import os
import time
from collections.abc import Callable

from cli.bootstrap.environment import VENV
from cli.bootstrap.pages import check_pages
from cli.bootstrap.rasa import MEND, ensure_rasa, python310
from cli.bootstrap.steps import StepFailed, attached, say

BIN = VENV / "bin"

WITHOUT_RASA = "JIESU_WITHOUT_RASA"
"""Set to 1 it leaves the tests on a real Rasa out, in strict runs too."""

LINTERS = {
    "ruff": ["check", "."],
    "ruff format": ["format", "--check", "."],
    "mypy": [],
    "lint-imports": [],
}


def lint() -> None:
    """Run all linters; StepFailed names those that found something."""
    _all_of({title: _linter(title) for title in LINTERS})


def test() -> None:
    """Run everything: linters, the front end's checks, then all of tests/."""
    parts = {title: _linter(title) for title in LINTERS}
    _all_of({**parts, "web": _web, "pytest": _pytest})


def _linter(title: str) -> Callable[[], bool]:
    program = BIN / title.split(maxsplit=1)[0]
    return lambda: attached([program, *LINTERS[title]]) == 0


def _web() -> bool:
    try:
        check_pages()
    except StepFailed as reason:
        say(f"✗ {reason}")
        return False
    return True


def _pytest() -> bool:
    if os.environ.get("JIESU_STRICT") == "1":
        _prepare_rasa()
    return attached([BIN / "python", "-m", "pytest"]) == 0


def _prepare_rasa() -> None:
    """Where nothing may be skipped in silence: have Rasa, or say that its tests are left out."""
    if os.environ.get(WITHOUT_RASA) != "1" and python310() is None:
        say(f"! {MEND}")
        os.environ[WITHOUT_RASA] = "1"
    if os.environ.get(WITHOUT_RASA) == "1":
        say(f"! {WITHOUT_RASA}=1: the tests on a real Rasa are skipped")
        return
    ensure_rasa()


def _all_of(parts: dict[str, Callable[[], bool]]) -> None:
    failed: list[str] = []
    for title, check in parts.items():
        started = time.monotonic()
        say(f"▸ {title}")
        passed = check()
        say(f"{'✓' if passed else '✗'} {title} ({time.monotonic() - started:.0f} s)")
        if not passed:
            failed.append(title)
    if failed:
        raise StepFailed(f"did not pass: {', '.join(failed)}")
    say(f"✓ all passed: {', '.join(parts)}")
