"""Whether a database can be used: for those who must tell an operator rather than raise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError

from storage.engine import open_store
from storage.schema import HEAD, version


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found: ``version`` is None for a database without tables."""

    reached: bool
    version: str | None = None
    reason: str = ""

    @property
    def current(self) -> bool:
        """Whether this jiesu can work on it as it is."""
        return self.reached and self.version == HEAD


def unusable(error: Exception) -> str | None:
    """Why the database cannot be used, in the driver's own words: no such database, not let in,
    no database file. None for what is wrong with a statement of ours."""
    if not isinstance(error, DBAPIError):
        return None
    before_all = error.statement is None  # while connecting
    if before_all or isinstance(error, OperationalError) or type(error) is DatabaseError:
        return _words(error)
    return None


def _words(error: Exception) -> str:
    """The first line of the driver's own words; SQLAlchemy adds the statement below it."""
    cause = getattr(error, "orig", None) or error
    return str(cause).partition("\n")[0]


def _absent(database: str | None) -> bool:
    return not Path(database or "").is_file()


async def probe(url: str) -> Probe:
    """Look at the database at ``url`` without changing or creating anything."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and _absent(parsed.database):
        return Probe(reached=True)
    store = open_store(url)
    try:
        return Probe(reached=True, version=await store.read(version))
    except (OSError, SQLAlchemyError) as error:
        return Probe(reached=False, reason=_words(error))
    finally:
        await store.close()
