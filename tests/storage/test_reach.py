"""Who may do what with a case that is somebody else's by now, on every store."""

import pytest

from casework.case import Status
from casework.effects import Given
from casework.errors import InOtherHands, NotAllowed
from casework.hours import CHINA
from casework.ports import Transaction
from casework.reach import Reach
from casework.roster import Absence
from tests.storage.people import NOON
from tests.storage.street import DAY, STAFF, Desk


async def refused(street: Desk, who: str, *verbs: str) -> None:
    """The verbs are possible, but not for them; they are told who has the case."""
    for verb in verbs:
        with pytest.raises(InOtherHands) as other:
            await street.act(who, verb, Given("好了", officer_id="zhou"))
        case = await street.case()
        unit = await street.store.read(lambda tx, case=case: tx.people.unit(case.org_id))  # type: ignore[misc]
        assert (other.value.owner, other.value.org) == (STAFF[case.owner_id].name, unit.name)
        assert verb not in other.value.allowed


async def test_whoever_gave_it_up_helps_and_no_longer_answers_it(street: Desk) -> None:
    await street.act("zhou", "escalate", Given("办不了"))
    await refused(street, "zhou", "accept", "resolve", "escalate", "return", "extend")
    assert (await street.act("cao", "accept")).owner_id == "cao"
    await refused(street, "zhou", "resolve", "request_info")
    await street.act("zhou", "consult", Given("三单元住着老人"))
    await street.act("cao", "request_info", Given("电梯编号"))
    assert (await street.act("zhou", "inform", Given("居民给我了"))).owner_id == "cao"
    await street.act("hu", "escalate", Given("街道来办"))  # whoever stands above may
    await refused(street, "cao", "accept", "assign", "refer", "hand_over")
    # A colleague of the unit that owns it works on it like its owner.
    case = await street.case()
    colleague = {"he": "hu", "hu": "he"}[case.owner_id]
    assert (await street.act(colleague, "accept")).status is Status.WORKING


async def test_a_department_s_work_is_its_own_and_the_street_says_whose_it_is(
    street: Desk,
) -> None:
    await street.act("he", "assign", Given(officer_id="kong"))
    await refused(street, "he", "accept", "resolve")
    await refused(street, "cao", "accept", "assign")
    await street.act("kong", "accept")
    await street.act("kong", "extend", Given("等配件", until=NOON + 12 * DAY))
    await street.act("su", "deny", Given("先修一部"))
    back = await street.act("he", "assign", Given(officer_id="zhou"))
    assert (back.owner_id, back.org_id) == ("zhou", "g")


async def test_who_stands_in_works_on_it_and_a_neighbour_does_not(street: Desk) -> None:
    today = NOON.astimezone(CHINA).date()
    with pytest.raises(NotAllowed):
        await street.act("wu", "accept")

    def away(tx: Transaction) -> None:
        tx.rosters.add_absences([Absence("z", "zhou", today, today, "wu")])

    assert (await street.near("wu")) is Reach.HELPS
    await street.store.write(away)
    assert (await street.near("wu")) is Reach.HAS
    assert [await street.near(each) for each in ("zhou", "cao", "su", "root", "kong")] == [
        Reach.HAS,
        Reach.ABOVE,
        Reach.ABOVE,
        Reach.ABOVE,
        Reach.HELPS,
    ]


async def test_nobody_takes_it_back_by_saying_where_it_lies(street: Desk) -> None:
    assert (await street.place("h", "cao")).owner_id == "wu"  # above the grid: the community may
    await street.act("cao", "escalate", Given("办不了"))
    case = await street.act("he", "escalate", Given("街道来办"))
    assert case.org_id == "s"
    with pytest.raises(InOtherHands) as other:
        await street.place("g", "cao")
    assert other.value.org == "青禾街道"
    assert (await street.place("g")).owner_id == "zhou"
