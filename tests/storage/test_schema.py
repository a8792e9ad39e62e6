"""The migrations make exactly the tables the code uses."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import storage
from casework.desk.cases import Opening, draft
from storage import schema
from storage.engine import SqlStore, open_store
from tests.storage.people import NOON, cast, conversation


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_the_migrations_make_the_tables(kind: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(f"{kind}_url")
    await schema.upgrade(url)
    await schema.upgrade(url)

    assert await schema.differences(url) == []
    store = open_store(url)
    assert await store.read(schema.version) == schema.HEAD
    await store.close()


def test_head_is_the_newest_migration() -> None:
    files = Path(storage.__file__).parent.glob("migrations/versions/*.py")
    assert max(file.name for file in files).startswith(schema.HEAD)


async def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        open_store("mysql+aiomysql://x/y")


@pytest.mark.parametrize("nobody", ["NULL", "''", "'nobody'"])
@pytest.mark.parametrize("column", ["owner_id", "org_id", "unit_id"])
async def test_a_case_without_an_owner_is_refused_by_the_database(
    sql_store: SqlStore, column: str, nobody: str
) -> None:
    await cast(sql_store)
    talk = await conversation(sql_store)
    opening = Opening("other", {})
    case = await sql_store.write(lambda tx: draft(tx, talk, opening, NOON))
    forget = f"UPDATE cases SET {column} = {nobody} WHERE number = '{case.number}'"  # noqa: S608
    with pytest.raises(IntegrityError):
        await sql_store.write(lambda tx: tx.connection.execute(text(forget)))
    assert await sql_store.read(lambda tx: tx.cases.get(case.number)) == case
