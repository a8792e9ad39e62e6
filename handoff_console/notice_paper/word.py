"""The notice as a Word file, for whoever wants to put their own stamp and words on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from config.whistle import Paper
from handoff_console.notice_paper.content import Part

_ALIGN = {"title": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def word_file(parts: Sequence[Part], paper: Paper, title: str, at: datetime) -> bytes:
    """The file's bytes. ``at`` is written into it as its date."""
    document = docx.Document()
    page, section = paper.page, document.sections[0]
    section.page_width, section.page_height = Mm(page["width"]), Mm(page["height"])
    section.top_margin, section.bottom_margin = Mm(page["top"]), Mm(page["bottom"])
    section.left_margin, section.right_margin = Mm(page["left"]), Mm(page["right"])
    known = document.core_properties
    known.title, known.author, known.language = title, "", "zh-CN"
    known.created = known.modified = at.replace(tzinfo=None)
    for part in parts:
        if part.rows:
            _grid(document, part, paper)
        else:
            paragraph = document.add_paragraph()
            paragraph.alignment = _ALIGN.get(part.style or "", WD_ALIGN_PARAGRAPH.LEFT)
            style = {"right": "text", None: "text"}.get(part.style, part.style or "text")
            _write(paragraph, part.text, paper, paper.sizes[style], bold=part.style == "title")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _grid(document: docx.document.Document, part: Part, paper: Paper) -> None:
    page = paper.page
    width = page["width"] - page["left"] - page["right"]
    table = document.add_table(rows=0, cols=len(part.widths))
    table.style = "Table Grid"
    table.autofit = False
    for at, row in enumerate(part.rows):
        cells = table.add_row().cells
        for cell, text, share in zip(cells, row, part.widths, strict=True):
            cell.width = Mm(width * share / sum(part.widths))
            bold = (part.heading and at == 0) or (not part.heading and cell is cells[0])
            _fill(cell, text, paper, bold=bold)
    document.add_paragraph()


def _fill(cell: _Cell, text: str, paper: Paper, *, bold: bool) -> None:
    _write(cell.paragraphs[0], text, paper, paper.sizes["cell"], bold=bold)


def _write(paragraph: Paragraph, text: str, paper: Paper, size: float, *, bold: bool) -> None:
    run = paragraph.add_run(text)  # a line break in the text is one on the page
    run.bold = bold
    run.font.size = Pt(size)
    run.font.name = paper.word_font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), paper.word_font)
