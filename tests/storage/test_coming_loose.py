"""A case that followed another comes loose: it goes on from now, not from long ago."""

from casework import clocks
from casework.case import Case
from casework.desk import joining
from casework.desk.clock import keep_time
from casework.effects import Given
from casework.events import RESIDENT
from casework.ports import Transaction
from tests.storage.people import NOON
from tests.storage.street import DAY, STAFF, Desk


async def followed(street: Desk) -> Case:
    """Another resident's case that follows the street's."""
    other = await street.filed("8")

    def tie(tx: Transaction) -> Case:
        who = STAFF["zhou"]
        return joining.merge(tx, other.number, street.number, who, street.book, street.now)

    return await street.store.write(tie)


async def test_the_clock_does_not_make_up_for_the_time_it_followed(street: Desk) -> None:
    mine = await followed(street)
    now = NOON + 6 * DAY  # long past the grid's share and the community's
    loose = await street.store.write(
        lambda tx: joining.loosen(tx, mine.number, street.book, now, actor=RESIDENT)
    )
    assert loose.due_at == mine.due_at == NOON + 7 * DAY
    assert loose.level_dues == (NOON + 6.5 * DAY, NOON + 6.8 * DAY)
    done = await street.store.write(
        lambda tx: keep_time(tx, loose.number, loose.version, street.book, now)
    )
    assert not done
    kept = await street.case(mine.number)
    assert (kept.owner_id, kept.level_dues) == ("zhou", loose.level_dues)
    assert clocks.next_moment(kept) is not None


async def test_who_may_not_give_back_the_leading_case_may_not_give_back_the_others(
    street: Desk,
) -> None:
    await street.act("zhou", "return", Given(code="not_here"))
    await street.act("cao", "assign", Given(officer_id="zhou"))
    mine = await followed(street)
    assert (mine.final, mine.returned) == (True, True)
