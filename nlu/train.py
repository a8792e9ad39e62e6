"""Learn the linear model from the Rasa data. Needs scikit-learn; nothing that serves imports this.

Two heads over the same features: ``category`` learns from complaints only, ``act`` from all lines.
Each is the sum of two linear learners, NB-SVM and complement naive Bayes, so what is served is
still one matrix (docs/decisions/0005-embedded-nlu.md compares). Same data, same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from nlu.classifier import ACT, CATEGORY, COMPLAINT
from nlu.features import grams
from nlu.intents import ACTS, CATEGORIES
from nlu.model_file import Head, Model
from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.training_data import Example

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Progress = Callable[[str, float], None]
"""Called with what is being done and the share done, 0 to 1."""

SEED: Final = 20261122
FOLDS: Final = 4
SMOOTHING: Final = 0.2
COST: Final = 1.0
PULL: Final = 0.5
"""How far NB-SVM's weights are kept from their mean: 0 is plain naive Bayes, 1 a plain SVM."""


@dataclass(frozen=True, slots=True)
class _Linear:
    weights: Floats
    bias: Floats

    def scores(self, matrix: csr_matrix) -> Floats:
        return np.asarray(matrix @ self.weights) + self.bias


def train(examples: Sequence[Example], data: str, progress: Progress | None = None) -> Model:
    """Learn from ``examples``; ``data`` is their hash, kept in the model."""
    report = progress or (lambda _what, _share: None)
    with threadpool_limits(1):  # several BLAS threads would add in a different order each time
        report("features", 0.0)
        bags = [_bag(example.text) for example in examples]
        vocabulary = _vocabulary(bags)
        rarity = _rarity(bags, vocabulary)
        matrix = _matrix(bags, vocabulary, rarity)
        intents = [example.intent for example in examples]
        complaints = np.array([intent in CATEGORIES for intent in intents])
        report("categories", 0.1)
        learned = []
        if complaints.any():
            labels = np.array(
                [CATEGORIES.index(intent) for intent in intents if intent in CATEGORIES]
            )
            head = _calibrated(
                matrix[complaints],
                labels,
                len(CATEGORIES),
                lambda share: report("categories", 0.1 + 0.45 * share),
            )
            learned.append((CATEGORY, CATEGORIES, head))
        acts = (*ACTS, COMPLAINT)
        labels = np.array(
            [acts.index(COMPLAINT if intent in CATEGORIES else intent) for intent in intents]
        )
        head = _calibrated(
            matrix, labels, len(acts), lambda share: report("acts", 0.55 + 0.45 * share)
        )
        learned.append((ACT, acts, head))
    report("done", 1.0)
    return _model(vocabulary, rarity, learned, data)


def _bag(text: str) -> Counter[str]:
    line = normalize(text).text
    return Counter(grams(line, words(line)))


def _vocabulary(bags: Sequence[Counter[str]]) -> dict[str, int]:
    """Every feature of two examples or more, and every word or character pair of one."""
    spread = Counter(gram for bag in bags for gram in bag)
    kept = sorted(
        gram
        for gram, seen in spread.items()
        if "\n" not in gram and (seen > 1 or len(gram) < 3 or gram[0] == "\t")
    )
    return {gram: row for row, gram in enumerate(kept)}


def _rarity(bags: Sequence[Counter[str]], vocabulary: dict[str, int]) -> Floats:
    spread = np.zeros(len(vocabulary))
    for bag in bags:
        for gram in bag:
            row = vocabulary.get(gram)
            if row is not None:
                spread[row] += 1
    return np.asarray(np.log((1 + len(bags)) / (1 + spread)) + 1)


def _matrix(bags: Sequence[Counter[str]], vocabulary: dict[str, int], rarity: Floats) -> csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for at, bag in enumerate(bags):
        found = [
            (vocabulary[gram], count) for gram, count in sorted(bag.items()) if gram in vocabulary
        ]
        weights = np.array([(1 + np.log(count)) * rarity[row] for row, count in found])
        length = float(np.sqrt(weights @ weights)) or 1.0
        rows += [at] * len(found)
        columns += [row for row, _ in found]
        values += (weights / length).tolist()
    return csr_matrix((values, (rows, columns)), shape=(len(bags), len(vocabulary)))


