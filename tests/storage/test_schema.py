"""The migrations make exactly the tables the code uses."""

from pathlib import Path

import pytest

import storage
from storage import schema
from storage.engine import open_store


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
