"""The queue's order, pages without gap or repeat, counts, search."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from casework.masking import masked
from tests.handoff_console.street import MINUTE, Street


async def pages(client: httpx.AsyncClient, path: str) -> list[Any]:
    """All items, page by page."""
    items: list[Any] = []
    cursor = ""
    for _ in range(10):
        page = (await client.get(f"{path}&cursor={cursor}")).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items
    raise AssertionError("there is no end")


async def test_danger_first_then_whoever_waited_longest(street: Street) -> None:
    waiting = {}
    for words, crisis in [("普通一", "none"), ("关切", "R1"), ("危急", "R3"), ("普通二", "none")]:
        waiting[words] = await street.talk(words)
        await street.hand_off(waiting[words], crisis=crisis)
        street.time.pass_by(MINUTE)
    with_bot = await street.talk("还在和机器人说")
    async with street.officer("bob") as bob:
        page = (await bob.get("/api/conversations?view=queue")).json()
        assert [row["preview"] for row in page["items"]] == ["危急", "关切", "普通一", "普通二"]
        assert page["counts"] == {"queue": 4, "mine": 0, "all": 5}
        assert page["items"][0]["waiting_since"].endswith("Z")
        everything = (await bob.get("/api/conversations?view=all")).json()
        assert everything["items"][0]["id"] == with_bot


async def test_pages_have_neither_gap_nor_repeat(street: Street) -> None:
    made = []
    for number in range(120):
        conversation = await street.talk(f"第{number}件")
        await street.hand_off(conversation, crisis=("none", "R1", "R2")[number % 3])
        if number % 4 == 0:  # some share a moment, so that the id must decide
            street.time.pass_by(MINUTE)
        made.append(conversation)
    async with street.officer("bob") as bob:
        for view in ("queue", "all"):
            seen = [r["id"] for r in await pages(bob, f"/api/conversations?view={view}")]
            assert len(seen) == len(made)
            assert set(seen) == set(made)


async def test_a_page_nobody_spoke_on_is_not_listed(lone_street: Street) -> None:
    await lone_street.talk()
    async with lone_street.officer("bob") as bob:
        assert (await bob.get("/api/conversations?view=all")).json()["items"] == []


BAD_CURSORS = ["x", "eyJ9", "W10", "bnVsbA", "W251bGwsbnVsbF0", "💥", "WyJ4IiwieCJd", "A" * 401]


async def test_made_up_cursors_and_filters_are_refused(street: Street) -> None:
    async with street.officer("bob") as bob:
        for cursor in BAD_CURSORS:
            for path in ("/api/conversations", "/api/cases"):
                answer = await bob.get(path, params={"cursor": cursor})
                assert answer.status_code == 422, cursor
                assert answer.json()["error"]["fields"]["cursor"]
        for query in ("status=done", "category=x", "status=" + "x" * 300, "q=" + "x" * 101):
            assert (await bob.get(f"/api/cases?{query}")).status_code == 422
        assert (await bob.get("/api/conversations?view=mine%00")).status_code == 400
        assert (await bob.get("/api/conversations?view=others")).status_code == 422
        assert (await bob.get("/api/conversations/x?before=0")).status_code == 422


async def test_cases_are_found_by_what_officers_remember(street: Street) -> None:
    lake = await street.case(await street.talk("欠薪"))
    hill = await street.case(await street.talk("欠薪"), "东山小区")
    draft = await street.case(await street.talk("欠薪"), "东山小区", filed=False)
    async with street.officer("bob") as bob:

        async def found(**query: str) -> set[str]:
            page = (await bob.get("/api/cases", params=query)).json()
            return {row["number"] for row in page["items"]}

        assert await found() == {lake, hill, draft}
        assert await found(q=lake[-4:]) == {lake}
        assert await found(q="翠湖") == {lake}
        assert await found(q="宏达 东山") == {hill, draft}
        assert await found(q="艾丽") == {lake}
        assert await found(q="100%") == set()
        assert await found(q="' OR 1=1 --") == set()
        assert await found(status="draft") == {draft}
        assert await found(status="draft,dispatched", grid="hill") == {hill, draft}
        assert await found(grid="street") == {lake, hill, draft}
        assert await found(category="consumer") == set()


async def test_case_pages_have_neither_gap_nor_repeat(lone_street: Street) -> None:
    conversation = await lone_street.talk("很多件")
    made = [await lone_street.case(conversation) for _ in range(103)]
    async with lone_street.officer("alice") as alice:
        seen = [row["number"] for row in await pages(alice, "/api/cases?q=")]
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13800138000找我", "打138****8000找我"),
        ("138 0013 8000", "138******8000"),
        ("座机0917-3512370", "座机0917******70"),
        ("身份证11010519491231002X。", "身份证1***************2X。"),
        ("欠了20000元，工单JS261122-0001", "欠了20000元，工单JS261122-0001"),
        ("单号8822021234567890123", "单号8822021234567890123"),
    ],
)
def test_numbers_that_name_a_person_are_covered(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert len(masked(text)) == len(text)
