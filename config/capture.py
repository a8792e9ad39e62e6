"""What officers see at 随手报 and on the printed sheet of a link: ``capture.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casework.capture import SOURCES, Consent
from casework.intake import Form
from casework.links import LinkKind
from config.reading import Node, Source

MOST_COMMON = 8
MOST_LINES = 3
TITLE_LENGTH = 6  # characters


@dataclass(frozen=True, slots=True)
class Common:
    """One big button: a category, perhaps a kind of it, and what is mostly said of it."""

    title: str
    category: str
    kind: str | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words beside a printed code. ``private`` stands only at an enterprise's."""

    heading: str
    steps: tuple[str, ...]
    private: str
    human: str


@dataclass(frozen=True, slots=True)
class CaptureWords:
    """Names by code, the big buttons, and the sheet."""

    sources: Mapping[str, str]
    consents: Mapping[str, str]
    common: tuple[Common, ...]
    links: Mapping[str, str]
    sheet: Sheet


def load_capture_words(forms: Mapping[str, Form], directory: Path | None = None) -> CaptureWords:
    """``capture.yaml`` of this city. Raises BadConfiguration naming file and key."""
    top = Source(directory).read("capture.yaml")
    top.mapping(("sources", "consents", "common", "links", "sheet"))
    common = tuple(_common(node, forms) for node in top.need("common").items())
    if len(common) > MOST_COMMON:
        raise top.need("common").wrong(f"has more than {MOST_COMMON} buttons")
    sheet = top.need("sheet")
    sheet.mapping(("heading", "steps", "private", "human"))
    return CaptureWords(
        sources=_named(top.need("sources"), [each.value for each in SOURCES]),
        consents=_named(top.need("consents"), [each.value for each in Consent]),
        common=common,
        links=_named(top.need("links"), [each.value for each in LinkKind]),
        sheet=Sheet(
            sheet.need("heading").text(),
            sheet.need("steps").texts(),
            sheet.need("private").text(),
            sheet.need("human").text(),
        ),
    )


def _named(node: Node, codes: list[str]) -> dict[str, str]:
    """A name for every code, in the file's order."""
    node.mapping(tuple(codes))
    for code in codes:
        node.need(code)
    return {code: each.text() for code, each in node.mapping().items()}


def _common(node: Node, forms: Mapping[str, Form]) -> Common:
    entries = node.mapping(("title", "category", "kind", "lines"))
    title = node.need("title").text()
    if len(title) > TITLE_LENGTH:
        raise node.need("title").wrong(f"has more than {TITLE_LENGTH} characters")
    category = node.need("category").one_of(list(forms))
    kind = entries["kind"].one_of(list(forms[category].kinds)) if "kind" in entries else None
    lines = entries["lines"].texts() if "lines" in entries else ()
    if len(lines) > MOST_LINES:
        raise entries["lines"].wrong(f"has more than {MOST_LINES}")
    return Common(title, category, kind, lines)
