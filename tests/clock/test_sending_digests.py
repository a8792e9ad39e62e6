"""A digest reaches each admin once, is never lost to a platform that is away, and names nobody."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from casework.desk import digests
from casework.errors import NotAllowed
from casework.events import Event, Kind
from casework.groups import CODE_LENGTH, CODE_LIFE, Group, code_from, code_hash
from casework.outbox import DeliveryError, OutgoingMessage
from config.digest_words import load_digest_words
from handoff_console.clock import Clockwork
from handoff_console.digests import DigestDesk
from storage.engine import SqlStore
from tests.clock.conftest import EVENING, Platform
from tests.clock.street import MINUTE, NOW, STAN, Street

DUE = NOW + timedelta(hours=1)  # 18:00 in China
DAY = timedelta(days=1)
PRIVATE = ("张", "伟", "13800001111", "1380000", "501", "3号楼", "2单元", "半个月", "没人修")

Queued = Callable[[datetime], Awaitable[list[OutgoingMessage]]]


@pytest.fixture
def queued(store: SqlStore) -> Queued:
    """What may be sent to Telegram at a moment."""

    async def lease(now: datetime) -> list[OutgoingMessage]:
        return await store.write(lambda tx: tx.outbox.lease_due("telegram", now, now + MINUTE, 50))

    return lease


async def next_at(store: SqlStore, group: Group) -> datetime:
    return (await store.read(lambda tx: tx.groups.get(group.id))).next_at


async def last_event(store: SqlStore) -> Event:
    return (await store.read(lambda tx: tx.events.after(0, 10_000)))[-1]


async def test_each_admin_gets_it_privately_at_the_hour(
    clock: Clockwork, street: Street, store: SqlStore, queued: Queued
) -> None:
    group = await street.bind("street", DUE)
    assert not await clock.tick(DUE - MINUTE)
    assert await clock.tick(DUE)
    messages = await queued(DUE)
    assert [message.chat for message in messages] == ["501", "502"]
    assert {message.epoch for message in messages} == {None}
    assert {message.conversation_id for message in messages} == {None}
    assert await next_at(store, group) == DUE + DAY
    told = (await last_event(store)).data
    assert told == {"group": group.id, "unit": "street", "admins": 2}
    assert not await clock.tick(DUE + MINUTE)


async def test_a_quiet_day_is_one_reassuring_line(
    clock: Clockwork, street: Street, queued: Queued
) -> None:
    await street.bind("street", DUE)
    await clock.tick(DUE)
    text = (await queued(DUE))[0].text
    assert "\n" not in text
    assert text.startswith("【11月22日 和平街道")


async def test_it_names_nobody(street: Street, store: SqlStore) -> None:
    for chat in range(4):
        await street.filed(str(chat), NOW - DAY * 6.5)
    await street.filed("9", NOW, place="纺织厂宿舍3号楼，501", urgent=True)
    group = await street.bind("street", DUE)
    digest = await DigestDesk(store, load_digest_words(street.book.categories)).preview(
        group.id, DUE
    )
    assert "锦绣花园" in digest.text
    assert "纺织厂宿舍" in digest.text
    assert [word for word in PRIVATE if word in digest.text] == []
    assert len(digest.text.splitlines()) <= 12


async def test_only_the_units_below(street: Street, store: SqlStore) -> None:
    await street.filed("1", NOW)
    await street.filed("2", NOW, place="纺织厂宿舍3号楼")
    await street.filed("3", NOW, place="纺织厂宿舍3号楼")
    desk = DigestDesk(store, load_digest_words(street.book.categories))
    totals = {}
    for place, unit in enumerate(("e1", "east", "west", "street", None)):
        group = await street.bind(unit, DUE, chat=f"-{place}")
        digest = await desk.preview(group.id, DUE)
        totals[unit] = next(each.lines[0] for each in digest.sections if each.key == "new")
    assert [total[0] for total in totals.values()] == ["1", "1", "2", "3", "3"]


async def test_a_platform_that_is_away_delays_it(
    clock: Clockwork, street: Street, store: SqlStore, platform: Platform, queued: Queued
) -> None:
    group = await street.bind("street", DUE)
    platform.error = DeliveryError("server_error")
    assert not await clock.tick(DUE)
    assert not await clock.tick(DUE + timedelta(seconds=1))
    assert platform.asked == 1
    assert await next_at(store, group) == DUE
    platform.error = None
    assert await clock.tick(DUE + timedelta(hours=2))
    assert len(await queued(DUE + timedelta(hours=2))) == 2
    assert await next_at(store, group) == DUE + DAY


@pytest.mark.parametrize("error", [TimeoutError(), OSError(), KeyError("surprise")])
async def test_any_other_failure_delays_it_too(
    clock: Clockwork, street: Street, platform: Platform, error: Exception
) -> None:
    await street.bind("street", DUE)
    platform.error = error
    assert not await clock.tick(DUE)
    platform.error = None
    assert await clock.tick(DUE + timedelta(minutes=6))


async def test_a_late_digest_still_tells_of_its_own_day(
    clock: Clockwork, street: Street, platform: Platform, queued: Queued
) -> None:
    await street.filed("1", DUE - timedelta(hours=20))
    await street.bind("street", DUE)
    platform.error = DeliveryError("server_error")
    await clock.tick(DUE)
    platform.error = None
    much_later = DUE + timedelta(hours=10)
    assert await clock.tick(much_later)
    assert "新增：1件" in (await queued(much_later))[0].text


async def test_given_up_only_when_the_next_one_is_due(
    clock: Clockwork, street: Street, store: SqlStore, platform: Platform
) -> None:
    group = await street.bind("street", DUE)
    platform.error = DeliveryError("server_error")
    assert not await clock.tick(DUE + DAY - MINUTE)
    assert await clock.tick(DUE + DAY + timedelta(hours=1))
    told = await last_event(store)
    assert told.kind is Kind.DIGEST_UNSENT
    assert (told.data["officer"], told.data["reason"]) == (STAN.id, "server_error")
    assert await next_at(store, group) == DUE + DAY
    platform.error = None
    assert await clock.tick(DUE + DAY + timedelta(hours=2))
    assert await next_at(store, group) == DUE + 2 * DAY


@pytest.mark.parametrize("admins", [[], None])
async def test_when_nobody_can_be_asked_the_binder_sees_it(
    clock: Clockwork,
    street: Street,
    store: SqlStore,
    platform: Platform,
    queued: Queued,
    admins: list[str] | None,
) -> None:
    group = await street.bind("street", DUE)
    if admins is None:
        platform.error = DeliveryError("chat_not_found", permanent=True)
    else:
        platform.admins = admins
    assert await clock.tick(DUE)
    told = await last_event(store)
    assert told.kind is Kind.DIGEST_UNSENT
    assert told.data["officer"] == STAN.id
    assert told.data["reason"] == ("no_admins" if admins == [] else "chat_not_found")
    assert await queued(DUE) == []
    assert await next_at(store, group) == DUE + DAY
    assert not await clock.tick(DUE + MINUTE)


async def test_one_group_that_fails_does_not_hold_up_the_next(
    street: Street, store: SqlStore
) -> None:
    gone = await street.bind("street", DUE, chat="-1")
    there = await street.bind("east", DUE + MINUTE, chat="-2")

    async def admins(group: Group) -> list[str]:
        if group.id == gone.id:
            raise DeliveryError("server_error")
        return ["501"]

    desk = DigestDesk(store, load_digest_words(street.book.categories))
    clock = Clockwork(store, street.book, desk, EVENING, admins=admins)
    assert not await clock.tick(DUE + MINUTE)
    assert await clock.tick(DUE + 2 * MINUTE)
    assert await next_at(store, there) == DUE + DAY
    assert await next_at(store, gone) == DUE


async def test_a_code_binds_once_and_to_the_officers_unit(store: SqlStore) -> None:
    code = code_from(bytes(range(CODE_LENGTH)))
    ends = await store.write(lambda tx: digests.vouch(tx, STAN, code, NOW))
    assert ends == NOW + CODE_LIFE
    typed = f" {code[:4].lower()}-{code[4:]} "

    async def bind(now: datetime) -> Group | None:
        return await store.write(
            lambda tx: digests.bind(tx, typed, "telegram", "-9", "和平家园", now, EVENING)
        )

    assert await bind(ends) is None
    group = await bind(NOW + MINUTE)
    assert group is not None
    assert (group.unit_id, group.bound_by, group.next_at) == ("street", "stan", DUE)
    assert (await last_event(store)).kind is Kind.GROUP_BOUND
    assert await bind(NOW + MINUTE) is None


async def test_who_has_left_vouches_for_nobody(store: SqlStore) -> None:
    def work(tx: object) -> None:
        gone = type(STAN)("gone", "gone", "前任", STAN.role, "street", active=False)
        digests.vouch(tx, gone, "ABCD", NOW)  # type: ignore[arg-type]

    with pytest.raises(NotAllowed):
        await store.write(work)


def test_codes_are_easy_to_read_out() -> None:
    codes = {code_from(bytes([byte] * CODE_LENGTH)) for byte in range(256)}
    assert len(codes) == 32
    assert not set("".join(codes)) & set("IO01")
    with pytest.raises(ValueError, match="8 bytes"):
        code_from(b"short")
    assert code_hash("ab-cd") == code_hash("A B C D") != code_hash("ABCE")
