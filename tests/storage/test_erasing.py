"""Deletion, stopping and retention: the same on every store, and nothing left behind."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from casework.case import Case, SlotValue, Status
from casework.conversation import Conversation, HolderKind
from casework.desk import cases as desk
from casework.desk import privacy
from casework.desk.conversations import receive, reply, say, take_over
from casework.desk.privacy import Erasure
from casework.errors import NotFound
from casework.events import Event, Kind
from casework.organisation import Officer, Role
from casework.ports import Store, Transaction
from casework.privacy import Retention
from casework.turn import Line, Media
from config.load import load_book
from storage import schema
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction
from tests.rules import OneClass
from tests.storage.people import NOON, SECOND, cast, conversation, line

BOOK = load_book()
RECORD, NAMES = BOOK.privacy.record, BOOK.categories
RULES = OneClass()
YEARS = Retention(timedelta(days=30), timedelta(days=1095), timedelta(days=1825))
DAY = timedelta(days=1)
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
SECRETS = ("李芳", "13800138000", "翠湖花园3栋501", "水管爆了", "明天下午来看", "a1" * 16)


async def told(store: Store, *, filed: bool = True, restricted: bool = False) -> Case:
    """A resident who said everything about themselves, and an answer on its way."""
    await cast(store)
    opened = await conversation(store)

    def work(tx: Transaction) -> Case:
        media = Media("a1" * 16, "photo", "李芳家.jpg", "image/jpeg", 10)
        words = "我叫李芳，电话13800138000，翠湖花园3栋501水管爆了"
        talking, turn, _ = receive(tx, replace(line(words, "1"), media=(media,)))
        tx.turns.mark_handled(turn.id, NOON)
        talking, extra, _ = receive(tx, line("我还有一件事想说", "2"))
        tx.turns.mark_handled(extra.id, NOON)
        epoch = talking.epoch
        talking, _ = say(tx, talking, [Line("李芳您好，明天下午来看")], NOON)
        slots = {
            "name": SlotValue("李芳", "李芳", turn.id, 2, 4),
            "phone": SlotValue("13800138000", "13800138000", turn.id, 7, 18),
            "place": SlotValue("翠湖花园3栋501", "翠湖花园3栋501", turn.id, 19, 29),
            "issue": SlotValue("水管爆了", "水管爆了", turn.id),
            "people_n": SlotValue(3, "三口人", turn.id),
            "evidence": SlotValue([media.id], "", turn.id),
        }
        opening = desk.Opening(
            "property_management", slots, "物业服务：水管爆了", restricted=restricted
        )
        case = desk.draft(tx, opened, opening, NOON)
        if filed:
            case = desk.file(tx, case.number, RULES, NOON)
        talking = replace(talking, has_cases=True, dialogue={"told": words})
        tx.conversations.save(talking, epoch)
        return case

    return await store.write(work)


def wish(*, withdraw: bool = False) -> Erasure:
    return Erasure(None, RECORD, NAMES, withdraw=withdraw)


async def erase(store: Store, case: Case, at: datetime, *, withdraw: bool = False) -> Conversation:
    def work(tx: Transaction) -> Conversation:
        before = tx.conversations.get(case.conversation_id, lock=True)
        after = privacy.erase(tx, before, wish(withdraw=withdraw), at)
        tx.conversations.save(after, before.epoch)
        return after

    return await store.write(work)


async def everything(store: Store, case: Case) -> str:
    """All a store still knows, as text."""

    def work(tx: Transaction) -> str:
        turns = [asdict(t) for t in tx.turns.after(case.conversation_id, 0)]
        cases = [asdict(c) for c in tx.cases.of_conversation(case.conversation_id)]
        events = [asdict(e) for e in tx.events.after(0, 1000)]
        kept = [asdict(r) for r in tx.reclassifications.all()]
        talk = asdict(tx.conversations.get(case.conversation_id))
        return json.dumps([turns, cases, events, kept, talk], ensure_ascii=False, default=str)

    found = await store.read(work)
    if hasattr(store, "url"):
        found += await store.read(_tables)  # type: ignore[arg-type]
    return found


def _tables(tx: SqlTransaction) -> str:
    names = ("outbox", "files", "notes", "turns", "cases", "conversations")
    rows = [tx.connection.execute(text(f"SELECT * FROM {n}")).all() for n in names]  # noqa: S608
    return str(rows)


async def events(store: Store) -> list[Event]:
    return await store.read(lambda tx: tx.events.after(0, 1000))


async def test_nothing_personal_is_left_of_a_closed_case(store: Store) -> None:
    case = await told(store)
    await store.write(lambda tx: desk.act_as_resident(tx, case.number, "withdraw", RULES, NOON))
    before = await everything(store, case)
    assert all(secret in before for secret in SECRETS[:4])
    talk = await erase(store, case, NOON + DAY)
    after = await everything(store, case)
    for secret in SECRETS[:-1]:
        assert secret not in after, secret
    bare = await store.read(lambda tx: tx.cases.get(case.number))
    assert bare.status is Status.WITHDRAWN
    assert (bare.anonymised_at, bare.title) == (NOON + DAY, NAMES["property_management"])
    assert {name: held.value for name, held in bare.slots.items()} == {
        "people_n": 3,
        "place": "翠湖花园",
    }
    assert not talk.has_cases
    assert not talk.dialogue
    assert Kind.RESIDENT_ERASED in [event.kind for event in await events(store)]


async def test_an_open_case_keeps_what_it_stands_on_until_it_is_closed(store: Store) -> None:
    case = await told(store)
    await erase(store, case, NOON + DAY)
    kept = await store.read(lambda tx: tx.cases.get(case.number))
    assert kept.forget
    assert kept.slots == case.slots
    turns = await store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
    assert [turn.erased for turn in turns] == [False, True, True]
    media, _ = await store.read(lambda tx: tx.files.get("a1" * 16))
    assert media.size == 10
    limits = YEARS.limits(NOON + 2 * DAY)
    assert await store.read(lambda tx: tx.erasing.due_cases(limits, 9)) == []
    await store.write(
        lambda tx: desk.act_as_resident(tx, case.number, "withdraw", RULES, NOON + 2 * DAY)
    )
    assert await store.read(lambda tx: tx.erasing.due_cases(limits, 9)) == [case.number]
    assert await expire(store, case, NOON + 2 * DAY)
    assert not await expire(store, case, NOON + 2 * DAY)
    after = await everything(store, case)
    for secret in SECRETS[:-1]:
        assert secret not in after, secret
    assert await store.read(lambda tx: tx.erasing.due_cases(limits, 9)) == []


async def expire(store: Store, case: Case, at: datetime) -> bool:
    return await store.write(
        lambda tx: privacy.expire_case(tx, case.number, RECORD, YEARS, NAMES, at)
    )


async def test_open_cases_can_be_taken_back_with_it(store: Store) -> None:
    case = await told(store)
    await erase(store, case, NOON + DAY, withdraw=True)
    bare = await store.read(lambda tx: tx.cases.get(case.number))
    assert bare.status is Status.WITHDRAWN
    assert bare.anonymised_at == NOON + DAY


async def test_a_case_behind_danger_is_never_taken_back_by_it(store: Store) -> None:
    case = await told(store)
    await store.write(lambda tx: tx.cases.save(replace(case, crisis="R3"), NOON))
    await erase(store, case, NOON + DAY, withdraw=True)
    kept = await store.read(lambda tx: tx.cases.get(case.number))
    assert (kept.status, kept.forget) == (Status.DISPATCHED, True)
    assert kept.slots == case.slots


async def test_erasing_again_changes_nothing_more(store: Store) -> None:
    case = await told(store)
    await erase(store, case, NOON + DAY, withdraw=True)
    first = await everything(store, case)
    count = len(await events(store))
    await erase(store, case, NOON + 2 * DAY, withdraw=True)
    assert await everything(store, case) == first
    assert len(await events(store)) == count


async def test_what_was_still_to_be_sent_is_not(store: Store) -> None:
    case = await told(store)
    await erase(store, case, NOON + DAY, withdraw=True)
    due = await store.write(
        lambda tx: tx.outbox.lease_due("telegram", NOON + DAY, NOON + 2 * DAY, 9)
    )
    assert due == []


async def test_an_officer_holds_nothing_any_more(store: Store) -> None:
    case = await told(store)
    held = await store.write(lambda tx: take_over(tx, case.conversation_id, ZHOU, NOON))
    answer = Line("李芳，我明天下午来看")
    await store.write(lambda tx: reply(tx, held.id, ZHOU, held.epoch, answer, "o:1", NOON + SECOND))
    talk = await erase(store, case, NOON + DAY, withdraw=True)
    assert talk.holder.kind is HolderKind.BOT
    assert talk.epoch == held.epoch + 1
    assert "李芳" not in await everything(store, case)
    kinds = [event.kind for event in await events(store)]
    assert kinds[-2:] == [Kind.RELEASED, Kind.RESIDENT_ERASED]


async def test_files_go_with_their_bytes_after_the_commit(store: Store) -> None:
    case = await told(store)
    await erase(store, case, NOON + DAY, withdraw=True)
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.files.get("a1" * 16))
    assert await store.read(lambda tx: tx.erasing.doomed_files(9)) == ["a1" * 16]
    await store.write(lambda tx: tx.erasing.drop_files(["a1" * 16]))
    assert await store.read(lambda tx: tx.erasing.doomed_files(9)) == []


async def test_a_failing_transaction_erases_nothing(store: Store) -> None:
    case = await told(store)
    before = await everything(store, case)

    def work(tx: Transaction) -> None:
        talk = tx.conversations.get(case.conversation_id, lock=True)
        privacy.erase(tx, talk, wish(withdraw=True), NOON)
        raise RuntimeError("the answer could not be written")

    with pytest.raises(RuntimeError):
        await store.write(work)
    assert await everything(store, case) == before


async def test_stopping_keeps_filed_cases_only(store: Store) -> None:
    case = await told(store)
    draft = await store.write(lambda tx: _second_draft(tx, case))

    def work(tx: Transaction) -> Conversation:
        before = tx.conversations.get(case.conversation_id, lock=True)
        after = privacy.stop(tx, before, wish(), NOON + DAY)
        tx.conversations.save(after, before.epoch)
        return after

    talk = await store.write(work)
    assert talk.has_cases
    kept = await store.read(lambda tx: tx.cases.get(case.number))
    assert kept == case
    gone = await store.read(lambda tx: tx.cases.get(draft.number))
    assert gone.status is Status.WITHDRAWN
    assert gone.slots == {}
    turns = await store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
    assert [turn.erased for turn in turns] == [False, True, True]


def _second_draft(tx: Transaction, case: Case) -> Case:
    talk = tx.conversations.get(case.conversation_id)
    slots = {"issue": SlotValue("没交的事", "没交的事", None)}
    return desk.draft(tx, talk, desk.Opening("other", slots), NOON)


async def test_a_case_is_anonymised_when_its_time_is_over(store: Store) -> None:
    case = await told(store)
    await store.write(lambda tx: desk.act_as_resident(tx, case.number, "withdraw", RULES, NOON))
    early, late = NOON + 1094 * DAY, NOON + 1096 * DAY
    assert await due(store, early) == []
    assert not await expire(store, case, early)
    assert await due(store, late) == [case.number]
    assert await expire(store, case, late)
    after = await everything(store, case)
    assert "水管爆了" not in after
    assert "13800138000" not in after
    talk = await store.read(lambda tx: tx.conversations.get(case.conversation_id))
    assert not talk.has_cases


async def due(store: Store, at: datetime) -> list[str]:
    return await store.read(lambda tx: tx.erasing.due_cases(YEARS.limits(at), 9))


async def test_restricted_cases_are_kept_longer_and_unfiled_ones_shorter(store: Store) -> None:
    case = await told(store, restricted=True)
    draft = await store.write(lambda tx: _second_draft(tx, case))
    for number in (case.number, draft.number):
        await store.write(lambda tx, n=number: desk.act_as_resident(tx, n, "withdraw", RULES, NOON))  # type: ignore[misc]
    assert await due(store, NOON + 29 * DAY) == []
    assert await due(store, NOON + 31 * DAY) == [draft.number]
    assert await due(store, NOON + 1096 * DAY) == [draft.number]
    assert sorted(await due(store, NOON + 1826 * DAY)) == sorted([case.number, draft.number])


async def test_talk_that_led_to_nothing_goes_after_thirty_days(store: Store) -> None:
    await cast(store)
    talk = await conversation(store)

    def chat(tx: Transaction) -> None:
        _, turn, _ = receive(tx, line("我叫李芳，就问问", "9"))
        tx.turns.mark_handled(turn.id, NOON)

    await store.write(chat)
    late, early = NOON + 31 * DAY, NOON + 29 * DAY
    assert await store.read(lambda tx: tx.erasing.due_talks(early - 30 * DAY, 9)) == []
    assert not await store.write(lambda tx: privacy.expire_talk(tx, talk.id, YEARS, early))
    assert await store.read(lambda tx: tx.erasing.due_talks(late - 30 * DAY, 9)) == [talk.id]
    assert await store.write(lambda tx: privacy.expire_talk(tx, talk.id, YEARS, late))
    assert not await store.write(lambda tx: privacy.expire_talk(tx, talk.id, YEARS, late))
    assert await store.read(lambda tx: tx.erasing.due_talks(late - 30 * DAY, 9)) == []
    (turn,) = await store.read(lambda tx: tx.turns.after(talk.id, 0))
    assert turn.erased
    kept = await store.read(lambda tx: tx.conversations.get(talk.id))
    assert (kept.title, kept.preview) == ("", "")


async def test_lines_not_decided_yet_are_not_lost(store: Store) -> None:
    case = await told(store)
    _, waiting, _ = await store.write(lambda tx: receive(tx, line("等一下，还有", "7")))
    await erase(store, case, NOON + DAY, withdraw=True)
    assert (await store.read(lambda tx: tx.turns.get(waiting.id))).text == "等一下，还有"


CLOSED = "FROM cases WHERE anonymised_at IS NULL AND closed_at IS NOT NULL"
QUERIES = {
    "ix_cases_forget": "SELECT number FROM cases WHERE forget AND anonymised_at IS NULL "
    "AND anonymised_at IS NULL AND closed_at IS NOT NULL ORDER BY closed_at",
    "ix_cases_kept": f"SELECT number {CLOSED} AND filed_at IS NOT NULL AND restricted IS 0 "
    "AND closed_at <= 5 ORDER BY closed_at",
    "ix_cases_unfiled": f"SELECT number {CLOSED} AND filed_at IS NULL "
    "AND closed_at <= 5 ORDER BY closed_at",
    "ix_conversations_idle": "SELECT id FROM conversations WHERE forgotten_seq < last_seq "
    "AND NOT has_cases AND last_at <= 5 ORDER BY last_at",
}


@pytest.mark.parametrize("index", QUERIES)
async def test_the_clock_finds_what_is_due_by_an_index(sqlite_url: str, index: str) -> None:
    """On SQLite the plan can be read: no table is scanned for what nobody has to forget."""
    await schema.upgrade(sqlite_url)
    opened = open_store(sqlite_url)
    plan = await opened.read(
        lambda tx: str(tx.connection.execute(text(f"EXPLAIN QUERY PLAN {QUERIES[index]}")).all())
    )
    await opened.close()
    assert index in plan
