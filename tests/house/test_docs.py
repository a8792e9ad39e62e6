"""The documents keep up with the code: commands, variables, links, both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from cli.main import app
from config.settings import Settings
from tests.house.tree import PACKAGES, ROOT, files_of, text_of

LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:|#)([^)#\s]+)")
OUR_FILE = re.compile(rf"(?<![\w/])(?:{'|'.join(PACKAGES)}|tests)/[\w./-]+\.(?:py|ya?ml|ts|vue)\b")
VARIABLE = re.compile(r"\bJIESU_[A-Z_]+(?<!_FILE)\b")

# For developers and CI; not something that runs a jiesu.
NOT_SETTINGS = {"JIESU_STRICT"}

READMES = ("README.md", "README.zh-CN.md")


def documents() -> str:
    return "\n".join(text_of(name) for name in files_of(".md"))


def commands(group: TyperGroup, *path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, *path, name)
        else:
            yield " ".join(("jiesu", *path, name))


def test_every_command_is_in_the_documents() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    text = documents()
    assert [command for command in commands(group) if f"`{command}" not in text] == []


def test_every_variable_is_in_both_readmes() -> None:
    wanted = {f"JIESU_{name.upper()}" for name in Settings.model_fields}
    for name in READMES:
        told = set(VARIABLE.findall(text_of(name)))
        assert wanted - told == set(), name
        assert told - wanted - NOT_SETTINGS == set(), f"{name} tells of what is not there"


@pytest.mark.parametrize("kind", ["#", "##", "###"])
def test_both_readmes_have_the_same_headings(kind: str) -> None:
    counts = [len(re.findall(rf"^{kind} ", text_of(name), re.MULTILINE)) for name in READMES]
    assert counts[0] == counts[1]


def test_changelog_is_open() -> None:
    assert "## [Unreleased]" in text_of("CHANGELOG.md")


def test_links_lead_somewhere() -> None:
    dead = [
        f"{name}: {target}"
        for name in files_of(".md")
        for target in LINK.findall(text_of(name))
        if not (ROOT / Path(name).parent / target).exists()
    ]
    assert dead == []


def test_files_the_documents_name_are_there() -> None:
    gone = [
        f"{name}: {path}"
        for name in files_of(".md")
        for path in OUR_FILE.findall(text_of(name))
        if not (ROOT / path).exists()
    ]
    assert gone == []


def test_decisions_are_numbered_without_gaps() -> None:
    names = [Path(name).name for name in files_of(".md", under=("docs/decisions",))]
    numbers = sorted(int(name[:4]) for name in names if name[:4].isdecimal())
    assert numbers == list(range(1, len(numbers) + 1))
