"""A `jiesu nlu serve` of one's own, in a process of its own, on a model of one's own."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tests.served import JIESU


def cut_short(model: Path) -> None:
    """Break a model file in one step: a server that looks meanwhile sees no third content."""
    broken = model.with_name(f"{model.name}.broken")
    broken.write_bytes(model.read_bytes()[:-10])
    broken.replace(model)


class NluServer:
    """Started and ready when entered; ``port`` 0 takes any free one."""

    def __init__(
        self, model: Path, folder: Path, *arguments: str, port: int = 0, **more: str
    ) -> None:
        self._command = [str(JIESU), "nlu", "serve", "--model", str(model), "--any-data"]
        self._command += ["--port", str(port), *arguments]
        self._environment = {**os.environ, **more}
        self._log = folder / "nlu-serve.log"
        self.url = ""
        self.seconds_to_ready = 0.0
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it says where it listens. Raises RuntimeError with the log."""
        began = time.perf_counter()
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, env=self._environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError(f"it did not start:\n{self.log()}")
        self.seconds_to_ready = time.perf_counter() - began
        self.url = said.split()[-1]

    def log(self) -> str:
        """What it wrote on stderr so far."""
        return self._log.read_text(encoding="utf-8")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; gives its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(timeout=120)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return code

    def __enter__(self) -> NluServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            self.stop()
