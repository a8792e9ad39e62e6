"""The area is built once, looked at again when time has passed, and anew when it changed."""

from __future__ import annotations

from bot.around import LARGE, REFRESH, Neighbourhood
from bot.sounds import sound
from casework.organisation import Place, Unit
from casework.ports import Transaction
from config.places import load_naming
from storage.memory import MemoryStore


def grid(tx: Transaction) -> None:
    tx.people.add_unit(Unit("g", "grid", "第一网格"))
    tx.people.add_place(Place("翠湖花园", "g"))


async def test_changes_show_once_some_seconds_have_passed() -> None:
    store, seconds = MemoryStore(), [0.0]
    area = Neighbourhood(store, load_naming(), lambda: seconds[0])
    await store.write(grid)
    first = (await area.current()).places
    assert first is not None
    assert first.resolve("翠胡花园").unit_id == "g"
    await store.write(lambda tx: tx.people.add_place(Place("望江苑", "g")))
    seconds[0] = REFRESH / 2
    assert (await area.current()).places is first
    seconds[0] = REFRESH
    second = (await area.current()).places
    assert second is not None
    assert second.resolve("望江苑").unit_id == "g"
    seconds[0] = 3 * REFRESH
    assert (await area.current()).places is second


async def test_a_large_area_is_built_beside_the_loop() -> None:
    store = MemoryStore()
    await store.write(grid)
    many = [Place(f"{a}{b}花园", "g") for a in map(chr, range(0x4E00, 0x4E64)) for b in "湖山河"]
    many += [Place(f"{a}小区", "g") for a in map(chr, range(0x5E00, 0x5E00 + LARGE))]
    await store.write(lambda tx: tx.places.save(many))
    places = (await Neighbourhood(store, load_naming()).current()).places
    assert places is not None
    assert len(places) > LARGE


def test_sounds() -> None:
    assert [sound(each) for each in "湖胡翠3x"] == ["hu2", "hu2", "cui4", "3", "x"]
    assert sound("×") == "×"
