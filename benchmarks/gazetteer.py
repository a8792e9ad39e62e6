"""Build and ask a gazetteer of a large city: 100,000 names, 15,000 grids with boundaries.

nice python -m benchmarks.gazetteer [--names 100000] [--grids 15000] [--queries 2000]

Names are made up from a seed. Each query is a made-up resident's way to write a known name, or a
name that is not known. What is written like another known name is left out: nobody could tell.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.around import build
from bot.sounds import _sounds, sound
from casework.gazetteer import Gazetteer
from casework.geometry import Boundary
from casework.organisation import Place, PlaceKind, Unit
from config.places import load_naming

STEM = (
    "金华锦绣翠湖云山龙泉凤凰明月清河绿城春晓海棠梧桐银杏紫薇丹桂兰亭竹园柳岸桃源杏林梅岭松涛荷塘莲池"
    "福禄寿喜康宁泰和平安吉祥如意兴盛昌隆富贵荣华永乐长青瑞景祥云嘉禾丰裕德信义仁礼智诚实勤俭"
    "江滨沙洲岛屿石桥古塔书院文昌武侯孔明诸葛关帝观音天府益州蓉城巴蜀渝州长安洛阳建业姑苏钱塘"
    "阳光彩虹星辰宇宙未来时代盛世国际环球世纪经典名门望族御景豪庭帝王皇家公馆尚品格调艺术"
)
ENDINGS = {
    PlaceKind.COMMUNITY: ("小区", "花园", "家园", "苑", "新村", "公寓", "里", "府"),
    PlaceKind.ROAD: ("路", "街", "巷", "大道"),
    PlaceKind.VILLAGE: ("村", "屯", "庄"),
    PlaceKind.BUILDING: ("大厦", "广场", "写字楼"),
    PlaceKind.LANDMARK: ("市场", "小学", "医院", "公园", "超市"),
}
SHARES = (50, 20, 10, 10, 10)
AIMS = "aims: median ≤ 2 ms a name, ≤ 1 ms a point, wrong ≤ 0.5 %"


@dataclass(frozen=True)
class City:
    """The made-up city; ``where`` are the grids of each name."""

    units: dict[str, Unit]
    places: list[Place]
    boundaries: dict[str, Boundary]
    where: dict[str, set[str]]


def city(names: int, grids: int, chance: random.Random) -> City:
    """Grids in rows, each with its share of names."""
    units = {"s": Unit("s", "street", "大城街道")}
    boundaries: dict[str, Boundary] = {}
    wide = max(1, int(grids**0.5))
    for number in range(grids):
        community = f"c{number // 10}"
        units.setdefault(community, Unit(community, "community", f"第{number // 10}号社区", "s"))
        grid = f"g{number}"
        units[grid] = Unit(grid, "grid", f"{number}号网格", community)
        boundaries[grid] = (_square(number // wide, number % wide),)
    kinds = list(ENDINGS)
    places: list[Place] = []
    where: dict[str, set[str]] = {}
    while len(places) < names:
        kind = chance.choices(kinds, SHARES)[0]
        size = chance.choices((2, 3, 4), (50, 30, 20))[0]
        name = "".join(chance.choices(STEM, k=size)) + chance.choice(ENDINGS[kind])
        grid = f"g{chance.randrange(grids)}"
        if grid not in where.setdefault(name, set()):
            where[name].add(grid)
            places.append(Place(name, grid, (), kind=kind, id=str(len(places))))
    return City(units, places, boundaries, where)


def _square(row: int, column: int) -> tuple[tuple[float, float], ...]:
    """A field of 0.003°, with corners between its corners as drawn boundaries have them."""
    south, west, side = 30.0 + row * 0.003, 104.0 + column * 0.003, 0.003
    steps = [at / 8 * side for at in range(8)]
    return (
        *((south, west + step) for step in steps),
        *((south + step, west + side) for step in steps),
        *((south + side, west + side - step) for step in steps),
        *((south + side - step, west) for step in steps),
        (south, west),
    )


def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for character, syllable in _sounds().items():
        if "\u4e00" <= character <= "\u9fa5":
            found.setdefault(syllable, []).append(character)
    return found


def ways(chance: random.Random) -> dict[str, Callable[[str], str]]:
    """How residents write a name."""
    alike = _by_sound()

    def changed(name: str, new: Callable[[str], str]) -> str:
        at = chance.randrange(2)  # in what tells the name from others
        return name[:at] + new(name[at]) + name[at + 1 :]

    common = set(STEM)

    def same_sound(character: str) -> str:
        return chance.choice([c for c in alike[sound(character)] if c != character] or [character])

    return {
        "as it is": lambda name: name,
        "in a sentence": lambda name: f"我住在{name}{chance.randrange(1, 30)}栋2单元",
        "same sound": lambda name: changed(name, same_sound),
        "wrong character": lambda name: changed(
            name, lambda c: chance.choice([other for other in common if other != c])
        ),
        "missing character": lambda name: changed(name, lambda _: ""),
        "masked": lambda name: changed(name, lambda _: "×"),
        "not known": lambda name: "".join(chance.choices(STEM, k=len(name) - 1)) + name[-1:],
    }


def ask(gazetteer: Gazetteer, where: dict[str, set[str]], queries: int) -> None:
    """Ask for made-up spellings and print what came of it."""
    chance = random.Random(7)
    known, wrong, asked = sorted(where), 0, 0
    print(f"{'way':18} {'known':>7} {'asked':>7} {'left':>7} {'wrong':>7} {'median':>9} {'p99':>9}")
    for way, written in ways(chance).items():
        outcome: Counter[str] = Counter()
        times: list[float] = []
        for _ in range(queries):
            name = chance.choice(known)
            text = written(name)
            if way != "as it is" and text in where:
                continue
            truth = where[name] if way != "not known" else set()
            start = time.perf_counter()
            found = gazetteer.resolve(text)
            times.append(time.perf_counter() - start)
            options = {each.unit_id for each in found.candidates}
            if found.doubt is None:
                outcome["known" if found.unit_id in truth and len(truth) == 1 else "wrong"] += 1
            else:
                outcome["asked" if options & truth or (options and not truth) else "left"] += 1
        total = sum(outcome.values())
        wrong, asked = wrong + outcome["wrong"], asked + total
        shares = "".join(f"{outcome[key] / total:8.1%}" for key in ("known", "asked", "left"))
        times.sort()
        print(
            f"{way:18}{shares}{outcome['wrong'] / total:8.2%}"
            f"{statistics.median(times) * 1e3:7.2f} ms{times[len(times) * 99 // 100] * 1e3:7.2f} ms"
        )
    print(f"wrong over all: {wrong / asked:.2%} of {asked}")


def locate(gazetteer: Gazetteer, grids: int, queries: int) -> None:
    """Ask for points."""
    chance, wide = random.Random(8), max(1, int(grids**0.5))
    times, right = [], 0
    for _ in range(queries):
        number = chance.randrange(grids)
        lat = 30.0 + (number // wide + chance.random()) * 0.003
        lng = 104.0 + (number % wide + chance.random()) * 0.003
        start = time.perf_counter()
        found = gazetteer.at((lat, lng))
        times.append(time.perf_counter() - start)
        right += found.unit_id == f"g{number}"
    print(f"point: {right / queries:.1%} right, median {statistics.median(times) * 1e6:.0f} µs")


def main() -> None:
    """Build, then ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("names", 100_000), ("grids", 15_000), ("queries", 2000)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    made = city(given.names, given.grids, random.Random(1))
    sound("湖")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    gazetteer = build(made.units, made.places, made.boundaries, load_naming())
    took = time.perf_counter() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"built {len(gazetteer)} names in {took:.1f} s, peak memory +{grown / 1024:.0f} MB")
    ask(gazetteer, made.where, given.queries)
    locate(gazetteer, given.grids, given.queries)
    print(AIMS)


if __name__ == "__main__":
    main()
