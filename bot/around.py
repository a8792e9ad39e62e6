"""Keeps the area at hand: built once per process, anew when somebody has changed it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.dialogue.around import NOWHERE, Around
from bot.sounds import sound
from casework.gazetteer import Gazetteer
from casework.geometry import Boundary
from casework.naming import Naming
from casework.organisation import Place, Unit
from casework.ports import Store, Transaction
from nlu.normalize import normalize

REFRESH = 2.0  # seconds between two looks at whether anything has changed
LARGE = 3000  # places from which on building takes long enough to leave the loop free meanwhile


@dataclass(frozen=True, slots=True)
class _Read:
    version: int
    units: Mapping[str, Unit]
    places: list[Place]
    boundaries: dict[str, Boundary]


def build(
    units: Mapping[str, Unit],
    places: list[Place],
    boundaries: Mapping[str, Boundary],
    naming: Naming,
) -> Gazetteer:
    """A gazetteer that reads as the understanding does and hears Mandarin."""
    return Gazetteer(units, places, boundaries, naming, sound=sound, normal=plain)


def plain(text: str) -> str:
    """Width, case and Traditional characters brought to the form names are compared in."""
    return normalize(text).text


class Neighbourhood:
    """The area of a store. ``seconds`` tells the passing of time, whatever the clock says."""

    def __init__(
        self, store: Store, naming: Naming, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._naming = naming
        self._seconds = seconds
        self._around = NOWHERE
        self._version: int | None = None
        self._looked: float | None = None

    async def current(self) -> Around:
        """The area as it was at most some seconds ago."""
        now = self._seconds()
        if self._looked is not None and now - self._looked < REFRESH:
            return self._around
        self._looked = now
        version = await self._store.read(lambda tx: tx.places.version())
        if version != self._version:
            await self._build()
        return self._around

    async def _build(self) -> None:
        found = await self._store.read(_read)
        made = (found.units, found.places, found.boundaries, self._naming)
        if len(found.places) < LARGE:
            gazetteer = build(*made)
        else:
            gazetteer = await asyncio.to_thread(build, *made)
        self._around, self._version = Around(gazetteer), found.version


def _read(tx: Transaction) -> _Read:
    return _Read(
        tx.places.version(),
        tx.people.all_units(),
        tx.places.all(),
        tx.places.boundaries(),
    )
