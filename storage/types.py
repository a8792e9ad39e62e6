"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, String, Text, TypeDecorator

# Compared byte by byte everywhere: what begins with something is a range of an index.
Path = String(255).with_variant(String(255, collation="C"), "postgresql")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EMPTY: dict[str | None, Callable[[], Any]] = {"[]": list, "{}": dict}
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# PostgreSQL cannot keep NUL, UTF-8 has no lone surrogates.
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def keepable(text: str) -> str:
    """The text without what no database can keep; every other character stays as it came."""
    return _UNKEEPABLE.sub(lambda found: "" if found[0] == "\0" else "\ufffd", text)


def _micros(value: datetime | None) -> int | None:
    """Refuse naive times: a time without a zone is a guess."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    delta = value - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _moment(micros: int | None) -> datetime | None:
    """Back to an aware time in UTC."""
    return None if micros is None else EPOCH + timedelta(microseconds=micros)


def compact(value: object) -> str:
    """JSON without spaces, its characters as they are."""
    return _COMPACT.encode(value)


def _dumped(value: Any) -> str | None:
    return None if value is None else compact(value)


def _loaded(value: str | None) -> Any:
    if value in _EMPTY:  # most lists of a case are
        return _EMPTY[value]()
    return None if value is None else json.loads(value)


# Both types hand SQLAlchemy their processors themselves: what it would put around the two methods
# took a third of the time it takes to read a case.


class Instant(TypeDecorator[datetime]):
    """A moment, kept as microseconds since 1970 UTC: exact, sortable and the same everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Microseconds; None stays NULL."""
        return _micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """NULL stays None."""
        return _moment(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:  # noqa: ARG002
        """The same, at once."""
        return _micros

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002
        coltype: object,  # noqa: ARG002
    ) -> Callable[[int | None], datetime | None]:
        """The same, at once."""
        return _moment


class Json(TypeDecorator[Any]):
    """JSON as text: read whole, never searched inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """None stays NULL."""
        return _dumped(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """NULL stays None."""
        return _loaded(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:  # noqa: ARG002
        """The same, at once."""
        return _dumped

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002
        coltype: object,  # noqa: ARG002
    ) -> Callable[[str | None], Any]:
        """The same, at once."""
        return _loaded
