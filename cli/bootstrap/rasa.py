"""Real Rasa in .venv-rasa: its own environment under Python 3.10, from its own hashed lock."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from cli.bootstrap.environment import install
from cli.bootstrap.steps import ROOT, STAMPS, StepFailed, digest_of, once, run, say

RASA_VENV = ROOT / ".venv-rasa"
RASA_LOCK = ROOT / "requirements-rasa.lock"
RASA = RASA_VENV / "bin" / "rasa"
OWN_PYTHON = RASA_VENV / "bin" / "python"

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
"""No figures about us to anybody, and no advice about packages of 2022."""

MEND = (
    "Rasa 3.6 needs Python 3.10, which is not here: `pyenv install 3.10`, or your system's "
    "python3.10 with its venv package; or run Rasa with Docker (docs/rasa.md)"
)
_ABOUT = "import ensurepip, sys, venv; assert sys.version_info[:2] == (3, 10); print(sys.version)"


def python310() -> tuple[Path, str] | None:
    """A Python 3.10 that can make environments, and its version text; None when there is none."""
    for candidate in _candidates():
        asked = subprocess.run(
            [candidate, "-c", _ABOUT], capture_output=True, text=True, check=False
        )
        if asked.returncode == 0:  # pyenv puts a python3.10 on PATH that only complains
            return candidate, asked.stdout.strip()
    return None


def ensure_rasa() -> None:
    """Create .venv-rasa with everything Rasa needs. StepFailed when there is no Python 3.10."""
    found = python310()
    if found is None:
        raise StepFailed(MEND)
    python, version = found
    once("rasa", digest_of([RASA_LOCK], version, str(ROOT)), RASA, "Rasa", lambda: _create(python))


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("python3.10")
    if on_path:
        yield Path(on_path)
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(versions.glob("3.10*/bin/python3.10"), reverse=True)


def _create(python: Path) -> None:
    if RASA_VENV.exists():
        shutil.rmtree(RASA_VENV)
    say(f"  with {python}, 2.7 GB; takes some minutes")
    run([python, "-m", "venv", RASA_VENV], show=lambda _line: None)
    install(_builder(), python=OWN_PYTHON)
    install(RASA_LOCK, python=OWN_PYTHON)
    run([RASA, "--version"], environment=QUIET, show=_version)


def _builder() -> Path:
    """A lock of setuptools alone: some packages are built here, and it must be there before."""
    entry = re.search(r"^setuptools==.*(?:\n .*)*", RASA_LOCK.read_text(), re.MULTILINE)
    if entry is None:
        raise StepFailed(f"{RASA_LOCK.name} has no setuptools: run `make lock`")
    STAMPS.mkdir(exist_ok=True)
    only = STAMPS / "rasa-builder.lock"
    only.write_text(entry.group() + "\n")
    return only


def _version(line: str) -> str | None:
    return line if line.startswith("Rasa Version") else None
