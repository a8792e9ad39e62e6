"""Scripted conversations through ``jiesu chat --json``, and how each came out.

``python -m benchmarks.dialogues FILE.jsonl [--show]``; ``--show`` prints what was said.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.dialogue_verdict import Outcome, question_words, read_scripts, verdict
from config.load import load_book

BOOK = load_book()


def stdin_lines(turns: list[Any]) -> list[str]:
    """The lines ``jiesu chat`` reads for these turns."""
    lines = []
    for turn in turns:
        if isinstance(turn, str):
            lines.append(turn)
            continue
        if "after_days" in turn:
            lines.append(json.dumps({"wait": f"P{turn['after_days']}D"}))
        if "location" in turn:
            lines.append(json.dumps({"location": turn["location"]}))
        if "photo" in turn:
            lines.append(json.dumps({"photo": True}))
        if "text" in turn:
            lines.append(turn["text"])
    return lines


def converse(turns: list[Any]) -> list[dict[str, Any]]:
    """What ``jiesu chat --json`` printed, turn by turn."""
    with tempfile.TemporaryDirectory() as home:
        jiesu = str(Path(sys.executable).with_name("jiesu"))
        command = [jiesu, "chat", "--json", "--data", home]
        done = subprocess.run(
            command,
            input="\n".join(stdin_lines(turns)) + "\n",
            capture_output=True,
            text=True,
            check=True,
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcome_of(printed: list[dict[str, Any]]) -> Outcome:
    """What came of a conversation, from what was printed."""
    words, outcome = question_words(BOOK), Outcome()
    wanted: set[str] = set()
    refused: set[str] = set()
    for turn in printed:
        state = turn["state"]
        slots = dict(state["active"]["slots"]) if state["active"] else {}
        for case in state["cases"]:
            slots = {**case["slots"], **slots}
        if state["active"]:
            missing = set(state["active"]["missing"])
            refused |= wanted - missing
            wanted |= missing
        outcome.heard([reply["text"] for reply in turn["replies"]], {*slots, *refused}, words)
        outcome.slots = slots
        outcome.handed |= state["holder"] != "bot"
        outcome.crisis = state["crisis"]
        alive = [case for case in state["cases"] if case["status"] != "withdrawn"]
        outcome.cases = len(alive)
        active = state["active"] or {}
        outcome.category = active.get("category") or (alive[0]["category"] if alive else None)
    return outcome


def main() -> None:
    """Run a file of scripts and print a verdict for each, then the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args()
    scripts = read_scripts(chosen.file)
    right, questions = 0, []
    failures: dict[str, int] = {}
    for script in scripts:
        printed = converse(script["turns"])
        outcome = outcome_of(printed)
        wrong = verdict(script["expect"], outcome)
        right += not wrong
        questions.append(outcome.questions)
        for each in wrong:
            kind = "asked again" if each.startswith("asked") else each.split()[0]
            failures[kind] = failures.get(kind, 0) + 1
        print(script["id"], "ok" if not wrong else "; ".join(wrong), script["title"])
        if chosen.show:
            _show(printed)
    print(f"{right} of {len(scripts)} as they should be; {dict(sorted(failures.items()))}")
    print(f"questions: median {statistics.median(questions)}, most {max(questions)}")


def _show(printed: list[dict[str, Any]]) -> None:
    for turn in printed:
        print("   R:", turn["resident"])
        for reply in turn["replies"]:
            print("      B:", reply["text"].replace("\n", " / ")[:200])


if __name__ == "__main__":
    main()
