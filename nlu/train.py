"""Learn the linear model from the Rasa data. Needs scikit-learn; nothing that serves imports this.

Three heads over the same features. ``category`` learns from complaints and from the categories'
word lists: NB-SVMs on the sentences, NB-SVMs with the lists, and SVMs with the lists lightly, all
linear, so that what is served is one matrix. ``act`` and ``crisis`` are plain SVMs. The comparison
is in docs/decisions/0005-embedded-nlu.md. Same data, same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, vstack
from threadpoolctl import threadpool_limits

from nlu.classifier import ACT, CATEGORY, COMPLAINT, CRISIS
from nlu.crisis import LEVELS, detect
from nlu.features import grams
from nlu.intents import ACTS, CATEGORIES, INTENTS
from nlu.learners import SLIGHT_MODESTY, Floats, Integers, Linear, Lines, blend, fit_head, svm
from nlu.model_file import Head, Model
from nlu.normalize import normalize
from nlu.tokenizer import words
from nlu.training_data import TrainingData

Progress = Callable[[str, float], None]
"""Called with what is being done and the share done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Space:
    """The features, and lines seen through them."""

    vocabulary: dict[str, int]
    rarity: Floats

    def of(self, texts: Sequence[str]) -> csr_matrix:
        bags = [_bag(text) for text in texts]
        return _matrix(bags, self.vocabulary, self.rarity)


def train(data: TrainingData, hashed: str, progress: Progress | None = None) -> Model:
    """Learn from ``data``; ``hashed`` is its hash, kept in the model."""
    report = progress or (lambda _what, _share: None)
    with threadpool_limits(1):  # several BLAS threads would add in a different order each time
        report("features", 0.0)
        space, matrix = _space(data)
        report("categories", 0.1)
        learned = [(CATEGORY, CATEGORIES, _categories(data, space, matrix, report))]
        learned.append((ACT, (*ACTS, COMPLAINT), _acts(data, space, matrix, report)))
        if data.crisis:
            texts, levels = _crisis_lines(data)
            lines = Lines(space.of(texts), _labels(levels, LEVELS))
            head = fit_head(lines, len(LEVELS), svm, _from(report, "crisis", 0.85, 0.15), rare=True)
            learned.append((CRISIS, LEVELS, head))
    report("done", 1.0)
    return _model(space, learned, hashed)


def _categories(data: TrainingData, space: _Space, matrix: csr_matrix, report: Progress) -> Linear:
    told = [at for at, example in enumerate(data.examples) if example.intent in CATEGORIES]
    names = [data.examples[at].intent for at in told]
    sentences = matrix[told]
    if data.corrections:
        names += [correction.intent for correction in data.corrections]
        corrected = space.of([correction.text for correction in data.corrections])
        sentences = vstack([sentences, corrected]).tocsr()
    lines = _with_lists(data, space, sentences, names, CATEGORIES)
    lines = replace(lines, sentences=len(told), corrections=len(data.corrections))
    share = _from(report, "categories", 0.1, 0.5)
    return fit_head(lines, len(CATEGORIES), blend, share, modesty=SLIGHT_MODESTY)


def _acts(data: TrainingData, space: _Space, matrix: csr_matrix, report: Progress) -> Linear:
    """All lines: a complaint is one class of its own."""
    acts = (*ACTS, COMPLAINT)
    names = [COMPLAINT if e.intent in CATEGORIES else e.intent for e in data.examples]
    lines = _with_lists(data, space, matrix, names, acts)
    return fit_head(lines, len(acts), svm, _from(report, "acts", 0.6, 0.25))


def _with_lists(
    data: TrainingData,
    space: _Space,
    matrix: csr_matrix,
    names: list[str],
    classes: Sequence[str],
) -> Lines:
    """Sentences, then each entry of the lookup list of a class as an example of its own."""
    listed = [(entry, name) for name in classes for entry in data.lookups.get(name, ())]
    labels = _labels(names + [name for _, name in listed], classes)
    if listed:
        matrix = vstack([matrix, space.of([entry for entry, _ in listed])]).tocsr()
    return Lines(matrix, labels, len(names))


def _labels(names: Sequence[str], classes: Sequence[str]) -> Integers:
    return np.array([classes.index(name) for name in names])


def _crisis_lines(data: TrainingData) -> tuple[list[str], list[str]]:
    """The crisis examples, and as none every training line in which the rules see no danger."""
    lines = [(line, level) for level, some in data.crisis.items() for line in some]
    labelled = {line for line, _ in lines}
    texts = [example.text for example in data.examples if example.text not in labelled]
    lines += [(text, "none") for text in texts if detect(normalize(text).text).level == "none"]
    return [line for line, _ in lines], [level for _, level in lines]


def _from(report: Progress, what: str, start: float, width: float) -> Callable[[float], None]:
    return lambda share: report(what, start + width * share)


def _space(data: TrainingData) -> tuple[_Space, csr_matrix]:
    """The features of all lines, and the examples seen through them."""
    bags = [_bag(example.text) for example in data.examples]
    also = [entry for name in INTENTS for entry in data.lookups.get(name, ())]
    also += [line for some in data.crisis.values() for line in some]
    also += sorted({correction.text for correction in data.corrections})
    vocabulary = _vocabulary(bags + [_bag(text) for text in also])
    rarity = _rarity(bags, vocabulary)
    return _Space(vocabulary, rarity), _matrix(bags, vocabulary, rarity)


def _bag(line: str) -> Counter[str]:
    text = normalize(line).text
    return Counter(grams(text, words(text)))


def _vocabulary(bags: Sequence[Counter[str]]) -> dict[str, int]:
    """Every feature of two lines or more, the frequent ones first: a line's rows lie close."""
    spread = Counter(gram for bag in bags for gram in bag)
    kept = [gram for gram, seen in spread.items() if seen > 1 and "\n" not in gram]
    return {gram: row for row, gram in enumerate(sorted(kept, key=lambda g: (-spread[g], g)))}


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


def _model(
    space: _Space, learned: Sequence[tuple[str, tuple[str, ...], Linear]], hashed: str
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
