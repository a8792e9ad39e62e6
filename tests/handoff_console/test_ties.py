"""What a case is tied to: everybody counts, and only those may be opened who may be seen."""

from __future__ import annotations

from typing import Any

from casework.desk import joining, linking
from casework.ports import Transaction
from tests.handoff_console.street import Street

NOTHING: dict[str, Any] = {"leading": None, "residents": 0, "joined": [], "linked": []}


async def tie(street: Street, number: str, leading: str) -> None:
    rule, now = street.deps.book.nearby, street.time()

    def work(tx: Transaction) -> None:
        assert joining.join(tx, number, leading, rule, now) is not None

    await street.store.write(work)


async def test_a_case_by_itself_is_tied_to_nothing(street: Street) -> None:
    number = await street.case(await street.talk("老板欠我两万"))
    async with street.officer("alice") as alice:
        assert (await alice.get(f"/api/cases/{number}")).json()["ties"] == NOTHING


async def test_an_officer_sees_how_many_and_opens_what_is_theirs(street: Street) -> None:
    leading = await street.case(await street.talk("老板欠我两万"))
    near = await street.case(await street.talk("欠薪"))
    far = await street.case(await street.talk("欠薪"), place="东山小区")
    for number in (near, far):
        await tie(street, number, leading)

    async with street.officer("charlie") as charlie:
        mine = (await charlie.get(f"/api/cases/{far}")).json()["ties"]
        hidden = await charlie.get(f"/api/cases/{leading}")
    assert mine["leading"] == {"number": leading, "status_name": "已经派给负责人", "may": False}
    assert hidden.status_code == 404

    async with street.officer("bob") as bob:
        seen = (await bob.get(f"/api/cases/{leading}")).json()
    assert seen["ties"]["residents"] == 2
    assert [each["number"] for each in seen["ties"]["joined"]] == [near, far]
    grew = [event["summary"] for event in seen["timeline"] if event["kind"] == "case_grew"]
    assert all(number in line for number, line in zip((near, far), grew, strict=True))


async def test_the_other_matters_of_one_breath_are_linked(street: Street) -> None:
    conversation = await street.talk("两件事")
    one, two = await street.case(conversation), await street.case(conversation)
    await street.store.write(lambda tx: linking.link(tx, two, one, street.time()))
    async with street.officer("alice") as alice:
        seen = (await alice.get(f"/api/cases/{one}")).json()
    linked = [{"number": two, "status_name": "已经派给负责人", "may": True}]
    assert seen["ties"]["linked"] == linked
    assert two in seen["timeline"][-1]["summary"]
