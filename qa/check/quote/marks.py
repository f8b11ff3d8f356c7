"""Which quotation marks count where texts are compared: those alone that change who speaks."""

from __future__ import annotations

import numpy as np

from qa.text.tokens import DOUBLE_MARKS, Tokens

_MARK = "'"  # as every quotation mark is folded
_STOPS = (".", "!", "?", "...", "…", "。")


def without_marks(tokens: Tokens, text: str) -> Tokens:
    """The tokens without quotation marks, but for one that begins a sentence of somebody else.

    He left. “We stay,” she | said.  -> he left . ' we stay , she said .
    That mark is repeated at the head of each paragraph of a quotation, and then changes nothing.
    """
    if _MARK not in tokens.folded:
        return tokens
    at = [i for i, folded in enumerate(tokens.folded) if folded == _MARK]
    kept = np.ones(len(tokens.folded), dtype=bool)
    kept[at] = False
    kept[_beginning(tokens, text, at)] = True
    folded = [tokens.folded[i] for i in np.flatnonzero(kept).tolist()]
    return Tokens(folded, tokens.starts[kept], tokens.ends[kept])


def _beginning(tokens: Tokens, text: str, at: list[int]) -> list[int]:
    """The marks with which somebody else begins to speak in a new sentence."""
    found: list[int] = []
    marks = set(at)
    open_in: dict[bool, int] = {}  # by whether the mark is double: where it was opened
    for i in at:
        start, end = int(tokens.starts[i]), int(tokens.ends[i])
        double = text[start] in DOUBLE_MARKS
        if not _opens(text, start, end):
            open_in.pop(double, None)
            continue
        heads = i > 0 and "\n" in text[int(tokens.ends[i - 1]) : start]
        repeated = heads and double in open_in
        open_in[double] = i
        before = i - 1
        while before in marks:
            before -= 1
        if before >= 0 and tokens.folded[before] in _STOPS and not repeated:
            found.append(i)
    return found


def _opens(text: str, start: int, end: int) -> bool:
    """Whether a mark opens a quotation, by the space around it."""
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    return (not before or before.isspace() or before in "([") and not behind.isspace()
