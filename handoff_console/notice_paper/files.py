"""The notice as the bytes of a file, of whichever kind was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from casework.whistle import Whistle
from config.whistle import WhistleBook
from handoff_console.notice_paper.content import Names, written


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is needed to draw a notice."""

    whistle: Whistle
    names: Names
    book: WhistleBook


def drawn(sheet: Sheet, kind: Literal["pdf", "docx"]) -> bytes:
    """The file. Takes a good part of a second: not for the event loop. Raises NoFont for a PDF."""
    whistle, paper = sheet.whistle, sheet.book.paper
    parts = written(whistle, sheet.names, sheet.book)
    # Loaded when somebody prints: these libraries take longer to load than a console to start.
    if kind == "docx":
        from handoff_console.notice_paper.word import word_file  # noqa: PLC0415

        return word_file(parts, paper, whistle.number, whistle.signed_at)
    from handoff_console.notice_paper.fonts import find_font  # noqa: PLC0415
    from handoff_console.notice_paper.pdf import pdf_file  # noqa: PLC0415

    return pdf_file(parts, paper, find_font(paper), whistle.number, whistle.signed_at)
