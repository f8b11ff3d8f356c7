"""Markdown, as far as it matters where words stand: paragraphs, blockquotes, code and signs.

Read by hand, since Markdown parsers tell the line of a thing and not where in it the thing stands.
Linear time: each line and run of backticks is looked at a fixed number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qa.types import Span

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_BLOCKQUOTE = re.compile(r" {0,3}> ?")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")
_BACKTICKS = re.compile("`+")
_VISIBLE = re.compile(r"[^\n]")
_ANY = re.compile(r"[\s\S]")
_SIGNS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|~~|`|\\(?=[^\w\s])|↩\ufe0e?")


class MarkdownBlock(NamedTuple):
    """A paragraph, or a blockquote from behind its first >: lines that belong together."""

    is_quote: bool
    span: Span


def blocks(text: str) -> Iterator[MarkdownBlock]:
    """The paragraphs, headings, items of lists and blockquotes of a text, without fenced code.

    "one\\ntwo\\n\\n> three" -> paragraph [0:7], blockquote [11:16]
    """
    block: MarkdownBlock | None = None
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
        block = MarkdownBlock(mark is not None, Span(first, end))
        if is_heading(line):
            yield block
            block = None
    if block:
        yield block


def is_heading(line: str) -> bool:
    """Whether a line begins like a heading: "## Talks" -> True."""
    return _HEADING.match(line) is not None


def begins_item(text: str, span: Span) -> bool:
    """Whether a stretch begins an item of a list: "- Talks" -> True."""
    return _ITEM.match(text, span.start, span.end) is not None


def cover(text: str, spans: Iterable[Span], by: str, covered: re.Pattern[str] = _VISIBLE) -> str:
    """The text with its spans, given in order, made of one letter; lengths and lines stay the same.

    "He [1] said" -> "He     said"
    """
    parts, at = [], 0
    for span in spans:
        if span.end > at:
            start = max(at, span.start)
            parts += [text[at:start], covered.sub(by, text[start : span.end])]
            at = span.end
    return "".join(parts) + text[at:]


def plain(written: str) -> str:
    """The words of some Markdown in one line, without its signs: "*Talks*  on" -> "Talks on"."""
    return " ".join(_SIGNS.sub("", written).split())


def without_code(text: str) -> str:
    """The text with spaces for fenced code and the letter x for inline code, as long as it was.

    "so `a b` go" -> "so xxxxx go"
    """
    text = cover(text, _fenced(text), " ")
    parts, at = [], 0
    for _, span in blocks(text):
        parts += [text[at : span.start], without_inline_code(text[span.start : span.end])]
        at = span.end
    return "".join(parts) + text[at:]


def without_inline_code(paragraph: str) -> str:
    """The paragraph with the letter x for inline code, backticks and all, as long as it was.

    "so `a b` go" -> "so xxxxx go"
    """
    return cover(paragraph, _inline_code(paragraph), "x", _ANY)


def _goes_on(block: MarkdownBlock, start: int, line: str) -> bool:
    """Whether a line that starts there is the next one of a block."""
    same_kind = block.is_quote == (_BLOCKQUOTE.match(line) is not None)
    begins = is_heading(line) or _ITEM.match(line)
    return start == block.span.end + 1 and same_kind and not begins


def _lines_outside_code(text: str) -> Iterator[tuple[int, int]]:
    """The lines outside fenced code; a fence never closed reaches to the end, as in CommonMark."""
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


def _fenced(text: str) -> Iterator[Span]:
    at = 0
    for start, end in _lines_outside_code(text):
        if start > at + 1:  # else it is the break between two lines
            yield Span(at, start)
        at = end
    yield Span(at, len(text))


def _inline_code(paragraph: str) -> Iterator[Span]:
    """The inline code: from each run of backticks to the next of the same length."""
    runs = [Span(*run.span()) for run in _BACKTICKS.finditer(paragraph)]
    closing, i = _closing(runs), 0
    while i < len(runs):
        close = closing[i]
        if close is not None:
            yield Span(runs[i].start, runs[close].end)
            i = close
        i += 1


def _closing(runs: Sequence[Span]) -> list[int | None]:
    """For each run of backticks, which one is the next of the same length."""
    closing: list[int | None] = [None] * len(runs)
    following: dict[int, int] = {}
    for i in range(len(runs) - 1, -1, -1):
        length = runs[i].end - runs[i].start
        closing[i] = following.get(length)
        following[length] = i
    return closing
