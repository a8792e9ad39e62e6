"""What a line on stdin of `jiesu chat` may be, and what comes of a wrong one."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.chat_lines import MOST_FILES, SAMPLES, Attached, BadLine, parse_line
from storage.files import KINDS, sniff
from tests.served import JIESU

STORY = "翠湖花园3栋电梯坏了半个月了，物业一直不修"


@pytest.mark.parametrize(
    ("line", "files", "text"),
    [
        ('{"photo": true}', (Attached("photo"),), ""),
        ('{"photo": "a.png"}', (Attached("photo", Path("a.png")),), ""),
        ('{"voice": "a.ogg"}', (Attached("voice", Path("a.ogg")),), ""),
        ('{"photo": [true, "b.png"], "text": "看"}', None, "看"),
        ('{"video": true, "caption": "漏水"}', (Attached("video"),), "漏水"),
        ('{"file": "合同.pdf"}', (Attached("file", Path("合同.pdf")),), ""),
    ],
)
def test_files(line: str, files: tuple[Attached, ...] | None, text: str) -> None:
    said = parse_line(line)
    assert said.text == text
    assert len(said.files) == (len(files) if files else 2)
    assert files is None or said.files == files


def test_other_objects() -> None:
    assert parse_line('{"location": [30, 104.5]}').location == (30.0, 104.5)
    assert parse_line('{"contact": "13800138000"}').contact == "13800138000"
    assert parse_line('{"wait": "P2D"}').wait == timedelta(days=2)
    assert parse_line('{"text": "你好"}').text == "你好"
    later = parse_line('{"text": "咋样了", "after_days": 2}')
    assert (later.text, later.wait, later.speaks) == ("咋样了", timedelta(days=2), True)
    assert not parse_line('{"wait": "PT3H"}').speaks
    assert parse_line('{"button": "yes", "text": "对"}').button == "yes"
    assert parse_line("{这不是JSON").text == "{这不是JSON"
    assert parse_line("你好").text == "你好"


@pytest.mark.parametrize(
    "line",
    [
        '{"photo": false}',
        '{"photo": 3}',
        '{"photo": ""}',
        '{"photo": []}',
        json.dumps({"photo": [True] * (MOST_FILES + 1)}),
        '{"location": "这里"}',
        '{"wait": "two days"}',
        '{"wait": 1e300}',
        '{"wait": "-P1D"}',
        '{"wait": 10000}',
        '{"text": "x", "after_days": "soon"}',
        '{"dance": true}',
        "{}",
    ],
)
def test_what_is_none_of_it_is_told(line: str) -> None:
    with pytest.raises(BadLine):
        parse_line(line)


def test_the_samples_are_what_they_say() -> None:
    shown = {"photo": "photo", "voice": "voice", "video": "video", "file": "file"}
    assert {kind: KINDS[sniff(data) or ""] for kind, data in SAMPLES.items()} == shown


def chat(folder: Path, *lines: str) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, turns and stderr of one run."""
    ran = subprocess.run(
        [JIESU, "chat", "--json", "--data", folder],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr


def test_files_at_the_terminal_join_the_complaint(tmp_path: Path) -> None:
    photo = tmp_path / "墙.png"
    photo.write_bytes(SAMPLES["photo"])
    code, turns, _ = chat(
        tmp_path / "data",
        STORY,
        '{"photo": true}',
        json.dumps({"photo": [str(photo), True], "voice": True}),
    )
    assert code == 0
    assert len(turns[-1]["state"]["active"]["slots"]["evidence"]) == 4
    assert "照片收到了" in turns[1]["replies"][0]["text"]


def test_a_path_that_is_not_there_is_one_line_on_stderr(tmp_path: Path) -> None:
    code, turns, told = chat(tmp_path / "data", "你好", '{"photo": "/nowhere/a.png"}')
    assert (code, len(turns)) == (1, 1)
    lines = [line for line in told.splitlines() if "nowhere" in line]
    assert len(lines) == 1
    assert "Traceback" not in told
