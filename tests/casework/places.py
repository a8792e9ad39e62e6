"""A small city for tests of places: two communities, names that are near each other."""

from __future__ import annotations

from bot.around import build
from casework.gazetteer import Gazetteer
from casework.geometry import Boundary
from casework.organisation import Place, PlaceKind, Unit
from config.places import load_naming

UNITS = {
    unit.id: unit
    for unit in (
        Unit("s", "street", "青禾街道"),
        Unit("liu", "community", "柳岸社区", "s"),
        Unit("qiao", "community", "石桥社区", "s"),
        Unit("l1", "grid", "柳岸第一网格", "liu"),
        Unit("l2", "grid", "柳岸第二网格", "liu"),
        Unit("q1", "grid", "石桥第一网格", "qiao"),
        Unit("q2", "grid", "石桥第二网格", "qiao"),
    )
}
PLACES = (
    Place("翠湖花园", "l1", ("翠湖小区", "翠湖"), 30.5, 104.5, PlaceKind.COMMUNITY),
    Place("锦绣家园", "l2", (), kind=PlaceKind.COMMUNITY),
    Place("锦绣家园", "q1", (), kind=PlaceKind.COMMUNITY),
    Place("东方嘉苑", "l2", kind=PlaceKind.COMMUNITY),
    Place("西方嘉苑", "q2", kind=PlaceKind.COMMUNITY),
    Place("纺织厂宿舍", "l2", ("棉纺厂宿舍",), kind=PlaceKind.COMMUNITY),
    Place("石桥村", "q1", (), kind=PlaceKind.VILLAGE),
    Place("石桥街", "q2", (), kind=PlaceKind.ROAD),
    Place("幸福里一期", "q1", kind=PlaceKind.COMMUNITY),
    Place("幸福里二期", "q2", kind=PlaceKind.COMMUNITY),
    Place("高新产业园工地", "q2"),
    Place("柳岸便民站", "l1", (), 30.5, 104.501, PlaceKind.SERVICE_POINT, verified=True),
    Place("石桥便民站", "q1", (), 30.5, 105.5, PlaceKind.SERVICE_POINT),
)


def square(south: float, west: float, side: float = 1.0) -> Boundary:
    """A square by its south-western corner."""
    north, east = south + side, west + side
    return (((south, west), (south, east), (north, east), (north, west), (south, west)),)


BOUNDARIES = {"l1": square(30, 104), "l2": square(31, 104), "q1": square(30, 105)}


def gazetteer(
    *places: Place, boundaries: dict[str, Boundary] | None = None, units: dict[str, Unit] = UNITS
) -> Gazetteer:
    """A gazetteer of these places, or of the small city."""
    drawn = BOUNDARIES if boundaries is None else boundaries
    return build(units, list(places or PLACES), drawn, load_naming())
