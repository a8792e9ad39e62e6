"""At the console: who must not be told, what is told apart, and what was deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.case import SlotValue
from casework.desk import privacy
from casework.desk.privacy import Erasure
from casework.organisation import Officer, Role
from casework.ports import Transaction
from tests.handoff_console.street import CHEAP, PASSWORD, Street

WORDS = "我叫李芳，电话13800138000，老板拖欠工资"


async def case_of(street: Street, **slots: SlotValue) -> tuple[str, str]:
    """A filed case of Alice's grid with these slots beside its own."""
    conversation = await street.talk(WORDS)
    number = await street.case(conversation)

    def work(tx: Transaction) -> None:
        case = tx.cases.get(number, lock=True)
        tx.cases.save(replace(case, slots={**case.slots, **slots}), street.time())

    await street.store.write(work)
    return conversation, number


@pytest.mark.parametrize(
    ("value", "mode", "told"),
    [(None, "confidential", True), ("匿名", "anonymous", True), ("实名", "real", False)],
)
async def test_every_case_says_who_must_not_learn_of_it(
    street: Street, value: str | None, mode: str, told: bool
) -> None:
    slots = {"identity_mode": SlotValue(value)} if value else {}
    conversation, number = await case_of(street, **slots)
    async with street.officer("alice") as alice:
        detail = (await alice.get(f"/api/cases/{number}")).json()
        beside = (await alice.get(f"/api/conversations/{conversation}")).json()
    for dossier in (detail["dossier"], beside["dossier"]):
        assert dossier["identity"]["mode"] == mode
        assert bool(dossier["identity"]["notice"]) is told


async def test_consent_is_shown_with_its_version_and_time(street: Street) -> None:
    conversation, number = await case_of(street)
    told = {"consent": "1", "consent_at": "2026-11-22T04:00:00+00:00", "sensitive": "1:yes@1@x"}

    def work(tx: Transaction) -> None:
        before = tx.conversations.get(conversation, lock=True)
        tx.conversations.save(replace(before, dialogue=told), before.epoch)

    async with street.officer("alice") as alice:
        before = (await alice.get(f"/api/cases/{number}")).json()["dossier"]
        await street.store.write(work)
        after = (await alice.get(f"/api/cases/{number}")).json()["dossier"]
    assert before["consent"] is None
    assert after["consent"] == {"version": "1", "at": "2026-11-22T04:00:00Z", "sensitive": True}


async def test_what_was_told_apart_is_for_the_owner_and_named_roles(street: Street) -> None:
    conversation, number = await case_of(street, vulnerable=SlotValue("老人", "我妈瘫在床上"))
    await street.store.write(lambda tx: tx.people.add_officer(DORA))
    owner = await street.store.read(lambda tx: tx.cases.get(number).owner_id)
    assert owner == "alice"
    for name, may in READERS.items():
        async with street.officer(name) as officer:
            for path in (f"/api/cases/{number}", f"/api/conversations/{conversation}"):
                answer = await officer.get(path)
                dossier = answer.json()["dossier"]
                (slot,) = (s for s in dossier["slots"] if s["name"] == "vulnerable")
                seen = "老人" in str(slot) or "瘫在床上" in str(slot)
                assert seen is may, (name, path, slot)
                assert slot["private"]


READERS = {"alice": True, "dora": False, "bob": True, "root": True}
DORA = Officer("dora", "dora", "朵拉", Role.GRID, "lake", CHEAP.hash(PASSWORD))


async def test_a_deleted_line_says_so_and_its_file_is_gone(street: Street) -> None:
    conversation, number = await case_of(street)

    def work(tx: Transaction) -> None:
        for turn in tx.turns.after(conversation, 0):
            tx.turns.mark_handled(turn.id, street.time())
        book = street.deps.book
        wish = Erasure(None, book.privacy.record, book.categories, withdraw=True)
        before = tx.conversations.get(conversation, lock=True)
        after = privacy.erase(tx, before, wish, street.time())
        tx.conversations.save(after, before.epoch)

    await street.store.write(work)
    async with street.officer("alice") as alice:
        detail = (await alice.get(f"/api/conversations/{conversation}")).json()
        case = (await alice.get(f"/api/cases/{number}")).json()
    assert [turn["text"] for turn in detail["turns"]] == ["（已清除）"]
    for secret in ("李芳", "13800138000", "宏达建筑"):
        assert secret not in str(detail)
        assert secret not in str(case)
    assert "case_anonymised" in [event["kind"] for event in case["timeline"]]


async def test_a_list_shows_no_name_told_in_passing(street: Street) -> None:
    await street.talk("我叫周小兰，住8号楼3单元602，楼上漏水")
    async with street.officer("alice") as alice:
        page = (await alice.get("/api/conversations?view=all")).json()
    (row,) = page["items"]
    assert "周小兰" not in row["preview"]
    assert "602" not in row["preview"]
    assert "漏水" in row["preview"]
