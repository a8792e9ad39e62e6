"""``whistle.yaml``: what is wrong with it is said before anybody signs a notice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.organisation import Role
from casework.whistle import Outcome, Whistle
from config.load import Book, load_book
from config.reading import BadConfiguration, Source
from config.whistle import WhistleBook, read_whistle

SHIPPED = (Path(__file__).parents[2] / "config" / "whistle.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def read(folder: Path, text: str) -> WhistleBook:
    (folder / "whistle.yaml").write_text(text, encoding="utf-8")
    return read_whistle(Source(folder).read("whistle.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("  community: []", "  mayor: []", "signers", "'mayor' is not known"),
        ("upward: [street,", "upward: [mayor,", "upward.0", "must be one of"),
        ("{serial:04}", "{serial:04}{hour}", "number", "nothing fills 'hour'"),
        (
            '-{year}-{serial:04}"\nnumber_top',
            '-{year}"\nnumber_top',
            "number",
            "must have 'serial'",
        ),
        ("{serial:04}", "{serial:4x4}", "number", "cannot be filled in"),
        ("most: 30d", "most: 30m", "most", "must be more than least"),
        ("near: 300", "near: 0", "near", "must be from 1"),
        ("编号：{number}", "编号：{phone}", "paper.blocks.1.right", "nothing fills 'phone'"),
        ("widths: [1, 4]", "widths: [1]", "widths", "one width for each cell"),
        ("    - title: 协调", "    - heading: 协调", "blocks.0", "'heading' is not known"),
        ("[一, 二,", "[一,", "weekdays", "seven"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, old: str, new: str, place: str, reason: str
) -> None:
    assert old in SHIPPED
    with pytest.raises(BadConfiguration) as refused:
        read(tmp_path, SHIPPED.replace(old, new, 1))
    assert place in str(refused.value)
    assert reason in str(refused.value)


def test_only_the_secretary_where_the_city_says_so(tmp_path: Path) -> None:
    book = read(tmp_path, SHIPPED.replace("community: []", "community: [secretary]"))
    assert book.rules.signers[Role.COMMUNITY] == ("secretary",)


def test_no_place_of_the_paper_holds_the_resident() -> None:
    for name in ("{name}", "{phone}", "{resident}"):
        assert name not in SHIPPED


def test_moments_are_local_and_officers_are_told_them(book: Book) -> None:
    at = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)
    assert book.whistle.moment(at) == "2026年11月23日（周一）01:05"
    whistle = Whistle(
        "w", "青禾-2026-0001", "JS1", "t", "u", 2026, 1, "o", at, at, "夜市", "油烟", ()
    )
    told = book.whistling.words.for_officers("called", whistle, ["人社局", "住建局"])
    assert "青禾-2026-0001" in told
    assert "人社局、住建局" in told
    assert "01:05" in told


def test_every_end_has_words_in_both_languages(book: Book) -> None:
    words = book.whistling.words
    for outcome in Outcome:
        if outcome is Outcome.OVERTAKEN:
            continue  # nobody is told: the case has said it already
        for language in ("zh", "en"):
            assert words.outcome(outcome, "好了", language)
    assert words.joined(["A", "B", "C"], "en") == "A, B, C"
    assert words.joined(["甲"], "zh") == "甲"
