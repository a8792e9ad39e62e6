"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, String, Text, TypeDecorator

# Compared byte by byte everywhere: what begins with something is a range of an index.
Path = String(255).with_variant(String(255, collation="C"), "postgresql")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# PostgreSQL cannot keep NUL, UTF-8 has no lone surrogates.
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def keepable(text: str) -> str:
    """The text without what no database can keep; every other character stays as it came."""
    return _UNKEEPABLE.sub(lambda found: "" if found[0] == "\0" else "\ufffd", text)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as microseconds since 1970 UTC: exact, sortable and the same everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuse naive times: a time without a zone is a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone")
        delta = value - EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware time in UTC."""
        if value is None:
            return None
        seconds, micros = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


class Json(TypeDecorator[Any]):
    """JSON as text: read whole, never searched inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """None stays NULL."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """NULL stays None."""
        return None if value is None else json.loads(value)
