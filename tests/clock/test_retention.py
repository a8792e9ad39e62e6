"""What was kept long enough goes by itself, and what was deleted goes with its bytes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from casework.case import Case, SlotValue
from casework.conversation import Conversation
from casework.desk import cases as desk
from casework.desk import privacy
from casework.desk.conversations import receive
from casework.desk.privacy import Erasure
from casework.events import Kind
from casework.ports import Transaction
from casework.turn import Inbound
from config.digest_words import load_digest_words
from config.load import Book
from handoff_console.clock import Clockwork
from handoff_console.digests import DigestDesk
from storage.engine import SqlStore
from storage.files import FileStore
from tests.clock.street import NOW

DAY = timedelta(days=1)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def clock_with(store: SqlStore, book: Book, files: FileStore) -> Clockwork:
    words = DigestDesk(store, load_digest_words(book.categories))
    return Clockwork(store, book, words, time(18), remove=files.remove)


async def run(clock: Clockwork, at: datetime) -> int:
    count = 0
    while await clock.tick(at):
        count += 1
        assert count < 200, "the clock never rests"
    return count


async def talk(store: SqlStore, chat: str, words: str) -> Conversation:
    def work(tx: Transaction) -> Conversation:
        inbound = Inbound("webchat", f"{chat}:1", chat, NOW, words, "李芳")
        found, turn, _ = receive(tx, inbound)
        tx.turns.mark_handled(turn.id, NOW)
        return found

    return await store.write(work)


async def closed_case(store: SqlStore, book: Book, chat: str) -> Case:
    told = await talk(store, chat, "锦绣花园2栋301漏水，我叫李芳")

    def work(tx: Transaction) -> Case:
        slots = {"issue": SlotValue("2栋301漏水"), "place": SlotValue("锦绣花园2栋301")}
        case = desk.draft(tx, told, desk.Opening("property_management", slots), NOW)
        case = desk.file(tx, case.number, book, NOW)
        tx.conversations.save(replace(told, has_cases=True), told.epoch)
        return desk.act_as_resident(tx, case.number, "withdraw", book, NOW)

    return await store.write(work)


async def words_of(store: SqlStore, conversation_id: str) -> list[str]:
    turns = await store.read(lambda tx: tx.turns.after(conversation_id, 0))
    return [turn.text for turn in turns]


async def test_talk_goes_after_thirty_days_and_cases_after_three_years(
    store: SqlStore, clock_on: Callable[[SqlStore], Clockwork], book: Book
) -> None:
    idle = await talk(store, "idle", "我就问问，我叫李芳")
    case = await closed_case(store, book, "closed")
    clock = clock_on(store)
    await run(clock, NOW + 29 * DAY)
    assert await words_of(store, idle.id) == ["我就问问，我叫李芳"]
    await run(clock, NOW + 31 * DAY)
    assert await words_of(store, idle.id) == [""]
    assert (await store.read(lambda tx: tx.cases.get(case.number))).slots
    await run(clock, NOW + 1096 * DAY)
    bare = await store.read(lambda tx: tx.cases.get(case.number))
    assert bare.anonymised_at == NOW + 1096 * DAY
    assert {name: held.value for name, held in bare.slots.items()} == {"place": "锦绣花园"}
    assert await words_of(store, case.conversation_id) == [""]
    await run(clock, NOW + 1130 * DAY)
    forgotten = await store.read(lambda tx: tx.conversations.get(case.conversation_id))
    assert (forgotten.title, forgotten.forgotten_seq) == ("", forgotten.last_seq)


async def test_many_are_done_in_small_batches(
    store: SqlStore, clock_on: Callable[[SqlStore], Clockwork]
) -> None:
    talks = [await talk(store, f"c{n}", "说过的话") for n in range(45)]
    await run(clock_on(store), NOW + 31 * DAY)
    assert [await words_of(store, each.id) for each in talks] == [[""]] * 45


async def test_deleted_files_lose_their_bytes(store: SqlStore, book: Book, tmp_path: Path) -> None:
    files = FileStore(tmp_path, 1000)
    photo = await files.keep("家.png", PICTURE)
    inbound = Inbound("webchat", "p:1", "p", NOW, "看照片", media=(photo,))
    found, turn, _ = await store.write(lambda tx: receive(tx, inbound))
    clock = clock_with(store, book, files)
    await run(clock, NOW)
    assert files.path(photo.id).is_file()

    def erase(tx: Transaction) -> None:
        tx.turns.mark_handled(turn.id, NOW)
        wish = Erasure(turn.id, book.privacy.record, book.categories)
        before = tx.conversations.get(found.id, lock=True)
        tx.conversations.save(privacy.erase(tx, before, wish, NOW), before.epoch)

    await store.write(erase)
    await run(clock, NOW + timedelta(seconds=6))
    assert not files.path(photo.id).exists()
    assert await store.read(lambda tx: tx.erasing.doomed_files(9)) == []


async def test_two_clocks_forget_once(
    store: SqlStore, other_store: SqlStore, clock_on: Callable[[SqlStore], Clockwork], book: Book
) -> None:
    case = await closed_case(store, book, "both")
    first, second = clock_on(store), clock_on(other_store)
    await run(first, NOW + 1096 * DAY)
    await run(second, NOW + 1096 * DAY)
    events = await store.read(lambda tx: tx.events.of_case(case.number))
    assert [event.kind for event in events].count(Kind.CASE_ANONYMISED) == 1
