"""One message, one transaction: `commit` is written in one file only."""

import ast

from tests.house.tree import python_trees


def commits(tree: ast.Module) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "commit")
        or (isinstance(node, ast.Constant) and node.value == "COMMIT")
        for node in ast.walk(tree)
    )


def test_commit_appears_in_one_file_of_storage() -> None:
    places = [name for name, tree in python_trees() if commits(tree)]
    assert len(places) == 1, places
    assert places[0].startswith("storage/")
