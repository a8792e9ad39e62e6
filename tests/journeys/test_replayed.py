"""Stories marked ``replayed``, once more through the web chat and Telegram of a running server.

What is said, pressed and sent is the same; what must come of it is looked up at the console.
"""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.dialogue.office import OWNER
from tests.dialogue.test_stories import load_stories
from tests.journeys.conftest import LogIn, Town
from tests.journeys.residents import Heard, Resident, TelegramResident, WebResident

NUMBER = re.compile(r"JS\d{6}-\d{4,}")
REPLAYED = [given for given in load_stories() if given.values[0].get("replayed")]
ENOUGH = 10


def test_enough_stories_are_replayed() -> None:
    assert len(REPLAYED) >= ENOUGH


async def _play(resident: Resident, turn: dict[str, Any], last: Heard | None) -> Heard:
    if "press" in turn:
        shown = last.buttons if last else {}
        wanted = turn["press"]
        title, payload = next((t, p) for t, p in shown.items() if p.startswith(wanted))
        return await resident.press(payload, title)
    if "send" in turn:
        return await resident.send(turn["send"], turn.get("say", ""))
    return await resident.say(turn["say"])


def _words(turn: dict[str, Any]) -> list[str]:
    """What the answer tells wherever it is told: names and numbers are the town's own."""
    return [words for words in turn.get("tells", ()) if OWNER not in words and "JS" not in words]


def _plain(name: str, value: Any) -> Any:
    """A value without what differs from day to day: what files are called, and dates."""
    if name == "happened_since":
        return value is not None
    return len(value) if isinstance(value, list) else value


@pytest.mark.parametrize("channel", ["web", "telegram"])
@pytest.mark.parametrize("story", REPLAYED)
async def test_a_story_is_the_same_through_every_door(
    story: dict[str, Any], channel: str, town: Town, http: httpx.AsyncClient, log_in: LogIn
) -> None:
    async with httpx.AsyncClient(base_url=town.telegram, timeout=60) as control:
        resident: Resident = (
            await WebResident.arrive(http)
            if channel == "web"
            else await TelegramResident.arrive(control)
        )
        heard: Heard | None = None
        numbers: list[str] = []
        for turn in story["turns"]:
            heard = await _play(resident, turn, heard)
            numbers += NUMBER.findall(heard.text)
            for words in _words(turn):
                assert words in heard.text, (turn, heard.text)
    assert numbers, "no case came of it"
    officer = await log_in("demo-admin")
    pages = [await officer.get(f"/api/cases/{number}") for number in dict.fromkeys(numbers)]
    assert [page["case"]["status"] for page in pages] == story["cases"]
    assert pages[0]["case"]["category"] == story.get("category", pages[0]["case"]["category"])
    values = {slot["name"]: slot["value"] for page in pages for slot in page["dossier"]["slots"]}
    for name, value in story.get("slots", {}).items():
        found = values.get(name)
        assert _plain(name, found) == _plain(name, value), (name, values)
