"""Arrows point one way: the import contracts of pyproject.toml, and what they cannot say."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, python_trees

# These cost seconds and memory, or are only there to train: serving must start without them.
NOT_WHILE_SERVING = ("aiogram", "sklearn", "scipy", "jieba", "matplotlib")


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def test_import_contracts_hold() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_rules_use_the_standard_library_only() -> None:
    allowed = {*sys.stdlib_module_names, "casework"}
    foreign = [
        f"{name}: {module}"
        for name, tree in python_trees("casework")
        for module in imported(tree)
        if module.partition(".")[0] not in allowed
    ]
    assert foreign == []


def test_only_the_telegram_files_know_aiogram() -> None:
    knowing = {
        name
        for name, tree in python_trees()
        for module in imported(tree)
        if module.partition(".")[0] == "aiogram"
    }
    allowed = {name for name in knowing if name.startswith("bot/channels/telegram")}
    assert knowing == allowed


def test_the_bootstrap_needs_bare_python_only() -> None:
    allowed = {*sys.stdlib_module_names}
    foreign = [
        f"{name}: {module}"
        for name, tree in python_trees("cli/bootstrap")
        for module in imported(tree)
        if module.partition(".")[0] not in allowed and not module.startswith("cli.bootstrap")
    ]
    assert foreign == []


def test_serving_imports_no_training_and_no_aiogram() -> None:
    ask = (
        "import sys, cli.main, nlu.engine;"
        f"print(*[name for name in {NOT_WHILE_SERVING!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == ""
