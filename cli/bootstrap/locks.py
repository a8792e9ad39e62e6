"""`make lock`: compile the lists of wanted packages into locks with hashes, naming no host."""

from cli.bootstrap.environment import VENV
from cli.bootstrap.steps import run

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
        run([VENV / "bin" / "pip-compile", *OPTIONS, "-o", name, *sources], show=lambda _line: None)
