"""The set-up behind `make`: each step once per content, failures that say what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.bootstrap import steps
from cli.bootstrap.node import new_enough
from cli.bootstrap.steps import StepFailed, digest_of, files_under, once, run
from tests.house.tree import ROOT


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "STAMPS", tmp_path / ".make")
    return tmp_path


def test_a_step_is_done_again_only_when_its_inputs_or_its_result_changed(house: Path) -> None:
    source, result = house / "source", house / "result"
    done: list[str] = []

    def build() -> None:
        done.append(source.read_text())
        result.write_text("built")

    def step() -> None:
        once("step", digest_of([source]), result, "Step", build)

    source.write_text("first")
    step()
    step()
    assert done == ["first"]
    source.write_text("second")
    step()
    assert done == ["first", "second"]
    result.unlink()
    step()
    assert done == ["first", "second", "second"]


def test_a_failed_step_is_tried_again(house: Path) -> None:
    result = house / "result"
    result.write_text("of an earlier run")

    def fail() -> None:
        raise StepFailed("no network")

    for _attempt in range(2):
        with pytest.raises(StepFailed):
            once("step", "fingerprint", result, "Step", fail)


def test_a_failing_command_shows_its_last_words_and_the_way_out(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = "print('shown'); print('hidden reason'); raise SystemExit(3)"
    with pytest.raises(StepFailed) as failure:
        run(
            [sys.executable, "-c", program],
            folder=house,
            show=lambda line: line if line == "shown" else None,
            mend="Try again.",
        )
    assert capsys.readouterr().out == "  shown\n"
    assert "| hidden reason" in str(failure.value)
    assert str(failure.value).endswith("Try again.")


def test_files_of_skipped_folders_do_not_count(house: Path) -> None:
    (house / "node_modules").mkdir()
    (house / "node_modules" / "big.js").touch()
    (house / "main.ts").touch()
    assert files_under(house, without=("node_modules",)) == [house / "main.ts"]


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ((), False),
        ((18, 20, 4), False),
        ((20, 18, 9), False),
        ((20, 19, 0), True),
        ((21, 7, 0), False),
        ((22, 11, 0), False),
        ((22, 12, 0), True),
        ((24, 1, 0), True),
    ],
)
def test_node_versions(version: tuple[int, ...], enough: bool) -> None:
    assert new_enough(version) is enough


def test_wrong_use_exits_with_two() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "cli.bootstrap", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 2
    assert asked.stderr.startswith("usage:")
