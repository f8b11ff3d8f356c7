"""The order in which the lines of a page are read: columns drawn row by row are parted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean

from qa.ingest.pdf.glyphs import PlacedWord, PrintedLine

_FEWEST_ROWS = 4  # of two columns; fewer are rather a table, or an address beside a date
_PROSE = 14  # characters that a line of a column has at least, on average: cells have fewer
_MOST_COLUMNS = 4

Row = list[PrintedLine]


def in_order(lines: Sequence[PrintedLine], depth: int = 1) -> list[PrintedLine]:
    """The lines column by column where the page shows columns; else as the file has them."""
    rows = list(_rows(_downward(lines)))
    gutter = _gutter(rows) if depth < _MOST_COLUMNS else None
    if gutter is None:
        return [_whole(row) for row in rows]
    crossed = [at for at, row in enumerate(rows) if _gap_at(row, gutter)]
    first, last = crossed[0], crossed[-1] + 1
    sides: tuple[Row, Row] = [], []
    for row in rows[first:last]:
        for piece in row:
            sides[piece.left >= gutter].append(piece)
    return [
        *in_order([piece for row in rows[:first] for piece in row], _MOST_COLUMNS),
        *in_order(sides[0], depth + 1),
        *in_order(sides[1], depth + 1),
        *in_order([piece for row in rows[last:] for piece in row], _MOST_COLUMNS),
    ]


def _downward(lines: Sequence[PrintedLine]) -> Sequence[PrintedLine]:
    """The lines from the head to the foot: of turned pages pdfium gives them the other way."""
    steps = [other.base - line.base for line, other in pairwise(lines)]
    up = sum(step > 1 for step in steps)
    return lines[::-1] if up > 1 and up > 2 * sum(step < -1 for step in steps) else lines


def _rows(lines: Sequence[PrintedLine]) -> Iterator[Row]:
    """The pieces that stand side by side, in turn."""
    row: Row = []
    for line in lines:
        for piece in _pieces(line):
            before = row[-1] if row else None
            if before and not (
                abs(piece.base - before.base) < 0.3 * before.size
                and before.right + 0.5 * before.size < piece.left
            ):
                yield row
                row = []
            row.append(piece)
    if row:
        yield row


def _pieces(line: PrintedLine) -> Iterator[PrintedLine]:
    """A line cut where gaps are as wide as between columns."""
    if not line.wide:
        yield line
        return
    piece: list[PlacedWord] = []
    for word in line.words:
        if piece and word.left - piece[-1].right > line.size:
            yield PrintedLine(piece, line.page)
            piece = []
        piece.append(word)
    yield PrintedLine(piece, line.page)


def _whole(row: Row) -> PrintedLine:
    if len(row) == 1:
        return row[0]
    for piece in row[1:]:
        piece.words[0].spaced = True
    return PrintedLine([word for piece in row for word in piece.words], row[0].page, wide=True)


def _gutter(rows: Sequence[Row]) -> float | None:
    """The place from left where most rows have a gap, when text stands on both sides of it."""
    gaps = [(one.right, other.left) for row in rows for one, other in pairwise(row)]
    if len(gaps) < _FEWEST_ROWS:
        return None
    edges = sorted([(left, 1) for left, _ in gaps] + [(right, -1) for _, right in gaps])
    depth = deepest = 0
    gutter = 0.0
    for (at, step), (following, _) in pairwise(edges):
        depth += step
        if depth > deepest:
            deepest, gutter = depth, (at + following) / 2
    if deepest < _FEWEST_ROWS:
        return None
    crossed = [at for at, row in enumerate(rows) if _gap_at(row, gutter)]
    between = rows[crossed[0] : crossed[-1] + 1]
    whole = sum(any(p.left < gutter < p.right for p in row) for row in between)
    pieces = [piece for at in crossed for piece in rows[at]]
    prose = fmean(len(piece.text) for piece in pieces) >= _PROSE
    return gutter if prose and whole <= len(between) / 10 and _both_words(pieces, gutter) else None


def _both_words(pieces: Row, gutter: float) -> bool:
    """Whether lines of several words stand on both sides, as they do not beside a list."""
    sides = ([p for p in pieces if p.right < gutter], [p for p in pieces if p.left > gutter])
    return all(side and fmean(len(piece.words) for piece in side) >= 2.5 for side in sides)


def _gap_at(row: Row, gutter: float) -> bool:
    return any(one.right < gutter < other.left for one, other in pairwise(row))
