"""`POST /model/parse`: requests a second, waits, memory and time to ready, ours and Rasa's.

    .venv/bin/python -m benchmarks.nlu_parse [--rasa http://127.0.0.1:5005] [--rasa-pid PID]
        [--model FILE] [--runs 3] [--requests 4000] [--rasa-requests 300]

The client is bare: it sends the same bytes on connections it keeps open, each when the answer
before is whole, and looks at no more than the status and the length. It runs in this process,
the server in another; both share the machine, so also the server's own CPU time a request is
printed: its inverse is what one core can do. Rasa, when its address is given, is asked in
turn with ours, run by run: shared machines are noisy, compare within one run.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

from nlu.model_file import DEFAULT_PATH
from tests.served import JIESU

SHORT = (
    "老板拖欠我们五个人三个月工资，一共两万三",
    "楼上天天半夜吵得睡不着觉，找物业也不管用",
    "电梯坏了半个月了没人修，老人上不去六楼啊",
    "你好，我想问一下低保怎么申请，去哪里办呢",
)
LETTER = (
    "您好，我是高新区河西安置房工地的木工，跟着宏达建筑公司的包工头老周干了大半年，当初说好每天"
    "三百二，干完一个月结一次，可是从七月份到现在一分钱都没有发过，我们十几个人加起来有十八万多，"
    "去项目部问过好几次，都说等甲方拨款，打电话也不接了，眼看要过年，家里老人孩子都等着用钱，请帮帮我们"
)
CONNECTIONS = (1, 4, 16)


@dataclass(frozen=True)
class Row:
    """What one run at one number of connections gave. Times in milliseconds."""

    rate: float
    median: float
    late: float
    cpu: float | None


class Caller(asyncio.Protocol):
    """One connection that asks until it has asked enough."""

    def __init__(self, requests: Sequence[bytes], times: int) -> None:
        self._requests = itertools.cycle(requests)
        self._left = times
        self._said = b""
        self._asked_at = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self.waits: list[float] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._said += data
        head = self._said.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._said[:head].lower().index(b"content-length:") + 15
        length = int(self._said[at:head].split(b"\r\n", 1)[0])
        if len(self._said) < head + 4 + length:
            return
        if not self._said.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(ValueError(self._said[:60]))
            return
        self.waits.append(time.perf_counter() - self._asked_at)
        self._said = b""
        self._left -= 1
        if self._left:
            self._ask()
        else:
            self.done.set_result(None)

    def _ask(self) -> None:
        assert self._transport is not None
        self._asked_at = time.perf_counter()
        self._transport.write(next(self._requests))

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def measure(
    url: str, texts: Sequence[str], connections: int, requests: int, pid: int | None
) -> Row:
    """Ask ``requests`` times over so many connections."""
    place = urlsplit(url)
    target = "/model/parse" + (f"?{place.query}" if place.query else "")
    head = f"POST {target} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
    bodies = [json.dumps({"text": text}).encode() for text in texts]
    asked = [f"{head}Content-Length: {len(b)}\r\n\r\n".encode() + b for b in bodies]
    host, port = place.hostname or "", place.port or 80
    loop = asyncio.get_running_loop()
    cpu = cpu_seconds(pid)
    began = time.perf_counter()
    callers = [
        (await loop.create_connection(lambda: Caller(asked, requests // connections), host, port))[
            1
        ]
        for _ in range(connections)
    ]
    await asyncio.gather(*(caller.done for caller in callers))
    seconds = time.perf_counter() - began
    used = None if cpu is None else (cpu_seconds(pid) or 0.0) - cpu
    for caller in callers:
        caller.close()
    waits = sorted(wait for caller in callers for wait in caller.waits)
    return Row(
        len(waits) / seconds,
        statistics.median(waits) * 1e3,
        waits[int(len(waits) * 0.99)] * 1e3,
        None if used is None else used / len(waits) * 1e3,
    )


def cpu_seconds(pid: int | None) -> float | None:
    """CPU time a process has used."""
    if pid is None:
        return None
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Resident memory in MB (10^6 bytes)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024 / 1e6


@contextmanager
def ours(model: Path) -> Iterator[tuple[str, int, float]]:
    """`jiesu nlu serve` in a process of its own: address, process id, seconds to ready."""
    command = [str(JIESU), "nlu", "serve", "--port", "0", "--any-data", "--model", str(model)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1]
        yield url, process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


Rows = dict[tuple[str, str, int], list[Row]]


def one_run(given: argparse.Namespace, rows: Rows) -> tuple[float, float]:
    """Measure both once; gives our seconds to ready and our memory at the end."""
    texts = {"20": SHORT, "140": (LETTER,)}
    with ours(given.model) as (url, pid, ready):
        uvloop.run(measure(url, SHORT, 4, 500, None))  # warm
        for name, text in texts.items():
            for connections in CONNECTIONS:
                row = uvloop.run(measure(url, text, connections, given.requests, pid))
                rows.setdefault(("jiesu", name, connections), []).append(row)
        memory = resident_mb(pid)
    if given.rasa:
        uvloop.run(measure(given.rasa, SHORT, 1, 20, None))
        for name, text in texts.items():
            for connections in CONNECTIONS:
                row = uvloop.run(
                    measure(given.rasa, text, connections, given.rasa_requests, given.rasa_pid)
                )
                rows.setdefault(("rasa", name, connections), []).append(row)
    return ready, memory


def main() -> None:
    """Print medians over the runs."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--model", type=Path, default=DEFAULT_PATH)
    options.add_argument("--rasa", help="address of a running Rasa server; ?token= is kept")
    options.add_argument("--rasa-pid", type=int, help="its process, to see its memory and CPU time")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--requests", type=int, default=4000)
    options.add_argument("--rasa-requests", type=int, default=300)
    given = options.parse_args()
    rows: Rows = {}
    starts = [one_run(given, rows) for _ in range(given.runs)]
    ready, memory = (statistics.median(figures) for figures in zip(*starts, strict=True))
    print(f"jiesu nlu serve: ready {ready:.2f} s · {memory:.0f} MB after the run")
    if given.rasa_pid:
        print(f"rasa: {resident_mb(given.rasa_pid):.0f} MB")
    print("server | characters | connections | requests/s | p50 ms | p99 ms | server CPU ms")
    for (server, text, connections), each in rows.items():
        rate = statistics.median(row.rate for row in each)
        median = statistics.median(row.median for row in each)
        late = statistics.median(row.late for row in each)
        used = [row.cpu for row in each if row.cpu is not None]
        cpu = f"{statistics.median(used):.3f}" if used else "-"
        print(
            f"{server:6} | {text:>10} | {connections:11} | {rate:10.0f} | {median:6.2f} |"
            f" {late:6.2f} | {cpu}"
        )
    if given.rasa:
        for text in ("20", "140"):
            best = {
                server: max(
                    statistics.median(row.rate for row in rows[server, text, connections])
                    for connections in CONNECTIONS
                )
                for server in ("jiesu", "rasa")
            }
            print(f"{text} characters: {best['jiesu'] / best['rasa']:.0f} times Rasa's throughput")


if __name__ == "__main__":
    main()
