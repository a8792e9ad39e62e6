"""What is said about whistles: to residents in their language, to officers in their own chats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from casework.whistle import Outcome, Whistle
from config.whistle import WhistleBook
from config.words import Words

_ENDED = {
    Outcome.SETTLED: "whistle_settled",
    Outcome.PLANNED: "whistle_planned",
    Outcome.REFERRED: "whistle_referred",
    Outcome.UNSETTLED: "whistle_unsettled",
    Outcome.WITHDRAWN: "whistle_withdrawn",
    Outcome.LAPSED: "whistle_lapsed",
}


@dataclass(frozen=True, slots=True)
class WhistleTexts:
    """casework.desk.whistle_telling.Words of a city."""

    book: WhistleBook
    words: Callable[[str], Words]

    def outcome(self, outcome: Outcome, result: str, language: str) -> str:
        """How it ended, for the resident."""
        return self.words(language).text(_ENDED[outcome], {"result": result})

    def joined(self, departments: Sequence[str], language: str) -> str:
        """Names in a row, for the resident."""
        words = self.words(language)
        return reduce(
            lambda first, then: words.text("whistle_names", {"first": first, "then": then}),
            departments,
        )

    def for_officers(self, form: str, whistle: Whistle, departments: Sequence[str]) -> str:
        """What officers read in their own chats."""
        return self.book.officers[form].format(
            number=whistle.number,
            place=whistle.place,
            arrive_by=self.book.moment(whistle.arrive_by),
            departments=self.joined(departments, ""),
        )
