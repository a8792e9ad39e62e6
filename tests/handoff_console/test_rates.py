"""The rates of an area over HTTP: counted from what happened, only of one's own area."""

from datetime import timedelta

from tests.handoff_console.street import Street


async def _live(street: Street) -> None:
    case = await street.case(await street.talk("欠薪三个月"))
    async with street.officer("alice") as alice:
        street.time.pass_by(timedelta(hours=2))
        await alice.post(f"/api/cases/{case}/accept", json={})
        answer = await alice.post(f"/api/cases/{case}/resolve", json={"result": "谈好了"})
        assert answer.status_code == 200, answer.text


async def test_rates_name_what_they_are_counted_from(street: Street) -> None:
    for _ in range(10):
        await _live(street)
    async with street.officer("bob") as bob:
        found = (await bob.get("/api/rates")).json()
    by_key = {each["key"]: each for each in found["rates"]}
    assert found["unit_name"] == "青禾街道"
    assert found["cases"] == 10
    assert (by_key["response"]["share"], by_key["response"]["of"]) == (1.0, 10)
    # Nobody has said yet whether it is solved: that is no rate, and it is said.
    assert (by_key["solved"]["share"], by_key["solved"]["beside"]) == (None, 10)
    assert by_key["solved"]["formula"]


async def test_no_area_but_ones_own(street: Street) -> None:
    async with street.officer("alice") as alice:
        assert (await alice.get("/api/rates")).json()["unit_name"] == "翠湖网格"
        assert (await alice.get("/api/rates?unit=hill")).status_code == 403
        assert (await alice.get("/api/rates?unit=nowhere")).status_code == 404
        wrong = await alice.get("/api/rates?since=2026-02-01&until=2026-01-01")
        assert wrong.status_code == 422
