"""The weekly drill: the whole chain in memory, honest to the end."""

import pytest
from typer.testing import CliRunner

from cli.commands import app


def lines(*arguments: str) -> list[str]:
    done = CliRunner().invoke(app, ["crisis", "drill", *arguments])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_nobody_answers() -> None:
    told = lines()
    calls = [line.split()[0:4] for line in told if "呼叫 " in line]
    assert [call[0] + call[1] if call[0] == "+" else call[0] for call in calls] == [
        "+0",
        "+60",
        "+120",
        "+180",
    ]
    names = [line.rsplit("·", 1)[1] for line in told if "呼叫 " in line]
    assert names == ["街道值班", "社区书记", "网格员", "替补"]
    assert any(line.startswith("+240 s") and "现在没有工作人员回应" in line for line in told)
    assert sum("待办" in line for line in told) == 4


@pytest.mark.parametrize(("who", "seconds"), [("street", 20), ("community", 80), ("deputy", 200)])
def test_somebody_answers_and_is_named(who: str, seconds: int) -> None:
    told = lines("--answers", who, "--after", "20")
    stamp = f"+{seconds:>3} s"
    assert any(line.startswith(stamp) and "已收到" in line for line in told)
    assert any(line.startswith(stamp) and "看到您的话了" in line for line in told)
    assert not any("没有工作人员回应" in line for line in told)


def test_violence_promises_no_call() -> None:
    told = lines("--kind", "violence", "--answers", "street")
    assert any("不给您打电话" in line for line in told)


def test_a_wrong_answer_is_wrong_use() -> None:
    assert CliRunner().invoke(app, ["crisis", "drill", "--answers", "mayor"]).exit_code == 2
