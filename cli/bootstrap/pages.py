"""The web pages: built by Vite from handoff_console/web into handoff_console/static."""

import json
import shutil

from cli.bootstrap.node import node_environment
from cli.bootstrap.steps import ROOT, digest_of, files_under, once, run, say

WEB = ROOT / "handoff_console" / "web"
STATIC = ROOT / "handoff_console" / "static"
LOCK = WEB / "package-lock.json"
CHECKS = ("typecheck", "lint", "test")
NETWORK = "Is the network there? npm uses your own settings and mirrors (npm config list)."


def ensure_pages() -> None:
    """Build the pages unless they are there and were built from these sources."""
    sources = files_under(WEB, without=("node_modules", "dist", "tests"))
    once("pages", digest_of(sources), STATIC / "index.html", "Web pages", _build)


def check_pages() -> None:
    """Run the front end's own checks: types, lint and unit tests, as far as it has them."""
    ensure_packages()
    scripts = json.loads((WEB / "package.json").read_text())["scripts"]
    for check in CHECKS:
        if check in scripts:
            _npm("run", "--silent", check)


def ensure_packages() -> None:
    """Install what package-lock.json names."""
    fingerprint = digest_of([LOCK])
    once("packages", fingerprint, WEB / "node_modules", "Front-end packages", _install)


def _install() -> None:
    _npm("ci", "--no-audit", "--no-fund", mend=NETWORK)


def _build() -> None:
    ensure_packages()
    _npm("run", "--silent", "build")
    say(f"  {sum(1 for _ in files_under(STATIC))} files")


def _npm(*arguments: str, mend: str = "") -> None:
    environment = node_environment()
    npm = shutil.which("npm", path=environment.get("PATH")) or "npm"
    run([npm, *arguments], folder=WEB, environment=environment, show=_indented, mend=mend)


def _indented(line: str) -> str | None:
    return line or None
