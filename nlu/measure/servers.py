"""A server of one's own on a free port: started, timed until ready, weighed, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from nlu.measure.answers import NoAnswer

LAST_WORDS: Final = 600  # characters of a log that are shown
STOPS_WITHIN: Final = 20.0  # seconds


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A process that answers ``GET /status`` once it can parse.

    ``command`` gets the port in place of ``{port}``. Raises NoAnswer, with the last lines of the
    log, when the process ends or is not ready ``within`` seconds.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        within: float = 300.0,
    ) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.seconds_to_ready = 0.0
        self._log = log
        self._name = Path(command[0]).name
        began = time.perf_counter()
        with log.open("wb") as stream:
            self._process = subprocess.Popen(  # noqa: S603  # our own commands
                [part.replace("{port}", str(port)) for part in command],
                stdout=stream,
                stderr=stream,
                cwd=folder,
                env={**os.environ, **(environment or {})},
            )
        try:
            self._wait(began + within)
        except BaseException:
            self.stop()
            raise
        self.seconds_to_ready = time.perf_counter() - began

    def _wait(self, ends: float) -> None:
        with httpx.Client(trust_env=False, timeout=5) as client:
            while time.perf_counter() < ends and self._process.poll() is None:
                try:
                    if client.get(f"{self.url}/status").status_code == 200:
                        return
                except httpx.HTTPError:
                    time.sleep(0.01)
        why = "ended" if self._process.poll() is not None else "was not ready in time"
        words = self._log.read_text(encoding="utf-8", errors="replace")[-LAST_WORDS:].strip()
        raise NoAnswer(f"{self._name} {why}: {words or 'it said nothing'}")

    def resident_mb(self) -> float | None:
        """Resident memory of the process and its children, in MB (10^6 bytes).

        None where the system has no /proc.
        """
        pages = 0
        for pid in _family(self._process.pid):
            try:
                pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            except OSError:  # it ended between being listed and being weighed
                continue
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages else None

    def stop(self) -> None:
        """End it as a terminal would, and wait."""
        if self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.name))

    def descend(one: int) -> list[int]:
        return [one, *(child for born in children.get(one, ()) for child in descend(born))]

    return descend(pid)
