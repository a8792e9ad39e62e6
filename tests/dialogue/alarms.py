"""Danger in a story: an officer ``take``s the conversation over, a line is met with ``quiet``.

At the end: whether it is ``restricted``, and the ``alert`` that people were called about.
"""

from __future__ import annotations

from typing import Any

from casework.desk import alerts
from casework.desk.conversations import take_over
from casework.ports import Transaction
from tests.dialogue.office import Office

TURN_KEYS = {"take", "quiet"}
KEYS = {"restricted", "alert"}


def happens(office: Office, turn: dict[str, Any]) -> bool:
    """An officer takes the conversation over."""
    if "take" not in turn:
        return False
    wanted, now = office.conversation.id, office.now

    def work(tx: Transaction) -> None:
        officer = tx.people.officer("second")
        alerts.taken_over(tx, take_over(tx, wanted, officer, now), officer, now)

    office.write(work)
    return True


def check(story: dict[str, Any], office: Office) -> None:
    """Restriction and alert as the story tells."""
    if "restricted" in story:
        assert office.conversation.restricted is story["restricted"]
        newest = office.cases[max(office.cases)] if office.cases else None
        assert newest is None or newest.restricted is story["restricted"]
    wanted = story.get("alert")
    if wanted is None:
        return
    found = office.read(lambda tx: tx.alerts.open_of(office.conversation.id))
    assert found is not None, "nobody was called"
    assert found.called, found
    assert found.kind == wanted["kind"]
    assert found.case_number in office.cases
    if "level" in wanted:
        assert found.level == wanted["level"]
    if "fine" in wanted:
        assert (found.fine_at is not None) is wanted["fine"]
    if "tasks" in wanted:
        tasks = office.read(lambda tx: tx.tasks.open_of_alert(found.id))
        assert sorted(task.kind for task in tasks) == wanted["tasks"]
