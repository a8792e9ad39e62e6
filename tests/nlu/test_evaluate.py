"""Figures are counted right."""

import json
from pathlib import Path

import pytest

from nlu.engine import EmbeddedEngine
from nlu.evaluate import (
    EvaluationError,
    Scored,
    calibration_error,
    evaluate,
    macro_f1,
    per_class,
    read_lines,
)
from nlu.slot_scores import SlotScores, score_slots
from nlu.understanding import Entity, Ranked, Understanding


def heard(*entities: Entity) -> Understanding:
    one = Ranked("other", 1.0)
    return Understanding(
        "x", one, (one,), "other", (one,), "inform", (one,), None, False, "none", None, entities
    )


def test_precision_recall_and_f1() -> None:
    classes = per_class([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    first, second = classes
    assert (first.precision, first.recall, first.n) == (1.0, 0.5, 2)
    assert second.precision == pytest.approx(2 / 3)
    assert second.recall == 1.0
    assert macro_f1(classes) == pytest.approx((2 / 3 + 0.8) / 2, abs=1e-4)


def test_calibration_error() -> None:
    sure = [Scored("a", "a", 0.95, None, (), 5), Scored("a", "b", 0.95, None, (), 5)]
    assert calibration_error(sure) == pytest.approx(0.45)


def test_slots_found_missed_and_invented() -> None:
    scores = SlotScores()
    amount = Entity("amount_yuan", 0, 1, 500, "x", 1.0)
    place = Entity("place", 0, 1, "翠湖小区3号楼", "翠湖小区3号楼", 1.0)
    score_slots(scores, {"slots": {"amount_yuan": 500, "place": "翠湖小区"}}, heard(amount, place))
    score_slots(scores, {"slots": {"amount_yuan": 600}}, heard(amount))
    score_slots(scores, {"slots": {}}, heard(amount))
    score_slots(scores, {"slots": {}, "slots_ignore": ["amount_yuan"]}, heard(amount))
    score_slots(scores, {"slots": {"amount_yuan": None}}, heard(amount))
    figures = scores.as_json()
    assert figures["amount_yuan"] == {"given": 2, "exact": 0.5, "invented": 1.0}
    assert figures["place"] == {"given": 1, "exact": 1.0}


def test_a_whole_file(engine: EmbeddedEngine, tmp_path: Path) -> None:
    lines = [
        {
            "id": "1",
            "text": "老板欠我两万三工资没给",
            "label": "wage_arrears",
            "secondary": None,
            "slots": {"amount_yuan": 23000},
        },
        {
            "id": "2",
            "text": "楼上邻居半夜吵",
            "label": "wage_arrears",
            "secondary": "neighbour_dispute",
        },
    ]
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    figures = evaluate(engine, read_lines(path))
    assert (figures["lines"], figures["accuracy"]) == (2, 0.5)
    assert figures["macro_f1_with_secondary"] == 1.0
    slots = figures["slots"]
    assert isinstance(slots, dict)
    assert slots["amount_yuan"] == {"given": 1, "exact": 1.0}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{no", "1: not JSON"),
        ('{"text": 1}', '1: each line needs a "text"'),
        ('{"text": "x"}', '"label", "act" or "level"'),
        ("\n", "no lines"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_lines(path)
