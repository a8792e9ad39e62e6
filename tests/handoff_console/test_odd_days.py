"""Days of other centuries, moments without a zone: a slip of the page, said and never a fault."""

from __future__ import annotations

import pytest

from tests.handoff_console.street import Street

LINK = {"kind": "place", "name": "亭子", "unit_id": "lake", "last_day": "9999-12-31"}
AWAY = {"officer": "x", "first_day": "2026-11-22", "last_day": "9999-12-31"}
RECORD = {"calendar_id": "x", "category": "other", "decision": "x", "due_at": "2027-01-01T09:00:00"}


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/booking/appointments?day=",
        "/api/booking/receptions?first=",
        "/api/booking/receptions?last=",
        "/api/duty?day=",
        "/api/rates?until=",
        "/api/mediations/rates?until=",
    ],
)
async def test_a_day_of_another_century_is_out_of_range(
    lone_street: Street, path: str, day: str
) -> None:
    async with lone_street.officer("bob") as bob:
        answer = await bob.get(path + day)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"].values()) == ["超出范围"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/links", LINK, "last_day"),
        ("/api/duty/absences", AWAY, "last_day"),
        ("/api/booking/calendars/x/days", {"day": "9999-12-31"}, "day"),
        ("/api/booking/appointments/x/move", {"starts_at": "2027-01-01T09:00:00"}, "starts_at"),
        ("/api/booking/receptions", RECORD, "due_at"),
    ],
)
async def test_what_cannot_be_reckoned_with_names_its_field(
    lone_street: Street, path: str, body: dict[str, object], field: str
) -> None:
    async with lone_street.officer("bob") as bob:
        answer = await bob.post(path, json=body)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
