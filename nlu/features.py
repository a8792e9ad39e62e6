"""What the classifier sees of a line: its words and its runs of one to three characters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

VERSION: Final = 1
"""Grows when :func:`grams` changes, so that an older model is refused."""

LONGEST: Final = 4000
"""Characters read for classification; what follows in a longer letter adds nothing."""

_SPACES: Final = re.compile(r"\s+")


def grams(text: str, words: Sequence[str]) -> list[str]:
    """The features of normalised ``text``, with repeats. Words carry a mark, runs do not."""
    found = ["\t" + word for word in words if not word.isspace()]
    run = _SPACES.sub(" ", text[:LONGEST])
    found += run
    found += map("".join, itertools.pairwise(run))
    found += map("".join, zip(run, run[1:], run[2:], strict=False))
    return found
