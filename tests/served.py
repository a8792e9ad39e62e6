"""A `jiesu serve` of one's own: started, timed until ready, weighed, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

JIESU = Path(sys.executable).with_name("jiesu")
READY_WITHIN = 200  # seconds; three on a machine with nothing else to do


def free_port() -> int:
    """A port of the loopback nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> None:
    """Look again until ``holds``: for what another process does. Raises TimeoutError."""
    ends = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > ends:
            raise TimeoutError
        time.sleep(0.02)


class Server:
    """The whole product in a process of its own, on a data directory."""

    def __init__(self, data: Path, *arguments: str, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [str(JIESU), "serve", "--data", str(data), "--port", str(self.port)]
        self._command += arguments
        self._environment = {**os.environ, "JIESU_LOG_LEVEL": "warning", **environment}
        self._log = data.with_suffix(".log")
        self.seconds_to_ready = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until /readyz says yes. Raises RuntimeError with the log."""
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log
            )
        while time.perf_counter() < began + READY_WITHIN:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=30):  # noqa: S310
                    self.seconds_to_ready = time.perf_counter() - began
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.01)
        raise RuntimeError(f"the server did not get ready:\n{self._log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        """The server's process id."""
        assert self._process is not None
        return self._process.pid

    def resident_mb(self) -> float:
        """Its resident memory in MB (10^6 bytes)."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines()
        kib = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
        return kib * 1024 / 1e6

    def cpu_seconds(self) -> float:
        """CPU time used so far."""
        fields = (
            Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=120)
        self._process = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
