"""Chinese lives in data, config and pages; the code that decides has none in its strings.

Understanding Chinese is nlu's trade, so its patterns may; cli speaks to whoever runs jiesu.
"""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import python_trees

LOGIC = ("casework", "storage", "config", "bot", "handoff_console")
# Slot values the contract fixes: they are names on the wire, and happen to be Chinese.
ON_THE_WIRE = {"实名", "保密", "匿名", "书面", "口头", "无"}

HAN = re.compile(r"[\u4e00-\u9fff]")


def docstrings(tree: ast.Module) -> set[int]:
    """String nodes that stand alone as a statement: they explain, no resident reads them."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def chinese_strings(tree: ast.Module) -> Iterator[ast.Constant]:
    explanations = docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in explanations:
            continue
        if isinstance(node.value, str) and HAN.search(node.value):
            yield node


def test_logic_has_no_chinese_strings() -> None:
    found = [
        f"{name}:{node.lineno} {node.value!r}"
        for name, tree in python_trees(*LOGIC)
        for node in chinese_strings(tree)
        if node.value not in ON_THE_WIRE
    ]
    assert found == []
