"""A street whose cases turn out to be for few, after all that can hang on a case was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from casework.desk import joining, linking
from casework.desk import mediation as mediating
from casework.desk.moving import act
from casework.groups import Binding
from casework.mediation import Answer
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.turn import Media
from tests.handoff_console.street import CHEAP, PASSWORD, Street
from tests.handoff_console.test_booking import CALENDAR, MONDAY, booked
from tests.handoff_console.test_capture import register

WORDS = "牛主任收了两千块"
TITLE = "周桂香"
BOOKED = "王秀英"  # what they are called at the door
STAFF = (
    ("dora", Role.GRID, "lake"),
    ("carl", Role.COMMUNITY, "street"),
    ("dan", Role.DEPARTMENT, "office"),
    ("sun", Role.MEDIATOR, "room"),
    ("ada", Role.ADVISER, "street"),
    ("du", Role.SUPERVISOR, "street"),
    ("ann", Role.AUDITOR, "street"),
    ("vera", Role.VOLUNTEER, "street"),
    ("fern", Role.STREET, "far"),
)
OTHERS = ("alice", "charlie", *(name for name, _, _ in STAFF))


def staff(tx: Transaction) -> None:
    tx.people.add_unit(Unit("far", "street", "外街道"))
    tx.people.add_unit(Unit("office", "department", "住建所", "street"))
    tx.people.add_unit(Unit("room", "mediation", "和平调解室", "street"))
    for name, role, unit in STAFF:
        tx.people.add_officer(Officer(name, name, f"{name}先生", role, unit, CHEAP.hash(PASSWORD)))


@dataclass
class Scene:
    """What hangs on the cases: ``hidden`` are their numbers, ``ids`` what routes are asked for."""

    street: Street
    hidden: list[str] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def know(self, name: str, *values: str) -> None:
        self.ids.setdefault(name, []).extend(values)

    def secrets(self) -> list[str]:
        return [*self.hidden, WORDS, TITLE, BOOKED]


async def sent(client: httpx.AsyncClient, path: str, body: object) -> Any:
    answer = await client.post(path, json=body)
    assert answer.status_code in {200, 201}, (path, answer.text)
    return answer.json()


async def told(scene: Scene) -> str:
    """One more case of the resident; it will be hidden."""
    talk = await scene.street.talk(WORDS, title=TITLE)
    number = await scene.street.case(talk)
    scene.know("conversation_id", talk)
    scene.know("number", number)
    scene.hidden.append(number)

    return number


async def accepted(scene: Scene, number: str) -> None:
    """Its owner signs for it, and whatever follows it is signed for too."""
    book, now = scene.street.deps.book, scene.street.time()

    def work(tx: Transaction) -> None:
        owner = tx.people.officer(tx.cases.get(number).owner_id)
        act(tx, number, "accept", owner, now, book)

    def follow(tx: Transaction) -> None:
        following = [each.number for each in tx.cases.joined_to(number)]
        assert joining.follow(tx, following, book, now) == len(following)

    await scene.street.store.write(work)
    await scene.street.store.write(follow)


async def led(scene: Scene, bob: httpx.AsyncClient) -> None:
    """A group case with another household, a joint desk, a whistle, a slip, a sponsor, a file."""
    street, now = scene.street, scene.street.time()
    number = await told(scene)
    (talk, *_) = scene.ids["conversation_id"]
    open_talk = await street.talk("我家也是")
    household, other = await street.case(open_talk), await street.case(talk)
    scene.know("number", household, other)
    media = Media("e" * 32, "photo", "照片.png", "image/png", 4)

    def tied(tx: Transaction) -> None:
        linking.link(tx, other, number, now)
        joining.join(tx, household, number, street.deps.book.nearby, now)
        tx.files.add(media, talk, now)

    await street.store.write(tied)
    scene.know("file_id", media.id)
    await sent(bob, f"/api/collectives/{number}/make", {})
    await accepted(scene, number)
    line = {"what": WORDS, "who": TITLE}
    found = await sent(bob, f"/api/collectives/{number}/items", line)
    scene.know("item_id", found["items"][0]["id"])
    desk = {**CALENDAR, "kind": "joint_desk", "title": "集中办理", "case_number": number}
    made = await sent(bob, "/api/booking/calendars", desk)
    scene.know("calendar_id", made["id"])
    scene.know("appointment_id", (await booked(street, made["id"], talk)).id)
    slip = {"org_id": "office", "reason": "overdue", "action": WORDS}
    (asked,) = (await sent(bob, f"/api/supervision/cases/{number}/slips", slip))["slips"]
    scene.know("slip_id", asked["id"])
    sponsor = {"officer_id": "bob", "number": number}
    await sent(bob, "/api/supervision/sponsors", sponsor)
    notice = {
        "departments": ["office"],
        "helpers": ["alice"],
        "place": "翠湖花园",
        "matter": WORDS,
        "arrive_by": (now + timedelta(hours=4)).isoformat(),
    }
    whistle = await sent(bob, f"/api/cases/{number}/whistles", notice)
    scene.know("whistle_id", whistle["id"])


async def mediated(scene: Scene, bob: httpx.AsyncClient) -> None:
    """A mediation that both sides agreed to."""
    number, now = await told(scene), scene.street.time()
    await accepted(scene, number)
    at = f"/api/cases/{number}/mediation"
    panel = await sent(bob, at, {"source": "proactive", "mediator_id": "sun"})
    scene.know("mediation_id", panel["items"][0]["id"])

    def agreed(tx: Transaction) -> None:
        mediating.answer(tx, number, Answer.YES, now)
        mediating.name(tx, number, True, now)

    await scene.street.store.write(agreed)
    other = {"answer": "yes", "how": "visit", "asked_at": now.isoformat()}
    await sent(bob, f"{at}/other", other)


async def follower(scene: Scene) -> None:
    """A case that follows another resident's, which stays open to the area."""
    number = await told(scene)
    leading = await scene.street.case(await scene.street.talk("路灯坏了"))
    scene.know("number", leading)
    rule, now = scene.street.deps.book.nearby, scene.street.time()
    await scene.street.store.write(lambda tx: joining.join(tx, number, leading, rule, now))


async def captured(scene: Scene) -> None:
    """What a grid worker registered on patrol."""
    async with scene.street.officer("alice") as alice:
        status, made = await register(alice, text=WORDS, name=TITLE, photos=1)
    assert status == 201
    scene.hidden.append(made["number"])
    scene.know("number", made["number"])


async def scene_of(street: Street) -> Scene:
    scene = Scene(street)
    await street.store.write(staff)
    binding = Binding(
        "telegram", "-100", "翠湖业主群", "lake", "alice", street.time(), street.time()
    )
    group = await street.store.write(lambda tx: tx.groups.bind(binding))
    scene.know("group", group.id)
    async with street.officer("bob") as bob:
        await led(scene, bob)
        await mediated(scene, bob)
        await follower(scene)
        await captured(scene)
        violence = {"category": "family_marriage", "kind": "violence"}
        for number in scene.hidden:
            await sent(bob, f"/api/cases/{number}/reclassify", violence)
    scene.know("unit_id", "lake", "office")
    scene.know("unit", "lake")
    scene.know("kind", "docx", "pdf")
    scene.know("day", MONDAY.isoformat())
    scene.know("q", WORDS, scene.hidden[0])
    scene.know("view", "queue", "mine", "all", "open", "closed")
    return scene
