"""The other engine: a real Rasa server asked over HTTP, with the embedded engine beside it.

Rasa ranks the intents. Danger, urgency, amounts, the second category and the answer to a line
that sounds dangerous are always found here: they never wait for the network. Whatever Rasa does
(nothing, nonsense, too late), the line is understood by the embedded engine within TOTAL_SECONDS.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import httpx

from nlu.circuit import Circuit
from nlu.engine import READ, EmbeddedEngine, Opinion
from nlu.rasa_answer import RasaFailed, Reason, read_answer
from nlu.understanding import Understanding

CONNECT_SECONDS: Final = 0.5
READ_SECONDS: Final = 1.2
"""Between two pieces of the answer."""
TOTAL_SECONDS: Final = 1.5
"""For everything, the second try included: a resident hears back within about two seconds."""
TRIES: Final = 2
PAUSE_SECONDS: Final = 0.1
"""Before the second try, which only a lost connection or a gateway's answer gets."""
PASSING: Final = frozenset({502, 503, 504})
MOST_BYTES: Final = 1024 * 1024
MOST_CONNECTIONS: Final = 32
TEND_SECONDS: Final = 15.0
"""Without a line for so long, :meth:`RasaEngine.tend` asks whether Rasa is still there."""
GREETING: Final = "你好"
"""What it asks then: the plainest line there is."""

What = Literal["answered", "failed", "rested", "opened", "closed"]


@dataclass(frozen=True, slots=True)
class Report:
    """What happened between us and Rasa; nothing of it came from a resident.

    ``rested``: a line was understood without Rasa, because the circuit is open.
    """

    what: What
    reason: Reason | None = None
    detail: str = ""


class RasaEngine:
    """An ``Engine`` and a ``RemoteEngine``. Use one of the two ways, never both.

    Inside an event loop: ``await aunderstand(…)``, from any number of tasks; it never blocks.
    Without one (the command line): ``understand(…)``, which runs a loop of its own and raises
    RuntimeError where one is running already, so that it cannot block it.
    """

    def __init__(
        self,
        embedded: EmbeddedEngine,
        url: str,
        clock: Callable[[], float],
        *,
        token: str | None = None,
        report: Callable[[Report], None] = lambda _: None,
        circuit: Circuit | None = None,
    ) -> None:
        """``url`` is the server's, without path; ``clock`` counts seconds and never goes back."""
        self._embedded = embedded
        self._clock = clock
        self._report = report
        self._circuit = circuit or Circuit()
        self._heard_at = clock() - TEND_SECONDS
        self._runner: asyncio.Runner | None = None
        self._client = httpx.AsyncClient(
            base_url=url,
            params={"token": token} if token else None,
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=TOTAL_SECONDS),
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS),
            trust_env=False,  # no proxy reads what residents write …
            verify=ssl.create_default_context(),  # … but the operator's own CA file counts
        )

    @property
    def degraded(self) -> bool:
        """Whether lines are understood without Rasa now."""
        return not self._circuit.closed

    async def aunderstand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """See :class:`nlu.engine.RemoteEngine`."""
        reading = self._embedded.read(text, context, now=now)
        opinion = None
        if reading.alarm.level == "none" and _askable(text):
            if self._circuit.lets_pass(self._clock()):
                opinion = await self._opinion(text)
            else:
                self._report(Report("rested"))
        return self._embedded.conclude(reading, opinion)

    def understand(
        self, text: str, context: str | None = None, *, now: date | None = None
    ) -> Understanding:
        """See :class:`nlu.engine.Engine`. Raises RuntimeError inside a running event loop."""
        if self._runner is None:
            self._runner = asyncio.Runner()
        answer = self.aunderstand(text, context, now=now)
        try:
            return self._runner.run(answer)
        finally:
            answer.close()

    async def tend(self) -> None:
        """Notice by ourselves that Rasa is gone, or back; call it about once a second."""
        quiet = self._clock() - self._heard_at >= TEND_SECONDS
        if (quiet or self._circuit.in_a_row) and self._circuit.lets_pass(self._clock()):
            await self._opinion(GREETING)

    async def aclose(self) -> None:
        """Give back the connections; for those who used :meth:`aunderstand`."""
        await self._client.aclose()

    def close(self) -> None:
        """Give back everything; for those who used :meth:`understand`."""
        with self._runner or asyncio.Runner() as runner:
            runner.run(self.aclose())

    async def _opinion(self, text: str) -> Opinion | None:
        """Rasa's opinion, or None; either way the circuit and whoever listens know."""
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                opinion = await self._ask(text)
        except TimeoutError:
            self._failed(RasaFailed("timeout", f"no answer within {TOTAL_SECONDS} s"))
            return None
        except RasaFailed as error:
            self._failed(error)
            return None
        self._heard_at = self._clock()
        self._report(Report("answered"))
        if self._circuit.succeeded():
            self._report(Report("closed"))
        return opinion

    def _failed(self, error: RasaFailed) -> None:
        self._heard_at = self._clock()
        self._report(Report("failed", error.reason, error.detail))
        if self._circuit.failed(self._clock()):
            self._report(Report("opened", error.reason, error.detail))

    async def _ask(self, text: str) -> Opinion:
        """Ask, once more when the failure may pass. Raises RasaFailed or TimeoutError."""
        shift = len(text) - len(text.lstrip())
        sent = text.strip()[:READ].rstrip()  # Rasa strips by itself, and counts from there
        for _ in range(TRIES - 1):
            try:
                return read_answer(await self._post(sent), sent, shift)
            except RasaFailed as error:
                if not error.passing:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
        return read_answer(await self._post(sent), sent, shift)

    async def _post(self, sent: str) -> bytes:
        try:
            async with self._client.stream("POST", "/model/parse", json={"text": sent}) as answer:
                status = answer.status_code
                if status != httpx.codes.OK:
                    raise RasaFailed("status", f"HTTP {status}", passing=status in PASSING)
                body = bytearray()
                async for piece in answer.aiter_raw():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise RasaFailed("answer", "too long")
                return bytes(body)
        except httpx.TimeoutException as error:
            raise RasaFailed("timeout", type(error).__name__) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise RasaFailed("connection", type(error).__name__, passing=True) from None


def _askable(text: str) -> bool:
    """Whether Rasa would read it as a line.

    A leading slash is a command to Rasa (``/greet``): no resident gives those. Half a surrogate
    pair cannot be sent. Neither may count as Rasa's failure, or a resident could open the circuit.
    """
    words = text.strip()
    if not words or words.startswith("/"):
        return False
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
