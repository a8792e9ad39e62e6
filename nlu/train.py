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

from nlu.classifier import ACT, CATEGORY, COMPLAINT, CRISIS
from nlu.crisis import LEVELS, detect
from nlu.features import grams, portions
from nlu.intents import ACTS, CATEGORIES
from nlu.model_file import Head, Model
from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.training_data import TrainingData

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Progress = Callable[[str, float], None]
"""Called with what is being done and the share done, 0 to 1."""

Fit = Callable[[csr_matrix, Integers], "_Linear"]

SEED: Final = 20261122
FOLDS: Final = 4
SMOOTHING: Final = 0.2
COST: Final = 1.0
ACT_COST: Final = 0.7
NEVER: Final = -30.0
FALSE_ALARMS: Final = 0.01
"""The share of calm lines in which the crisis head may see danger."""
PULL: Final = 0.25
"""How far NB-SVM's weights are kept from their mean: 0 is plain naive Bayes, 1 a plain SVM."""


@dataclass(frozen=True, slots=True)
class _Space:
    """``whole`` is what is learned from, ``served`` the same lines as they are read in service."""

    vocabulary: dict[str, int]
    rarity: Floats
    whole: csr_matrix
    served: csr_matrix

    def part(self, rows: Sequence[int]) -> _Space:
        return _Space(self.vocabulary, self.rarity, self.whole[rows], self.served[rows])

    def of(self, texts: Sequence[str]) -> _Space:
        """The same features over other lines."""
        lines = [normalize(text).text for text in texts]
        whole = _matrix([_bag(line) for line in lines], self.vocabulary, self.rarity)
        parts = [portions(line) for line in lines]
        bags = [_bag(part) for some in parts for part in some]
        owner = np.repeat(np.arange(len(parts)), [len(some) for some in parts])
        weight = np.array([1 / len(some) for some in parts for _ in some])
        mean = csr_matrix((weight, (owner, np.arange(len(owner)))), shape=(len(parts), len(owner)))
        served = (mean @ _matrix(bags, self.vocabulary, self.rarity)).tocsr()
        return _Space(self.vocabulary, self.rarity, whole, served)


@dataclass(frozen=True, slots=True)
class _Linear:
    weights: Floats
    bias: Floats

    def scores(self, matrix: csr_matrix) -> Floats:
        return np.asarray(matrix @ self.weights) + self.bias


def train(data: TrainingData, hashed: str, progress: Progress | None = None) -> Model:
    """Learn from ``data``; ``hashed`` is its hash, kept in the model."""
    report = progress or (lambda _what, _share: None)
    with threadpool_limits(1):  # several BLAS threads would add in a different order each time
        report("features", 0.0)
        lines = _lines(data)
        also = [line for some in data.crisis.values() for line in some]
        space = _space([text for text, _ in lines], also)
        report("categories", 0.15)
        told = [at for at, (_, intent) in enumerate(lines) if intent in CATEGORIES]
        names = [lines[at][1] for at in told]
        head = _head(
            space.part(told), names, CATEGORIES, _both, _from(report, "categories", 0.15, 0.35)
        )
        learned = [(CATEGORY, CATEGORIES, head)]
        acts = (*ACTS, COMPLAINT)
        written = range(len(data.examples))
        names = [COMPLAINT if intent in CATEGORIES else intent for _, intent in lines]
        names = names[: len(data.examples)]
        head = _head(space.part(written), names, acts, _svm, _from(report, "acts", 0.5, 0.35))
        learned.append((ACT, acts, head))
        if data.crisis:
            texts, levels = _crisis_lines(data)
            part = space.of(texts)
            head = _head(part, levels, LEVELS, _svm, _from(report, "crisis", 0.85, 0.15), rare=True)
            learned.append((CRISIS, LEVELS, head))
    report("done", 1.0)
    return _model(space, learned, hashed)


def _lines(data: TrainingData) -> list[tuple[str, str]]:
    """Examples first, then each word of a category's lookup list as an example of its own."""
    lines = [(example.text, example.intent) for example in data.examples]
    for name, listed in data.lookups.items():
        if name in CATEGORIES:
            lines += [(word, name) for word in listed]
    return lines


def _crisis_lines(data: TrainingData) -> tuple[list[str], list[str]]:
    """The crisis examples, and as none every training line in which the rules see no danger."""
    lines = [(line, level) for level, some in data.crisis.items() for line in some]
    texts = [example.text for example in data.examples]
    lines += [(text, "none") for text in texts if detect(normalize(text).text).level == "none"]
    return [line for line, _ in lines], [level for _, level in lines]


def _from(report: Progress, what: str, start: float, width: float) -> Callable[[float], None]:
    return lambda share: report(what, start + width * share)


def _space(texts: Sequence[str], also: Sequence[str]) -> _Space:
    """``also`` adds features, but no rows."""
    bags = [_bag(text) for text in texts]
    vocabulary = _vocabulary(bags + [_bag(text) for text in also])
    space = _Space(vocabulary, _rarity(bags, vocabulary), csr_matrix((0, 0)), csr_matrix((0, 0)))
    return space.of(texts)


