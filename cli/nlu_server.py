"""Rasa's HTTP interface for understanding, answered by the embedded engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from nlu.engine import Engine

SPEAKS_LIKE = "3.6.21"
"""The Rasa release whose interface this follows."""


class ParseRequest(BaseModel):
    """Rasa's body of POST /model/parse."""

    text: Annotated[str, Field(max_length=100_000)]
    message_id: str | None = None


def rasa_app(engine: Engine, model: Path) -> FastAPI:
    """``GET /``, ``GET /version``, ``GET /status`` and ``POST /model/parse`` as Rasa has them."""
    app = FastAPI(title="jiesu nlu", openapi_url=None)

    @app.get("/")
    async def hello() -> str:
        return f"Hello from Rasa: {SPEAKS_LIKE} (jiesu)"

    @app.get("/version")
    async def version() -> dict[str, str]:
        return {"version": SPEAKS_LIKE, "minimum_compatible_version": "3.5.0"}

    @app.get("/status")
    async def status() -> dict[str, Any]:
        return {"model_file": model.name, "model_id": model.stem, "num_active_training_jobs": 0}

    @app.post("/model/parse")
    async def parse(body: ParseRequest) -> dict[str, Any]:
        return engine.understand(body.text).as_rasa()

    return app
