"""The paragraphs of a text, as readers count them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from qa.types import Span

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n(?![^\S\n]*\n)[^\n]*)*")
_LINE = re.compile(r"\S[^\n]*")
_LONG_LINE = 120


def paragraph_spans(text: str) -> Iterator[Span]:
    """Where each paragraph of a text stands: what blank lines part, or long lines without them.

    >>> [(span.start, span.end) for span in paragraph_spans("One.\\n\\nTwo,\\nstill two.")]
    [(0, 4), (6, 21)]
    """
    # Without blank lines, long lines are paragraphs, and short ones are verse or hard-wrapped.
    long = "\n\n" not in text and len(text) > _LONG_LINE * (text.count("\n") + 1)
    for found in (_LINE if long else _PARAGRAPH).finditer(text):
        yield Span(*found.span())


def paragraph_at(starts: Sequence[int], at: int) -> int:
    """The number of the paragraph that a place is in, from 1, of paragraphs that begin there.

    >>> paragraph_at([0, 6], 3), paragraph_at([0, 6], 6)
    (1, 2)
    """
    return max(1, bisect_right(starts, at))
