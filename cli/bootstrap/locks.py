"""`make lock`: compile the lists of wanted packages into locks with hashes, naming no host."""

import re
import shutil
from pathlib import Path

from cli.bootstrap.environment import DEV_LOCK, NETWORK, VENV
from cli.bootstrap.rasa import MEND, RASA_LOCK, python310
from cli.bootstrap.steps import STAMPS, StepFailed, run, say

OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
]

# In this order: the tools are pinned beside what jiesu itself runs with.
LOCKS = {
    "requirements.lock": ["--extra=train", "--extra=report", "pyproject.toml", "requirements.in"],
    "requirements-dev.lock": ["requirements-dev.in"],
    "requirements-node.lock": ["requirements-node.in"],
}


def lock() -> None:
    """Compile all locks anew, keeping the versions that still fit."""
    for name, sources in LOCKS.items():
        run([VENV / "bin" / "pip-compile", *OPTIONS, "-o", name, *sources], show=_nothing)
    _lock_rasa()


def _lock_rasa() -> None:
    """Compile Rasa's lock under its own Python: which packages it wants depends on that."""
    found = python310()
    if found is None:
        say(f"! {RASA_LOCK.name} stays as it is. {MEND}")
        return
    pinned = re.search(r"^pip-tools==\S+", DEV_LOCK.read_text(), re.MULTILINE)
    if pinned is None:
        raise StepFailed(f"{DEV_LOCK.name} has no pip-tools")
    # Only Rasa's place has Python 3.10, and pip-tools cannot live there: it wants newer packages.
    place = STAMPS / "lock-rasa"
    shutil.rmtree(place, ignore_errors=True)
    run([found[0], "-m", "venv", place], show=_nothing)
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    run([place / "bin" / "pip", "install", *quiet, pinned.group()], show=_nothing, mend=NETWORK)
    command: list[str | Path] = [place / "bin" / "pip-compile", *OPTIONS, "-o", RASA_LOCK.name]
    run([*command, RASA_LOCK.with_suffix(".in").name], show=_nothing)


def _nothing(_line: str) -> None:
    return None
