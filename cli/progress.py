"""A progress bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

T = TypeVar("T")
PIECE = 1000  # rows between two looks at the bar


class Bar:
    """Counts what has been done, in one line for each part of the work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def track(self, things: Sequence[T], what: str) -> Iterator[T]:
        """The things one after the other, counted."""
        task = self._progress.add_task(what, total=len(things))
        for count, each in enumerate(things, 1):
            yield each
            if count % PIECE == 0:
                self._progress.update(task, completed=count)
        self._progress.update(task, completed=len(things))

    def pieces(self, things: Iterable[T], what: str) -> Iterator[list[T]]:
        """The same in pieces, for a store that takes many at once."""
        known = list(things)
        task = self._progress.add_task(what, total=len(known))
        for start in range(0, len(known), PIECE):
            yield known[start : start + PIECE]
            self._progress.update(task, completed=min(start + PIECE, len(known)))


@contextmanager
def bar() -> Iterator[Bar]:
    """A bar on standard error while the work goes on."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, TimeElapsedColumn  # noqa: PLC0415

    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    off = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=off) as shown:
        yield Bar(shown)
