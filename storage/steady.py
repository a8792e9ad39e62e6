"""What one transaction asks for again and again, read once where nobody can change it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class Steady:
    """Rows as this transaction found them.

    On SQLite there is one writer and every reader has its snapshot, so that what was read stays
    true until the transaction ends or writes itself. On PostgreSQL somebody may leave while this
    one waits for a lock: there everything is read each time.
    """

    def __init__(self, connection: Connection) -> None:
        self._keeps = connection.dialect.name == "sqlite"
        self._found: dict[Hashable, Any] = {}

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What ``read`` found, now or before."""
        if not self._keeps:
            return read()
        if key not in self._found:
            self._found[key] = read()
        found: T = self._found[key]
        return found

    def forget(self) -> None:
        """This transaction writes what it has read."""
        self._found.clear()
