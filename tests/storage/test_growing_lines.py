"""Lines that grow after they came: albums and transcripts; and voices nobody has heard."""

from dataclasses import replace
from datetime import UTC, datetime

from casework.desk.conversations import receive
from casework.ports import Store, Transaction
from casework.turn import Inbound, Media, Turn

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def photo(name: str) -> Media:
    """A photo; ids have 32 characters."""
    return Media(name * 32, "photo", f"{name}.jpg", "image/jpeg", 10)


def member(number: int, *media: Media, text: str = "", album: str | None = "a1.9") -> Inbound:
    """One message of an album."""
    return Inbound("telegram", f"m1.{number}", "1", AT, text, media=media, album=album)


async def stored(store: Store, inbound: Inbound) -> tuple[Turn, bool]:
    """Receive it; the line it became or joined, and whether that is new."""

    def work(tx: Transaction) -> tuple[Turn, bool]:
        _, turn, new = receive(tx, inbound)
        return turn, new

    return await store.write(work)


async def test_an_album_is_one_line_in_any_order(store: Store) -> None:
    for number, name in ((3, "c"), (1, "a"), (2, "b")):
        await stored(store, member(number, photo(name), text="看" if number == 1 else ""))
    again, new = await stored(store, member(1, photo("a"), text="看"))
    assert not new
    kept = await store.read(lambda tx: tx.turns.get(again.id))
    assert (kept.text, kept.external_id, kept.album) == ("看", "a1.9", "a1.9")
    assert [media.name for media in kept.media] == ["c.jpg", "a.jpg", "b.jpg"]
    for name in "abc":
        media, owner = await store.read(lambda tx, name=name: tx.files.get(name * 32))  # type: ignore[misc]
        assert (media.name, owner) == (f"{name}.jpg", kept.conversation_id)


async def test_what_comes_after_the_answer_is_a_line_of_its_own_once(store: Store) -> None:
    first, _ = await stored(store, member(1, photo("a")))
    await store.write(lambda tx: tx.turns.mark_handled(first.id, AT))
    late, new = await stored(store, member(2, photo("b")))
    assert (new, late.late, late.external_id) == (True, True, "m1.2")
    again, new = await stored(store, member(2, photo("b")))
    assert (new, again.id) == (False, late.id)
    known, new = await stored(store, member(1, photo("a")))
    assert (new, known.id, known.late) == (False, first.id, False)
    turns = await store.read(lambda tx: tx.turns.after(first.conversation_id, 0))
    assert [len(turn.media) for turn in turns] == [1, 1]


async def test_the_same_album_id_in_another_chat_is_another_album(store: Store) -> None:
    first, _ = await stored(store, member(1, photo("a")))
    other = replace(member(2, photo("b")), chat="2", album="a2.9", external_id="m2.2")
    second, new = await stored(store, other)
    assert new
    assert second.conversation_id != first.conversation_id


async def test_a_transcript_stays_beside_its_voice(store: Store) -> None:
    voice = Media("v" * 32, "voice", "v.ogg", "audio/ogg", 10)
    turn, _ = await stored(store, member(1, voice, album=None))

    def work(tx: Transaction) -> None:
        tx.turns.amend(replace(turn, transcript="电梯坏了"))
        found = tx.conversations.get(turn.conversation_id, lock=True)
        tx.conversations.save(replace(found, unheard=2), found.epoch)

    await store.write(work)
    kept = await store.read(lambda tx: tx.turns.get(turn.id))
    assert (kept.text, kept.transcript, kept.voices) == ("", "电梯坏了", (voice,))
    assert kept.handled_at is None
    conversation = await store.read(lambda tx: tx.conversations.get(turn.conversation_id))
    assert conversation.unheard == 2
