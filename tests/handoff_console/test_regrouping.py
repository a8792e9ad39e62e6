"""Grids are divided and put together: open cases move, history keeps the old code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casework.booking import BookingKind, Calendar
from casework.case import Case, SlotValue
from casework.desk import regrouping as desk
from casework.desk.cases import Opening, draft
from casework.errors import CaseworkError, Incomplete, NotAllowed, NotFound
from casework.events import Event, Kind
from casework.groups import Binding
from casework.links import Link, LinkKind
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from casework.regrouping import Piece, Regrouped
from casework.roster import Shift
from casework.sponsors import Sponsorship
from config.load import load_book
from tests.handoff_console.street import Street

OLD, FIRST, SECOND = "620981002001001", "620981002001011", "620981002001012"
NEW = "620981002001013"
WEST = (((30.0, 104.0), (30.0, 104.5), (31.0, 104.5), (31.0, 104.0)),)
EAST = (((30.0, 104.5), (30.0, 105.0), (31.0, 105.0), (31.0, 104.5)),)
PIECES = (
    Piece("西网格", FIRST, WEST),
    Piece("东网格", SECOND, EAST, ("erin",)),
)


async def grid(street: Street) -> None:
    """A coded grid with a place on the map, one beside it, and two officers."""

    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("c", "community", "柳岸社区", "street", "620981002001"))
        tx.people.add_unit(Unit("old", "grid", "旧网格", "c", OLD))
        tx.places.save(
            [
                Place("锦绣家园", "old", lat=30.5, lng=104.8),
                Place("望江苑", "old", lat=30.5, lng=104.2),
                Place("没有坐标的院子", "old"),
            ]
        )
        tx.people.add_officer(Officer("dora", "dora", "多拉", Role.GRID, "old"))
        tx.people.add_officer(Officer("erin", "erin", "艾琳", Role.GRID, "old"))
        tx.rosters.add_shifts([Shift("s", "old", "erin", 0, 1, weekday=0)])

    await street.store.write(work)


async def split(street: Street, *pieces: Piece) -> Regrouped:
    book, now = load_book(), street.time()
    given = pieces or PIECES
    return await street.store.write(
        lambda tx: desk.split(tx, "old", given, book.organisation.levels, book, now)
    )


async def case_at(street: Street, number: str) -> Case:
    return await street.store.read(lambda tx: tx.cases.get(number))


async def events_of(street: Street, number: str) -> list[Event]:
    return await street.store.read(lambda tx: tx.events.of_case(number))


async def test_cases_go_where_their_place_lies_and_the_rest_waits(street: Street) -> None:
    await grid(street)
    talk = await street.talk("欠薪")
    east = await street.case(talk, "锦绣家园")
    west = await street.case(await street.talk("欠薪"), "望江苑")
    yard = await street.case(await street.talk("欠薪"), "没有坐标的院子")
    done = await split(street)
    assert (done.ended, done.made) == (("old",), (FIRST, SECOND))
    moved = {each.number: (each.unit_id, each.placed) for each in done.moved}
    assert moved == {east: (SECOND, True), west: (FIRST, True), yard: (FIRST, False)}
    assert done.undecided == 1
    case = await case_at(street, east)
    assert (case.unit_id, case.org_id, case.owner_id) == (SECOND, SECOND, "erin")
    assert (await case_at(street, west)).owner_id == "dora"
    assert not (await case_at(street, yard)).placed
    (event,) = [e for e in await events_of(street, east) if e.kind is Kind.CASE_MOVED]
    assert (event.data["code_before"], event.data["unit_before"]) == (OLD, "old")
    conversation = await street.store.read(lambda tx: tx.conversations.get(talk))
    assert conversation.unit_id == SECOND


async def test_the_shared_point_says_more_than_the_name(lone_street: Street) -> None:
    street = lone_street
    await grid(street)
    conversation = await street.talk("井盖")
    slots = {"place": SlotValue("望江苑", "望江苑"), "location": SlotValue([30.5, 104.9], "")}

    def work(tx: Transaction) -> str:
        before = tx.conversations.get(conversation, lock=True)
        return draft(tx, before, Opening("public_facility", slots, "井盖"), street.time()).number

    number = await street.store.write(work)
    await split(street)
    case = await case_at(street, number)
    assert (case.unit_id, case.placed) == (SECOND, True)


async def test_the_old_grid_stays_for_history_and_gets_nothing_new(street: Street) -> None:
    await grid(street)
    closed = await street.case(await street.talk("欠薪"), "锦绣家园")

    def close(tx: Transaction) -> None:
        from casework.case import Status  # noqa: PLC0415

        case = tx.cases.get(closed, lock=True)
        ended = replace(case, status=Status.ARCHIVED, closed_at=street.time())
        tx.cases.save(ended, street.time())

    await street.store.write(close)
    await split(street)
    assert (await case_at(street, closed)).unit_id == "old"

    def read(tx: Transaction) -> tuple[Any, ...]:
        people = tx.people
        old = people.unit("old")
        assert old is not None
        homes = {o.username: o.unit_id for o in people.officers(["dora", "erin"])}
        places = {p.name: p.unit_id for p in tx.places.all()}
        shifts = [shift.unit_id for shift in tx.rosters.shifts_of([FIRST, SECOND, "old"])]
        return old, homes, places, shifts, set(tx.places.boundaries())

    old, homes, places, shifts, drawn = await street.store.read(read)
    assert (old.code, old.successors) == (OLD, (FIRST, SECOND))
    assert old.valid_to == street.time().date()
    assert homes == {"dora": FIRST, "erin": SECOND}
    assert (places["锦绣家园"], places["望江苑"]) == (SECOND, FIRST)
    assert places["没有坐标的院子"] == "old"
    assert shifts == [SECOND]
    assert drawn == {FIRST, SECOND}
    # A place that stayed behind leads to nobody's grid for sure.
    late = await street.case(await street.talk("欠薪"), "没有坐标的院子")
    case = await case_at(street, late)
    assert (case.unit_id, case.placed) == ("c", False)


async def test_a_case_that_has_gone_up_stays_up_there(street: Street) -> None:
    await grid(street)
    number = await street.case(await street.talk("欠薪"), "锦绣家园")

    def up(tx: Transaction) -> None:
        case = tx.cases.get(number, lock=True)
        tx.cases.save(replace(case, owner_id="bob", org_id="street"), street.time())

    await street.store.write(up)
    await split(street)
    case = await case_at(street, number)
    assert (case.unit_id, case.org_id, case.owner_id) == (SECOND, "street", "bob")


async def test_the_resident_is_told_of_another_person(street: Street) -> None:
    await grid(street)
    conversation = await street.talk("欠薪")
    await street.case(conversation, "锦绣家园")
    await split(street)
    turns = await street.store.read(lambda tx: tx.turns.after(conversation, 0))
    assert "艾琳" in turns[-1].text


async def test_merged_grids_are_one(street: Street) -> None:
    await grid(street)
    east = await street.case(await street.talk("欠薪"), "锦绣家园")
    west = await street.case(await street.talk("欠薪"), "望江苑")
    await split(street)
    done = await merge(street)
    assert (done.made, done.undecided) == ((NEW,), 0)
    for number in (east, west):
        case = await case_at(street, number)
        assert (case.unit_id, case.org_id) == (NEW, NEW)
        moves = [e for e in await events_of(street, number) if e.kind is Kind.CASE_MOVED]
        assert len(moves) == 2
    drawn = await street.store.read(lambda tx: tx.places.boundaries())
    assert drawn == {NEW: (*WEST, *EAST)}


async def merge(street: Street) -> Regrouped:
    book, now = load_book(), street.time()
    return await street.store.write(
        lambda tx: desk.merge(
            tx, (FIRST, SECOND), Piece("合并网格", NEW), book.organisation.levels, book, now
        )
    )


async def test_what_hangs_at_a_grid_goes_on_where_it_does(lone_street: Street) -> None:
    """Sponsors, times of receiving and codes on walls; a case that one grid has for another."""
    street = lone_street
    await grid(street)
    now = street.time()

    def hang(tx: Transaction) -> None:
        tx.sponsors.add(Sponsorship("sp", "bob", now, now, unit_id="old"))
        plain = Calendar(
            "k", BookingKind.ADVISER, "日", "old", ((540, 600),), 30, "bob", now, now.date()
        )
        tx.booking.add_calendar(plain)
        (east,) = [place.id for place in tx.places.all() if place.name == "锦绣家园"]
        for key, place in (("a", east), ("b", None)):
            tx.links.add(Link(key, LinkKind.PLACE, key, "", key, "old", now, place_id=place))

    def hangs(tx: Transaction) -> tuple[list[str], str, list[str]]:
        sponsored = sorted(each.unit_id or "" for each in tx.sponsors.of_officer("bob"))
        return sponsored, tx.booking.calendar("k").unit_id, [tx.links.get(k).unit_id for k in "ab"]

    await street.store.write(hang)
    number = await street.case(await street.talk("欠薪"), "锦绣家园")
    await split(street)
    assert await street.store.read(hangs) == ([FIRST, SECOND], "c", [SECOND, "old"])

    def lend(tx: Transaction) -> None:  # it lies in the west and belongs to the east
        tx.cases.save(replace(tx.cases.get(number), unit_id=FIRST, org_id=SECOND), now)

    await street.store.write(lend)
    await merge(street)
    assert await street.store.read(hangs) == ([NEW], "c", [NEW, "old"])
    case = await case_at(street, number)
    assert (case.unit_id, case.org_id) == (NEW, NEW)


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ((PIECES[0],), Incomplete),
        ((PIECES[0], replace(PIECES[1], code=FIRST)), Incomplete),
        ((PIECES[0], replace(PIECES[1], code=OLD)), Incomplete),
        ((PIECES[0], replace(PIECES[1], code="620981009001012")), Incomplete),
        ((PIECES[0], replace(PIECES[1], name=" ")), Incomplete),
        ((PIECES[0], replace(PIECES[1], officers=("alice",))), Incomplete),
    ],
)
async def test_pieces_that_will_not_do_change_nothing(
    lone_street: Street, pieces: tuple[Piece, ...], error: type[CaseworkError]
) -> None:
    await grid(lone_street)
    with pytest.raises(error):
        await split(lone_street, *pieces)
    old = await lone_street.store.read(lambda tx: tx.people.unit("old"))
    assert old is not None
    assert (old.valid_to, old.successors) == (None, ())
    assert await lone_street.store.read(lambda tx: tx.people.unit(FIRST)) is None


async def test_only_what_is_lowest_and_valid_is_divided(lone_street: Street) -> None:
    street, book = lone_street, load_book()
    await grid(street)
    levels, now = book.organisation.levels, street.time()
    for unit, error in (("street", NotAllowed), ("nowhere", NotFound)):

        def divide(tx: Transaction, unit_id: str = unit) -> Regrouped:
            return desk.split(tx, unit_id, PIECES, levels, book, now)

        with pytest.raises(error):
            await street.store.write(divide)
    await split(street)
    with pytest.raises(NotAllowed):
        await split(street, *(replace(piece, code="") for piece in PIECES))


async def test_admins_only_at_the_console(street: Street) -> None:
    await grid(street)
    body = {
        "pieces": [
            {"name": "西网格", "code": FIRST, "boundary": WEST},
            {"name": "东网格", "code": SECOND, "boundary": EAST, "officers": ["erin"]},
        ]
    }
    async with street.officer("bob") as bob:
        assert (await bob.post("/api/grids/old/split", json=body)).status_code == 403
    async with street.officer("root") as root:
        wrong = {"pieces": [body["pieces"][0], {**body["pieces"][1], "code": "1"}]}
        refused = await root.post("/api/grids/old/split", json=wrong)
        assert refused.status_code == 422
        assert "code" in refused.json()["error"]["fields"]
        done = await root.post("/api/grids/old/split", json=body)
        assert (done.status_code, done.json()["made"]) == (201, [FIRST, SECOND])
        merged = {"units": [FIRST, SECOND], "into": {"name": "合并网格"}}
        names = [u["name"] for u in (await root.get("/api/units?kind=grid")).json()["items"]]
        old = (await root.get(f"/api/units?q={OLD}")).json()["items"]
        again = await root.post("/api/grids/merge", json=merged)
        assert again.status_code == 201, again.text
    assert "旧网格" not in names
    assert [unit["name"] for unit in old] == ["旧网格"]


async def test_a_group_never_goes_without_its_digest(lone_street: Street) -> None:
    street = lone_street
    await grid(street)
    now = street.time()

    def bind(tx: Transaction) -> None:
        for chat, title in (("1", "锦绣家园业主群"), ("2", "邻里互助群")):
            tx.groups.bind(Binding("telegram", chat, title, "old", "bob", now, now))

    async def units() -> dict[str, str | None]:
        return await street.store.read(lambda tx: {g.title: g.unit_id for g in tx.groups.all()})

    await street.store.write(bind)
    await split(street)
    # Named after a place it goes with the place; else to the unit above both.
    assert await units() == {"锦绣家园业主群": SECOND, "邻里互助群": "c"}
    await merge(street)
    assert await units() == {"锦绣家园业主群": NEW, "邻里互助群": "c"}
