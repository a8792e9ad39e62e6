"""What every test may use. The fixtures themselves live in tests/fixtures, one file per kind."""

import os

from hypothesis import HealthCheck, settings

# Slow is not wrong: how long one example takes says something about the machine, so no example is
# failed for it. Where every change is judged the examples are the same every time; at a desk they
# are new ones.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("judged", settings.get_profile("desk"), derandomize=True)
settings.load_profile("judged" if os.environ.get("JIESU_STRICT") else "desk")

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.postgres",
    "tests.fixtures.bot_api",
    "tests.fixtures.chromium",
]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their beginning: unescaped test names (pyproject.toml) leave that to us."""
    return repr(val[:20]) if isinstance(val, bytes) else None
