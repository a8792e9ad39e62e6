"""The engine of one process, and what keeps it well: new models, and the circuit to Rasa."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Counter, Gauge, Info

from cli.mistakes import Mistake
from config.settings import Settings
from nlu.engine import EmbeddedEngine
from nlu.model_file import DEFAULT_PATH, ModelError
from nlu.reload import ModelWatch

if TYPE_CHECKING:
    from nlu.rasa import RasaEngine, Report

log = structlog.get_logger()
LOOK_SECONDS = 1.0

MODEL = Info("jiesu_nlu_model", "The language model that serves: the sha256 of its content")
RELOADS = Counter("jiesu_nlu_reloads", "Model files taken up while running", ["outcome"])
RASA = Counter(
    "jiesu_nlu_rasa",
    "Questions to Rasa: answered, or why not; rested: understood without asking, circuit open",
    ["outcome"],
)
DEGRADED = Gauge("jiesu_nlu_degraded", "1 while lines are understood without the chosen Rasa")


class Hearing:
    """Loads the chosen engine, and looks after it while the process serves."""

    def __init__(self, settings: Settings) -> None:
        """Load the engine; takes a noticeable part of a second. Raises Mistake without a model."""
        try:
            self._watch = ModelWatch.open(settings.nlu_model or DEFAULT_PATH)
        except ModelError as error:
            raise Mistake(str(error)) from None
        self._rasa = self._remote(settings) if settings.nlu_engine == "rasa" else None
        self._listeners: list[Callable[[bool], None]] = []
        DEGRADED.set(0)
        MODEL.info({"digest": self._watch.digest})

    @property
    def engine(self) -> EmbeddedEngine | RasaEngine:
        """What understands residents' lines in this process."""
        return self._rasa or self._watch.engine

    @property
    def digest(self) -> str | None:
        """The sha256 of the model that ranks categories; None while Rasa does."""
        return self._watch.digest if self._rasa is None or self.degraded else None

    @property
    def remote(self) -> bool:
        """Whether a Rasa server was chosen."""
        return self._rasa is not None

    @property
    def degraded(self) -> bool:
        """Whether a chosen Rasa is not there, so that the embedded engine stands in for it."""
        return self._rasa is not None and self._rasa.degraded

    def works(self) -> bool:
        """Whether the embedded engine, which always stands ready, understands a line."""
        return bool(self._watch.engine.understand("你好").intent.name)

    def tell(self, listener: Callable[[bool], None]) -> None:
        """Call ``listener`` whenever ``degraded`` changes."""
        self._listeners.append(listener)

    async def run(self, stop: asyncio.Event) -> None:
        """Look for a new model, and after Rasa, until ``stop``."""
        while not stop.is_set():
            await self.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    async def tick(self) -> None:
        """One look. A changed model is loaded in a thread: no line waits for it."""
        if self._watch.changed():
            found = await asyncio.to_thread(self._watch.reload)
            RELOADS.labels(found.outcome).inc()
            if found.outcome == "loaded":
                MODEL.info({"digest": found.digest})
                log.info("model_loaded", digest=found.digest)
            else:
                log.warning("model_refused", why=found.why, still=found.digest)
        if self._rasa is not None:
            await self._rasa.tend()

    async def close(self) -> None:
        """Give back the connections."""
        if self._rasa is not None:
            await self._rasa.aclose()

    def _remote(self, settings: Settings) -> RasaEngine:
        # Only here: httpx costs a tenth of a second and some memory.
        from nlu.rasa import RasaEngine  # noqa: PLC0415

        token = settings.rasa_token.get_secret_value() if settings.rasa_token else None
        return RasaEngine(
            self._watch.engine,
            settings.rasa_url or "",
            time.monotonic,
            token=token,
            report=self._heard,
        )

    def _heard(self, report: Report) -> None:
        match report.what:
            case "answered" | "rested":
                RASA.labels(report.what).inc()
            case "failed":
                RASA.labels(report.reason).inc()
                log.warning("rasa_failed", reason=report.reason, detail=report.detail)
            case "opened":
                log.error("rasa_left_alone", reason=report.reason, detail=report.detail)
                self._changed(degraded=True)
            case "closed":
                log.warning("rasa_is_back")
                self._changed(degraded=False)

    def _changed(self, *, degraded: bool) -> None:
        DEGRADED.set(degraded)
        for listener in self._listeners:
            listener(degraded)
