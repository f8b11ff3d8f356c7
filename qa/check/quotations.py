"""Every quotation in a draft, plain or Markdown: what stands between marks, and blockquotes.

Single marks are left alone, since nothing tells them from apostrophes; so are inch marks (12",
5'10") and code, fenced or inline. A mark that nothing answers within its paragraph quotes nothing.
Of nested quotations the outermost counts. Linear time: each line, run of backticks and mark is
looked at a fixed number of times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from qa.types import Span

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_BLOCKQUOTE = re.compile(r" {0,3}> ?")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")
_MARK = re.compile('["“”„‟«»‹›]')
_BACKTICKS = re.compile("`+")
_INK = re.compile(r"[^\n]")
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


# --- blocks ---


class Block(NamedTuple):
    """Lines that belong together: a paragraph, or a blockquote from behind its first >."""

    is_quote: bool
    span: Span


def blocks(text: str) -> Iterator[Block]:
    """The paragraphs, headings, items of lists and blockquotes of a text, without fenced code."""
    block: Block | None = None
    for start, end in _lines_outside_code(text):
        line = text[start:end]
        if not line.strip():
            continue
        mark = _BLOCKQUOTE.match(line)
        first = start + (mark.end() if mark else 0)
        if block and _goes_on(block, start, line):
            first = block.span.start
        elif block:
            yield block
        block = Block(mark is not None, Span(first, end))
        if _HEADING.match(line):
            yield block
            block = None
    if block:
        yield block


def without_code(text: str) -> str:
    """The text, as long as it was: fenced code made spaces, inline code the letter x."""
    parts, at = [], 0
    for start, end in _lines_outside_code(text):
        parts += [_INK.sub(" ", text[at:start]), text[start:end]]
        at = end
    text = "".join(parts) + _INK.sub(" ", text[at:])
    parts, at = [], 0
    for block in blocks(text):
        start, end = block.span.start, block.span.end
        parts += [text[at:start], _without_code(text[start:end])]
        at = end
    return "".join(parts) + text[at:]


def _goes_on(block: Block, start: int, line: str) -> bool:
    """Whether a line that starts there is the next one of a block."""
    same_kind = block.is_quote == (_BLOCKQUOTE.match(line) is not None)
    begins = _HEADING.match(line) or _ITEM.match(line)
    return start == block.span.end + 1 and same_kind and not begins


def _lines_outside_code(text: str) -> Iterator[tuple[int, int]]:
    """The lines in no fenced block; one never closed reaches to the end, as in CommonMark."""
    fence, start = "", 0
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and mark[1] == line.strip():
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield start, start + len(line)
        start += len(line) + 1


# --- marks ---


def _marked(text: str, span: Span) -> list[Span]:
    """What stands between the marks of a paragraph, outermost pairs only."""
    paragraph = _without_code(text[span.start : span.end])
    marks = [mark.start() for mark in _MARK.finditer(paragraph)]
    inches = _inches(paragraph, marks)
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    for at in marks:
        mark, opening = paragraph[at], _looks_opening(paragraph, at)
        closes = [_CLOSES.get(mark, ""), "" if opening else _MAY_CLOSE.get(mark, "")]
        closes = [openers for openers in closes if any(waiting[opener] for opener in openers)]
        if at in inches and (inches[at] or not closes):
            continue
        if closes:
            pairs.append((_close(opened, waiting, closes[0]) + 1, at))
        elif opening or mark != "”":
            opened.append((mark, at))
            waiting[mark] += 1
    return [Span(span.start + start, span.start + end) for start, end in _outermost(pairs)]


def _close(opened: list[tuple[str, int]], waiting: Counter[str], closes: str) -> int:
    """Where the last mark stands that is closed; those opened after it are given up."""
    while True:
        mark, at = opened.pop()
        waiting[mark] -= 1
        if mark in closes:
            return at


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


def _without_code(paragraph: str) -> str:
    """The paragraph with its inline code, backticks and all, made letters that are no mark."""
    runs = list(_BACKTICKS.finditer(paragraph))
    closing: list[int | None] = [None] * len(runs)
    following: dict[int, int] = {}
    for i in range(len(runs) - 1, -1, -1):
        closing[i] = following.get(len(runs[i][0]))
        following[len(runs[i][0])] = i
    parts, at, i = [], 0, 0
    while i < len(runs):
        close = closing[i]
        if close is not None:
            start, end = runs[i].start(), runs[close].end()
            parts += [paragraph[at:start], "x" * (end - start)]
            at, i = end, close
        i += 1
    return "".join(parts) + paragraph[at:]
