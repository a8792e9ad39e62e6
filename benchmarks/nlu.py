"""The embedded engine: time for one line, time until ready, memory, time to train, model size.

Lines are our own (``nlu/data/intents``), none twice in a row: caches are as cold as with real
residents. Each is read several times a round apart and its best time counts, so that a neighbour
on a shared machine is not measured; the percentiles are over lines. Load and memory are those of a
fresh process that holds nothing but the engine.

    .venv/bin/python -m benchmarks.nlu [--rounds 5] [--no-training]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from nlu.engine import EmbeddedEngine
from nlu.lexicon import DATA
from nlu.model_file import DEFAULT_PATH, current_data_hash, save
from nlu.training_data import read_all

LENGTHS = (20, 120, 300)
LINES = 200
FRESH = """
import time
began, busy = time.perf_counter(), time.process_time()
from nlu.engine import EmbeddedEngine
EmbeddedEngine.load(accept_stale=True)
took, worked = time.perf_counter() - began, time.process_time() - busy
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
print(took, worked, int(status["VmRSS"].split()[0]) / 1024)
"""


def lines_of(texts: list[str], length: int) -> list[str]:
    """Up to LINES texts of ``length`` characters, give or take a tenth.

    Letters that long are few: neighbours in a file are joined and cut to make more of them.
    """
    near = [text for text in texts if abs(len(text) - length) <= length / 10]
    if len(near) < LINES:
        long = [text for text in texts if len(text) >= length / 2]
        near += [(one + two)[:length] for one, two in pairwise(long)]
    return near[:: max(1, len(near) // LINES)][:LINES]


def parse_times(engine: EmbeddedEngine, lines: list[str], rounds: int) -> list[float]:
    """The best time of each line in milliseconds, sorted."""
    best = [float("inf")] * len(lines)
    for _ in range(rounds):
        for at, line in enumerate(lines):
            began = time.perf_counter()
            engine.understand(line)
            best[at] = min(best[at], time.perf_counter() - began)
    return sorted(1000 * took for took in best)


def fresh_process() -> tuple[float, float, float]:
    """Seconds until the engine is ready, of these on the processor, and its memory in MB."""
    run = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    took, worked, memory = map(float, run.stdout.split())
    return took, worked, memory


def training() -> tuple[float, float, float]:
    """Seconds a training takes, of these on the processor, and the file's size in MB."""
    from nlu.train import train  # noqa: PLC0415  # scikit-learn would weigh on what is measured

    began, busy = time.perf_counter(), time.process_time()
    made = train(read_all(DATA), current_data_hash())
    took, worked = time.perf_counter() - began, time.process_time() - busy
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jiesu.model"
        save(made, path)
        return took, worked, path.stat().st_size / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-training", action="store_true")
    chosen = parser.parse_args()
    engine = EmbeddedEngine.load(DEFAULT_PATH, accept_stale=True)
    texts = [example.text for example in read_all(DATA).examples]
    print("one line      lines    median ms    p99 ms")
    for length in LENGTHS:
        times = parse_times(engine, lines_of(texts, length), chosen.rounds)
        last = times[int(0.99 * (len(times) - 1))]
        print(f"{length:4} chars {len(times):9} {statistics.median(times):12.3f} {last:9.3f}")
    starts = sorted(fresh_process() for _ in range(chosen.rounds))
    took, worked, memory = starts[len(starts) // 2]
    print(f"ready, with imports   {took:6.2f} s ({worked:.2f} s on the processor), {memory:.0f} MB")
    if not chosen.no_training:
        took, worked, size = training()
        print(
            f"training              {took:6.1f} s ({worked:.1f} s on the processor), {size:.1f} MB"
        )


if __name__ == "__main__":
    main()
