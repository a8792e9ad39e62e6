"""Speech to text over HTTP: ``POST /v1/audio/transcriptions``, as OpenAI's interface has it.

Whisper servers, vLLM and others speak it; see docs/speech.md.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx
import structlog

from casework.turn import Media

log = structlog.get_logger()
PATH: Final = "/v1/audio/transcriptions"
CONNECT_SECONDS: Final = 2.0
TRIES: Final = 2
PAUSE_SECONDS: Final = 0.2
"""Before the second try, which only a lost connection or a gateway's answer gets."""
PASSING: Final = frozenset({429, 500, 502, 503, 504})
MOST_BYTES: Final = 25 * 1024 * 1024
"""Of a recording; longer ones are for a person."""
MOST_ANSWER: Final = 256 * 1024
MOST_CHARACTERS: Final = 4000
SIDE_BY_SIDE: Final = 4
ENDINGS: Final = {
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/wav": "wav",
    "audio/amr": "amr",
}

ReadFile = Callable[[Media], Awaitable[bytes]]
"""The bytes of a kept file. Raises OSError."""


class NotHeard(Exception):
    """No transcript. ``passing`` is true where a second try may help."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing


class SpeechServer:
    """bot.speech.Ears on a server. ``seconds`` is the time for everything, the second try too."""

    def __init__(
        self, url: str, model: str, seconds: float, read_file: ReadFile, token: str | None = None
    ) -> None:
        self._model = model
        self._seconds = seconds
        self._read_file = read_file
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/").removesuffix("/v1"),
            headers={"Authorization": f"Bearer {token}"} if token else None,
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            trust_env=False,  # no proxy hears what residents say …
            verify=ssl.create_default_context(),  # … but the operator's own CA file counts
        )

    async def transcribe(self, media: Media) -> str | None:
        """See :class:`bot.speech.Ears`."""
        try:
            async with asyncio.timeout(self._seconds), self._places:
                return await self._ask(media)
        except TimeoutError:
            reason = "timeout"
        except NotHeard as error:
            reason = error.reason
        except OSError:
            reason = "file_lost"
        log.warning("voice_not_transcribed", reason=reason)
        return None

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.aclose()

    async def _ask(self, media: Media) -> str | None:
        if media.size > MOST_BYTES:
            raise NotHeard("too_large")
        sent = await self._read_file(media)
        for _ in range(TRIES - 1):
            try:
                return text_of(await self._post(media, sent))
            except NotHeard as error:
                if not error.passing:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
        return text_of(await self._post(media, sent))

    async def _post(self, media: Media, sent: bytes) -> bytes:
        # The resident's own name for the file tells the server nothing; its type does.
        file = (f"voice.{ENDINGS.get(media.mime, 'bin')}", sent, media.mime)
        fields = {"model": self._model, "response_format": "json"}
        try:
            async with self._client.stream(
                "POST", PATH, data=fields, files={"file": file}
            ) as answer:
                status = answer.status_code
                if status != httpx.codes.OK:
                    raise NotHeard(f"http_{status}", passing=status in PASSING)
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > MOST_ANSWER:
                        raise NotHeard("answer_too_long")
                return bytes(body)
        except httpx.TimeoutException:
            raise NotHeard("timeout") from None
        except (httpx.HTTPError, httpx.StreamError):
            raise NotHeard("connection", passing=True) from None


def text_of(body: bytes) -> str | None:
    """The transcript in the server's answer, None for silence. Raises NotHeard."""
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise NotHeard("answer_unreadable") from None
    text = answer.get("text") if isinstance(answer, dict) else None
    if not isinstance(text, str):
        raise NotHeard("answer_unreadable")
    kept = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
    return kept[:MOST_CHARACTERS] or None
