"""What 随手报 and the codes on walls need beside the rest of the console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from casework.desk.assigning import Whereabouts
from casework.gazetteer import Gazetteer
from casework.geometry import Point
from casework.links import LinkKeys
from casework.resolving import Doubt, Resolved
from config.capture import CaptureWords
from handoff_console.codes import Doors

Area = Callable[[], Awaitable[Gazetteer | None]]


async def nowhere() -> Gazetteer | None:
    """No gazetteer: a place is then found by its name alone."""
    return None


@dataclass(frozen=True, slots=True)
class FieldWork:
    """``area`` gives the places and boundaries as they are now, None where none are known.

    ``site`` is where residents reach us; without it, the address the console is called by.
    """

    words: CaptureWords
    keys: LinkKeys
    area: Area = nowhere
    site: str | None = None
    telegram_name: str | None = None

    def doors(self, called_by: str) -> Doors:
        """Where codes lead."""
        return Doors(self.site or called_by, self.telegram_name)

    async def at(self, point: Point) -> Resolved:
        """The grid a point lies in."""
        places = await self.area()
        return places.at(point) if places is not None else Resolved()

    async def whereabouts(
        self, text: str, point: Point | None, unit_kind: str | None, unit_id: str | None
    ) -> Whereabouts | None:
        """What is made of where the officer said it is: a unit that was chosen counts; else the
        location and the words. None where nothing can be looked up."""
        if unit_id is not None:
            return Whereabouts(unit_id, None if unit_kind == "grid" else Doubt.COARSE.value)
        places = await self.area()
        if places is None:
            return None
        found = places.locate(text, point)
        return Whereabouts(found.unit_id, found.doubt.value if found.doubt is not None else None)
