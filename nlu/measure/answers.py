"""A server's answers to labelled lines, over Rasa's ``POST /model/parse``.

Scored alike for every engine, from ``intent_ranking`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx

from nlu.evaluate import Heard, Scored, score
from nlu.intents import ACTS, CATEGORIES
from nlu.understanding import Ranked

FALLBACK: Final = "nlu_fallback"
"""What Rasa's FallbackClassifier puts before its ranking; what DIET said comes after it."""
PATIENCE: Final = 60.0  # seconds; DIET needs some for a long letter on a busy machine


class NoAnswer(RuntimeError):
    """The server cannot be measured; the message says why and what to do."""


def heard_in_rasa(answer: Any) -> Heard:
    """What is scored of a parse answer. Raises NoAnswer when it is none.

    A fallback is undone, as ``rasa test nlu`` does: it only says that a bot would ask again.
    """
    ranking = answer.get("intent_ranking") if isinstance(answer, dict) else None
    try:
        said = [Ranked(str(one["name"]), float(one["confidence"])) for one in ranking or ()]
    except (KeyError, TypeError, ValueError):
        said = []
    said = [one for one in said if one.name != FALLBACK]
    if not said:
        raise NoAnswer("the server's answer has no intent_ranking: is it a trained Rasa model?")
    categories = tuple(one for one in said if one.name in CATEGORIES)
    return Heard(said[0], tuple(said), categories, _acts(said, categories))


def _acts(said: Sequence[Ranked], categories: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The acts, the surest first: a complaint informs."""
    told = sum(one.confidence for one in categories)
    sure = {one.name: one.confidence for one in said if one.name in ACTS}
    sure["inform"] = sure.get("inform", 0.0) + told
    return tuple(Ranked(*one) for one in sorted(sure.items(), key=lambda one: -one[1]))


def ask(
    url: str, entries: Sequence[dict[str, Any]], progress: Callable[[int], None] | None = None
) -> tuple[list[Scored], int]:
    """Each line beside the server's answer, and how often it fell back. Raises NoAnswer."""
    scored, fallbacks = [], 0
    with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as client:
        for done, entry in enumerate(entries):
            answer = _parse(client, url, entry["text"])
            scored.append(score(entry, heard_in_rasa(answer)))
            fallbacks += answer["intent_ranking"][0]["name"] == FALLBACK
            if progress is not None:
                progress(done + 1)
    return scored, fallbacks


def _parse(client: httpx.Client, url: str, text: str) -> Any:
    try:
        answer = client.post("/model/parse", json={"text": text})
        answer.raise_for_status()
        return answer.json()
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        raise NoAnswer(f"{url} answers {code} to POST /model/parse: is a model loaded?") from None
    except ValueError:
        raise NoAnswer(f"{url} does not answer JSON: is it a Rasa server?") from None
    except httpx.HTTPError as error:
        raise NoAnswer(
            f"nobody answers at {url} ({type(error).__name__}): start the server, or mend the URL"
        ) from None
