"""Words. The only file that knows a jieba: rjieba gives the same tokens far faster."""

from __future__ import annotations

import rjieba


def words(text: str) -> list[str]:
    """Cut normalised text into words; joined, they give ``text`` back."""
    cut: list[str] = rjieba.cut(text, hmm=True)
    return cut
