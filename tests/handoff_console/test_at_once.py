"""Two officers at one case at one moment: one wins, the other is told what changed, and by whom."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from casework.organisation import Officer, Role
from casework.ports import Transaction
from tests.handoff_console.street import CHEAP, PASSWORD, Street

ROUNDS = 6
Answer = tuple[int, dict[str, Any]]


async def use(client: httpx.AsyncClient, number: str, verb: str, **given: Any) -> Answer:
    answer = await client.post(f"/api/cases/{number}/{verb}", json=given)
    return answer.status_code, answer.json()


async def version_of(client: httpx.AsyncClient, number: str) -> int:
    found: int = (await client.get(f"/api/cases/{number}")).json()["case"]["version"]
    return found


async def colleague(street: Street) -> None:
    """A second officer of the street's desk."""
    hashed = CHEAP.hash(PASSWORD)
    officer = Officer("dora", "dora", "朵拉", Role.STREET, "street", hashed)

    def work(tx: Transaction) -> None:
        tx.people.add_officer(officer)

    await street.store.write(work)


NAMES = {"bob": "鲍勃", "dora": "朵拉", "alice": "艾丽"}
PAIRS = [
    (("bob", "assign", {"officer_id": "charlie"}), ("dora", "assign", {"officer_id": "alice"})),
    (("alice", "accept", {}), ("bob", "accept", {})),
    (
        ("alice", "resolve", {"text": "修好了", "code": "answered"}),
        ("bob", "refer", {"text": "可以起诉", "code": "court_matter"}),
    ),
    (("bob", "accept", {}), ("dora", "assign", {"officer_id": "charlie"})),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_of_two_one_wins_and_the_other_is_told(
    street: Street, one: tuple[str, str, dict[str, str]], other: tuple[str, str, dict[str, str]]
) -> None:
    await colleague(street)
    async with street.officer(one[0]) as first, street.officer(other[0]) as second:
        for _ in range(ROUNDS):
            number = await street.case(await street.talk("欠薪"))
            known = await version_of(first, number)
            answers = await asyncio.gather(
                use(first, number, one[1], version=known, **one[2]),
                use(second, number, other[1], version=known, **other[2]),
            )
            assert sorted(status for status, _ in answers) == [200, 409]
            won = 0 if answers[0][0] == 200 else 1
            (name, verb, _), (_, lost) = (one, other)[won], answers[1 - won]
            (changed,) = lost["changed"]
            assert (changed["verb"], changed["by"]) == (verb, NAMES[name])
            done = (await first.get(f"/api/cases/{number}")).json()
            assert lost["status"] == done["case"]["status"]
            assert lost["status_name"] == done["case"]["status_name"]
            assert [move["verb"] for move in done["moves"]] == ["file", verb]
            assert done["case"]["version"] == known + 1


async def test_who_names_no_version_is_told_too(street: Street) -> None:
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        for _ in range(ROUNDS):
            number = await street.case(await street.talk("欠薪"))
            answers = await asyncio.gather(
                use(alice, number, "resolve", text="修好了"),
                use(bob, number, "accept"),
            )
            codes = sorted(status for status, _ in answers)
            if codes == [200, 200]:  # bob accepted it first, and what is accepted may be answered
                moves = (await bob.get(f"/api/cases/{number}")).json()["moves"]
                assert [move["verb"] for move in moves] == ["file", "accept", "resolve"]
                continue
            assert codes == [200, 409]
            assert answers[0][0] == 200
            assert answers[1][1]["error"]["code"] == "forbidden_transition"
            assert [each["verb"] for each in answers[1][1]["changed"]] == ["resolve"]


async def test_who_comes_later_is_told_all_that_happened_since(street: Street) -> None:
    number = await street.case(await street.talk("欠薪"))
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        known = await version_of(bob, number)
        await use(alice, number, "accept")
        await use(alice, number, "consult", text="问过劳动监察")
        status, refused = await use(bob, number, "escalate", version=known)
        assert (status, refused["error"]["code"]) == (409, "version_conflict")
        told = [(each["verb"], each["by"], each["text"]) for each in refused["changed"]]
        assert told == [("accept", "艾丽", ""), ("consult", "艾丽", "问过劳动监察")]
        assert refused["error"]["message"]


async def test_of_two_corrections_of_one_case_one_counts(street: Street) -> None:
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        for _ in range(ROUNDS):
            number = await street.case(await street.talk("欠薪"))
            known = await version_of(bob, number)
            answers = await asyncio.gather(
                use(alice, number, "reclassify", version=known, category="consumer"),
                use(bob, number, "reclassify", version=known, category="labour_other"),
            )
            assert sorted(status for status, _ in answers) == [200, 409]
            assert await version_of(bob, number) == known + 1
