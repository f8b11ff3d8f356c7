"""Word lists, as they are written, read."""

from __future__ import annotations

import re
from collections.abc import Iterable


def listed(words: str) -> frozenset[str]:
    """A list of words: "of the" -> {"of", "the"}."""
    return frozenset(words.split())


def numbered(lines: str, first: int = 1) -> dict[str, int]:
    """Words by the line they are on: "a b", below it "c" -> {"a": 1, "b": 1, "c": 2}."""
    return {
        word: number
        for number, line in enumerate(lines.strip().splitlines(), first)
        for word in line.split()
    }


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest that fits: ["a", "a.b"] -> r"a\\.b|a"."""
    return "|".join(map(re.escape, sorted(sorted(words), key=len, reverse=True)))
