"""Mediation over HTTP: who may, who sees what, what is refused in which words."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from casework.desk import mediation as desk
from casework.desk import promises
from casework.desk.moving import act
from casework.mediation import Answer
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from tests.handoff_console.street import CHEAP, PASSWORD, Street

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OTHER = {"answer": "yes", "how": "visit", "asked_at": "2026-11-22T12:00:00+08:00"}
SOON = "2026-11-22T21:00:00+08:00"


async def room(street: Street) -> str:
    """A case being worked on, and two mediators; its number."""
    number = await street.case(await street.talk("老板不给钱"))

    def work(tx: Transaction) -> None:
        case = tx.cases.get(number)
        top = tx.people.chain(case.unit_id)[-1]
        tx.people.add_unit(Unit("room", "mediation", "和平调解室", top.id))
        for name, chinese in (("sun", "孙和"), ("ma", "马静")):
            tx.people.add_officer(
                Officer(name, name, chinese, Role.MEDIATOR, "room", CHEAP.hash(PASSWORD))
            )
        owner = tx.people.officer(case.owner_id)
        act(tx, number, "accept", owner, street.time(), street.deps.book)

    await street.store.write(work)
    return number


async def owner_of(street: Street, number: str) -> str:
    case = await street.store.read(lambda tx: tx.cases.get(number))
    return (await street.store.read(lambda tx: tx.people.officer(case.owner_id))).username


async def resident_says(street: Street, number: str, *, named: bool = True) -> None:
    def work(tx: Transaction) -> None:
        desk.answer(tx, number, Answer.YES, street.time())
        desk.name(tx, number, named, street.time())

    await street.store.write(work)


async def sent(client: httpx.AsyncClient, path: str, body: object = None) -> Any:
    answer = await client.post(path, json=body if body is not None else {})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def both_agree(street: Street, number: str) -> None:
    """The owner proposes, and writes down what the other side says: not before the resident."""
    at = f"/api/cases/{number}/mediation"
    async with street.officer(await owner_of(street, number)) as owner:
        panel = (await owner.get(at)).json()
        assert (panel["may_propose"], panel["items"]) == (True, [])
        assert {each["id"] for each in panel["mediators"]} == {"sun", "ma"}
        panel = await sent(owner, at, {"source": "proactive", "mediator_id": "sun"})
        assert panel["items"][0]["phase"] == "asking"
        assert panel["may_propose"] is False
        early = await owner.post(f"{at}/other", json=OTHER)
        assert (early.status_code, early.json()["error"]["code"]) == (409, "mediation_unasked")
        await resident_says(street, number)
        panel = await sent(owner, f"{at}/other", OTHER)
        assert panel["items"][0]["phase"] == "under_way"


async def test_from_the_first_question_to_the_court(street: Street) -> None:
    number = await room(street)
    at = f"/api/cases/{number}/mediation"
    await both_agree(street, number)
    async with street.officer("sun") as mediator:
        listed = (await mediator.get("/api/mediations")).json()["items"]
        assert [each["case_number"] for each in listed] == [number]
        plan = {"at": SOON, "place": "和平调解室"}
        panel = await sent(mediator, f"{at}/sessions", plan)
        listed = (await mediator.get("/api/mediations")).json()["items"]
        assert listed[0]["next_what"] == "下次调解"
        assert listed[0]["at_hour"] is True
        note = {"held": True, "present": ["resident", "other", "police"], "minutes": "谈拢了"}
        panel = await sent(mediator, f"{at}/sessions/0", note)
        assert panel["items"][0]["sessions"][0]["present"] == ["居民", "对方", "民警"]
        kept = await mediator.post(
            f"{at}/files", files={"file": ("协议.pdf", PDF, "application/pdf")}
        )
        assert kept.status_code == 201, kept.text
        agreement = {
            "form": "written",
            "number": "和调2026-1",
            "effective_on": "2026-11-22",
            "file_id": kept.json()["file_id"],
            "promises": [{"party": "respondent", "what": "付清两万", "due_on": "2026-12-01"}],
        }
        panel = await sent(mediator, f"{at}/agreement", agreement)
        made = panel["items"][0]
        assert (made["phase"], made["agreement"]["form_name"]) == ("agreed", "书面协议")
        assert made["confirmation"]["apply_by"] == "2026-12-22"
        await keeps_word(street, made["promises"][0]["id"])
        listed = (await mediator.get("/api/mediations")).json()["items"]
        assert listed[0]["next_what"] == "司法确认期限"
        assert listed[0]["at_hour"] is False
        assert listed[0]["next_at"].startswith("2026-12-22T15:59:59")
        paper = await mediator.get(f"{at}/files/{kept.json()['file_id']}")
        assert paper.content == PDF
    await at_court(street, number, made)


async def keeps_word(street: Street, promise_id: str) -> None:
    """The resident says that the other side did it."""
    book = street.deps.book
    await street.store.write(lambda tx: promises.answer(tx, promise_id, True, book, street.time()))


async def at_court(street: Street, number: str, made: Any) -> None:
    """The court confirms; the promise is broken all the same, and the case goes up once."""
    async with street.officer("sun") as mediator:
        court = {"court": "和平区人民法院", "on": "2026-11-22"}
        panel = await sent(mediator, f"/api/mediations/{made['id']}/confirmation/file", court)
        ruling = {"stage": "confirmed", "number": "(2026)特1号", "on": "2026-11-22"}
        panel = await sent(mediator, f"/api/mediations/{made['id']}/confirmation/ruling", ruling)
        assert panel["items"][0]["confirmation"]["stage"] == "confirmed"
        promise = panel["items"][0]["promises"][0]
        panel = await sent(mediator, f"/api/promises/{promise['id']}", {"kept": False})
        assert panel["items"][0]["promises"][0]["kept"] is False
        assert panel["items"][0]["promises"][0]["escalated"] is True
        again = await mediator.post(f"/api/promises/{promise['id']}", json={"kept": False})
        assert (again.status_code, again.json()["error"]["code"]) == (409, "mediation_settled")


async def test_a_mediator_sees_their_mediations_and_nothing_else(lone_street: Street) -> None:
    number = await room(lone_street)
    stray = await lone_street.case(await lone_street.talk("漏水"))
    unplaced = await lone_street.talk("在吗")
    at = f"/api/cases/{number}/mediation"
    async with lone_street.officer(await owner_of(lone_street, number)) as owner:
        await sent(owner, at, {"source": "proactive", "mediator_id": "sun"})
    async with lone_street.officer("sun") as mediator:
        # Nobody has agreed to mediation yet: there is nothing for a mediator to read.
        assert (await mediator.get("/api/cases")).json()["items"] == []
        assert (await mediator.get(f"/api/cases/{number}")).status_code == 404
        await resident_says(lone_street, number)
        listed = (await mediator.get("/api/cases")).json()["items"]
        assert [each["number"] for each in listed] == [number]
        assert (await mediator.get(f"/api/cases/{stray}")).status_code == 404
        assert (await mediator.get(f"/api/conversations/{unplaced}")).status_code == 404
        talks = (await mediator.get("/api/conversations?view=all")).json()["items"]
        assert unplaced not in {each["id"] for each in talks}
    async with lone_street.officer("ma") as other:
        assert (await other.get("/api/cases")).json()["items"] == []
        assert (await other.get(at)).status_code == 404
        assert (await other.get("/api/mediations?view=all")).json()["items"] == []


async def test_what_is_refused_says_why(lone_street: Street) -> None:
    number = await room(lone_street)
    at = f"/api/cases/{number}/mediation"
    async with lone_street.officer(await owner_of(lone_street, number)) as owner:
        await sent(owner, at, {"source": "court"})
        await sent(owner, f"{at}/resident", {"answer": "no"})
        again = await owner.post(at, json={"source": "court"})
        assert again.status_code == 409
        assert again.json()["error"]["code"] == "mediation_declined"
        panel = (await owner.get(at)).json()
        assert panel["refused"] == "居民说过不愿意调解，不再问"
        for path, body in (
            (f"{at}/resident", {}),
            (f"{at}/other", {**OTHER, "asked_at": "2026-11-22T12:00:00"}),
            (at, {"source": "rumour"}),
        ):
            assert (await owner.post(path, json=body)).status_code == 422


async def test_without_a_name_the_sides_are_heard_apart(lone_street: Street) -> None:
    number = await room(lone_street)
    at = f"/api/cases/{number}/mediation"
    async with lone_street.officer(await owner_of(lone_street, number)) as owner:
        await sent(owner, at, {"source": "proactive", "mediator_id": "sun"})
        await resident_says(lone_street, number, named=False)
        await sent(owner, f"{at}/other", OTHER)
        together = await owner.post(f"{at}/sessions", json={"at": SOON, "place": "调解室"})
        assert (together.status_code, together.json()["error"]["code"]) == (
            409,
            "mediation_unnamed",
        )
        apart = {"at": SOON, "place": "调解室", "apart": True}
        panel = await sent(owner, f"{at}/sessions", apart)
        assert panel["items"][0]["sessions"][0]["apart"] is True


async def test_rates_by_source_with_their_numbers(lone_street: Street) -> None:
    number = await room(lone_street)
    at = f"/api/cases/{number}/mediation"
    async with lone_street.officer(await owner_of(lone_street, number)) as owner:
        await sent(owner, at, {"source": "police", "mediator_id": "sun"})
        await resident_says(lone_street, number)
        await sent(owner, f"{at}/other", OTHER)
        found = (await owner.get("/api/mediations/rates")).json()
        police = next(each for each in found["items"] if each["source"] == "police")
        assert police["diverted"] == {"part": 1, "whole": 1, "percent": None}
        assert found["enough"] == 10
        wrong = await owner.get("/api/mediations/rates?since=2026-11-22&until=2026-11-01")
        assert wrong.status_code == 422
    lone_street.time.pass_by(timedelta(days=800))
    async with lone_street.officer(await owner_of(lone_street, number)) as owner:
        later = (await owner.get("/api/mediations/rates")).json()
        assert all(each["diverted"]["whole"] == 0 for each in later["items"])


async def test_a_file_of_another_case_is_no_paper(lone_street: Street) -> None:
    number = await room(lone_street)
    at = f"/api/cases/{number}/mediation"
    async with lone_street.officer(await owner_of(lone_street, number)) as owner:
        await sent(owner, at, {"source": "proactive", "mediator_id": "sun"})
        await resident_says(lone_street, number)
        await sent(owner, f"{at}/other", OTHER)
        paper = {
            "form": "oral",
            "effective_on": "2026-11-22",
            "file_id": "0" * 32,
        }
        assert (await owner.post(f"{at}/agreement", json=paper)).status_code == 422
        assert (await owner.get(f"{at}/files/{'0' * 32}")).status_code == 404
        text = await owner.post(f"{at}/files", files={"file": ("a.txt", b"hello", "text/plain")})
        assert text.status_code == 415


async def test_nobody_mediates_a_street_lamp(street: Street) -> None:
    number = await room(street)

    def turns_out(tx: Transaction) -> None:
        case = tx.cases.get(number, lock=True)
        tx.cases.save(replace(case, category="public_facility", kind="light"), street.time())

    await street.store.write(turns_out)
    at = f"/api/cases/{number}/mediation"
    async with street.officer(await owner_of(street, number)) as owner:
        panel = (await owner.get(at)).json()
        assert (panel["may_propose"], panel["refused"]) == (False, "这类事不走调解")
        refused = await owner.post(at, json={"source": "proactive"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            409,
            "mediation_excluded",
        )
