"""A verdict on a candidate as a table, and a refusal as one line."""

from __future__ import annotations

import sys
from pathlib import Path

from nlu.gate import Fall, Figure, Verdict


def write_verdict(verdict: Verdict) -> None:
    """The table on stdout: every figure before and after, then the classes that fell by a lot."""
    head = ("lines", "figure", "now", "candidate", "change", "lower in", "")
    rows = [head, *(_row(figure) for figure in verdict.figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    for fall in verdict.falls:
        sys.stdout.write(f"fell by a lot: {_fall(fall)}\n")


def refusal(verdict: Verdict, candidate: Path) -> str:
    """By how much and where the candidate is worse, the greatest loss first."""
    lost = "; ".join(_loss(figure) for figure in verdict.worse)
    falls = ", ".join(_fall(fall) for fall in verdict.falls[:3])
    deepest = f"; furthest down: {falls}" if falls else ""
    return f"refused, the candidate is worse: {lost}{deepest} (it lies at {candidate})"


def _row(figure: Figure) -> tuple[str, ...]:
    lower = "" if figure.lower_in is None else f"{figure.lower_in:.0%}"
    return (
        figure.lines,
        figure.name,
        f"{figure.before:.4f}",
        f"{figure.after:.4f}",
        f"{figure.change:+.4f}",
        lower,
        "worse" if figure.worse else "",
    )


def _loss(figure: Figure) -> str:
    sure = "" if figure.lower_in is None else f", in {figure.lower_in:.0%} of resamples"
    points = abs(figure.change) * 100
    return (
        f"{figure.lines} {figure.name} {figure.before:.3f} → {figure.after:.3f} "
        f"({points:.1f} points worse{sure})"
    )


def _fall(fall: Fall) -> str:
    return f"{fall.lines} {fall.name} F1 {fall.before:.2f} → {fall.after:.2f}"
