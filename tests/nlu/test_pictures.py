"""Pictures show what was counted, and are PNG files one can commit."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from PIL import Image

from nlu.evaluate import Scored
from nlu.measure.learning import OWN, Curve, Part
from nlu.measure.pictures import (
    draw_confusion,
    draw_curve,
    draw_reliability,
    draw_risk,
    write,
    write_all,
)
from nlu.training_data import Example

LINES = [
    Scored("wage_arrears", "wage_arrears", 0.95, None, (), 10),
    Scored("wage_arrears", "other", 0.9, None, (), 10),
    Scored("other", "greet", 0.3, None, (), 10),
]
WORSE = [Scored(one.gold, "greet", 0.97, None, (), 10) for one in LINES]


def points(line: Line2D) -> list[tuple[float, ...]]:
    return [tuple(pair) for pair in np.asarray(line.get_xydata()).tolist()]


def legend(axes: Axes) -> list[str]:
    found = axes.get_legend()
    assert found is not None
    return [text.get_text() for text in found.get_texts()]


def test_confusion_names_rows_columns_and_counts() -> None:
    axes, bar = draw_confusion(LINES, "three lines").axes
    assert axes.get_title() == "three lines"
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        "wage_arrears (2)",
        "other (1)",
    ]
    assert [tick.get_text() for tick in axes.get_xticklabels()][:2] == ["wage_arrears", "other"]
    assert [text.get_text() for text in axes.texts] == ["1", "1", "1"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("the engine said", "it is (lines)")
    assert "share" in bar.get_ylabel()


def test_risk_ends_with_all_lines_answered() -> None:
    (axes,) = draw_risk({"jiesu": LINES, "rasa": WORSE}, "risk").axes
    ours, theirs = axes.get_lines()
    assert points(ours)[-1] == pytest.approx((100, 200 / 3))
    assert points(theirs)[-1] == (100.0, 100.0)
    assert ours.get_linestyle() != theirs.get_linestyle()
    assert ours.get_color() != theirs.get_color()
    assert legend(axes)[0] == "jiesu: 66.7% wrong of all, mean risk 0.389"
    assert axes.get_xlabel() == "lines answered, the surest first (%)"


def test_reliability_shows_the_calibration_error_and_how_many_lines() -> None:
    above, below = draw_reliability({"jiesu": LINES, "rasa": WORSE}, "sure").axes
    assert legend(above)[1:] == [
        "jiesu: calibration error 0.383",
        "rasa: calibration error 0.970",
    ]
    heights = [bar.get_height() for bar in below.patches]  # type: ignore[attr-defined]
    assert heights == pytest.approx([100 / 3, 200 / 3, 100])
    assert (below.get_xlabel(), below.get_ylabel()) == ("confidence", "lines (%)")


def test_a_curve_has_a_line_for_all_that_was_scored() -> None:
    example = Example("x", "greet", (), Path("greet_1.yml"), 1)
    curve = Curve("learning curve")
    for size, own, seed_of_file in ((1, 0.2, 0.3), (1, 0.4, 0.5), (3, 0.6, 0.7)):
        part = Part(f"{size}", (example,) * size, (example,))
        curve.runs.append((part, {OWN: {"macro_f1": own}, "chat": {"macro_f1": seed_of_file}}))
    figure = draw_curve(curve)
    (axes,) = figure.axes
    own_line, chat = axes.get_lines()
    assert np.array(points(own_line)) == pytest.approx(np.array([(1, 0.3), (3, 0.6)]))
    assert np.array(points(chat)) == pytest.approx(np.array([(1, 0.4), (3, 0.7)]))
    (told,) = figure.legends
    assert [text.get_text() for text in told.get_texts()] == [OWN, "chat"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("training sentences", "macro-F1")


def test_the_files_are_small_pngs_and_the_same_each_time(tmp_path: Path) -> None:
    made = write_all({"jiesu": LINES, "rasa": WORSE}, "chat", tmp_path / "new")
    assert sorted(path.name for path in made) == [
        "confusion-chat-jiesu.png",
        "confusion-chat-rasa.png",
        "reliability-chat.png",
        "risk-coverage-chat.png",
    ]
    for path in made:
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert min(image.size) > 200
        assert path.stat().st_size < 150_000
    again = write(draw_confusion(LINES, "chat: jiesu, 3 lines"), tmp_path / "again.png")
    assert again.read_bytes() == (tmp_path / "new" / "confusion-chat-jiesu.png").read_bytes()
