"""Every quotation in a draft, plain or Markdown: what stands between marks, and blockquotes.

Single marks are left alone, since nothing tells them from apostrophes; so are inch marks (12",
5'10") and code, fenced or inline. A mark that nothing answers within its paragraph quotes nothing.
Of nested quotations the outermost counts. Linear time: each mark is looked at a fixed number of
times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from qa.check.draft.markdown import blocks, without_inline_code
from qa.types import Span

_MARK = re.compile('["“”„‟«»‹›]')
_FEET = re.compile(r"\d['’′] ?\d{1,2}\Z")

# What a mark closes, and what it closes unless it looks like an opening one itself: “ opens in
# English and closes in German, « and » do either.
_CLOSES = {"”": "“„‟", "»": "«", "›": "‹", '"': '"'}
_MAY_CLOSE = {"“": "„“‟", "”": "”", "«": "»", "»": "»", "‹": "›", "›": "›", '"': "„"}
_BEFORE_OPENING = frozenset("([{<*_-–—/'‘‚" + '"“”„‟«»‹›')


def quotations(text: str) -> list[Span]:
    """The quotations in their order, each the span between its marks, without the space there.

    'He said “Yes” and »No«.' -> [9:12, 19:21]
    """
    spans: list[Span] = []
    for block in blocks(text):
        quoted = [block.span] if block.is_quote else _marked(text, block.span)
        spans += [_stripped(text, span) for span in quoted]
    return [span for span in spans if text[span.start : span.end].strip("> \t\r\n")]


def _stripped(text: str, span: Span) -> Span:
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))


class _Opened:
    """The marks of a paragraph that wait for one that closes them."""

    def __init__(self) -> None:
        self._marks: list[tuple[str, int]] = []
        self._waiting: Counter[str] = Counter()

    def open(self, mark: str, at: int) -> None:
        self._marks.append((mark, at))
        self._waiting[mark] += 1

    def closed_by(self, mark: str, opening: bool) -> str:
        """The opening marks that a mark may close, if any of them waits, else ""."""
        for openers in (_CLOSES.get(mark, ""), "" if opening else _MAY_CLOSE.get(mark, "")):
            if any(self._waiting[opener] for opener in openers):
                return openers
        return ""

    def close(self, openers: str) -> int:
        """Where the mark stands that is closed; marks opened after it are given up."""
        while True:
            mark, at = self._marks.pop()
            self._waiting[mark] -= 1
            if mark in openers:
                return at


def _marked(text: str, span: Span) -> list[Span]:
    """What stands between the marks of a paragraph, of nested pairs the outermost."""
    pairs = _pairs(without_inline_code(text[span.start : span.end]))
    return [Span(span.start + start, span.start + end) for start, end in _outermost(pairs)]


def _pairs(paragraph: str) -> list[tuple[int, int]]:
    marks = [mark.start() for mark in _MARK.finditer(paragraph)]
    inches = _inches(paragraph, marks)
    pairs, opened = [], _Opened()
    for at in marks:
        mark, opening = paragraph[at], _looks_opening(paragraph, at)
        closes = opened.closed_by(mark, opening)
        if at in inches and (inches[at] or not closes):
            continue
        if closes:
            pairs.append((opened.close(closes) + 1, at))
        elif opening or mark != "”":
            opened.open(mark, at)
    return pairs


def _outermost(pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    covered = -1
    for start, end in sorted(pairs):
        if start > covered:
            yield start, end
            covered = end


def _looks_opening(paragraph: str, at: int) -> bool:
    before = paragraph[at - 1] if at else " "
    after = paragraph[at + 1] if at + 1 < len(paragraph) else " "
    return not after.isspace() and (before.isspace() or before in _BEFORE_OPENING)


def _inches(paragraph: str, marks: list[int]) -> dict[int, bool]:
    """The straight marks behind a digit, and whether they are inches even within a quotation.

    They are in 5'10", and in "a 12" board", where a later mark closes; they are not in
    "the year 1999" and "the end", where the next one opens.
    """
    inches: dict[int, bool] = {}
    another_closes = False
    for at in reversed(marks):
        if paragraph[at] != '"':
            continue
        if at and paragraph[at - 1].isdigit():
            feet = _FEET.search(paragraph, max(0, at - 6), at)
            inches[at] = feet is not None or another_closes
        else:
            another_closes = not _looks_opening(paragraph, at)
    return inches
