"""What every test may use. The fixtures themselves live in tests/fixtures, one file per kind."""

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.postgres",
    "tests.fixtures.bot_api",
    "tests.fixtures.chromium",
]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their beginning: unescaped test names (pyproject.toml) leave that to us."""
    return repr(val[:20]) if isinstance(val, bytes) else None
