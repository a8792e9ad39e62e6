"""Scores a line with plain NumPy: look the features up, one small product, a softmax per head."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, cast

import numpy as np

from nlu.features import grams
from nlu.model_file import Model, Weights
from nlu.understanding import Ranked

CATEGORY: Final = "category"
ACT: Final = "act"
CRISIS: Final = "crisis"
COMPLAINT: Final = "complaint"
"""The act head's own class for a complaint; to the outside such a line is ``inform``."""

EVERY: Final = slice(None)


class Classifier:
    """A loaded model. Holds no state between calls; safe to share between threads."""

    def __init__(self, model: Model) -> None:
        self._vocabulary = model.vocabulary
        self._rarity = model.rarity
        self._weights = model.weights
        self._bias = model.bias
        self._heads = {head.name: head for head in model.heads}

    def rankings(self, text: str, tokens: Sequence[str]) -> dict[str, tuple[Ranked, ...]]:
        """For each head its classes, the surest first. ``text`` is normalised."""
        scores = self._scores(text, tokens).tolist()
        return {
            name: _ranked(head.classes, scores[head.first : head.first + len(head.classes)])
            for name, head in self._heads.items()
        }

    def ranking(self, name: str, text: str, tokens: Sequence[str]) -> tuple[Ranked, ...]:
        """The classes of one head, the surest first; none when the model has no such head."""
        head = self._heads.get(name)
        if head is None:
            return ()
        own = slice(head.first, head.first + len(head.classes))
        return _ranked(head.classes, self._scores(text, tokens, own).tolist())

    def _scores(self, text: str, tokens: Sequence[str], columns: slice = EVERY) -> Weights:
        counts = Counter(map(self._vocabulary.get, grams(text, tokens)))
        del counts[None]  # features never seen in training
        if not counts:
            return self._bias[columns]
        rows = np.fromiter(cast("Iterable[int]", counts), np.intp, len(counts))
        values = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        values *= self._rarity[rows]
        values /= math.sqrt(float(values @ values))
        scores: Weights = values @ self._weights[:, columns][rows] + self._bias[columns]
        return scores


def _ranked(classes: Sequence[str], scores: Sequence[float]) -> tuple[Ranked, ...]:
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    total = sum(shares)
    order = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)
    return tuple([Ranked(classes[at], shares[at] / total) for at in order])
