"""Danger at the console: 已收到 over HTTP, the checklist, and what is to be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.desk import alerts as desk
from casework.ports import Transaction
from handoff_console.crisis_clock import CrisisClock
from tests.handoff_console.street import Street

DAY = timedelta(days=1)


@pytest.fixture
async def conversation(street: Street) -> str:
    """Somebody in Alice's grid is in danger; Bob of the street is called."""
    conversation_id = await street.talk("我不想活了")
    number = await street.case(conversation_id)
    await street.hand_off(conversation_id, crisis="R3")

    def work(tx: Transaction) -> None:
        found = tx.conversations.get(conversation_id, lock=True)
        danger = desk.Danger("R3", "self_harm", number)
        desk.raise_alert(tx, found, danger, street.deps.book.response, street.time())

    await street.store.write(work)
    return conversation_id


async def said(street: Street, conversation: str) -> list[str]:
    turns = await street.store.read(lambda tx: tx.turns.after(conversation, 1))
    return [turn.text for turn in turns]


async def test_it_rings_for_the_called_officer_until_acknowledged(
    street: Street, conversation: str
) -> None:
    async with street.officer("bob") as bob, street.officer("alice") as alice:
        (hers,) = (await alice.get("/api/alerts")).json()["items"]
        (his,) = (await bob.get("/api/alerts")).json()["items"]
        assert (his["ringing"], hers["ringing"]) == (True, False)
        assert [c["name"] for c in his["called"]] == ["鲍勃"]
        assert his["called"][0]["level_name"] == "街道值班"

        answer = await bob.post(f"/api/alerts/{his['id']}/acknowledge")
        assert answer.status_code == 200, answer.text
        assert (answer.json()["ringing"], answer.json()["acknowledged_by"]) == (False, "鲍勃")
        second = await alice.post(f"/api/alerts/{his['id']}/acknowledge")
        assert second.json()["acknowledged_by"] == "鲍勃"
    (line,) = await said(street, conversation)
    assert "鲍勃" in line


async def test_the_clock_calls_the_grid_then_the_deputy_then_tells_the_truth(
    street: Street, conversation: str
) -> None:
    clock = CrisisClock(street.store, street.deps.book)
    for _ in range(4):
        street.time.pass_by(timedelta(seconds=60))
        while await clock.step(street.time()):
            pass
    async with street.officer("root") as root:
        (alert,) = (await root.get("/api/alerts")).json()["items"]
        assert [c["officer_id"] for c in alert["called"]] == ["bob", "alice", "root"]
        assert alert["ringing"]
        assert alert["exhausted_at"] is not None
    last = (await said(street, conversation))[-1]
    assert "现在没有工作人员回应" in last
    assert "110" in last


async def test_closing_asks_for_the_checklist_and_an_acknowledgement(
    street: Street, conversation: str
) -> None:
    async with street.officer("bob") as bob:
        (alert,) = (await bob.get("/api/alerts")).json()["items"]
        path = f"/api/alerts/{alert['id']}"
        tomorrow = (street.time() + DAY).isoformat()
        whole = {"safe": "yes", "with_whom": "family", "next_contact_at": tomorrow}
        assert (await bob.post(f"{path}/close", json=whole)).status_code == 403
        await bob.post(f"{path}/acknowledge")
        for missing in whole:
            part = {name: value for name, value in whole.items() if name != missing}
            refused = await bob.post(f"{path}/close", json=part)
            assert (refused.status_code, missing in refused.text) == (422, True)
        closed = await bob.post(f"{path}/close", json=whole)
        assert (closed.status_code, closed.json()["safe"]) == (200, "yes")
        mine = (await bob.get("/api/tasks")).json()
        assert "next_contact" in [task["kind"] for task in mine["items"]]


async def test_taking_over_acknowledges(street: Street, conversation: str) -> None:
    async with street.officer("alice") as alice:
        assert (await alice.post(f"/api/conversations/{conversation}/takeover")).is_success
        (alert,) = (await alice.get("/api/alerts")).json()["items"]
        assert alert["acknowledged_by"] == "艾丽"


async def test_follow_ups_are_due_first_overdue_and_end_with_an_outcome(
    street: Street, conversation: str
) -> None:
    async with street.officer("bob") as bob:
        (alert,) = (await bob.get("/api/alerts")).json()["items"]
        await bob.post(f"/api/alerts/{alert['id']}/acknowledge")
        street.time.pass_by(DAY + timedelta(hours=1))
    async with street.officer("bob") as bob:  # a login does not outlast the day
        listed = (await bob.get("/api/tasks")).json()["items"]
        assert [t["due_at"] for t in listed] == sorted(t["due_at"] for t in listed)
        task = next(t for t in listed if t["kind"] == "follow_up_1d")
        assert task["overdue"]
        assert "鲍勃" in task["words"]
        assert "12356" in task["words"]
        path = f"/api/tasks/{task['id']}/done"
        assert (await bob.post(path, json={"outcome": "fine"})).status_code == 422
        done = await bob.post(path, json={"outcome": "well"})
        assert (done.status_code, done.json()["outcome"]) == (200, "well")
        left = (await bob.get("/api/tasks")).json()["items"]
        assert task["id"] not in [t["id"] for t in left]


async def test_whoever_cannot_see_it_gets_404(street: Street, conversation: str) -> None:
    alert = await street.store.read(lambda tx: tx.alerts.open_of(conversation))
    assert alert is not None
    (task, *_) = await street.store.read(lambda tx: tx.tasks.open_of_alert(alert.id))
    async with street.officer("charlie") as charlie:
        assert (await charlie.get("/api/alerts")).json()["items"] == []
        answers = [
            await charlie.post(f"/api/alerts/{alert.id}/acknowledge"),
            await charlie.post(f"/api/alerts/{alert.id}/close", json={}),
            await charlie.post(f"/api/tasks/{task.id}/done", json={"outcome": "well"}),
        ]
        assert [a.status_code for a in answers] == [404, 404, 404]


async def test_an_alert_in_no_unit_rings_the_street(street: Street) -> None:
    conversation = await street.talk("救命")

    def work(tx: Transaction) -> None:
        found = tx.conversations.get(conversation, lock=True)
        tx.conversations.save(replace(found, crisis="R3"), found.epoch)
        danger = desk.Danger("R3", "hazard")
        desk.raise_alert(tx, found, danger, street.deps.book.response, street.time())

    await street.store.write(work)
    async with street.officer("bob") as bob:
        (alert,) = (await bob.get("/api/alerts")).json()["items"]
        assert (alert["ringing"], alert["case_number"]) == (True, None)
