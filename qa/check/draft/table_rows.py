"""The rows of a table in Markdown: each of them states something of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from qa.types import Span

# |---|:-:|, with or without the bars at its ends
_RULE = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?\r?")
_BARRED = re.compile(r"[ \t]*\|.*\|[ \t]*\r?")
_BAR = re.compile(r"(?<!\\)\|")

LineKind = Literal["text", "row", "header", "rule"]


class TableLine(NamedTuple):
    """Lines of a paragraph that are no table, or one line of one."""

    kind: LineKind
    span: Span


def table_lines(prose: str, paragraph: Span) -> list[TableLine]:
    """The rows of a paragraph, and what is between them.

    "See\\n| a |\\n|---|\\n| b |" -> text [0:3], header [4:9], rule [10:15], row [16:21]
    """
    if "|" not in prose[paragraph.start : paragraph.end]:
        return [TableLine("text", paragraph)]
    found: list[TableLine] = []
    for kind, lines in groupby(_lines(prose, paragraph), key=lambda line: line.kind):
        if kind == "text":
            spans = [line.span for line in lines]
            found.append(TableLine("text", Span(spans[0].start, spans[-1].end)))
        else:
            found += lines
    return found


def cells(row: str) -> list[str]:
    """What stands in the cells of a row: "| a | | b |" -> ["a", "b"]."""
    return [cell.strip() for cell in _BAR.split(row) if cell.strip()]


def _lines(prose: str, paragraph: Span) -> Iterator[TableLine]:
    spans = list(_spans(prose, paragraph))
    written = [prose[span.start : span.end] for span in spans]
    rules = ["|" in line and _RULE.fullmatch(line) is not None for line in written]
    below = False  # a line of dashes and bars, and rows since then
    for i, (span, line) in enumerate(zip(spans, written, strict=True)):
        below = rules[i] or (below and "|" in line)
        if rules[i]:
            yield TableLine("rule", span)
        elif "|" in line and any(rules[i + 1 : i + 2]):
            yield TableLine("header", span)
        else:
            yield TableLine("row" if below or _BARRED.fullmatch(line) else "text", span)


def _spans(prose: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    while (end := prose.find("\n", start, paragraph.end)) >= 0:
        yield Span(start, end)
        start = end + 1
    yield Span(start, paragraph.end)
