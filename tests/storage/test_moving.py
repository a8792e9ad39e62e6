"""A case on its way between hands, on every store: up, back, asked, put off, referred, tied."""

import pytest

from casework import clocks
from casework.case import Case, SlotValue, Status
from casework.desk import cases as desk
from casework.desk import joining, privacy
from casework.desk.conversations import open_conversation
from casework.desk.moving import act
from casework.effects import Given
from casework.errors import (
    ForbiddenTransition,
    NotAllowed,
    NotFound,
    VersionConflict,
)
from casework.events import Kind
from casework.hours import CHINA
from casework.ports import Transaction
from casework.roster import Absence
from tests.storage.people import NOON
from tests.storage.street import DAY, PHOTO, STAFF, Desk


async def test_a_return_goes_up_and_comes_back_for_good(street: Desk) -> None:
    up = await street.act("zhou", "return", Given("电梯归物业科", "needs_higher"))
    assert (up.status, up.owner_id, up.org_id) == (Status.TRIAGE, "cao", "c")
    with pytest.raises(ForbiddenTransition):  # nobody but who dispatches hands it on
        await street.act("zhou", "assign", Given(officer_id="wu"))
    back = await street.act("cao", "assign", Given(officer_id="wu"))
    assert (back.status, back.owner_id, back.org_id) == (Status.DISPATCHED, "wu", "h")
    assert (back.unit_id, back.final) == ("g", True)
    with pytest.raises(ForbiddenTransition) as refused:
        await street.act("wu", "return", Given("也不归我", "not_here"))
    assert "return" not in refused.value.allowed
    higher = await street.act("wu", "escalate", Given("办不了"))
    assert (higher.owner_id, higher.returned, higher.final) == ("cao", False, False)
    assert [(m.verb, m.officer_id, m.owner_before, m.owner_id) for m in await street.moves()] == [
        ("file", None, "zhou", "zhou"),
        ("return", "zhou", "zhou", "cao"),
        ("assign", "cao", "cao", "wu"),
        ("escalate", "wu", "wu", "cao"),
    ]


async def test_a_grid_without_anybody_is_its_community_s_from_the_first_word(
    street: Desk,
) -> None:
    def away(tx: Transaction) -> Case:
        today = NOON.astimezone(CHINA).date()
        tx.rosters.add_absences([Absence("z", "zhou", today, today)])
        slots = {"place": SlotValue("翠湖花园3栋"), "issue": SlotValue("电梯坏了")}
        talk = open_conversation(tx, "webchat", "8", "李", NOON)
        return desk.draft(tx, talk, desk.Opening("property_management", slots), NOON)

    draft = await street.store.write(away)
    assert (draft.owner_id, draft.org_id, draft.unit_id) == ("cao", "c", "g")
    filed = await street.store.write(lambda tx: desk.file(tx, draft.number, street.book, NOON))
    assert (filed.owner_id, filed.org_id) == ("cao", "c")
    # Of the ladder is left what is above the community.
    assert filed.level_dues == (NOON + 5.6 * DAY,)


async def test_nobody_is_chosen_up_the_ladder(street: Desk) -> None:
    """Who would like a colleague to have it tells the dispatcher; nobody hands it sideways."""
    words = Given("给他", "not_here", officer_id="wu", unit_id="h")
    up = await street.act("zhou", "return", words)
    assert (up.owner_id, up.org_id) == ("cao", "c")
    up = await street.act("cao", "escalate", words)
    assert (up.owner_id, up.org_id) == ("he", "s")


@pytest.mark.parametrize(
    ("to", "unit"), [("vera", None), ("su", None), ("zhou", "h"), ("kong", "s")]
)
async def test_a_case_goes_to_nobody_who_could_not_work_on_it(
    street: Desk, to: str, unit: str | None
) -> None:
    with pytest.raises(NotAllowed):
        await street.act("he", "assign", Given(officer_id=to, unit_id=unit))
    with pytest.raises(NotFound):
        await street.act("he", "assign", Given(officer_id="nobody"))
    with pytest.raises(NotFound):
        await street.act("he", "assign", Given(officer_id="root"))  # an admin has no unit
    assert (await street.case()).owner_id == "zhou"


async def test_a_name_that_a_verb_does_not_ask_for_gives_nobody_anything(street: Desk) -> None:
    await street.act("zhou", "resolve", Given("修好了", "fixed", (PHOTO.id,)))
    again = await street.act("zhou", "reopen", Given("又坏了", officer_id="vera", unit_id="d"))
    assert (again.owner_id, again.org_id) == ("zhou", "g")


