"""Small rooms: files under 300 lines (400 fails), functions of at most 40 lines."""

import ast
from pathlib import PurePath

from tests.house.tree import PACKAGES, files, files_of, python_trees, text_of

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 40
# Migrations record what was done, table by table; nobody reads them as logic.
RECORDS = "storage/migrations/versions/"
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def test_files_are_small() -> None:
    lengths = {
        name: len(text_of(name).splitlines())
        for name in files_of(".py", ".ts", ".vue")
        if not name.endswith(".gen.ts")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_functions_are_small() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}: {length} lines"
        for name, tree in python_trees(*PACKAGES, "tests", "benchmarks")
        if not name.startswith(RECORDS)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_file_names_say_what_is_inside() -> None:
    empty = [
        name
        for name in files()
        if any(
            part.split(".")[0].lower() in NAMES_THAT_SAY_NOTHING for part in PurePath(name).parts
        )
    ]
    assert empty == []
