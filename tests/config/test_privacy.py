"""Children under 14, and the two files about what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import BadConfiguration, load_book

PRIVACY = load_book().privacy

CHILDREN = (
    *("我12岁", "我今年才十一岁", "我 12 岁", "我１２岁", "我叫小明，今年10岁", "我快十三岁了"),
    *("我上小学五年级", "我在读六年级，老师打我", "我才三年级", "我刚上初一", "我在上小学"),
    *("我是小学生", "我是三年级的学生", "俺九岁", "我妈不给我饭吃，我今年10岁"),
)
OTHERS = (
    *("我女儿12岁", "我12岁的孩子被打", "我儿子今年9岁", "我家十岁的娃", "我带10岁的儿子去看病"),
    *("我上三年级的孩子被打了", "我孙子上二年级", "我家孩子上小学三年级", "我是小学生家长"),
    *("我9岁那年", "我十岁的时候搬来的", "我上小学的时候就有这个路灯", "小时候我八岁就没了爹"),
    *("我23岁", "我今年30岁", "我五十岁", "我二十五岁", "我三十九岁", "我十四岁", "我14岁"),
    *("我教小学五年级", "我是一名小学老师", "我住小学旁边", "我在五年级的教室门口等孩子"),
    *("我工龄12年", "小区12岁以下的孩子很多", "欠我12个月工资", "我12号楼的"),
)


@pytest.mark.parametrize("words", CHILDREN)
def test_a_child_is_heard(words: str) -> None:
    assert PRIVACY.child_speaks(words)


@pytest.mark.parametrize("words", OTHERS)
def test_who_speaks_of_a_child_is_none(words: str) -> None:
    assert not PRIVACY.child_speaks(words)


def changed(directory: Path, file: str, old: str, new: str) -> Path:
    source = Path(__file__).parents[2] / "config" / file
    text = source.read_text(encoding="utf-8")
    assert old in text
    (directory / file).write_text(text.replace(old, new), encoding="utf-8")
    return directory


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("retention.yaml", "unfiled: 30d", "unfiled: soon", r"retention.yaml: unfiled: .*30m|15m"),
        ("retention.yaml", "restricted: 1825d", "other: 1d", "'other' is not known"),
        (
            "privacy.zh.yaml",
            "sensitive_roles: [street",
            "sensitive_roles: [mayor",
            "must be one of",
        ),
        ("privacy.zh.yaml", "door_needed: [", "door_needed: [nothing, ", "must be one of"),
        ("privacy.zh.yaml", "doors:\n", "doors:\n  - '('\n", "no regular expression"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    with pytest.raises(BadConfiguration, match=said):
        load_book(changed(tmp_path, file, old, new))


def test_a_verified_number_is_named_to_a_child(tmp_path: Path) -> None:
    old = 'youth: {number: "12355", name: 青少年服务热线, verified: false}'
    book = load_book(changed(tmp_path, "hotlines.yaml", old, old.replace("false", "true")))
    assert "12355" in book.privacy.youth_line
    assert PRIVACY.youth_line == ""
