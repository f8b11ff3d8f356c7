"""Quotations within quotations: who says them is told by the words around them alone.

“Ann Lee told me: ‘It rains.’ I did not believe it,” said Bob Ray. It is Ann Lee who says it rains.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from qa.check.speakers.quoted_text import QuotedStretch

_OPENING = re.compile(r"(?<!\w)[‘‚'](?=\w)|(?<![\w])[“„«\"](?=\w)")
_CLOSING = re.compile(r"[’'](?!\w)|[”“»\"](?!\w)")
_DOUBLE = str.maketrans({"‘": "“", "‚": "“"})
_DEEPEST = 6_000  # characters of a quotation: longer ones quote nobody within, or are no quotation


@dataclass(frozen=True, slots=True)
class OuterQuotation:
    """The words of a quotation, with double marks for what it quotes, and where they begin."""

    text: str
    start: int
    inner: tuple[int, int]  # from the first mark within it to the last


class Nested:
    """The quotations of a text that quote in their turn."""

    def __init__(self, text: str, quotes: Sequence[QuotedStretch]) -> None:
        self._text = text
        self._quotes = quotes
        self._starts = [quote.start for quote in quotes]
        self._known: dict[int, OuterQuotation | None] = {}

    def around(self, start: int, end: int) -> OuterQuotation | None:
        """The quotation that quotes text[start:end], itself within another."""
        i = bisect_right(self._starts, start) - 1
        if i < 0 or end > self._quotes[i].end:
            return None
        quote = self._quotes[i]
        if i not in self._known:
            self._known[i] = _quoted(self._text, quote.start + 1, quote.end - (not quote.is_open))
        found = self._known[i]
        return found if found and found.inner[0] < start and end < found.inner[1] + 1 else None


def _quoted(text: str, start: int, end: int) -> OuterQuotation | None:
    """The words of a quotation, if they quote anything."""
    words = text[start : min(end, start + _DEEPEST)]
    first = _OPENING.search(words)
    last = [mark.start() for mark in _CLOSING.finditer(words, first.end())] if first else []
    if not first or not last:
        return None
    closed = list(words.translate(_DOUBLE))
    closing = set(last)
    for mark in _OPENING.finditer(words):
        closed[mark.start()] = "“"
        closing.discard(mark.start())
    for at in closing:
        closed[at] = "”"
    return OuterQuotation("".join(closed), start, (start + first.start(), start + last[-1]))
