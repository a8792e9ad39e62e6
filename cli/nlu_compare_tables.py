"""A comparison as tables to read: ours, Rasa's, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from nlu.measure.comparison import OURS, THEIRS, ratio

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH: Final = 110  # characters, where the terminal does not tell its own
SHARES: Final = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "macro_f1_with_secondary": "macro-F1, second category credited",
    "core_f1": "mean F1 of the core three",
    "core_f1_with_secondary": "core three, second category credited",
    "first_three": "right one among the first three",
    "accuracy_short": "accuracy, short texts",
    "macro_f1_short": "macro-F1, short texts",
    "accuracy_long": "accuracy, long texts",
    "macro_f1_long": "macro-F1, long texts",
    "calibration_error": "calibration error",
    "mean_risk": "mean risk over all coverages",
    "answered_at_10_percent_risk": "answered with at most 10 % wrong",
}
COUNTS: Final = {
    "errors": "errors",
    "sure_errors": "errors above 0.8 confidence",
    "fallbacks": "fell back",
}
FACTS: Final = {
    "ready_seconds": "ready after (s)",
    "resident_mb_at_start": "memory when ready (MB)",
    "resident_mb": "memory after the load (MB)",
    "model_mb": "model file (MB)",
    "training_seconds": "training (s)",
}
UNKNOWN: Final = "–"


def show(measured: dict[str, Any], console: Console | None = None) -> None:
    """Print every table on stdout, or on ``console``."""
    from rich.console import Console  # noqa: PLC0415

    out = console or Console()
    if not out.is_terminal:
        out.width = WIDTH
    for name, told in measured["files"].items():
        out.print(_figures(name, told))
        lead = told["lead"]
        out.print(
            f"macro-F1: {OURS} leads by {100 * lead['macro_f1']:+.1f} points"
            f" (95 % of draws: {100 * lead['low']:+.1f} to {100 * lead['high']:+.1f})\n"
        )
        out.print(_classes(name, told))
        for engine in (OURS, THEIRS):
            for part, some in told[engine]["mistakes"].items():
                out.print(f"{engine}, {part}: {'; '.join(_mistaken(some))}")
        out.print()
    out.print(_speed(measured["speed"]))
    out.print(_facts(measured["process"]))
    out.print(_fairness(measured))


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=title, title_justify="left")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 else "right", no_wrap=at > 0)
    return table


def _figures(name: str, told: dict[str, Any]) -> Table:
    table = _table(f"{name}: {told['lines']} lines", "", OURS, THEIRS, "difference")
    ours, theirs = told[OURS], told[THEIRS]
    for key, label in SHARES.items():
        if key in ours:
            size = key.rpartition("_")[2]
            lines = f" ({ours[f'lines_{size}']})" if size in {"short", "long"} else ""
            table.add_row(
                label + lines,
                f"{ours[key]:.3f}",
                f"{theirs[key]:.3f}",
                f"{ours[key] - theirs[key]:+.3f}",
            )
    for key, label in COUNTS.items():
        table.add_row(label, str(ours[key]), str(theirs[key]), f"{ours[key] - theirs[key]:+d}")
    return table


def _classes(name: str, told: dict[str, Any]) -> Table:
    titles = [f"{figure} {engine}" for figure in ("P", "R", "F1") for engine in (OURS, THEIRS)]
    table = _table(f"{name}, by class", "", "n", *titles, "F1 difference")
    for label, ours in told[OURS]["classes"].items():
        theirs = told[THEIRS]["classes"][label]
        shares = [
            f"{side[key]:.2f}" for key in ("precision", "recall", "f1") for side in (ours, theirs)
        ]
        table.add_row(label, str(ours["n"]), *shares, f"{ours['f1'] - theirs['f1']:+.2f}")
    return table


def _mistaken(some: list[dict[str, Any]]) -> Iterator[str]:
    for one in some[:5]:
        yield f"{one['is']} taken for {one['said']} ({one['n']})"


def _speed(speed: dict[str, list[dict[str, Any]]]) -> Table:
    table = _table(
        "POST /model/parse", "characters, connections",
        f"{OURS}/s", f"{THEIRS}/s", "ratio",
        f"{OURS} p50", "p95", "p99 ms", f"{THEIRS} p50", "p95", "p99 ms",
    )  # fmt: skip
    for ours, theirs in zip(speed[OURS], speed[THEIRS], strict=True):
        times = [
            f"{side[key]:.2f}" for side in (ours, theirs) for key in ("p50_ms", "p95_ms", "p99_ms")
        ]
        table.add_row(
            f"about {ours['characters']}, {ours['connections']}",
            f"{ours['a_second']:.0f}",
            f"{theirs['a_second']:.0f}",
            _times(ratio(ours["a_second"], theirs["a_second"])),
            *times,
        )
    return table


def _facts(process: dict[str, dict[str, Any]]) -> Table:
    table = _table("process", "", OURS, THEIRS, "ratio")
    for key, label in FACTS.items():
        ours, theirs = (process[engine].get(key) for engine in (OURS, THEIRS))
        shown = [UNKNOWN if one is None else f"{one:.1f}" for one in (ours, theirs)]
        table.add_row(label, *shown, _times(ratio(ours, theirs)))
    return table


def _times(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:.1f} x" if value >= 1 else f"1/{1 / value:.1f}"


def _fairness(measured: dict[str, Any]) -> str:
    if measured["same_data"]:
        return "Both were trained on the same sentences."
    if measured["same_data"] is None:
        return "Not known whether both were trained on the same sentences."
    return (
        "NOT trained on the same sentences: read no lead into these figures. --same-data trains"
        " the embedded engine on those of the Rasa model."
    )
