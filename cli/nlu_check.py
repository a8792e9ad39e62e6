"""``jiesu nlu check``: is the training data as varied as people are?"""

from __future__ import annotations

import sys

from cli.mistakes import Mistake
from cli.nlu_train import training_data
from nlu.intents import CATEGORIES
from nlu.monotony import findings, spread

HEAD = "intent                lines  near  variety  opening  ending  entropy  lengths"


def check() -> None:
    """Measure each intent; say where it repeats itself or stands in two intents."""
    data = training_data()
    sys.stdout.write(HEAD + "\n")
    told = {example.intent for example in data.examples}
    for intent in sorted(told, key=lambda name: (name not in CATEGORIES, name)):
        one = spread(intent, data.of(intent))
        sys.stdout.write(
            f"{intent:20}  {one.lines:5}  {len(one.near):4}  {one.variety:7.2f}"
            f"  {one.opening:7.1%}  {one.ending:6.1%}  {one.entropy:7.2f}"
            f"  {one.shortest}-{one.longest}\n"
        )
    wrong = findings(data)
    for line in wrong[:-1]:
        sys.stderr.write(line + "\n")
    if wrong:
        raise Mistake(f"{wrong[-1]} ({len(wrong)} findings: reword or drop those lines)")