async def test_a_department_gets_it_and_only_it_sees_to_it(street: Desk) -> None:
    with pytest.raises(NotAllowed):
        await street.act("kong", "accept")
    case = await street.act("he", "assign", Given(officer_id="kong"))
    assert (case.owner_id, case.org_id, case.unit_id) == ("kong", "d", "g")
    assert (await street.act("kong", "accept")).status is Status.WORKING
    assert (await street.said())[0].count("住建局孔立") == 1


async def test_up_by_the_officer_the_resident_and_the_clock(street: Desk) -> None:
    first = await street.act("zhou", "escalate", Given("办不了"))
    assert (first.owner_id, first.org_id) == ("cao", "c")
    second = await street.resident("escalate")
    assert (second.owner_id, second.org_id) == ("he", "s")
    with pytest.raises(ForbiddenTransition):  # nobody stands above the street
        await street.resident("escalate")
    with pytest.raises(ForbiddenTransition):
        await street.act("he", "escalate", Given("办不了"))
    told = await street.said()
    assert len(told) == 1  # the resident's own word is answered by the dialogue
    assert "曹敏" in told[0]


async def test_the_clock_raises_it_at_half_and_at_four_fifths(street: Desk) -> None:
    assert (await street.case()).level_dues == (NOON + 3.5 * DAY, NOON + 5.6 * DAY)
    owners = []
    for days in (3.4, 3.5, 5.5, 5.6, 7):
        street.now = NOON + days * DAY
        await street.clock()
        owners.append((await street.case()).owner_id)
    assert owners == ["zhou", "cao", "cao", "he", "he"]
    assert (await street.kinds()).count(Kind.CASE_ESCALATED) == 2
    assert not await street.clock()


async def test_who_escalated_early_leaves_the_rest_of_the_ladder(street: Desk) -> None:
    await street.act("zhou", "escalate", Given("办不了"))
    street.now = NOON + 3.5 * DAY
    await street.clock()
    assert (await street.case()).owner_id == "cao"
    street.now = NOON + 5.6 * DAY
    await street.clock()
    assert (await street.case()).owner_id == "he"


async def test_what_is_asked_for_stops_the_clock_and_puts_it_off(street: Desk) -> None:
    before = await street.act("zhou", "accept")
    street.now = NOON + DAY
    asked = await street.act("zhou", "request_info", Given("电梯编号"))
    assert (asked.status, asked.resume_at) == (Status.AWAIT_INFO, NOON + 6 * DAY)
    told = (await street.said())[-1]
    assert "电梯编号" in told
    street.now = NOON + 3 * DAY
    assert not await street.clock()
    back = await street.resident("inform")
    assert before.due_at is not None
    assert (back.status, back.due_at) == (Status.WORKING, before.due_at + 2 * DAY)
    assert back.level_dues == tuple(each + 2 * DAY for each in before.level_dues)
    with pytest.raises(ForbiddenTransition):
        await street.act("zhou", "request_info", Given("再来一张"))


async def test_after_five_days_it_goes_on_without_what_was_asked_for(street: Desk) -> None:
    due_at = (await street.act("zhou", "accept")).due_at
    await street.act("zhou", "request_info", Given("电梯编号"))
    street.now = NOON + 5 * DAY
    assert await street.clock()
    case = await street.case()
    assert due_at is not None
    assert (case.status, case.due_at) == (Status.WORKING, due_at + 5 * DAY)
    assert clocks.due(case, street.now) is None


async def test_more_time_is_granted_by_somebody_else_and_told(street: Desk) -> None:
    await street.act("zhou", "accept")
    until = NOON + 12 * DAY
    await street.act("zhou", "extend", Given("等配件", until=until))
    with pytest.raises(ForbiddenTransition):
        await street.act("zhou", "grant")
    before = await street.said()
    granted = await street.act("su", "grant", Given("配件要从外地发"))
    assert (granted.due_at, granted.level_dues) == (until, ())
    assert granted.warn_at == NOON + (until - NOON) * 0.7
    (told,) = (await street.said())[len(before) :]
    assert "配件要从外地发" in told
    assert street.book.words.day(until) in told
    street.now = until - DAY
    await street.clock()
    assert (await street.case()).breached_at is None
    street.now = until
    await street.clock()
    assert (await street.case()).breached_at == until


async def test_the_reason_is_that_of_who_asked_where_none_was_added(street: Desk) -> None:
    await street.act("zhou", "accept")
    await street.act("zhou", "extend", Given("配件要从外地发。", until=NOON + 12 * DAY))
    await street.act("he", "grant")
    assert "配件要从外地发。最晚" in (await street.said())[-1]


