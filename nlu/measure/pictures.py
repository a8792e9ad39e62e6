"""Pictures of measured understanding, as PNG files. Needs matplotlib; nothing that serves does.

Colours are Okabe and Ito's, which the colour-blind can tell apart; lines differ in style too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nlu.evaluate import Scored, calibration_error
from nlu.measure.shapes import (
    Bin,
    Confusion,
    area_of_risk,
    confusion,
    reliability,
    risk_by_coverage,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from nlu.measure.learning import Curve

DOTS_AN_INCH: Final = 100
_BLUE, _ORANGE, _GREEN, _PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
COLOURS: Final = (_BLUE, _ORANGE, _GREEN, _PURPLE)
STYLES: Final = ("-", "--", "-.", ":")
MARKS: Final = ("o", "s", "^", "D")
GREY: Final = "#666666"


class NoPictures(RuntimeError):
    """matplotlib is not there; the message says how to get it."""


def need_matplotlib() -> None:
    """Raise NoPictures when nothing can be drawn: before long work, not after it."""
    try:
        import matplotlib.figure  # noqa: F401, PLC0415  # slow; only for pictures
    except ImportError:
        raise NoPictures(
            "pictures need matplotlib: run `make setup`, or install jiesu[report]"
        ) from None


def write(figure: Figure, path: Path) -> Path:
    """Save as PNG; the same figure gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS_AN_INCH, metadata={"Software": None})
    return path


def draw_confusion(scored: Sequence[Scored], title: str) -> Figure:
    """Truth by row, answer by column; shade is the share of the row, numbers are lines."""
    found = confusion(scored)
    side = 2.6 + 0.42 * len(found.rows)
    figure = _figure(side + 1.2, side)
    axes = figure.subplots()
    shares = [[count / max(sum(line), 1) for count in line] for line in found.counts]
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="equal")
    for row, line in enumerate(found.counts):
        for column, count in enumerate(line):
            if count:
                shade = "white" if shares[row][column] > 0.55 else "black"
                axes.text(
                    column, row, str(count), ha="center", va="center", color=shade, fontsize=8
                )
    _name_classes(axes, found)
    axes.set_title(title, fontsize=11)
    bar = figure.colorbar(image, ax=axes, fraction=0.04, pad=0.02)
    bar.set_label("share of the class's lines", fontsize=9)
    bar.ax.tick_params(labelsize=8)
    return figure


def _name_classes(axes: Axes, found: Confusion) -> None:
    rows = [f"{name} ({sum(line)})" for name, line in zip(found.rows, found.counts, strict=True)]
    axes.set_xticks(range(len(found.columns)), found.columns, rotation=90, fontsize=8)
    axes.set_yticks(range(len(found.rows)), rows, fontsize=8)
    axes.set_xlabel("the engine said", fontsize=9)
    axes.set_ylabel("it is (lines)", fontsize=9)
    axes.set_xticks([at - 0.5 for at in range(1, len(found.columns))], minor=True)
    axes.set_yticks([at - 0.5 for at in range(1, len(found.rows))], minor=True)
    axes.grid(which="minor", color="#dddddd", linewidth=0.5)
    axes.tick_params(which="both", length=0)


def draw_risk(engines: Mapping[str, Sequence[Scored]], title: str) -> Figure:
    """How many are wrong among the surest 10 %, 20 % … of the lines, one curve an engine."""
    figure = _figure(6.4, 4.4)
    axes = figure.subplots()
    for (name, scored), colour, style in zip(engines.items(), COLOURS, STYLES, strict=False):
        points = risk_by_coverage(scored)
        label = f"{name}: {points[-1][1]:.1%} wrong of all, mean risk {area_of_risk(scored):.3f}"
        axes.plot(
            [coverage * 100 for coverage, _ in points],
            [risk * 100 for _, risk in points],
            color=colour,
            linestyle=style,
            linewidth=1.8,
            label=label,
            marker="o" if len(points) < 3 else None,
        )
    _dress(axes, title, "lines answered, the surest first (%)", "wrong among them (%)")
    axes.set_xlim(0, 100)
    axes.set_ylim(bottom=0)
    axes.legend(fontsize=9, loc="upper left")
    return figure


