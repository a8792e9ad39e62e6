"""The printed notice, opened by other readers than those that wrote it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from casework.whistle import Call, Mark, Whistle
from config.reading import Source
from config.whistle import read_whistle
from handoff_console.notice_paper.content import Names, Part, written
from handoff_console.notice_paper.fonts import NoFont, find_font
from handoff_console.notice_paper.lines import broken
from handoff_console.notice_paper.pdf import UNKNOWN, pdf_file
from handoff_console.notice_paper.word import word_file
from tests.fixtures.strict import missing

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
BOOK = read_whistle(Source().read("whistle.yaml"))
MARKUP = '<b>油烟</b> <w:br/> & **直排** {number} %(x)s "引" [link](x)'
WHISTLE = Whistle(
    id="w",
    number="青禾-柳岸-2026-0007",
    case_number="JS261122-0001",
    conversation_id="talk",
    unit_id="c",
    year=2026,
    serial=7,
    signed_by="chen",
    signed_at=NOW,
    arrive_by=NOW + timedelta(hours=5),
    place="翠湖花园3栋楼下",
    matter="夜市油烟直排，请几家一起看现场",
    calls=(
        Call("d1", acknowledged=Mark("张伟", NOW, "x"), arrived=Mark("张伟", NOW, "x")),
        Call("d2", declined=Mark("李", NOW, "x"), reason="统一行动", instead="次日九点到"),
    ),
    helpers=("zhou",),
)
NAMES = Names(
    {"c": "柳岸社区", "d1": "生态环境分局", "d2": "城市管理和综合执法局"},
    {"chen": "陈静", "zhou": "周小兰"},
    {"chen": "028-0000-0105"},
)
WANTED = (
    "青禾-柳岸-2026-0007",
    "生态环境分局、城市管理和综合执法局：",
    "柳岸社区",
    "翠湖花园3栋楼下",
    "2026年11月23日（周一）14:00",
    "夜市油烟直排，请几家一起看现场",
    "陈静",
    "周小兰",
    "028-0000-0105",
    "JS261122-0001",
    "次日九点到",
)


def pdf(parts: Sequence[Part]) -> PdfReader:
    try:
        font = find_font(BOOK.paper)
    except NoFont as none:
        missing("a Chinese font", f"apt-get install {none.package}")
    made = pdf_file(parts, BOOK.paper, font, WHISTLE.number, NOW)
    return PdfReader(BytesIO(made))


def text_of_pdf(reader: PdfReader) -> str:
    """All words, without the blanks and line ends a reader guesses from positions."""
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def text_of_word(made: bytes) -> list[str]:
    document = docx.Document(BytesIO(made))
    found = [each.text for each in document.paragraphs]
    for table in document.tables:
        found += [cell.text for row in table.rows for cell in row.cells]
    return found


def test_the_pdf_says_who_where_and_when() -> None:
    reader = pdf(written(WHISTLE, NAMES, BOOK))
    text = text_of_pdf(reader)
    for each in WANTED:
        assert each in text, each
    assert len(reader.pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == WHISTLE.number


def test_the_pdf_carries_its_font() -> None:
    reader = pdf(written(WHISTLE, NAMES, BOOK))
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert isinstance(fonts, DictionaryObject)
    for each in fonts.values():
        assert each.get_object()["/Encoding"] == "/Identity-H"  # what every reader follows
        (inner,) = each.get_object()["/DescendantFonts"]
        assert "/FontFile2" in inner.get_object()["/FontDescriptor"].get_object()


def test_the_word_file_says_the_same() -> None:
    made = word_file(written(WHISTLE, NAMES, BOOK), BOOK.paper, WHISTLE.number, NOW)
    found = text_of_word(made)
    for each in WANTED:
        assert any(each in text for text in found), each
    document = docx.Document(BytesIO(made))
    assert document.core_properties.title == WHISTLE.number
    assert document.core_properties.author == ""
    assert len(document.tables) == 2


def test_officers_words_are_words() -> None:
    whistle = replace(WHISTLE, matter=MARKUP, place=MARKUP)
    parts = written(whistle, NAMES, BOOK)
    assert "".join(MARKUP.split()) in text_of_pdf(pdf(parts))
    found = text_of_word(word_file(parts, BOOK.paper, "n", NOW))
    assert found.count(MARKUP) == 2


def test_thirty_departments_are_all_there() -> None:
    names = {f"d{n}": f"第{n}号部门" for n in range(31)}
    calls = tuple(Call(each, opinion="意见" * 120) for each in names)
    whistle = replace(WHISTLE, calls=calls)
    parts = written(whistle, Names({**NAMES.units, **names}, NAMES.officers), BOOK)
    reader = pdf(parts)
    text = text_of_pdf(reader)
    assert all(text.count(each) >= 2 for each in names.values())
    assert len(reader.pages) > 3


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_no_character_breaks_the_paper(text: str) -> None:
    whistle = replace(WHISTLE, matter=text or "话", place=text[:40] or "处")
    parts = written(whistle, NAMES, BOOK)
    assert word_file(parts, BOOK.paper, "n", NOW)[:2] == b"PK"


def test_a_character_no_font_has_is_marked_and_control_characters_are_gone() -> None:
    whistle = replace(WHISTLE, matter="油烟\U0001f600直排\x00\x07\u202e倒")
    text = text_of_pdf(pdf(written(whistle, NAMES, BOOK)))
    assert f"油烟{UNKNOWN}直排倒" in text


def test_without_a_font_it_is_said_what_to_install() -> None:
    nowhere = replace(BOOK.paper, folders=(str(Path(__file__).parent / "none"),))
    with pytest.raises(NoFont, match="fonts-noto-cjk"):
        find_font(nowhere)


def test_a_font_can_be_named_by_its_path(tmp_path: Path) -> None:
    own = tmp_path / "own.otf"
    own.write_bytes(b"")
    assert find_font(replace(BOOK.paper, fonts=(str(own),))).path == own


def wide(text: str) -> float:
    return float(sum(2 if ord(c) > 0x2E80 else 1 for c in text))


def test_no_line_begins_with_a_closing_mark_or_breaks_a_number() -> None:
    text = "请在明天下午三点前到翠湖花园，电话0571-88880000（值班）。不要迟到！"
    for width in range(18, 60):
        lines = list(broken(text, width, wide))
        assert "".join(lines) == text
        assert all(wide(line) <= width for line in lines)
        assert not any(line[0] in "，。（！）" and line[0] != "（" for line in lines if line)
        assert any("0571-88880000" in line for line in lines)


@given(st.text(max_size=120), st.integers(2, 40))
def test_breaking_loses_nothing(text: str, width: int) -> None:
    lines = list(broken(text, width, wide))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(wide(line) <= width or len(line) == 1 for line in lines)
