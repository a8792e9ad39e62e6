"""An extension is as long as the class gives, and no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.case import Case
from casework.desk.moving import act
from casework.effects import Given
from casework.errors import Incomplete
from config.load import Book
from storage.engine import SqlStore
from tests.clock.street import NOW, STAN, Street

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("category", "most"), [("housing_developer", 15), ("property_management", None)]
)
async def test_a_class_says_how_much_longer_it_may_take(
    store: SqlStore, street: Street, book: Book, category: str, most: int | None
) -> None:
    case = await street.filed("1", NOW, category=category)
    assert case.due_at is not None
    await store.write(lambda tx: act(tx, case.number, "accept", STAN, NOW, book))
    latest = case.due_at + timedelta(days=most or 60)

    async def ask(by: timedelta) -> Case:
        given = Given("等鉴定", until=latest + by)
        return await store.write(
            lambda tx: act(tx, case.number, "extend", STAN, NOW, book, given=given)
        )

    if most is not None:
        with pytest.raises(Incomplete, match="until"):
            await ask(MINUTE)
    assert (await ask(timedelta())).extend_to == latest