async def test_no_more_time_and_the_resident_is_not_bothered(street: Desk) -> None:
    case = await street.act("zhou", "accept")
    await street.act("zhou", "extend", Given("等配件", until=NOON + 12 * DAY))
    before = await street.said()
    denied = await street.act("cao", "deny", Given("先修一部"))
    assert (denied.due_at, denied.extended) == (case.due_at, 0)
    assert await street.said() == before


async def test_what_is_referred_names_the_route_and_comes_back(street: Desk) -> None:
    await street.act("zhou", "accept")
    with pytest.raises(ForbiddenTransition):  # a grid worker does not refuse
        await street.act("zhou", "refer", Given("请找法院", "court_matter"))
    gone = await street.act("he", "refer", Given("可以向法院起诉", "court_matter"))
    assert (gone.status, gone.closed_at) == (Status.REFERRED, NOON)
    assert "可以向法院起诉" in (await street.said())[-1]
    back = await street.resident("reopen", "这是物业的事")
    assert (back.status, back.round, back.closed_at) == (Status.REWORK, 2, None)
    assert back.due_at == NOON + 7 * DAY


async def test_two_cases_of_one_matter_go_on_together(street: Desk) -> None:
    other = await street.filed("8")

    def tie(tx: Transaction) -> Case:
        who = STAFF["zhou"]
        return joining.merge(tx, other.number, street.number, who, street.book, NOON)

    tied = await street.store.write(tie)
    assert (tied.joined, tied.status) == (street.number, Status.DISPATCHED)
    done = Given("换了主板", "fixed", (PHOTO.id,))
    await street.act("zhou", "resolve", done)
    following = [tied.number]
    await street.store.write(lambda tx: joining.follow(tx, following, street.book, NOON))
    mine = await street.case(other.number)
    assert (mine.status, mine.result, mine.proof) == (Status.DONE_WAIT, "换了主板", (PHOTO.id,))
    street.now = NOON + 7 * DAY
    assert await street.clock()
    assert (await street.case(other.number)).status is Status.DONE_WAIT  # its own resident's word


async def test_a_call_back_closes_for_somebody_else_than_who_did_it(street: Desk) -> None:
    await street.act("zhou", "resolve", Given("修好了", "fixed", (PHOTO.id,)))
    closed = await street.act("cao", "call_back", Given("李女士说能用了"))
    assert closed.status is Status.CONFIRMED
    assert (await street.moves())[-1].text == "李女士说能用了"


@pytest.mark.parametrize("hand", ["he", "cao"])
async def test_who_did_the_work_never_closes_it(street: Desk, hand: str) -> None:
    await street.act(hand, "resolve", Given("修好了", "fixed", (PHOTO.id,)))
    with pytest.raises(ForbiddenTransition):
        await street.act(hand, "call_back", Given("都好了"))
    with pytest.raises(ForbiddenTransition):
        await street.act(hand, "confirm")


async def test_the_words_of_the_register_go_with_the_case(street: Desk) -> None:
    await street.act("zhou", "return", Given("李芳家在二期", "not_here"))
    await street.resident("withdraw", "不想说了，我是李芳")
    moves = await street.moves()
    assert [move.text for move in moves] == ["", "李芳家在二期", "不想说了，我是李芳"]
    number = street.number
    keep = street.book.privacy
    late = NOON + 4000 * DAY
    await street.store.write(
        lambda tx: privacy.expire_case(
            tx, number, keep.record, keep.retention, street.book.categories, late
        )
    )
    bare = await street.moves()
    assert {move.text for move in bare} == {""}
    assert [(m.verb, m.code, m.owner_id) for m in bare] == [
        (m.verb, m.code, m.owner_id) for m in moves
    ]


async def test_the_register_begins_after_a_version(street: Desk) -> None:
    first = await street.act("zhou", "accept")
    await street.act("zhou", "consult", Given("问过物业科"))
    later = await street.store.read(lambda tx: tx.moves.of_case(street.number, first.version))
    assert [(move.verb, move.text) for move in later] == [("consult", "问过物业科")]


async def test_a_version_that_is_over_is_refused(street: Desk) -> None:
    version = (await street.case()).version
    await street.act("zhou", "accept")
    with pytest.raises(VersionConflict):
        await street.store.write(
            lambda tx: act(
                tx,
                street.number,
                "resolve",
                STAFF["zhou"],
                NOON,
                street.book,
                given=Given("好了"),
                version=version,
            )
        )
