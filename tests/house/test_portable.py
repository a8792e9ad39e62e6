"""Nothing in the repository names a package registry's host or one machine's folders."""

import re

from tests.house.tree import files, files_of, text_of

# Put together here, so that this file does not name them either.
HOSTS = tuple(
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
)
HOST = re.compile("|".join(re.escape(host) for host in HOSTS))
OPTION = re.compile(r"^\s*--(?:extra-)?(?:index-url|find-links|trusted-host)|\"resolved\": *\"http")
FOLDERS = "work|farm|opt|root"
MACHINE = re.compile(rf"(?:^|[^a-zA-Z.])/(?:{FOLDERS})/")

# Node's own files of a package lock name where to send money; that is no registry.
FUNDING = re.compile(r'"url":')


def lines_with(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    return [
        f"{name}:{number}"
        for name in names
        for number, line in enumerate(text_of(name).splitlines(), 1)
        if pattern.search(line) and not FUNDING.search(line)
    ]


def test_no_registry_is_named() -> None:
    assert lines_with(HOST, list(files())) == []
    assert lines_with(OPTION, files_of(".lock", ".in", ".txt", ".json", ".toml", ".npmrc")) == []


def test_no_folder_of_one_machine_is_named() -> None:
    assert lines_with(MACHINE, list(files())) == []


def test_every_locked_package_carries_hashes() -> None:
    for name in files_of(".lock"):
        entries = re.split(r"\n(?=[a-zA-Z])", text_of(name))
        bare = [
            entry.splitlines()[0] for entry in entries if "==" in entry and "sha256" not in entry
        ]
        assert bare == [], name
