"""Every quotation in a draft, plain or Markdown: what stands between marks, and blockquotes.

Apostrophes, inch marks (12", 5'10") and code, fenced or inline, quote nothing. A mark that nothing
answers within its paragraph quotes nothing either, unless the next paragraph opens with the same
one: so a quotation over several paragraphs is written. Of nested quotations the outermost counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.check.draft.dialogue import speeches
from qa.check.draft.markdown import (
    MarkdownBlock,
    begins_item,
    blocks,
    is_heading,
    without_inline_code,
)
from qa.check.draft.quotation_marks import paired
from qa.types import Span

# With what a paragraph may begin that goes on with a quotation, by the mark that opened it.
_GOES_ON = {"“": "“", "„": "„", "«": "«»", "»": "»", "‘": "‘", '"': '"', "'": "'", "”": "”"}
_HEAD = re.compile(r"[ \t\r*_]*(?P<mark>[“„«»‘\"'”])(?:\S|(?<=[«»])\s)")


class Quoted(NamedTuple):
    """What a draft quotes."""

    spans: tuple[Span, ...]  # in their order, those that go on in another paragraph included
    going_on: frozenset[Span]  # whose paragraph ends, and the quotation does not
    lone: tuple[int, ...]  # where marks stand that nothing closes, or opens


class _Paragraph(NamedTuple):
    block: MarkdownBlock
    pairs: tuple[Span, ...]  # between the marks
    lone: tuple[int, ...]


def quotations(text: str) -> list[Span]:
    """The quotations in their order, each the span between its marks, without the space there.

    'He said “Yes” and »No«.' -> [9:12, 19:21]
    """
    found = [span for paragraph in _paragraphs(text) for span in paragraph.pairs]
    return [span for span in (_stripped(text, span) for span in found) if _is_something(text, span)]


def quoted(text: str, dialogue: bool = False) -> Quoted:
    """The quotations with those over several paragraphs, and the marks that stand alone.

    With `dialogue` also what is said behind a dash at the beginning of a line.

    '“One.\\n\\n“Two.” “Three' -> [1:5] (it goes on), [8:12]; 14
    """
    spans: list[Span] = []
    going_on: set[Span] = set()
    lone: list[int] = []
    paragraphs = list(_paragraphs(text))
    for paragraph, following in pairwise([*paragraphs, None]):
        assert paragraph is not None
        left, open_spans = _left_open(text, paragraph, following)
        outer = [_stripped(text, span) for span in open_spans]
        pairs = paragraph.pairs or (_spoken(text, paragraph) if dialogue else ())
        within = [_stripped(text, span) for span in pairs]
        going_on.update(outer)
        spans += sorted([*outer, *_outside(within, outer)])
        lone += left
    return Quoted(
        tuple(span for span in spans if _is_something(text, span)), frozenset(going_on), tuple(lone)
    )


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    for block in blocks(text):
        if block.is_quote:
            yield _Paragraph(block, (_without_signs(text, block.span),), ())
            continue
        start = block.span.start
        marks = paired(without_inline_code(text[start : block.span.end]))
        pairs = tuple(Span(start + first, start + last) for first, last in marks.pairs)
        yield _Paragraph(block, pairs, tuple(start + at for at in marks.lone))


# --- quotations over several paragraphs ---


def _left_open(
    text: str, paragraph: _Paragraph, following: _Paragraph | None
) -> tuple[list[int], list[Span]]:
    """The lone marks of a paragraph that stay alone, and what those open that go on behind it."""
    alone: list[int] = []
    going_on: list[Span] = []
    heads = _heads(text, paragraph.block.span)
    covered = -1
    for at in paragraph.lone:
        if at < covered:
            continue
        end = _goes_on_behind(text, at, heads, paragraph, following)
        if end is None:
            alone.append(at)
        else:
            going_on.append(Span(at + 1, end))
            covered = end
    return alone, going_on


def _heads(text: str, span: Span) -> list[int]:
    """Where the lines of a paragraph behind its first one begin with a mark."""
    found, at = [], text.find("\n", span.start, span.end)
    while at >= 0:
        if _HEAD.match(text, at + 1, span.end):
            found.append(at + 1)
        at = text.find("\n", at + 1, span.end)
    return found


def _goes_on_behind(
    text: str,
    at: int,
    heads: Sequence[int],
    paragraph: _Paragraph,
    following: _Paragraph | None,
) -> int | None:
    """Where the paragraph ends of a quotation that the next one opens again, else None."""
    block = paragraph.block
    if is_heading(text[block.span.start : block.span.end]) or not _opens(text, at):
        return None
    i = bisect_right(heads, at)
    if i < len(heads):
        line = heads[i]
        return line - 1 if _is_opened_again(text, at, line) else None
    if following is None or following.block.is_quote or begins_item(text, following.block.span):
        return None
    return block.span.end if _is_opened_again(text, at, following.block.span.start) else None


def _opens(text: str, at: int) -> bool:
    is_french = text[at] in "«»"  # a space follows
    return text[at] in _GOES_ON and (is_french or not text[at + 1 : at + 2].isspace())


def _is_opened_again(text: str, at: int, line: int) -> bool:
    head = _HEAD.match(text, line)
    return head is not None and head["mark"] in _GOES_ON[text[at]]


def _spoken(text: str, paragraph: _Paragraph) -> tuple[Span, ...]:
    block = paragraph.block
    return () if block.is_quote else tuple(speeches(text, block.span))


# --- spans ---


def _outside(spans: Sequence[Span], outer: Sequence[Span]) -> Iterator[Span]:
    """The spans that begin in none of the outer ones, both in order."""
    for span in spans:
        i = bisect_right(outer, span) - 1
        if i < 0 or outer[i].end <= span.start:
            yield span


def _stripped(text: str, span: Span) -> Span:
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))


def _without_signs(text: str, span: Span) -> Span:
    """A blockquote without empty lines at its ends: "\\n>\\n> one" -> "one"."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip("> \t\r\n"))
    return Span(start, max(start, span.start + len(inside.rstrip("> \t\r\n"))))


def _is_something(text: str, span: Span) -> bool:
    return bool(text[span.start : span.end].strip("> \t\r\n"))
