"""Rasa's own environment: which Python it takes, and what is said where there is none."""

import os
from pathlib import Path

import pytest

from cli.bootstrap import checks, rasa
from cli.bootstrap.steps import StepFailed


def script(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with neither a python3.10 on PATH nor one under pyenv."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv(checks.WITHOUT_RASA, raising=False)
    return tmp_path


def test_without_a_python_310_the_way_out_is_told(bare: Path) -> None:
    assert rasa.python310() is None
    with pytest.raises(StepFailed, match=r"pyenv install 3\.10.*docs/rasa\.md"):
        rasa.ensure_rasa()


def test_the_newest_under_pyenv_is_found_behind_a_shim_that_only_complains(bare: Path) -> None:
    script(bare / "bin" / "python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    script(bare / "pyenv/versions/3.10.2/bin/python3.10", "echo old")
    newest = script(bare / "pyenv/versions/3.10.9/bin/python3.10", "echo '3.10.9 (main)'")
    script(bare / "pyenv/versions/3.11.7/bin/python3.11", "echo '3.11.7 (main)'")
    assert rasa.python310() == (newest, "3.10.9 (main)")


def test_one_on_path_comes_first(bare: Path) -> None:
    script(bare / "pyenv/versions/3.10.9/bin/python3.10", "echo under pyenv")
    own = script(bare / "bin" / "python3.10", "echo on path")
    assert rasa.python310() == (own, "on path")


def test_what_builds_packages_is_locked_by_hash() -> None:
    only = rasa._builder().read_text(encoding="utf-8")
    assert only.startswith("setuptools==70.3.0 \\\n")
    assert "--hash=sha256:" in only
    assert only.count("==") == 1


def test_strict_runs_leave_rasa_out_aloud(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(checks.WITHOUT_RASA, "0")
    checks._prepare_rasa()
    said = capsys.readouterr().out
    assert "Rasa 3.6 needs Python 3.10" in said
    assert "JIESU_WITHOUT_RASA=1: the tests on a real Rasa are skipped" in said
    assert os.environ[checks.WITHOUT_RASA] == "1"
