"""Confusions, risk, reliability and leads, counted by hand."""

import pytest

from nlu.evaluate import Scored
from nlu.measure.shapes import (
    OTHERS,
    Bin,
    area_of_risk,
    confusion,
    coverage_at,
    lead,
    mistakes,
    reliability,
    risk_by_coverage,
)


def said(gold: str, answer: str, confidence: float = 0.5) -> Scored:
    return Scored(gold, answer, confidence, None, (), 10)


def test_confusion_keeps_the_contracts_order_and_gathers_what_is_never_true() -> None:
    found = confusion(
        [
            said("greet", "greet"),
            said("other", "wage_arrears"),
            said("other", "wage_arrears"),
            said("wage_arrears", "wage_arrears"),
            said("wage_arrears", "abuse"),
        ]
    )
    assert found.rows == ("wage_arrears", "other", "greet")
    assert found.columns == ("wage_arrears", "other", "greet", OTHERS)
    assert found.counts == ((1, 0, 0, 1), (2, 0, 0, 0), (0, 0, 1, 0))


def test_mistakes_are_told_by_length() -> None:
    lines = [
        Scored("a", "b", 0.5, None, (), 10),
        Scored("b", "a", 0.5, None, (), 200),
        Scored("b", "a", 0.5, None, (), 100),
        Scored("b", "b", 0.5, None, (), 100),
    ]
    assert mistakes(lines) == {
        "all": [{"is": "b", "said": "a", "n": 2}, {"is": "a", "said": "b", "n": 1}],
        "short": [{"is": "a", "said": "b", "n": 1}],
        "long": [{"is": "b", "said": "a", "n": 1}],
    }
    assert mistakes(lines[3:]) == {}


def test_no_column_of_others_without_any() -> None:
    found = confusion([said("other", "other")])
    assert found.columns == found.rows == ("other",)


def test_risk_grows_with_coverage_and_ties_are_answered_together() -> None:
    lines = [said("a", "a", 0.9), said("a", "b", 0.8), said("a", "a", 0.8), said("a", "b", 0.1)]
    assert risk_by_coverage(lines) == [
        (0.25, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]
    assert area_of_risk(lines) == pytest.approx(0.5 / 3 + 0.25 * 0.5, abs=1e-4)
    assert coverage_at(lines, 0.1) == 0.25
    assert coverage_at(lines, 0.34) == 0.75
    assert coverage_at([said("a", "b")], 0.1) == 0.0


def test_reliability_bins_hold_what_they_say() -> None:
    lines = [said("a", "a", 0.95), said("a", "b", 1.0), said("a", "a", 0.12)]
    low, high = reliability(lines)
    assert low == Bin(0.12, 1.0, 1)
    assert high.confidence == pytest.approx(0.975)
    assert (high.right, high.n) == (0.5, 2)


def test_a_lead_is_told_with_how_far_chance_could_move_it() -> None:
    better = [said("a", "a") for _ in range(40)] + [said("b", "b") for _ in range(40)]
    worse = [said("a", "a") for _ in range(40)] + [said("b", "a") for _ in range(40)]
    ahead = lead(better, worse)
    assert ahead["macro_f1"] == pytest.approx(1 - (2 / 3) / 2, abs=1e-3)
    assert isinstance(ahead["low"], float)
    assert isinstance(ahead["high"], float)
    assert 0.5 < ahead["low"] < 0.667 < ahead["high"] < 0.8
    assert lead(better, better) == {"macro_f1": 0.0, "low": 0.0, "high": 0.0}
    assert lead(better, worse) == ahead  # the same draws each time
    with pytest.raises(ValueError, match="shorter"):
        lead(better, worse[:-1])
