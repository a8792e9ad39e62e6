"""The few characters a notice uses, as a small TrueType font.

Chinese fonts on servers mostly hold PostScript curves in thousands of numbered glyphs. A PDF made
of them needs a character map of its own, which some readers do not follow: they show blanks.
TrueType glyphs under the plain Identity-H map are what every reader shows.
"""

from __future__ import annotations

from io import BytesIO

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

from handoff_console.notice_paper.fonts import Font

_ERROR = 0.001  # how far a curve may be from its original, in font sizes
_POST_WITHOUT_NAMES = 3.0
# What a printed page needs; layout rules, vertical writing and hints are left behind.
_TABLES = frozenset(
    {"head", "hhea", "hmtx", "maxp", "cmap", "name", "OS/2", "post", "glyf", "loca"}
)


def as_truetype(font: Font, text: str) -> bytes:
    """A font file with the characters of the text that the font has, and the blank box."""
    number = font.face if font.path.suffix.lower() == ".ttc" else -1
    with TTFont(font.path, fontNumber=number, lazy=True) as whole:
        _reduce(whole, text)
        if "glyf" not in whole:
            _redraw(whole)
        out = BytesIO()
        whole.save(out, reorderTables=False)
    return out.getvalue()


def _reduce(font: TTFont, text: str) -> None:
    options = subset.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        name_IDs=[1, 2, 4, 6],
        glyph_names=False,
        ignore_missing_glyphs=True,
    )
    options.drop_tables = [tag for tag in font.reader.tables if tag not in _TABLES | {"CFF "}]
    narrow = subset.Subsetter(options)
    narrow.populate(text=text)
    narrow.subset(font)


def _redraw(font: TTFont) -> None:
    """PostScript curves as TrueType ones, which run the other way round."""
    order, drawn = font.getGlyphOrder(), font.getGlyphSet()
    most = font["head"].unitsPerEm * _ERROR
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, most, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, glyphs
    for name in order:
        table[name].recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(table[name], "xMin", 0))
    _say_so(font)


def _say_so(font: TTFont) -> None:
    """What else in the file must know that it is TrueType now."""
    del font["CFF "]
    font["maxp"] = most = newTable("maxp")
    most.tableVersion = 0x00010000
    most.maxZones, most.maxComponentElements = 1, 0
    for name in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
    ):
        setattr(most, name, 0)
    most.compile(font)
    font["post"].formatType = _POST_WITHOUT_NAMES
    font.sfntVersion = "\000\001\000\000"
