"""The notice as a PDF that carries the characters it uses: the same on every phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.fonts import TTFFont

from config.whistle import Paper
from handoff_console.notice_paper.content import Part
from handoff_console.notice_paper.fonts import Font
from handoff_console.notice_paper.glyphs import as_truetype
from handoff_console.notice_paper.lines import broken

FACE = "notice"
LEADING = 1.65  # line to line, in font sizes
CELL_LEADING = 1.45
PADDING = 1.8  # mm, in cells
GAP = 3.5  # mm, between parts
MM_PER_POINT = 25.4 / 72
UNKNOWN = "\u3013"  # 〓, the printers' mark for a character the font does not have


class _Page:
    """Draws parts from top to bottom, on as many pages as they need."""

    def __init__(self, paper: Paper, font: Path, title: str, at: datetime) -> None:
        page = paper.page
        self._paper = paper
        self._pdf = FPDF(unit="mm", format=(page["width"], page["height"]))
        self._pdf.add_font(FACE, fname=font)
        self._pdf.set_margins(page["left"], page["top"], page["right"])
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.c_margin = 0
        self._pdf.set_title(title)
        self._pdf.set_lang("zh-CN")
        self._pdf.set_creation_date(at)
        self._pdf.add_page()
        self._size = 0.0
        self._use(paper.sizes["text"])
        face = self._pdf.fonts[FACE]
        self._known = face.cmap if isinstance(face, TTFFont) else {}
        self._width = page["width"] - page["left"] - page["right"]

    def words(self, part: Part) -> None:
        """Lines in one style."""
        style = part.style or "text"
        self._use(self._paper.sizes[{"right": "text"}.get(style, style)])
        height = self._line(LEADING)
        align = {"title": "C", "right": "R"}.get(style, "L")
        for line in self._lines(part.text, self._width):
            self._room(height)
            self._pdf.cell(self._width, height, line, align=align, new_x="LMARGIN", new_y="NEXT")
        self._pdf.ln(GAP)

    def grid(self, part: Part) -> None:
        """Rows of cells with a frame; a row stays on one page."""
        self._use(self._paper.sizes["cell"])
        widths = [self._width * each / sum(part.widths) for each in part.widths]
        for at, row in enumerate(part.rows):
            head = part.heading and at == 0
            lines = [
                list(self._lines(cell, width - 2 * PADDING))
                for cell, width in zip(row, widths, strict=True)
            ]
            self._row(lines, widths, shaded=head, least=1 if head or not part.heading else 2)
        self._pdf.ln(GAP)

    def output(self) -> bytes:
        """The finished file."""
        return bytes(self._pdf.output())

    def _row(
        self, lines: Sequence[Sequence[str]], widths: Sequence[float], *, shaded: bool, least: int
    ) -> None:
        step = self._line(CELL_LEADING)
        height = step * max(least, *(len(each) for each in lines)) + 2 * PADDING
        self._room(height)
        left, top = self._paper.page["left"], self._pdf.get_y()
        for cell, width in zip(lines, widths, strict=True):
            self._pdf.set_fill_color(235)
            self._pdf.rect(left, top, width, height, style="DF" if shaded else "D")
            for at, line in enumerate(cell):
                self._pdf.set_xy(left + PADDING, top + PADDING + at * step)
                self._pdf.cell(width - 2 * PADDING, step, line)
            left += width
        self._pdf.set_xy(self._paper.page["left"], top + height)

    def _lines(self, text: str, width: float) -> list[str]:
        kept = "".join(c if c == "\n" or ord(c) in self._known else UNKNOWN for c in text)
        return list(broken(kept, width, self._pdf.get_string_width))

    def _line(self, leading: float) -> float:
        return self._size * leading * MM_PER_POINT

    def _room(self, height: float) -> None:
        bottom = self._paper.page["height"] - self._paper.page["bottom"]
        if self._pdf.get_y() + height > bottom:
            self._pdf.add_page()

    def _use(self, size: float) -> None:
        self._size = size
        self._pdf.set_font(FACE, size=size)


def pdf_file(parts: Sequence[Part], paper: Paper, font: Font, title: str, at: datetime) -> bytes:
    """The file's bytes. ``at`` is written into it as its date."""
    used = "".join([UNKNOWN, *(each.text for each in parts)])
    used += "".join(cell for each in parts for row in each.rows for cell in row)
    with TemporaryDirectory() as folder:  # fpdf2 takes fonts from files only
        own = Path(folder) / "notice.ttf"
        own.write_bytes(as_truetype(font, used))
        page = _Page(paper, own, title, at)
        for each in parts:
            if each.rows:
                page.grid(each)
            else:
                page.words(each)
        return page.output()
