"""Places and boundaries, on every store."""

from __future__ import annotations

from dataclasses import replace

from alembic import command
from sqlalchemy import Connection

from casework.organisation import Place, PlaceKind, Unit
from casework.ports import Store, Transaction
from storage import schema
from storage.engine import SqlStore

DRAWN = (((30.0, 104.0), (30.0, 105.0), (31.0, 104.5), (30.0, 104.0)),)
POINT = Place(
    name="柳岸便民站",
    unit_id="g",
    aliases=("柳岸服务站",),
    lat=30.5,
    lng=104.5,
    kind=PlaceKind.SERVICE_POINT,
    address="柳岸街1号",
    hours="9:00–17:00",
    phone="028-0000-0001",
    verified=True,
)


async def two_grids(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("s", "street", "青禾街道"))
        tx.people.add_unit(Unit("g", "grid", "第一网格", "s"))
        tx.people.add_unit(Unit("h", "grid", "第二网格", "s"))

    await store.write(work)


async def test_a_place_is_kept_as_it_is_with_an_id(store: Store) -> None:
    await two_grids(store)
    await store.write(lambda tx: tx.places.save([POINT, Place("翠湖花园", "h", ("翠湖",))]))
    first, second = await store.read(lambda tx: tx.places.all())
    assert first.id
    assert first.id != second.id
    assert first == replace(POINT, id=first.id)
    assert (second.name, second.kind, second.aliases) == ("翠湖花园", PlaceKind.LANDMARK, ("翠湖",))


async def test_two_grids_may_have_places_of_one_name(store: Store) -> None:
    await two_grids(store)
    await store.write(lambda tx: tx.places.save([Place("锦绣家园", "g"), Place("锦绣家园", "h")]))
    assert len(await store.read(lambda tx: tx.places.all())) == 2
    assert await store.read(lambda tx: tx.places.has("锦绣家园", "h"))
    assert not await store.read(lambda tx: tx.places.has("锦绣", "h"))
    assert not await store.read(lambda tx: tx.places.has("锦绣家园", "s"))


async def test_the_same_name_in_the_same_grid_is_replaced_and_keeps_its_id(store: Store) -> None:
    await two_grids(store)
    await store.write(lambda tx: tx.places.save([POINT]))
    (before,) = await store.read(lambda tx: tx.places.all())
    again = Place("柳岸便民站", "g", phone="028-0000-0002")
    twice = Place("柳岸便民站", "g", phone="028-0000-0003")
    await store.write(lambda tx: tx.places.save([again]))
    (after,) = await store.read(lambda tx: tx.places.all())
    assert (after.id, after.phone, after.aliases) == (before.id, "028-0000-0002", ())
    await store.write(lambda tx: tx.places.save([twice, Place("新", "g"), Place("新", "g")]))
    assert len(await store.read(lambda tx: tx.places.all())) == 2


async def test_boundaries_are_drawn_and_redrawn(store: Store) -> None:
    await two_grids(store)
    assert await store.read(lambda tx: tx.places.boundaries()) == {}
    await store.write(lambda tx: tx.places.draw({"g": DRAWN}))
    assert await store.read(lambda tx: tx.places.boundaries()) == {"g": DRAWN}
    wider = (*DRAWN, ((40.0, 1.0), (41.0, 1.0), (41.0, 2.0)))
    await store.write(lambda tx: tx.places.draw({"g": wider, "h": DRAWN}))
    assert await store.read(lambda tx: tx.places.boundaries()) == {"g": wider, "h": DRAWN}


async def test_every_change_shows_in_the_version(store: Store) -> None:
    seen = [await store.read(lambda tx: tx.places.version())]
    await two_grids(store)
    seen.append(await store.read(lambda tx: tx.places.version()))
    await store.write(lambda tx: tx.places.save([POINT]))
    seen.append(await store.read(lambda tx: tx.places.version()))
    await store.write(lambda tx: tx.people.add_place(Place("翠湖花园", "h")))
    seen.append(await store.read(lambda tx: tx.places.version()))
    await store.write(lambda tx: tx.places.draw({"g": DRAWN}))
    seen.append(await store.read(lambda tx: tx.places.version()))
    assert seen == sorted(set(seen))
    assert await store.read(lambda tx: tx.places.version()) == seen[-1]


def _back(connection: Connection) -> None:
    command.downgrade(schema._config(connection), "0007")


async def test_places_of_an_older_schema_are_kept(sql_store: SqlStore) -> None:
    url = sql_store.url.render_as_string(hide_password=False)
    await two_grids(sql_store)
    await sql_store.write(lambda tx: tx.places.save([POINT, Place("翠湖花园", "h", ("翠湖",))]))
    await schema._with_connection(url, _back)
    await schema.upgrade(url)
    found = await sql_store.read(lambda tx: tx.places.all())
    assert [(each.name, each.unit_id, each.aliases) for each in found] == [
        ("柳岸便民站", "g", ("柳岸服务站",)),
        ("翠湖花园", "h", ("翠湖",)),
    ]
    assert len({each.id for each in found}) == 2


async def test_one_unit_is_read_by_itself(store: Store) -> None:
    await two_grids(store)
    assert await store.read(lambda tx: tx.people.unit("g")) == Unit("g", "grid", "第一网格", "s")
    assert await store.read(lambda tx: tx.people.unit("x")) is None
