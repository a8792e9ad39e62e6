"""``jiesu nlu serve``: imports what it needs and nothing else, so that it is ready at once.

Its options are read by argparse: Typer, with the pydantic behind it, would take longer to import
than the model takes to load, and a sixth of the memory.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.mistakes import Mistake

if TYPE_CHECKING:
    from nlu.reload import ModelWatch

TOKEN = "JIESU_RASA_TOKEN"  # noqa: S105  # the variable's name


def serve_nlu(arguments: Sequence[str]) -> None:
    """Serve until interrupted. Raises Mistake, OSError, or SystemExit(2) for wrong options."""
    # One line is far too small a product to share among threads; they would only take memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import uvloop  # noqa: PLC0415

    from cli.nlu_answers import RasaDesk  # noqa: PLC0415
    from cli.nlu_server import serve  # noqa: PLC0415
    from nlu.model_file import DEFAULT_PATH, ModelError  # noqa: PLC0415
    from nlu.reload import ModelWatch  # noqa: PLC0415

    given = _options().parse_args(arguments)
    token = given.auth_token or _token_given()
    try:
        watch = ModelWatch.open(given.model or DEFAULT_PATH, accept_stale=given.any_data)
    except ModelError as error:
        raise Mistake(str(error)) from None
    desk = RasaDesk(watch, token, lambda what: _log("request_failed", error=what))
    loading: set[asyncio.Future[None]] = set()

    def look() -> None:
        """Each second: a changed model is loaded in a thread, no request waits for it."""
        if watch.changed() and not loading:
            task = asyncio.ensure_future(asyncio.to_thread(_reload, watch))
            loading.add(task)
            task.add_done_callback(loading.discard)

    gc.collect()
    _give_back()
    gc.freeze()  # what is loaded stays; looking through it again and again would cost pauses
    uvloop.run(serve(desk, given.host, given.port, look))


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="jiesu nlu serve",
        description="Answer Rasa's POST /model/parse, so that a Rasa client can switch by URL.",
    )
    options.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    options.add_argument(
        "--port", type=_port, default=5005, help="port to listen on; 0: any free one (%(default)s)"
    )
    options.add_argument("--model", type=Path, help="the model file; default: as trained here")
    options.add_argument(
        "--any-data", action="store_true", help="also a model of other training data than lies here"
    )
    options.add_argument(
        "--auth-token", metavar="TOKEN", help=f"what ?token= must say; also {TOKEN} or {TOKEN}_FILE"
    )
    return options


def _port(given: str) -> int:
    port = int(given)
    if not 0 <= port <= 65535:  # the system would take another one
        raise ValueError(given)
    return port


def _reload(watch: ModelWatch) -> None:
    found = watch.reload()
    _give_back()
    if found.outcome == "loaded":
        _log("model_loaded", digest=found.digest)
    else:
        _log("model_refused", why=found.why, still=found.digest)


def _give_back() -> None:
    """Give the system back what loading needed for a moment; the C library keeps it otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # only glibc has it
        trim(0)


def _token_given() -> str | None:
    """The token from the environment. Raises Mistake when its file cannot be read."""
    path = os.environ.get(f"{TOKEN}_FILE")
    if not path:
        return os.environ.get(TOKEN) or None
    if os.environ.get(TOKEN):
        raise Mistake(f"{TOKEN} and {TOKEN}_FILE are both set: keep one")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise Mistake(f"{TOKEN}_FILE: cannot read {path}: {error.strerror}") from None


def _log(event: str, **facts: str) -> None:
    """One JSON object a line on stderr, as the other roles do; structlog alone costs 5 MB."""
    sys.stderr.write(json.dumps({"event": event, **facts}, ensure_ascii=False) + "\n")
    sys.stderr.flush()
