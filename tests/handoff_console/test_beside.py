"""Notes, presence, officers to hand over to, and the dossier of a complaint not yet filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from casework.ports import Transaction
from tests.handoff_console.street import Street


async def test_notes_are_for_colleagues_only(street: Street) -> None:
    conversation = await street.talk("你好")
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        path = f"/api/conversations/{conversation}"
        made = await alice.post(f"{path}/notes", json={"text": "已电话联系\0"})
        assert (made.status_code, made.json()["text"]) == (201, "已电话联系")
        for wrong in ({}, {"text": ""}, {"text": "  "}, {"text": "x" * 4001}):
            assert (await alice.post(f"{path}/notes", json=wrong)).status_code == 422
        seen = (await bob.get(path)).json()
        assert [(n["officer_name"], n["text"]) for n in seen["notes"]] == [("艾丽", "已电话联系")]
        assert len(seen["turns"]) == 1


async def test_presence_is_seen_for_fifteen_seconds(street: Street) -> None:
    conversation = await street.talk("你好", "在吗")
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        path = f"/api/conversations/{conversation}"

        async def present() -> list[tuple[str, str]]:
            found = (await bob.get(path)).json()["present"]
            return [(each["officer_id"], each["activity"]) for each in found]

        assert (await bob.get(path)).json()["conversation"]["unread"] == 2
        told = await alice.post(f"{path}/presence", json={"activity": "typing"})
        assert told.status_code == 204
        assert await present() == [("alice", "typing")]
        assert (await bob.get(path)).json()["conversation"]["unread"] == 0
        street.time.pass_by(timedelta(seconds=14))
        await alice.post(f"{path}/presence", json={"activity": "viewing"})
        street.time.pass_by(timedelta(seconds=14))
        assert await present() == [("alice", "viewing")]
        street.time.pass_by(timedelta(seconds=1))
        assert await present() == []
        await alice.post(f"{path}/presence", json={"activity": "viewing"})
        await alice.post(f"{path}/presence", json={"activity": "gone"})
        assert await present() == []
        wrong = await alice.post(f"{path}/presence", json={"activity": "sleeping"})
        assert wrong.status_code == 422


async def test_officers_to_hand_over_to(lone_street: Street) -> None:
    async with lone_street.officer("alice") as alice:
        items = (await alice.get("/api/officers")).json()["items"]
        assert [each["username"] for each in items] == ["alice", "bob", "charlie", "root"]
        assert "password" not in str(items)
        units = (await alice.get("/api/units")).json()["items"]
        assert [unit["id"] for unit in units] == ["lake"]


async def test_a_complaint_being_taken_down_has_its_dossier(street: Street) -> None:
    conversation = await street.talk("老板欠我两万")
    turn_id = (await street.store.read(lambda tx: tx.turns.after(conversation, 0)))[0].id
    amount = {"value": 20000, "text": "两万", "turn_id": turn_id, "start": 4, "end": 6}
    dialogue = {
        "draft": {"category": "wage_arrears", "slots": {"amount_yuan": amount}, "number": None},
        "kept_by_a_newer_program": 1,
    }

    def work(tx: Transaction) -> None:
        before = tx.conversations.get(conversation, lock=True)
        tx.conversations.save(replace(before, dialogue=dialogue), before.epoch)

    await street.store.write(work)
    async with street.officer("alice") as alice:
        dossier = (await alice.get(f"/api/conversations/{conversation}")).json()["dossier"]
    assert (dossier["status"], dossier["category"]) == ("collecting", "wage_arrears")
    assert dossier["category_name"]
    slots = {slot["name"]: slot for slot in dossier["slots"]}
    assert slots["amount_yuan"]["display"] == "20000元"
    assert (slots["amount_yuan"]["turn_id"], slots["amount_yuan"]["start"]) == (turn_id, 4)
    assert "employer" in dossier["missing"]
    assert slots["employer"]["required"]
    assert slots["employer"]["value"] is None


async def test_an_empty_conversation_has_an_empty_dossier(lone_street: Street) -> None:
    conversation = await lone_street.talk("在吗")
    async with lone_street.officer("alice") as alice:
        dossier = (await alice.get(f"/api/conversations/{conversation}")).json()["dossier"]
    assert (dossier["status"], dossier["slots"], dossier["missing"]) == ("empty", [], [])
