"""All tables there are, for whoever creates or compares them: every ``storage.tables_*`` module."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

from storage.tables import metadata

__all__ = ["metadata"]

for _module in pkgutil.iter_modules([str(Path(__file__).parent)]):
    if _module.name.startswith("tables_"):
        import_module(f"storage.{_module.name}")