def _calibrated(
    matrix: csr_matrix, labels: Integers, classes: int, report: Callable[[float], None]
) -> _Linear:
    """Fit, with the temperature that makes held-out confidences true."""
    folds = min(FOLDS, int(np.bincount(labels)[np.unique(labels)].min()))
    temperature = 1.0
    if folds >= 2:
        held_out = np.zeros((len(labels), classes))
        splits = StratifiedKFold(folds, shuffle=True, random_state=SEED).split(
            np.zeros(len(labels)), labels
        )
        for done, (learn, test) in enumerate(splits):
            held_out[test] = _fit(matrix[learn], labels[learn], classes).scores(matrix[test])
            report((done + 1) / (folds + 1))
        temperature = _temperature(held_out, labels)
    fitted = _fit(matrix, labels, classes)
    report(1.0)
    return _Linear(fitted.weights * temperature, fitted.bias * temperature)


def _fit(matrix: csr_matrix, labels: Integers, classes: int) -> _Linear:
    present = np.unique(labels)
    compact = np.searchsorted(present, labels)
    parts = [_nb_svm(matrix, compact, len(present)), _naive_bayes(matrix, compact)]
    weights = np.zeros((matrix.shape[1], classes))
    bias = np.full(classes, -30.0)  # a class without examples is never chosen
    bias[present] = 0.0
    for part in parts:
        scores = part.scores(matrix)
        spread = float((scores - scores.mean(axis=1, keepdims=True)).std()) or 1.0
        weights[:, present] += part.weights / spread
        bias[present] += part.bias / spread
    return _Linear(weights, bias)


def _naive_bayes(matrix: csr_matrix, labels: Integers) -> _Linear:
    learner = ComplementNB(alpha=SMOOTHING).fit(matrix, labels)
    return _Linear(
        np.asarray(learner.feature_log_prob_.T), np.zeros(learner.feature_log_prob_.shape[0])
    )


def _nb_svm(matrix: csr_matrix, labels: Integers, classes: int) -> _Linear:
    """One SVM a class on features scaled by how much they speak for it."""
    seen = (matrix > 0).astype(np.float64)
    weights = np.zeros((matrix.shape[1], classes))
    bias = np.zeros(classes)
    total = np.asarray(seen.sum(axis=0)).ravel() + 2
    for at in range(classes):
        inside = np.asarray(seen[labels == at].sum(axis=0)).ravel() + 1
        outside = total - inside
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        learner = LinearSVC(C=COST, class_weight="balanced", random_state=SEED)
        learner.fit(matrix.multiply(ratio).tocsr(), labels == at)
        raw = learner.coef_.ravel()
        weights[:, at] = ratio * ((1 - PULL) * np.abs(raw).mean() + PULL * raw)
        bias[at] = learner.intercept_[0]
    return _Linear(weights, bias)


def _temperature(scores: Floats, labels: Integers) -> float:
    """What to multiply scores by so that their softmax fits ``labels`` best."""

    def loss(log_scale: float) -> float:
        likely = log_softmax(scores * np.exp(log_scale), axis=1)
        return -float(likely[np.arange(len(labels)), labels].mean())

    best = minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded")
    return float(np.exp(best.x))


def _model(
    vocabulary: dict[str, int],
    rarity: Floats,
    learned: list[tuple[str, tuple[str, ...], _Linear]],
    data: str,
) -> Model:
    heads, first = [], 0
    for name, classes, _ in learned:
        heads.append(Head(name, classes, first))
        first += len(classes)
    weights = np.concatenate([part.weights for _, _, part in learned], axis=1).astype(np.float32)
    bias = np.concatenate([part.bias for _, _, part in learned]).astype(np.float32)
    return Model(vocabulary, rarity.astype(np.float32), weights, bias, tuple(heads), data)
