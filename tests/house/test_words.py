"""Glossary words only (docs/glossary.md): names we define do not use the words it rules out."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import files_of, python_trees, text_of

NEVER = {
    "user": "resident",
    "customer": "resident",
    "agent": "officer",
    "ticket": "case",
    "grab": "take-over",
    "topic": "category",
}

# Words of others that we must spell as they do: file → names.
THEIRS: dict[str, set[str]] = {
    # What Telegram calls the person it is asked about.
    "bot/channels/telegram_members.py": {"user_id"},
}

PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
TYPESCRIPT_NAME = re.compile(r"\b(?:const|let|var|function|interface|type|class|enum)\s+(\w+)")


def words(name: str) -> set[str]:
    """`takeOver_users` → take, over, user."""
    return {piece.lower().removesuffix("s") for piece in PIECE.findall(name)}


def defined(tree: ast.Module) -> Iterator[str]:
    """Functions, classes, arguments, assigned names, and the names of tables and columns."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Call(
                func=ast.Name(id="Table" | "Column"), args=[ast.Constant(value=str(name)), *_]
            ):
                yield name


def ruled_out(name: str, file: str) -> str | None:
    wrong = words(name) & NEVER.keys()
    if not wrong or name in THEIRS.get(file, set()):
        return None
    return f"{file}: {name} (the glossary says {', '.join(NEVER[word] for word in sorted(wrong))})"


def test_python_names_are_glossary_words() -> None:
    found = [
        said
        for file, tree in python_trees()
        for name in defined(tree)
        if (said := ruled_out(name, file))
    ]
    assert found == []


def test_typescript_names_are_glossary_words() -> None:
    found = [
        said
        for file in files_of(".ts", ".vue", under=("handoff_console/web/src",))
        if not file.endswith(".gen.ts")
        for name in TYPESCRIPT_NAME.findall(text_of(file))
        if (said := ruled_out(name, file))
    ]
    assert found == []


def test_the_check_sees_what_it_must() -> None:
    tree = ast.parse("def ask(user_id):\n    openTickets = Column('agent_name', 1)")
    seen = {name for name in defined(tree) if words(name) & NEVER.keys()}
    assert seen == {"openTickets", "agent_name", "user_id"}
