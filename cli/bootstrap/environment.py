"""The Python environment: made in .venv from the hashed locks, and nothing else."""

import importlib.util
import json
import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from cli.bootstrap.steps import ROOT, STAMPS, StepFailed, digest_of, once, run, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
JIESU = VENV / "bin" / "jiesu"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

# What builds packages is in the lock too: pip must not fetch it on its own, without a hash.
OFFLINE_BUILD = ("--use-pep517", "--no-build-isolation")

VENV_PACKAGE = "python3.11-venv"
NETWORK = "Is the network there? pip uses your own settings and mirrors (pip config list)."


def ensure_environment() -> None:
    """Create .venv and install what jiesu runs and trains with, then the project, editable."""
    fingerprint = digest_of([RUN_LOCK], sys.version, str(ROOT))
    once("environment", fingerprint, PYTHON, "Python environment", _create)
    # Only what an install reads: a new lint rule in pyproject.toml is no reason for another one.
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())
    described = json.dumps([about["project"], about["build-system"]])
    once("project", digest_of([], described, fingerprint), JIESU, "Command jiesu", _install_project)


def ensure_tools() -> None:
    """Add the test and lint tools to .venv."""
    fingerprint = digest_of([DEV_LOCK], (STAMPS / "environment").read_text())
    once("tools", fingerprint, VENV / "bin" / "pytest", "Test tools", lambda: install(DEV_LOCK))


def install(lock: Path, *options: str | Path, python: Path = PYTHON) -> None:
    """Install exactly what a lock file names, each file checked against its hash."""
    wanted = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    locked: list[str | Path] = ["--require-hashes", "--no-deps", *OFFLINE_BUILD, "-r", lock]
    run([*_pip("install", python), *locked, *options], show=_progress(wanted), mend=NETWORK)


def _create() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        _install_venv_package()
    if VENV.exists():
        shutil.rmtree(VENV)
    run([sys.executable, "-m", "venv", VENV], show=_nothing)
    install(RUN_LOCK)


def _install_project() -> None:
    editable: list[str | Path] = ["--no-deps", *OFFLINE_BUILD, "-e", ROOT]
    run([*_pip("install"), *editable], show=_nothing, mend=NETWORK)


def _install_venv_package() -> None:
    """Debian ships Python without `venv`: fetch its package when allowed to, else say how."""
    by_hand = f"This Python cannot make virtual environments. Run: apt-get install {VENV_PACKAGE}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StepFailed(by_hand)
    say(f"  Debian keeps Python's venv apart: installing {VENV_PACKAGE}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "-q", "update"], environment=quiet, show=_nothing, mend=by_hand)
    package = ["apt-get", "-qy", "install", "--no-install-recommends", VENV_PACKAGE]
    run(package, environment=quiet, show=_nothing, mend=by_hand)


def _pip(verb: str, python: Path = PYTHON) -> list[str | Path]:
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    return [python, "-m", "pip", verb, *quiet]


def _progress(wanted: int) -> Callable[[str], str | None]:
    """Turn pip's log into a line per ten packages, so that a slow network can be seen moving."""
    seen = 0

    def show(line: str) -> str | None:
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            return f"{seen} of {wanted} packages" if seen % 10 == 0 or seen == wanted else None
        return "installing" if line.startswith("Installing collected packages") else None

    return show


def _nothing(_line: str) -> None:
    return None