def draw_reliability(engines: Mapping[str, Sequence[Scored]], title: str) -> Figure:
    """How often the engine is right when it is so sure; below, how many lines are so sure."""
    figure = _figure(6.4, 5.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    above.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1, label="as sure as right")
    width = 0.09 / max(len(engines), 1)
    for at, (name, scored) in enumerate(engines.items()):
        colour, bins = COLOURS[at % len(COLOURS)], reliability(scored)
        _mark_bins(above, bins, at, f"{name}: calibration error {calibration_error(scored):.3f}")
        # Bars stand side by side in the middle of their tenth.
        lefts = [min(int(one.confidence * 10), 9) / 10 + 0.005 + at * width for one in bins]
        shares = [one.n / len(scored) * 100 for one in bins]
        below.bar(lefts, shares, width=width, align="edge", color=colour)
    _dress(above, title, "", "right (share)")
    above.set_ylim(0, 1.02)
    above.legend(fontsize=9, loc="upper left")
    _dress(below, "", "confidence", "lines (%)")
    below.set_xlim(0, 1)
    below.set_xticks([at / 10 for at in range(11)])
    return figure


def _mark_bins(axes: Axes, bins: Sequence[Bin], at: int, label: str) -> None:
    """A tenth with few lines tells little, and shows so by its size."""
    colour, style = COLOURS[at % len(COLOURS)], STYLES[at % len(STYLES)]
    mark = MARKS[at % len(MARKS)]
    lines = sum(one.n for one in bins)
    across, up = [one.confidence for one in bins], [one.right for one in bins]
    sizes = [10 + 250 * one.n / lines for one in bins]
    axes.plot(across, up, color=colour, linestyle=style, linewidth=1.2)
    axes.scatter(across, up, s=sizes, color=colour, marker=mark, zorder=3)
    # The legend's mark is of one size, whatever the bins'.
    axes.plot([], [], color=colour, linestyle=style, marker=mark, label=label)


def draw_curve(curve: Curve) -> Figure:
    """Macro-F1 by the number of training sentences; bands are the spread over seeds."""
    figure = _figure(6.8, 4.6)
    axes = figure.subplots()
    for at, name in enumerate(curve.measured()):
        points = curve.line(name)
        colour = COLOURS[at % len(COLOURS)]
        sizes = [point.sentences for point in points]
        axes.plot(
            sizes,
            [point.mean for point in points],
            color=colour,
            linestyle=STYLES[at % len(STYLES)],
            marker=MARKS[at % len(MARKS)],
            linewidth=1.6,
            label=name,
        )
        axes.fill_between(
            sizes,
            [point.low for point in points],
            [point.high for point in points],
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
    _dress(axes, curve.title, "training sentences", "macro-F1")
    axes.set_xlim(left=0)
    figure.legend(fontsize=9, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure  # noqa: PLC0415

    return Figure(figsize=(width, height), layout="constrained")


def _dress(axes: Axes, title: str, across: str, up: str) -> None:
    axes.set_title(title, fontsize=11)
    axes.set_xlabel(across, fontsize=9)
    axes.set_ylabel(up, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def write_all(engines: Mapping[str, Sequence[Scored]], name: str, folder: Path) -> list[Path]:
    """The three pictures of one file of lines. ``engines``: what each answered, by its name."""
    made = [
        write(
            draw_confusion(scored, f"{name}: {engine}, {len(scored)} lines"),
            folder / f"confusion-{name}-{engine}.png",
        )
        for engine, scored in engines.items()
    ]
    lines = len(next(iter(engines.values())))
    risk = draw_risk(engines, f"{name}: risk by coverage, {lines} lines")
    sure = draw_reliability(engines, f"{name}: confidence and truth, {lines} lines")
    made.append(write(risk, folder / f"risk-coverage-{name}.png"))
    made.append(write(sure, folder / f"reliability-{name}.png"))
    return made
