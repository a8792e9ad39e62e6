"""How long the policy takes over one line, understanding and storing left out.

``python -m benchmarks.policy_step`` plays the conversations of ``tests/dialogue``. The table
tells the median, the 99th of a hundred and the longest step, in milliseconds of the processor: what
else the machine does is not counted.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.dialogue_verdict import read_scripts
from bot.dialogue import policy
from config.load import load_book
from nlu.engine import EmbeddedEngine
from tests.dialogue.test_dialogues import play_script

SCRIPTS = Path(__file__).parent.parent / "tests" / "dialogue" / "dialogues.jsonl"
ROUNDS = 3


def main() -> None:
    """Play everything and print the table."""
    taken: list[float] = []
    decide = policy.step

    def timed(*given: Any, **named: Any) -> Any:
        begun = time.thread_time()
        step = decide(*given, **named)
        taken.append((time.thread_time() - begun) * 1000)
        return step

    policy.step = timed
    try:
        book, engine = load_book(), EmbeddedEngine.load(accept_stale=True)
        scripts = read_scripts(SCRIPTS)
        for _ in range(ROUNDS):
            for script in scripts:
                play_script(script, book, engine)
    finally:
        policy.step = decide
    taken.sort()
    print(f"{'steps':>8} {'median ms':>10} {'p99 ms':>10} {'longest ms':>11}")
    print(
        f"{len(taken):>8} {statistics.median(taken):>10.3f}"
        f" {taken[int(len(taken) * 0.99)]:>10.3f} {taken[-1]:>11.3f}"
    )


if __name__ == "__main__":
    main()
