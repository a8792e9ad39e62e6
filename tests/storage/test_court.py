"""After the agreement, on every store: thirty days for the court, and its ruling."""

from dataclasses import replace
from datetime import date

import pytest

from casework.case import Status
from casework.confirmations import Stage
from casework.desk import cases, confirmations
from casework.desk.moving import act
from casework.errors import Incomplete
from tests.storage.mediating import DAY, HOUR, PAPER, PLEDGE, SUN, ZHOU, Room
from tests.storage.people import NOON


async def test_the_court_confirms(room: Room) -> None:
    agreed = await room.agreed(PLEDGE)
    given = await room.signed()
    await room.do(
        lambda tx: act(tx, room.number, "resolve", ZHOU, room.now, room.book, given=given)
    )
    await room.do(lambda tx: cases.act_as_resident(tx, room.number, "confirm", room.book, NOON))
    on = date(2026, 11, 25)
    filed = await room.do(
        lambda tx: confirmations.file(
            tx, agreed.id, "青禾区人民法院", on, SUN, room.book, NOON + 3 * DAY
        )
    )
    assert filed.stage is Stage.FILED
    assert (await room.case()).status is Status.CONFIRMATION
    task = await room.store.read(lambda tx: tx.tasks.get(filed.task_id or ""))
    assert task.outcome == "filed"
    ruling = confirmations.Ruling(Stage.CONFIRMED, "(2026)青民特1号", date(2026, 12, 9))
    await room.do(
        lambda tx: confirmations.rule_on(tx, agreed.id, ruling, SUN, room.book, NOON + 18 * DAY)
    )
    assert (await room.case()).status is Status.CONFIRMED
    assert "申请法院强制执行" in (await room.said())[-1]


async def test_the_thirty_days_pass_with_reminders_and_a_lawful_way(room: Room) -> None:
    agreed = await room.agreed()
    done, at = list[str](), NOON
    while at < NOON + 40 * DAY:
        at += HOUR
        for found in await room.store.read(lambda tx, at=at: tx.confirmations.due(at, 9)):  # type: ignore[misc]
            assert await room.do(
                lambda tx, f=found, at=at: confirmations.do_due(tx, f, room.book, at)  # type: ignore[misc]
            )
            assert not await room.do(
                lambda tx, f=found, at=at: confirmations.do_due(tx, f, room.book, at)  # type: ignore[misc]
            )
    kinds = await room.kinds()
    done = [kind for kind in kinds if kind.startswith("judicial_")]
    assert done == [
        "judicial_opened",
        *["judicial_reminded"] * 3,
        "judicial_lapsed",
    ]
    said = await room.said()
    assert sum("确认" in line for line in said) == 2  # offered once, lapsed once
    assert "去法院起诉" in said[-1]
    with pytest.raises(Incomplete):
        await room.do(
            lambda tx: confirmations.file(
                tx, agreed.id, "青禾区人民法院", date(2026, 12, 25), SUN, room.book, at
            )
        )
    on = date(2026, 12, 22)  # the last day: what was done in time is not lost to a late officer
    filed = await room.do(
        lambda tx: confirmations.file(tx, agreed.id, "青禾区人民法院", on, SUN, room.book, at)
    )
    assert (filed.stage, filed.ended_at) == (Stage.FILED, None)


async def test_the_court_is_asked_of_a_case_that_was_paid_as_well(room: Room) -> None:
    """What the agreement promised was paid and shown: the application is written down no less."""
    agreed = await room.agreed()
    given = replace(await room.signed(), code="paid")
    await room.do(
        lambda tx: act(tx, room.number, "resolve", ZHOU, room.now, room.book, given=given)
    )
    await room.do(lambda tx: cases.act_as_resident(tx, room.number, "confirm", room.book, NOON))
    filed = await room.do(
        lambda tx: confirmations.file(
            tx, agreed.id, "青禾区人民法院", PAPER.effective_on, SUN, room.book, NOON
        )
    )
    assert filed.stage is Stage.FILED
    assert (await room.case()).status is Status.CONFIRMED
