"""Files in a story: an ``album`` of so many photos, one more of it that comes ``late``, and a
voice a machine ``hears``. At the end: how many voices are ``unheard``.
"""

from __future__ import annotations

from typing import Any

from casework.turn import Inbound, Media
from tests.dialogue.office import CHANNEL, CHAT, Office, done

TURN_KEYS = {"album", "late", "hears"}
KEYS = {"unheard"}


class Written:
    """bot.speech.Ears for a story: what is in every recording."""

    def __init__(self, words: str) -> None:
        self.words = words

    async def transcribe(self, media: Media) -> str | None:
        """The words of the story."""
        assert media.kind == "voice"
        return self.words


def photo(name: str) -> Media:
    """A photo by this id."""
    return Media(name, "photo", "x.jpg", "image/jpeg", 10)


def happens(office: Office, turn: dict[str, Any]) -> bool:
    """An album arrives, message by message, or a voice is heard by a machine."""
    if "hears" in turn:
        office.desk._listener._ears = Written(turn["hears"])
        office.hear(media=(Media(f"m{office.turns + 1}", "voice", "v.ogg", "audio/ogg", 10),))
        office.desk._listener._ears = None
        return True
    if "album" in turn:
        _album(office, turn["album"], turn.get("say", ""))
        return True
    if "late" in turn:
        number = turn["late"]
        office.hear(media=(photo(f"a{number}"),), album="album")
        return True
    return False


def _album(office: Office, count: int, caption: str) -> None:
    office.turns += 1
    received = [
        office._receive(
            Inbound(
                CHANNEL,
                f"a-{number}",
                CHAT,
                office.now,
                caption if number == 1 else "",
                media=(photo(f"a{number}"),),
                album="album",
            )
        )
        for number in range(1, count + 1)
    ]
    assert [each.new for each in received] == [True] + [False] * (count - 1)
    first = received[0]
    done(office.desk.decide_next(first.conversation.id, first))
    office.listened(first.turn.seq)


def check(story: dict[str, Any], office: Office) -> None:
    """Voices that wait as the story tells."""
    if "unheard" in story:
        assert office.conversation.unheard == story["unheard"]
