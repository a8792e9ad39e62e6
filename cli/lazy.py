"""Groups of commands whose modules are imported when they are named.

`jiesu serve` should not wait for what `jiesu nlu compare` needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_group


class LazyCommands(MutableMapping[str, Any]):
    """Commands by name, those in ``places`` (``module:typer_app``) when they are asked for."""

    def __init__(self, here: MutableMapping[str, Any], places: Mapping[str, str]) -> None:
        self._here = here
        self._places = places

    def __getitem__(self, name: str) -> Any:
        if name not in self._here and name in self._places:
            self._here[name] = _loaded(name, self._places[name])
        return self._here[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._here[name] = command

    def __delitem__(self, name: str) -> None:
        del self._here[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*self._here, *(name for name in self._places if name not in self._here)])

    def __len__(self) -> int:
        return len(self._here.keys() | self._places.keys())


class LazyGroup(TyperGroup):
    """A group with some of its groups elsewhere: a subclass says where."""

    places: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = LazyCommands(self.commands, self.places)


def _loaded(name: str, place: str) -> TyperGroup:
    module, _, attribute = place.partition(":")
    app = getattr(import_module(module), attribute)
    if not isinstance(app, typer.Typer):
        raise TypeError(f"{place} is no Typer")
    group = get_group(app)
    group.name = name
    return group
