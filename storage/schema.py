"""The database's schema: bring it up to date, or tell that it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.unit_of_work import SqlTransaction

HEAD = "0016"  # the newest file in migrations/versions; a test compares them
_MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection | None) -> Any:
    # Alembic costs a third of a second to import; a start on a current schema does without it.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415

    command.upgrade(_config(connection), "head")


def _differences(connection: Connection) -> list[Any]:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    from storage.every_table import metadata  # noqa: PLC0415

    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def _with_connection(url: str, work: Callable[[Connection], Any]) -> Any:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return await asyncio.to_thread(_in_sqlite, url, work)
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _in_sqlite(url: str, work: Callable[[Connection], Any]) -> Any:
    engine = create_engine(make_url(url).set(drivername="sqlite+pysqlite"))
    try:
        with engine.connect() as connection:
            # The mode stays with the file; changing it later would need everybody's lock.
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


async def upgrade(url: str) -> None:
    """Create or migrate the schema. Safe to run again, and from several processes in turn."""
    await _with_connection(url, _upgrade)


async def differences(url: str) -> list[Any]:
    """What the tables in the database and those in storage.tables disagree about."""
    found: list[Any] = await _with_connection(url, _differences)
    return found


def version(tx: SqlTransaction) -> str | None:
    """The schema's version, None for an empty database."""
    if not inspect(tx.connection).has_table("alembic_version"):
        return None
    return tx.connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
