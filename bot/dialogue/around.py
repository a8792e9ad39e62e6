"""What the dialogue knows of the area, as data: the places there are."""

from __future__ import annotations

from dataclasses import dataclass

from casework.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Around:
    """The area at one moment. Without places nothing is looked up and nothing asked."""

    places: Gazetteer | None = None


NOWHERE = Around()
