"""What stands on a page and is none of its text: running heads and feet, the page's number, and
the numbers of lines in the margin.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from qa.ingest.pdf.glyphs import PrintedLine
from qa.types import Removed

_EDGE = 5  # rows at the head and at the foot of a page that are looked at
_MOST_ROWS = 3  # of a running head
_NEAR = 3.0  # points that a running head may stand higher or lower from page to page
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:[^\W\d_]{1,8}\.?\s+)?(?:\d{1,4}|[ivxlc]{1,6})[\W_]*"
    r"(?:[^\W\d_]{1,4}\s+)?(?:\d{1,4}\W*)?"
)
_BARE_NUMBER = re.compile(r"[-–—|.\s]*\d{1,4}[-–—|.\s]*")
_FEWEST_NUMBERED = 5  # lines that are numbered one after the other
_LINE_NUMBER = re.compile(r"[0-9]{1,3}")
_MARGIN = 0.09  # of the page's height, where a number alone is the page's

Lines = list[PrintedLine]


def without_furniture(
    pages: Sequence[Lines], heights: Sequence[float]
) -> tuple[list[Lines], list[Removed]]:
    """The pages without what belongs to the page alone, and what that was."""
    removed: list[Removed] = []
    unnumbered = [_without_line_numbers(page, removed) for page in pages]
    edges = [_edges(page) for page in unnumbered]
    recurring = _Recurring(edges)
    left = []
    for at, page in enumerate(unnumbered):
        leading, size = _leading(page), median(line.size for line in page) if page else 0.0
        gone: set[int] = set()
        for rows, kind in zip(edges[at], ("running head", "running foot"), strict=True):
            found = _outermost(rows, recurring, at, leading, size)
            if not found and kind == "running foot":
                found = _lone_number(rows, heights[at], leading)
            removed += (Removed(_kind(line, kind), line.text) for line in found)
            gone.update(map(id, found))
        left.append([line for line in page if id(line) not in gone])
    return left, removed


def _kind(line: PrintedLine, edge: str) -> str:
    return "page number" if _PAGE_NUMBER.fullmatch(line.text) else edge


def _edges(page: Lines) -> tuple[list[Lines], list[Lines]]:
    """The rows at the head and at the foot of a page, the outermost first."""
    down = sorted(page, key=lambda line: -line.base)
    return _outer_rows(down), _outer_rows(down[::-1])


def _outer_rows(lines: Lines) -> list[Lines]:
    """The first rows: of a head its left and its right may be lines of their own."""
    rows: list[Lines] = []
    for line in lines[: 4 * _EDGE]:
        if not rows or abs(line.base - rows[-1][0].base) > 0.3 * line.size:
            if len(rows) == _EDGE:
                break
            rows.append([])
        rows[-1].append(line)
    return rows


class _Recurring:
    """Knows which lines stand on several pages, at one height, the same but for their numbers."""

    def __init__(self, edges: Sequence[tuple[list[Lines], list[Lines]]]) -> None:
        self._pages = len(edges)
        self._places: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for at, sides in enumerate(edges):
            for line in (line for rows in sides for row in rows for line in row):
                for shape in _shapes(line, at):
                    self._places[shape].add((_height(line), at))
        self._counts = {
            shape: Counter(height for height, _ in places) for shape, places in self._places.items()
        }

    def has(self, row: Lines, at: int, size: float) -> bool:
        """Whether a line of the row recurs. A heading, in larger print, has to on many pages."""
        for line in row:
            heading = line.size > 1.15 * size
            for shape in _shapes(line, at):
                counts, height = self._counts[shape], _height(line)
                times = sum(counts[height + off] for off in (-1, 0, 1))
                if times >= max(2, 0.3 * self._pages if heading else 0):
                    return True
        return False


def _height(line: PrintedLine) -> int:
    return round(line.base / _NEAR)


def _shapes(line: PrintedLine, at: int) -> Iterator[str]:
    """What a line says less its numbers: "12 Review, March" is as "13 Review, March".

    And how far a number at its end is ahead of the page, whatever the chapter beside it is called.
    """
    text = line.text
    if len(text) > 2 or text.isdecimal():
        yield " ".join(_NUMBERS.sub("#", text).casefold().split())
    if len(line.words) > 1:
        for word in {line.words[0].text, line.words[-1].text}:
            if word.isdecimal() and len(word) < 5:
                yield f"page {int(word) - at}"


def _outermost(
    rows: list[Lines], recurring: _Recurring, at: int, leading: float, size: float
) -> Lines:
    """The lines of an edge that recur, from the outermost to the first that does not.

    A refrain recurs as well: what stands no further from the next line than the lines of the text
    do, in their size, stays.
    """
    count = 0
    while count < len(rows) and recurring.has(rows[count], at, size):
        count += 1
    count = min(count, _MOST_ROWS)
    while 0 < count < len(rows) and not _apart(rows[count - 1][0], rows[count][0], leading):
        count -= 1
    return [line for row in rows[:count] for line in row]


def _lone_number(rows: list[Lines], height: float, leading: float) -> Lines:
    """A number alone at the foot of a page, as of a text of one page."""
    if len(rows) < 2 or len(rows[0]) > 1:
        return []
    line = rows[0][0]
    alone = line.base < _MARGIN * height and rows[1][0].base - line.base > 1.5 * leading
    return [line] if alone and _BARE_NUMBER.fullmatch(line.text) else []


def _apart(line: PrintedLine, inner: PrintedLine, leading: float) -> bool:
    gap = abs(line.base - inner.base)
    return (
        gap < 0.3 * line.size
        or gap > 1.3 * leading
        or (abs(line.size - inner.size) > 0.08 * inner.size)
    )


def _leading(page: Lines) -> float:
    """How far lines of the text are apart on a page."""
    bases = sorted({round(line.base, 1) for line in page})
    steps = [b - a for a, b in pairwise(bases) if b - a > 3]
    leading = sorted(steps)[len(steps) // 3] if steps else 0.0
    # Of few lines most steps may be those to the head and to the foot.
    return (
        leading
        if len(steps) > 4 or not page
        else min(leading, 1.4 * max(line.size for line in page))
    )


# --- numbers of lines, as in the transcripts of courts ---


def _without_line_numbers(page: Lines, removed: list[Removed]) -> Lines:
    """The lines of a page without a column of numbers that goes up by one from line to line."""
    numbered = [line for line in page if _LINE_NUMBER.fullmatch(line.words[0].text)]
    if len(numbered) < _FEWEST_NUMBERED:
        return page
    run = max(_runs(numbered), key=len)
    if len(run) < _FEWEST_NUMBERED or not _number_lines(run, page):
        return page
    left = []
    numbers = {id(line) for line in run}
    for line in page:
        if id(line) in numbers:
            removed.append(Removed("line number", line.words[0].text))
            if len(line.words) > 1:
                left.append(PrintedLine(line.words[1:], line.page))
        else:
            left.append(line)
    return left


def _runs(numbered: Lines) -> list[Lines]:
    """The stretches in which each line's number is one more than the number before it."""
    steps = groupby(enumerate(numbered), key=lambda pair: int(pair[1].words[0].text) - pair[0])
    return [[line for _, line in group] for _, group in steps]


def _number_lines(run: Lines, page: Lines) -> bool:
    """Whether the numbers are of lines, not of a list or of the rows of a table.

    They stand one below the other, beside each line from the first to the last, and of the lines
    some begin in mid-sentence.
    """
    rights = [line.words[0].right for line in run]
    if max(rights) - min(rights) > 1.5 * run[0].size:
        return False
    top, foot = max(line.base for line in run), min(line.base for line in run)
    beside = [line for line in page if foot - 1 <= line.base <= top + 1 and line.left > min(rights)]
    beside_text = [line.words for line in run if len(line.words) > 1]
    if any(words[1].left - words[0].right < 0.4 * words[0].size for words in beside_text):
        return False
    texts = [words[1] for words in beside_text]
    if len(texts) < len(run) / 2:  # the numbers are lines of their own
        if len(beside) < len(run) / 2:
            return False
        texts = [line.words[0] for line in beside]
    starts = sum(word.text[0].islower() for word in texts)
    numbers = set(map(id, run))
    others = (line for line in page if id(line) not in numbers)
    inside = sum(foot - 1 <= line.base <= top + 1 for line in others)
    return starts >= len(texts) / 5 and inside <= 1.2 * len(run)
