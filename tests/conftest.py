"""What every test may use. The fixtures themselves live in tests/fixtures, one file per kind."""

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.postgres",
    "tests.fixtures.bot_api",
    "tests.fixtures.chromium",
]
