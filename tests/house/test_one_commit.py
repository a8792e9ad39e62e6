"""One message, one transaction: what opens and ends one is written in one file only."""

import ast

from tests.house.tree import python_trees

ENDS_TRANSACTIONS = {"begin", "begin_nested", "commit"}
STATEMENTS = ("BEGIN", "COMMIT", "SAVEPOINT")
UNIT_OF_WORK = "storage/unit_of_work.py"
# Tables are made, not written to, by these.
MAKES_TABLES = ("storage/schema.py", "storage/migrations/")


def controls_transactions(tree: ast.Module) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in ENDS_TRANSACTIONS)
        or (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith(STATEMENTS)
        )
        for node in ast.walk(tree)
    )


def test_transactions_begin_and_end_in_one_file() -> None:
    places = [
        name
        for name, tree in python_trees()
        if controls_transactions(tree) and not name.startswith(MAKES_TABLES)
    ]
    assert places == [UNIT_OF_WORK]