def _bag(line: str) -> Counter[str]:
    text = normalize(line).text
    return Counter(grams(text, words(text)))


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


def _head(
    space: _Space,
    names: Sequence[str],
    classes: tuple[str, ...],
    fit: Fit,
    report: Callable[[float], None],
    *,
    rare: bool = False,
) -> _Linear:
    """Fit, with the temperature that makes held-out confidences true.

    ``rare``: the first class is the ordinary one; only FALSE_ALARMS of its held-out lines may be
    taken for another.
    """
    labels = np.array([classes.index(name) for name in names])
    folds = min(FOLDS, int(np.bincount(labels)[np.unique(labels)].min()))
    temperature, bar = 1.0, 0.0
    if folds >= 2:
        held_out = np.zeros((len(labels), len(classes)))
        splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
        for done, (learn, test) in enumerate(splitter.split(np.zeros(len(labels)), labels)):
            part = _spread(fit, space.whole[learn], labels[learn], len(classes))
            held_out[test] = part.scores(space.served[test])
            report((done + 1) / (folds + 1))
        if rare:
            others = held_out[labels == 0, 1:].max(axis=1) - held_out[labels == 0, 0]
            bar = float(np.quantile(others, 1 - FALSE_ALARMS))
            held_out[:, 0] += bar
        temperature = _temperature(held_out, labels)
    fitted = _spread(fit, space.whole, labels, len(classes))
    fitted.bias[0] += bar
    report(1.0)
    return _Linear(fitted.weights * temperature, fitted.bias * temperature)


def _spread(fit: Fit, matrix: csr_matrix, labels: Integers, classes: int) -> _Linear:
    """Fit the classes that occur; one without examples is never chosen."""
    present = np.unique(labels)
    fitted = fit(matrix, np.searchsorted(present, labels))
    weights = np.zeros((matrix.shape[1], classes))
    bias = np.full(classes, NEVER)
    weights[:, present] = fitted.weights
    bias[present] = fitted.bias
    return _Linear(weights, bias)


def _both(matrix: csr_matrix, labels: Integers) -> _Linear:
    """NB-SVM and naive Bayes, each brought to the same spread, added up."""
    weights: Floats = np.zeros((matrix.shape[1], labels.max() + 1))
    bias: Floats = np.zeros(labels.max() + 1)
    for part in (_nb_svm(matrix, labels), _naive_bayes(matrix, labels)):
        scores = part.scores(matrix)
        spread = float((scores - scores.mean(axis=1, keepdims=True)).std()) or 1.0
        weights += part.weights / spread
        bias += part.bias / spread
    return _Linear(weights, bias)


def _svm(matrix: csr_matrix, labels: Integers) -> _Linear:
    """One SVM a class; acts are short and their words few, so nothing needs smoothing."""
    learner = LinearSVC(C=ACT_COST, class_weight="balanced", random_state=SEED, max_iter=4000)
    learner.fit(matrix, labels)
    weights, bias = np.asarray(learner.coef_.T), np.asarray(learner.intercept_)
    if len(bias) == 1:  # two classes share one plane
        return _Linear(np.hstack([-weights, weights]), np.concatenate([-bias, bias]))
    return _Linear(weights, bias)


def _naive_bayes(matrix: csr_matrix, labels: Integers) -> _Linear:
    learner = ComplementNB(alpha=SMOOTHING).fit(matrix, labels)
    return _Linear(
        np.asarray(learner.feature_log_prob_.T), np.zeros(learner.feature_log_prob_.shape[0])
    )


def _nb_svm(matrix: csr_matrix, labels: Integers) -> _Linear:
    """One SVM a class on features scaled by how much they speak for it."""
    classes = int(labels.max()) + 1
    seen = (matrix > 0).astype(np.float64)
    weights = np.zeros((matrix.shape[1], classes))
    bias = np.zeros(classes)
    total = np.asarray(seen.sum(axis=0)).ravel() + 2
    for at in range(classes):
        inside = np.asarray(seen[labels == at].sum(axis=0)).ravel() + 1
        outside = total - inside
        ratio = np.log((inside / inside.sum()) / (outside / outside.sum()))
        learner = LinearSVC(C=COST, class_weight="balanced", random_state=SEED, max_iter=4000)
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
    space: _Space, learned: Sequence[tuple[str, tuple[str, ...], _Linear]], hashed: str
) -> Model:
    heads, first = [], 0
    for name, classes, _ in learned:
        heads.append(Head(name, classes, first))
        first += len(classes)
    weights = np.concatenate([part.weights for _, _, part in learned], axis=1).astype(np.float32)
    bias = np.concatenate([part.bias for _, _, part in learned]).astype(np.float32)
    return Model(
        space.vocabulary, space.rarity.astype(np.float32), weights, bias, tuple(heads), hashed
    )
