"""What the households of a group case hear, each in its own language."""

from __future__ import annotations

from casework.case import Case
from casework.collective import Count
from casework.desk.collective import GroupBook
from casework.turn import Line
from config.load import Book
from config.words import ParamValue


class GroupWords:
    """casework.desk.collective.GroupTexts from the texts of a city."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def taken_out(self, case: Case, owner: str, language: str) -> Line:
        """It goes on by itself."""
        words = self._book.speaking(language).words
        return words.line("group_taken_out", {"number": case.number, "owner": owner})

    def household_done(self, case: Case, what: str, count: Count | None, language: str) -> Line:
        """This household is done, and how far the others are."""
        params: dict[str, ParamValue] = {"number": case.number, "what": what}
        return self._with_count("group_household_done", params, count, language)

    def posted(self, case: Case, summary: str, count: Count | None, language: str) -> Line:
        """What all of them are told."""
        params: dict[str, ParamValue] = {"number": case.number, "summary": summary}
        return self._with_count("group_posted", params, count, language)

    def _with_count(
        self, key: str, params: dict[str, ParamValue], count: Count | None, language: str
    ) -> Line:
        words = self._book.speaking(language).words
        texts = [words.text(key, params)]
        if count is not None:
            told = {"households": count.households, "done": count.done}
            texts.append(words.text("group_count", told))
        return Line("\n".join(texts))


def group_book(book: Book) -> GroupBook:
    """Everything the desk needs for group cases."""
    return GroupBook(book.nearby, book, GroupWords(book))
