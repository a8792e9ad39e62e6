"""What is mediated in the city the package comes with, kind by kind."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.case import Case, Source
from casework.mediation import excluded
from config.load import Book, load_book
from config.reading import BadConfiguration

SHIPPED = Path(__file__).parents[2] / "config" / "mediation.yaml"
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
NOBODY_THERE = {
    "public_facility": None,
    "social_benefit": None,
    "environment_noise": {"traffic"},
    "traffic_parking": {"signal", "bus", "congestion", "bikes"},
    "education": {"bullying", "enrolment", "workload"},
    "healthcare": {"access", "vaccine"},
    "family_marriage": {"violence"},
    "other": {
        *("conduct", "service_attitude", "village_affairs", "permits", "courts"),
        *("suggestion", "praise"),
    },
}
"""A category and its kinds that are not mediated; None where that is all of it."""


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def case(category: str, kind: str | None, source: Source = Source.RESIDENT) -> Case:
    return Case(
        number="JS1",
        conversation_id="c",
        category=category,
        kind=kind,
        opened_at=NOW,
        owner_id="zhou",
        unit_id="g",
        org_id="g",
        source=source,
    )


def test_every_kind_is_mediated_or_not_as_the_list_of_kinds_says(book: Book) -> None:
    for category, form in book.forms.items():
        out = NOBODY_THERE.get(category, set())
        for kind in (None, *form.kinds):
            refused = excluded(case(category, kind), book.mediation) is not None
            assert refused is (out is None or kind in out), (category, kind)


def test_a_broken_pavement_found_on_patrol_has_nobody_to_ask(book: Book) -> None:
    for source in Source:
        found = excluded(case("neighbour_dispute", "clutter", source), book.mediation)
        assert found == ("nobody" if source is Source.PATROL else None)
    pavement = case("public_facility", "road", Source.PATROL)
    assert excluded(pavement, book.mediation) == "kind"


def test_an_unknown_way_of_coming_in_is_named(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    wrong = text.replace("never_from: [patrol]", "never_from: [stroll]")
    (tmp_path / "mediation.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(BadConfiguration, match="never_from"):
        load_book(tmp_path)
