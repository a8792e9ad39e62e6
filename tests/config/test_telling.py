"""When a resident is told: not at night, unless there is danger."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
import yaml

from casework.case import Case
from casework.events import Kind
from casework.quiet import Quiet
from config.load import Book, load_book
from config.reading import BadConfiguration, Node
from config.telling import read_quiet

CASE = Case(
    "JS261122-0001", "c", "property_management", datetime(2026, 11, 22, tzinfo=UTC), "o", "u"
)
NIGHT = datetime(2026, 11, 22, 14, tzinfo=UTC)  # ten at night in China


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def china(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 on China's clock."""
    local = datetime.fromisoformat(f"2026-11-{day:02}T{hour:02}:{minute:02}:00+08:00")
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (china(22, 22), china(23, 7, 30)),
        (china(22, 21, 30), china(23, 7, 30)),
        (china(23, 0), china(23, 7, 30)),
        (china(23, 7, 29), china(23, 7, 30)),
        (china(22, 21, 29), None),
        (china(23, 7, 30), None),
        (china(23, 12), None),
    ],
)
def test_nobody_is_woken_with_the_progress_of_a_case(
    book: Book, now: datetime, until: datetime | None
) -> None:
    assert book.silent_until(CASE, now) == until


@pytest.mark.parametrize("known", [{"urgent": True}, {"crisis": "R2"}, {"crisis": "R3"}])
def test_danger_is_told_at_any_hour(book: Book, known: dict[str, object]) -> None:
    assert book.silent_until(replace(CASE, **known), NIGHT) is None  # type: ignore[arg-type]
    assert book.silent_until(CASE, NIGHT) is not None


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = Quiet(time(12), time(14))
    assert noon.until(china(22, 13)) == china(22, 14)
    assert noon.until(china(22, 14)) is None
    assert noon.until(china(22, 23)) is None


@pytest.mark.parametrize("wrong", ["24:00", "7:30", "late", "21:60"])
def test_a_wrong_hour_names_file_and_key(wrong: str) -> None:
    read = yaml.safe_load(f'quiet: {{from: "{wrong}", until: "07:30"}}')
    with pytest.raises(BadConfiguration, match=r"telling\.yaml.*from"):
        read_quiet(Node("telling.yaml", "", read))


def test_what_is_read_in_the_morning_says_no_tomorrow(book: Book) -> None:
    due = {"contact_by": china(23, 22), "due_at": china(29, 22)}
    at_night = replace(CASE, filed_at=china(22, 22), **due)  # type: ignore[arg-type]
    line = book.notice(Kind.CASE_FILED, at_night, "林晓梅", "zh")
    assert line is not None
    assert "明天" not in line.text
    assert "今天" not in line.text
    assert "11月29日" in line.text
    by_day = replace(at_night, filed_at=china(23, 10), contact_by=china(24, 10))
    line = book.notice(Kind.CASE_FILED, by_day, "林晓梅", "zh")
    assert line is not None
    assert "明天" in line.text
