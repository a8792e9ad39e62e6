"""An officer corrects a case's category: seen at once, kept to learn from, refused where wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from casework.reclassification import Reclassification
from cli.web import WebParts, build_app
from cli.web_guard import Limits
from handoff_console.app import create_console
from tests.handoff_console.street import Street
from tests.handoff_console.test_cases import act


async def kept(street: Street) -> list[Reclassification]:
    return await street.store.read(lambda tx: tx.reclassifications.all())


async def test_the_officer_says_what_it_is(street: Street) -> None:
    conversation = await street.talk("公司不给交社保")
    number = await street.case(conversation)
    async with street.officer("alice") as alice:
        before = (await alice.get(f"/api/cases/{number}")).json()["case"]
        status, seen = await act(
            alice,
            number,
            "reclassify",
            category="labour_other",
            version=before["version"],
            reason="  是社保  ",
        )
        listed = (await alice.get("/api/cases?category=labour_other")).json()["items"]
        rows = (await alice.get("/api/conversations?view=all")).json()["items"]
    assert status == 200
    assert (seen["case"]["category"], seen["case"]["version"]) == (
        "labour_other",
        before["version"] + 1,
    )
    assert seen["case"]["title"] == "其他劳动问题：翠湖花园"
    assert seen["dossier"]["category"] == "labour_other"
    last = seen["timeline"][-1]
    assert last["kind"] == "case_reclassified"
    assert last["summary"] == "艾丽把诉求类别从“欠薪”改为“其他劳动问题”"
    assert [row["number"] for row in listed] == [number]
    assert [row["category"] for row in rows] == ["labour_other"]
    (made,) = await kept(street)
    assert (made.case_number, made.officer_id, made.reason) == (number, "alice", "是社保")


async def test_the_same_category_twice_changes_nothing(street: Street) -> None:
    number = await street.case(await street.talk("公司不给交社保"))
    async with street.officer("alice") as alice:
        first, seen = await act(alice, number, "reclassify", category="labour_other")
        again, refused = await act(alice, number, "reclassify", category="labour_other")
        after = (await alice.get(f"/api/cases/{number}")).json()
    assert (first, again, refused["error"]["code"]) == (200, 409, "unchanged")
    assert "labour_other" not in refused["allowed"]
    assert len(refused["allowed"]) == 14
    assert after["case"]["version"] == seen["case"]["version"]
    assert len(await kept(street)) == 1


async def test_of_ten_at_once_one_corrects(street: Street) -> None:
    number = await street.case(await street.talk("公司不给交社保"))
    async with street.officer("alice") as alice:
        answers = await asyncio.gather(
            *(act(alice, number, "reclassify", category="labour_other") for _ in range(10))
        )
    assert sorted(status for status, _ in answers) == [200] + [409] * 9
    assert len(await kept(street)) == 1


async def test_what_is_refused_says_what_is_allowed(lone_street: Street) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"))
    drafted = await lone_street.case(await lone_street.talk("欠薪"), filed=False)
    async with lone_street.officer("alice") as alice:
        for given in ({"category": "wages"}, {"category": "greet"}, {"category": ""}):
            status, refused = await act(alice, number, "reclassify", **given)
            assert (status, refused["error"]["fields"].keys()) == (422, {"category"})
            assert len(refused["allowed"]) == 15
        status, refused = await act(alice, number, "reclassify")
        assert (status, refused["error"]["fields"].keys()) == (422, {"category"})
        status, refused = await act(alice, drafted, "reclassify", category="labour_other")
        assert (status, refused["error"]["code"]) == (409, "forbidden_transition")
        assert refused["allowed"] == ["file"]
        assert (await alice.get(f"/api/cases/{drafted}")).json()["correctable"] is False
        assert (await alice.get(f"/api/cases/{number}")).json()["correctable"] is True
        stale = await act(alice, number, "reclassify", category="labour_other", version=1)
        assert (stale[0], stale[1]["error"]["code"]) == (409, "version_conflict")
        gone = await act(alice, "JS000000-0000", "reclassify", category="labour_other")
        assert gone[0] == 404
    assert await kept(lone_street) == []


async def test_only_who_may_see_the_case(lone_street: Street) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"))
    async with lone_street.officer("charlie") as charlie:
        assert (await act(charlie, number, "reclassify", category="labour_other"))[0] == 404
    async with lone_street.stranger() as nobody:
        answer = await nobody.post(
            f"/api/cases/{number}/reclassify", json={"category": "labour_other"}
        )
        assert answer.status_code == 401
    async with lone_street.officer("alice") as alice:
        del alice.headers["X-CSRF-Token"]
        assert (await act(alice, number, "reclassify", category="labour_other"))[0] == 403
    assert await kept(lone_street) == []


async def test_a_shorter_deadline_comes_nearer_and_a_longer_one_never(lone_street: Street) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"))
    book = lone_street.deps.book
    by_length = sorted(
        book.forms.values(), key=lambda form: book.deadlines[form.deadline].answer.about
    )
    own = book.deadlines[book.forms["wage_arrears"].deadline]
    async with lone_street.officer("alice") as alice:
        due = (await alice.get(f"/api/cases/{number}")).json()["case"]["due_at"]
        longest, shortest = by_length[-1], by_length[0]
        assert book.deadlines[shortest.deadline].answer.about < own.answer.about
        assert book.deadlines[longest.deadline].answer.about > own.answer.about
        _, seen = await act(alice, number, "reclassify", category=longest.category)
        assert seen["case"]["due_at"] == due
        _, seen = await act(alice, number, "reclassify", category=shortest.category)
        assert seen["case"]["due_at"] < due


async def test_the_model_that_served_is_remembered(lone_street: Street, tmp_path: Path) -> None:
    number = await lone_street.case(await lone_street.talk("欠薪"))
    deps = replace(lone_street.deps, model=lambda: "d1g35t")
    parts = WebParts([create_console(deps)], Limits(upload=200_000), tmp_path / "static")
    street = replace(lone_street, app=build_app(parts), deps=deps)
    async with street.officer("alice") as alice:
        assert (await act(alice, number, "reclassify", category="labour_other"))[0] == 200
    (made,) = await kept(street)
    assert made.model == "d1g35t"


async def test_what_turns_out_to_be_violence_goes_to_who_may_see_it(lone_street: Street) -> None:
    street = lone_street
    conversation = await street.talk("他昨天又动手了")
    number = await street.case(conversation)
    async with street.officer("alice") as alice:
        _, refused = await act(
            alice, number, "reclassify", category="family_marriage", kind="conduct"
        )
        gone, told = await act(
            alice, number, "reclassify", category="family_marriage", kind="violence"
        )
        after = await alice.get(f"/api/cases/{number}")
        listed = (await alice.get("/api/conversations?view=all")).json()["items"]
    assert refused["error"]["fields"].keys() == {"kind"}
    assert "violence" in refused["allowed"]
    assert (gone, told["error"]["code"], after.status_code) == (403, "restricted_now", 404)
    assert not listed
    case = await street.store.read(lambda tx: tx.cases.get(number))
    owner = await street.store.read(lambda tx: tx.people.officer(case.owner_id))
    assert (case.category, case.kind, case.restricted) == ("family_marriage", "violence", True)
    assert case.slots["kind"].value == "violence"
    assert owner.role in street.deps.book.sees_restricted
    talk = await street.store.read(lambda tx: tx.conversations.get(conversation))
    assert talk.restricted
    assert not await kept(street)  # what few may read is no lesson


async def test_its_own_kind_is_no_change_and_another_is(lone_street: Street) -> None:
    street = lone_street
    number = await street.case(await street.talk("公司不给交社保"))
    one, other, *_ = street.deps.book.forms["neighbour_dispute"].kinds
    async with street.officer("alice") as alice:
        given = {"category": "neighbour_dispute"}
        codes = [
            (await act(alice, number, "reclassify", **given, kind=kind))[0]
            for kind in (one, one, other)
        ]
        status, seen = await act(alice, number, "reclassify", **given)
    assert codes == [200, 409, 200]
    assert (status, seen["error"]["code"]) == (409, "unchanged")
    case = await street.store.read(lambda tx: tx.cases.get(number))
    assert (case.kind, case.restricted) == (other, False)
