"""The linear learners behind the heads, and how their confidences are made true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

Fit = Callable[["Lines"], "Linear"]

SEED: Final = 20261122
FOLDS: Final = 4
COST: Final = 1.0
SVM_COST: Final = 0.5
LIST_WEIGHT: Final = 0.3
TOLERANCE: Final = 1e-2
"""Of liblinear: a hundred times finer changes no answer and takes twice as long."""
NEVER: Final = -30.0
MODESTY: Final = 0.8
"""Real residents are further from our sentences than one of these is from another …"""
SLIGHT_MODESTY: Final = 0.9
"""… the same for the category head, nearer to 1: chosen on the development and golden files."""
FALSE_ALARMS: Final = 0.02
"""The share of calm lines in which the crisis head may see danger."""
SHARES: Final = (1.0, 1.0, 2.0)
"""What each learner of :func:`blend` adds to the sum: NB-SVM, NB-SVM with lists, SVM."""
PULL: Final = 0.25
"""How far NB-SVM's weights are kept from their mean: 0 is plain naive Bayes, 1 a plain SVM."""


@dataclass(frozen=True, slots=True)
class Linear:
    weights: Floats
    bias: Floats

    def scores(self, matrix: csr_matrix) -> Floats:
        return np.asarray(matrix @ self.weights) + self.bias


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows and labels: first ``sentences``, then ``corrections``, then listed words.

    By default all are sentences. Corrections are learned as sentences are, but none is ever held
    out: they stand there several times, and would make the held-out lines look easy.
    """

    matrix: csr_matrix
    labels: Integers
    sentences: int | None = None
    corrections: int = 0

    @property
    def held(self) -> int:
        """How many rows, the first ones, take turns in being held out."""
        return len(self.labels) if self.sentences is None else self.sentences

    @property
    def told(self) -> int:
        """How many rows, the first ones, are told by people."""
        return self.held + self.corrections

    def without(self, learn: Integers) -> Lines:
        """Only the sentences ``learn``, and all the others."""
        rows = np.concatenate([learn, np.arange(self.held, len(self.labels))])
        return Lines(self.matrix[rows], self.labels[rows], len(learn), self.corrections)


def fit_head(
    lines: Lines,
    classes: int,
    fit: Fit,
    report: Callable[[float], None],
    *,
    modesty: float = MODESTY,
    rare: bool = False,
) -> Linear:
    """Fit, with the temperature that makes held-out confidences true, times ``modesty``.

    ``rare``: the first class is the ordinary one; only FALSE_ALARMS of its held-out lines may be
    taken for another.
    """
    temperature, bar = 1.0, 0.0
    labels = lines.labels[: lines.held]
    turns = _lots(labels)
    last = int(turns.max())
    if last > 0:
        held_out = np.zeros((len(labels), classes))
        for turn in range(last + 1):
            part = _spread(fit, lines.without(np.flatnonzero(turns != turn)), classes)
            held_out[turns == turn] = part.scores(lines.matrix[: lines.held][turns == turn])
            report((turn + 1) / (last + 2))
        if rare:
            others = held_out[labels == 0, 1:].max(axis=1) - held_out[labels == 0, 0]
            bar = float(np.quantile(others, 1 - FALSE_ALARMS))
            held_out[:, 0] += bar
        temperature = modesty * _temperature(held_out, labels)
    fitted = _spread(fit, lines, classes)
    fitted.bias[0] += bar
    report(1.0)
    return Linear(fitted.weights * temperature, fitted.bias * temperature)


def _lots(labels: Integers) -> Integers:
    """Turns in which every class is held out evenly; all 0 when a class has one line."""
    turns = np.zeros(len(labels), dtype=np.int64)
    folds = min(FOLDS, int(np.bincount(labels)[np.unique(labels)].min()))
    if folds >= 2:
        splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
        for turn, (_, test) in enumerate(splitter.split(np.zeros(len(labels)), labels)):
            turns[test] = turn
    return turns


def _spread(fit: Fit, lines: Lines, classes: int) -> Linear:
    """Fit the classes that occur; one without examples is never chosen."""
    present = np.unique(lines.labels)
    compact = np.searchsorted(present, lines.labels)
    fitted = fit(Lines(lines.matrix, compact, lines.told))
    weights = np.zeros((lines.matrix.shape[1], classes))
    bias = np.full(classes, NEVER)
    weights[:, present] = fitted.weights
    bias[present] = fitted.bias
    return Linear(weights, bias)


def blend(lines: Lines) -> Linear:
    """Three learners, each brought to the same spread over the sentences, added up."""
    told = Lines(lines.matrix[: lines.told], lines.labels[: lines.told])
    weights: Floats = np.zeros((lines.matrix.shape[1], lines.labels.max() + 1))
    bias: Floats = np.zeros(lines.labels.max() + 1)
    parts = (nb_svm(told), nb_svm(lines), svm(lines))
    for share, part in zip(SHARES, parts, strict=True):
        scores = part.scores(told.matrix)
        spread = float((scores - scores.mean(axis=1, keepdims=True)).std()) or 1.0
        weights += part.weights * (share / spread)
        bias += part.bias * (share / spread)
    return Linear(weights, bias)


def svm(lines: Lines) -> Linear:
    """One SVM a class; a listed word weighs less than a sentence."""
    weight = np.ones(len(lines.labels))
    weight[lines.told :] = LIST_WEIGHT
    learner = LinearSVC(C=SVM_COST, class_weight="balanced", random_state=SEED, tol=TOLERANCE)
    learner.fit(lines.matrix, lines.labels, sample_weight=weight)
    weights, bias = np.asarray(learner.coef_.T), np.asarray(learner.intercept_)
    if len(bias) == 1:  # two classes share one plane
        return Linear(np.hstack([-weights, weights]), np.concatenate([-bias, bias]))
    return Linear(weights, bias)


def nb_svm(lines: Lines) -> Linear:
    """One SVM a class on features scaled by how much they speak for it."""
    matrix, labels = lines.matrix, lines.labels
    classes = int(labels.max()) + 1
    seen = (matrix > 0).astype(np.float64)
    weights = np.zeros((matrix.shape[1], classes))
    bias = np.zeros(classes)
    total = np.asarray(seen.sum(axis=0)).ravel() + 2
    for at in range(classes):
        inside = np.asarray(seen[labels == at].sum(axis=0)).ravel() + 1
        outside = total - inside
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        learner = LinearSVC(C=COST, class_weight="balanced", random_state=SEED, tol=TOLERANCE)
        learner.fit(matrix.multiply(ratio).tocsr(), labels == at)
        raw = learner.coef_.ravel()
        weights[:, at] = ratio * ((1 - PULL) * np.abs(raw).mean() + PULL * raw)
        bias[at] = learner.intercept_[0]
    return Linear(weights, bias)


def _temperature(scores: Floats, labels: Integers) -> float:
    """What to multiply scores by so that their softmax fits ``labels`` best."""

    def loss(log_scale: float) -> float:
        likely = log_softmax(scores * np.exp(log_scale), axis=1)
        return -float(likely[np.arange(len(labels)), labels].mean())

    best = minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded")
    return float(np.exp(best.x))
