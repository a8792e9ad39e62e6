"""吹哨报到 over HTTP: who may sign, what departments see and do, what is printed and counted."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import docx
import httpx
import pytest
from pypdf import PdfReader

from casework.desk.moving import act
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from cli.web import WebParts, build_app
from cli.web_guard import Limits
from handoff_console.app import create_console
from handoff_console.live_items import concerned, item, read_facts
from handoff_console.notice_paper.fonts import NoFont, find_font
from handoff_console.whistle_clock import WhistleClock
from storage.unit_of_work import SqlTransaction
from storage.views import Sight, sight_of
from tests.fixtures.strict import missing
from tests.handoff_console.street import CHEAP, PASSWORD, Street

HOUR = timedelta(hours=1)
SECRETS = ("13800138000", "李女士", "宏达")


@dataclass(frozen=True)
class Scene:
    """A street with two departments, and a case at work in a grid."""

    street: Street
    number: str
    bob: httpx.AsyncClient
    alice: httpx.AsyncClient
    dora: httpx.AsyncClient
    emil: httpx.AsyncClient

    def notice(self, **changes: object) -> dict[str, object]:
        at = self.street.time() + 4 * HOUR
        body: dict[str, object] = {
            "departments": ["labour", "housing"],
            "place": "翠湖花园项目部",
            "matter": "李女士（13800138000）反映拖欠工资",
            "arrive_by": at.isoformat(),
        }
        return {**body, **changes}

    async def blow(self, **changes: object) -> dict[str, object]:
        answer = await self.bob.post(
            f"/api/cases/{self.number}/whistles", json=self.notice(**changes)
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, object] = answer.json()
        return made


async def furnish(street: Street) -> str:
    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("labour", "department", "人社局", None))
        tx.people.add_unit(Unit("housing", "department", "住建局", None))
        tx.people.add_place(Place("翠湖花园项目部", "lake", lat=30.0, lng=120.0))
        for name, called, unit in (("dora", "董然", "labour"), ("emil", "严明", "housing")):
            tx.people.add_officer(
                Officer(name, name, called, Role.DEPARTMENT, unit, CHEAP.hash(PASSWORD))
            )

    await street.store.write(work)
    talk = await street.talk("公司欠我工资", title="李女士")
    number = await street.case(talk)

    def accept(tx: Transaction) -> None:
        owner = tx.people.officer(tx.cases.get(number).owner_id)
        act(tx, number, "accept", owner, street.time(), street.deps.book)

    await street.store.write(accept)
    return number


@pytest.fixture
async def scene(street: Street) -> AsyncIterator[Scene]:
    number = await furnish(street)
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(street.officer(name))
            for name in ("bob", "alice", "dora", "emil")
        ]
        yield Scene(street, number, *clients)


async def test_a_draft_names_departments_and_no_resident(scene: Scene) -> None:
    found = (await scene.bob.get(f"/api/cases/{scene.number}/whistles")).json()
    assert found["items"] == []
    draft = found["draft"]
    assert [each["name"] for each in draft["departments"]] == ["人社局", "住建局"]
    assert {"id": "alice", "name": "艾丽"} in draft["helpers"]
    assert "翠湖花园" in draft["place"]
    assert not any(secret in str(draft) for secret in ("13800138000", "李女士"))
    theirs = (await scene.alice.get(f"/api/cases/{scene.number}/whistles")).json()
    assert theirs["draft"] is None


async def test_signing_waits_for_departments_and_shows_in_the_case(scene: Scene) -> None:
    made = await scene.blow(helpers=["alice"])
    assert made["number"] == "青禾-2026-0001"
    assert made["signer"] == "鲍勃"
    assert made["helpers"] == ["艾丽"]
    assert "13800138000" not in str(made)
    assert (made["may_act"], made["may_end"]) == (True, False)
    detail = (await scene.alice.get(f"/api/cases/{scene.number}")).json()
    assert detail["case"]["status"] == "whistle"
    again = await scene.bob.post(f"/api/cases/{scene.number}/whistles", json=scene.notice())
    assert again.status_code == 409
    found = (await scene.alice.get(f"/api/cases/{scene.number}/whistles")).json()
    assert [each["may_act"] for each in found["items"]] == [False]


async def test_what_is_wrong_is_named(scene: Scene) -> None:
    path = f"/api/cases/{scene.number}/whistles"
    soon = (scene.street.time() + timedelta(minutes=5)).isoformat()
    for changes, field in (
        ({"departments": []}, "departments"),
        ({"departments": ["lake"]}, "departments"),
        ({"place": "  "}, "place"),
        ({"arrive_by": soon}, "arrive_by"),
        ({"arrive_by": "2026-11-23T10:00:00"}, "arrive_by"),
        ({"helpers": ["nobody"]}, "helpers"),
    ):
        answer = await scene.bob.post(path, json=scene.notice(**changes))
        assert answer.status_code == 422, changes
        assert list(answer.json()["error"]["fields"]) == [field]
    refused = await scene.alice.post(path, json=scene.notice())
    assert refused.status_code == 403
    stale = await scene.bob.post(path, json=scene.notice(version=1))
    assert stale.status_code == 409
    assert stale.json()["changed"]


async def test_a_restricted_case_is_pointed_to_the_telephone(scene: Scene) -> None:
    def restrict(tx: Transaction) -> None:
        case = tx.cases.get(scene.number)
        tx.cases.save(replace(case, restricted=True), scene.street.time())

    await scene.street.store.write(restrict)
    answer = await scene.bob.post(f"/api/cases/{scene.number}/whistles", json=scene.notice())
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "whistle_restricted"
    found = (await scene.bob.get(f"/api/cases/{scene.number}/whistles")).json()
    assert found["draft"] is None


async def test_a_department_sees_the_notice_and_nothing_of_the_case(scene: Scene) -> None:
    made = await scene.blow()
    found = (await scene.dora.get("/api/whistles")).json()
    (item,) = found["items"]
    assert (item["number"], item["place"]) == (made["number"], "翠湖花园项目部")
    assert [each["unit"]["name"] for each in item["mine"]] == ["人社局"]
    assert item["others"] == [{"name": "住建局", "stand": "asked"}]
    assert scene.number not in str(found)
    assert not any(secret in str(found) for secret in SECRETS)
    for path in (
        f"/api/cases/{scene.number}",
        f"/api/cases/{scene.number}/whistles",
    ):
        assert (await scene.dora.get(path)).status_code == 404
    assert (await scene.dora.get("/api/cases")).json()["items"] == []
    assert (await scene.bob.get("/api/whistles")).json()["department"] is False


async def test_one_tap_each_and_the_end_is_told(scene: Scene) -> None:
    made = await scene.blow(departments=["labour"])
    path = f"/api/whistles/{made['id']}"
    call = f"{path}/calls/labour"
    ending = {"outcome": "settled", "result": "工资本周五发"}
    waits = await scene.bob.post(f"{path}/end", json=ending)
    assert (waits.status_code, waits.json()["error"]["code"]) == (409, "whistle_waits")
    assert (await scene.dora.post(f"{call}/acknowledge")).status_code == 204
    again = await scene.dora.post(f"{call}/acknowledge")
    assert again.json()["error"]["code"] == "whistle_done_already"
    early = await scene.dora.post(f"{call}/answer", json={"opinion": "责令支付"})
    assert list(early.json()["error"]["fields"]) == ["arrived"]
    here = {"lat": 30.001, "lng": 120.0}
    assert (await scene.dora.post(f"{call}/check-in", json=here)).status_code == 204
    assert (
        await scene.dora.post(f"{call}/answer", json={"opinion": "责令支付"})
    ).status_code == 204
    (item,) = (await scene.bob.get(f"/api/cases/{scene.number}/whistles")).json()["items"]
    (part,) = item["calls"]
    assert (part["stand"], part["opinion"], part["near"]) == ("answered", "责令支付", True)
    assert part["arrived"]["name"] == "董然"
    assert item["may_end"]
    ended = await scene.bob.post(f"{path}/end", json=ending)
    assert ended.json()["outcome"] == "settled"
    assert (await scene.bob.post(f"{path}/end", json=ending)).status_code == 409
    detail = (await scene.bob.get(f"/api/cases/{scene.number}")).json()
    assert detail["case"]["status"] == "working"
    told = (await scene.bob.get(f"/api/conversations/{detail['case']['conversation_id']}")).json()
    assert "工资本周五发" in told["turns"][-1]["text"]


async def test_departments_keep_to_their_own_part(scene: Scene) -> None:
    made = await scene.blow(departments=["labour"])
    call = f"/api/whistles/{made['id']}/calls/labour"
    assert (await scene.emil.post(f"{call}/acknowledge")).status_code == 404
    assert (await scene.emil.get(f"/api/whistles/{made['id']}/notice.docx")).status_code == 404
    assert (await scene.alice.post(f"{call}/acknowledge")).status_code == 403
    by_phone = await scene.bob.post(f"{call}/acknowledge", json={"name": "值班员小王"})
    assert by_phone.status_code == 204
    nameless = await scene.bob.post(f"{call}/check-in")
    assert list(nameless.json()["error"]["fields"]) == ["name"]


async def test_who_cannot_come_says_why_and_what_instead(scene: Scene) -> None:
    made = await scene.blow(departments=["labour"])
    path = f"/api/whistles/{made['id']}/calls/labour/decline"
    half = await scene.dora.post(path, json={"reason": "统一行动", "instead": ""})
    assert list(half.json()["error"]["fields"]) == ["instead"]
    answer = await scene.dora.post(path, json={"reason": "统一行动", "instead": "明早九点来"})
    assert answer.status_code == 204
    (item,) = (await scene.bob.get(f"/api/cases/{scene.number}/whistles")).json()["items"]
    assert item["may_end"]


async def test_the_printed_notice_is_opened_by_other_readers(scene: Scene) -> None:
    made = await scene.blow()
    try:
        find_font(scene.street.deps.book.whistle.paper)
    except NoFont as none:
        missing("a Chinese font", f"apt-get install {none.package}")
    for client in (scene.bob, scene.dora):
        pdf = await client.get(f"/api/whistles/{made['id']}/notice.pdf")
        assert pdf.headers["content-type"] == "application/pdf"
        assert "attachment" in pdf.headers["content-disposition"]
        pages = PdfReader(BytesIO(pdf.content)).pages
        text = "".join("".join(page.extract_text().split()) for page in pages)
        word = await client.get(f"/api/whistles/{made['id']}/notice.docx")
        document = docx.Document(BytesIO(word.content))
        words = "".join(each.text for each in document.paragraphs)
        words += "".join(c.text for table in document.tables for r in table.rows for c in r.cells)
        for whole in (text, "".join(words.split())):
            for wanted in ("青禾-2026-0001", "人社局、住建局", "翠湖花园项目部", "16:00"):
                assert wanted in whole, wanted
            assert "13800138000" not in whole
    assert (await scene.bob.get(f"/api/whistles/{made['id']}/notice.exe")).status_code == 422


async def test_figures_of_both_sides_with_their_sample_sizes(scene: Scene) -> None:
    made = await scene.blow()
    clock = WhistleClock(scene.street.store, scene.street.deps.book)
    await scene.dora.post(f"/api/whistles/{made['id']}/calls/labour/check-in")
    before = (await scene.bob.get("/api/whistle-figures")).json()
    assert [each["unit"]["name"] for each in before["called"]] == ["人社局"]
    scene.street.time.pass_by(5 * HOUR)
    while await clock.step(scene.street.time()):
        pass
    found = (await scene.bob.get("/api/whistle-figures")).json()
    labour, housing = sorted(found["called"], key=lambda each: str(each["unit"]["id"]))[::-1]
    assert (labour["asked"], labour["on_time"], labour["no_show"]) == (1, 1, 0)
    assert (housing["asked"], housing["on_time"], housing["no_show"]) == (1, 0, 1)
    assert labour["rate"] is None
    assert (found["calling"][0]["signed"], found["calling"][0]["open"]) == (1, 1)
    mine = (await scene.emil.get("/api/whistle-figures")).json()
    assert [each["unit"]["name"] for each in mine["called"]] == ["住建局"]
    assert mine["calling"] == []
    others = (await scene.bob.get("/api/tasks?view=all")).json()["items"]
    assert [each["kind"] for each in others] == ["whistle_no_show"]


async def test_what_was_taken_back_in_time_counts_for_nobody(scene: Scene) -> None:
    made = await scene.blow()
    back = {"outcome": "withdrawn", "result": "另行安排"}
    assert (await scene.bob.post(f"/api/whistles/{made['id']}/end", json=back)).status_code == 200
    scene.street.time.pass_by(9 * HOUR)
    found = (await scene.bob.get("/api/whistle-figures")).json()
    assert found["called"] == []
    assert found["calling"][0]["ended"] == {"withdrawn": 1}


async def test_a_talk_that_lies_nowhere_yet_is_not_a_departments(scene: Scene) -> None:
    talk = await scene.street.talk("我要反映一件事")
    await scene.street.hand_off(talk)
    everybody = (await scene.alice.get("/api/conversations?view=queue")).json()["items"]
    assert [each["id"] for each in everybody] == [talk]
    for view in ("queue", "all"):
        found = (await scene.dora.get(f"/api/conversations?view={view}")).json()["items"]
        assert found == []
    assert (await scene.dora.get(f"/api/conversations/{talk}")).status_code == 404


async def test_a_departments_page_is_woken_and_told_nothing_of_the_case(scene: Scene) -> None:
    street = scene.street
    officers = {name: await viewer(street, name) for name in ("dora", "emil", "bob")}
    before = await street.store.read(lambda tx: tx.events.last_seq())
    await scene.blow(departments=["labour"])
    events = await street.store.read(lambda tx: tx.events.after(before, 50))
    facts = await street.store.read(lambda tx: read_facts(tx, events))
    heard = {
        name: [
            item(each, facts, concerned(each, facts), concerned(each, facts)).seen_by(sight)
            for each in events
        ]
        for name, sight in officers.items()
    }
    woken = [each for each in heard["dora"] if each is not None]
    assert len(woken) == 1
    assert b"whistle_told" in woken[0]
    assert scene.number.encode() not in woken[0]
    assert all(each is None for each in heard["emil"])
    assert any(each is not None and scene.number.encode() in each for each in heard["bob"])


async def viewer(street: Street, name: str) -> Sight:
    def work(tx: SqlTransaction) -> Sight:
        officer = tx.people.officer(name)
        unit = tx.people.unit(officer.unit_id) if officer.unit_id else None
        return sight_of(unit, officer)

    return await street.store.read(work)


async def test_without_a_font_the_pdf_names_the_package_and_word_works(scene: Scene) -> None:
    made = await scene.blow()
    book = scene.street.deps.book
    nowhere = replace(book.whistle, paper=replace(book.whistle.paper, folders=("/none",)))
    deps = replace(scene.street.deps, book=replace(book, whistle=nowhere))
    app = build_app(WebParts([create_console(deps)], Limits(upload=200_000), Path("/none")))
    transport = httpx.ASGITransport(app, client=("192.0.2.9", 50_000))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://jiesu.test", cookies=scene.bob.cookies
    ) as client:
        pdf = await client.get(f"/api/whistles/{made['id']}/notice.pdf")
        assert (pdf.status_code, pdf.json()["error"]["code"]) == (503, "no_font")
        assert "fonts-noto-cjk" in pdf.json()["error"]["message"]
        assert (await client.get(f"/api/whistles/{made['id']}/notice.docx")).status_code == 200


async def test_a_case_that_turns_out_to_be_restricted_is_taken_off_departments_pages(
    scene: Scene,
) -> None:
    made = await scene.blow()

    def guard(tx: Transaction) -> None:
        case = tx.cases.get(scene.number, lock=True)
        tx.cases.save(replace(case, restricted=True), scene.street.time())

    await scene.street.store.write(guard)
    assert (await scene.dora.get("/api/whistles")).json()["items"] == []
    assert (await scene.dora.get(f"/api/whistles/{made['id']}/notice.docx")).status_code == 404
    signed = await scene.dora.post(f"/api/whistles/{made['id']}/calls/labour/acknowledge")
    assert signed.status_code == 404
    assert len((await scene.bob.get(f"/api/cases/{scene.number}/whistles")).json()["items"]) == 1
