"""The golden set is what it claims to be: whole, well labelled, unknown to the training data."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from nlu.crisis import LEVELS
from nlu.evaluate import read_lines
from nlu.extract.phone import find_phones
from nlu.feedback import bigrams, likeness
from nlu.gate import ACTS, COMPLAINTS, CRISIS, GOLDEN, LETTERS, golden_texts
from nlu.intents import ACTS as ACT_NAMES
from nlu.intents import CATEGORIES
from nlu.lexicon import DATA
from nlu.model_file import DEFAULT_PATH
from nlu.normalize import normalize
from nlu.training_data import TrainingData, data_files

MOST_ALIKE = 0.5
SHORT = 6
"""Bigrams of a line below which likeness says nothing …"""
WORD = 3
"""… and below which even sameness does not: everybody's 谢啦 is the same."""


def lines(name: str) -> list[dict[str, Any]]:
    return read_lines(GOLDEN / f"{name}.jsonl")


@pytest.mark.parametrize(
    ("name", "kind", "classes", "least", "least_each"),
    [
        (COMPLAINTS, "label", CATEGORIES, 300, 20),
        (LETTERS, "label", CATEGORIES, 290, 12),
        (ACTS, "act", ACT_NAMES, 150, 7),
        (CRISIS, "level", LEVELS, 40, 10),
    ],
)
def test_every_class_has_its_lines(
    name: str, kind: str, classes: tuple[str, ...], least: int, least_each: int
) -> None:
    counts = Counter(entry[kind] for entry in lines(name))
    assert counts.keys() == set(classes)
    assert counts.total() >= least
    assert min(counts.values()) >= least_each


def test_short_lines_and_letters_of_every_category() -> None:
    lengths = defaultdict(list)
    for entry in lines(COMPLAINTS):
        lengths[entry["label"]].append(len(entry["text"]))
    assert all(min(found) <= 10 and max(found) >= 130 for found in lengths.values())


def test_letters_are_letters() -> None:
    lengths = [len(entry["text"]) for entry in lines(LETTERS)]
    assert min(lengths) >= 150


def test_nothing_stands_twice_and_nobody_is_named_by_number() -> None:
    texts = golden_texts()
    assert len({normalize(text).text for text in texts}) == len(texts)
    assert [text for text in texts if find_phones(normalize(text).text)] == []
    ids = [entry["id"] for name in (COMPLAINTS, LETTERS, ACTS, CRISIS) for entry in lines(name)]
    assert len(set(ids)) == len(ids)


def test_no_training_line_gives_a_golden_line_away(training_data: TrainingData) -> None:
    told = [example.text for example in training_data.examples]
    told += [line for some in training_data.crisis.values() for line in some]
    known = {normalize(text).text: text for text in told}
    bags = [bigrams(text) for text in told]
    holding = defaultdict(list)
    for at, bag in enumerate(bags):
        for pair in bag:
            holding[pair].append(at)
    alike = []
    for text in golden_texts():
        own = bigrams(text)
        shared = Counter(at for pair in own for at in holding[pair])
        near = {at for at, count in shared.items() if count > MOST_ALIKE * len(own)}
        found = [told[at] for at in near if likeness(own, bags[at]) > MOST_ALIKE]
        same = known.get(normalize(text).text)
        if (found and len(own) >= SHORT) or (same and len(own) >= WORD):
            alike.append(f"golden {text!r}: training {found[:1] or same!r} (reword the latter)")
    assert alike == []


def test_training_never_reads_the_golden_set(training_data: TrainingData) -> None:
    assert [path for path in data_files(DATA) if GOLDEN in path.parents] == []
    assert {example.path.suffix for example in training_data.examples} == {".yml"}
    assert not any(GOLDEN in example.path.parents for example in training_data.examples)
    assert GOLDEN.parent == Path(DEFAULT_PATH).parents[1]
