"""Lines -> paragraphs: which lines go on, over columns and pages, and how they are joined."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from qa.ingest.boilerplate import boilerplate_kind
from qa.ingest.pdf.glyphs import PARTED, PrintedLine

Lines = list[PrintedLine]

_ENDS = re.compile(r"[.!?…:;。！？]['\"’”»›)\]]*[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡]*(?:\[\d+\])?$")
_ITEM = re.compile(r"(?:[•◦▪●○■□–—*·‣➢✓-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|[QA][.:])\s")
_NOTE = re.compile(r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[*†‡§]+|\d{1,3}\b[.)]?)\s*\S")
_LAST = 24  # characters of a line that tell whether it ends a sentence
_NOTE_SIZE = 0.93  # of the text's
_SAME = 0.06  # of its size one line of a text may be larger than another


def text_size(pages: Iterable[Lines]) -> float:
    """The size that most of the text has."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def parted_notes(page: Lines, size: float) -> tuple[Lines, Lines]:
    """The lines of a page without its footnotes, and these: smaller, at the foot, with a mark."""
    body = [line for line in page if line.size >= _NOTE_SIZE * size]
    small = [line for line in page if line.size < _NOTE_SIZE * size]
    if not body or not small:
        return page, []
    lowest: dict[int, float] = {}
    for line in body:
        for strip in _strips(line):
            lowest[strip] = min(line.base, lowest.get(strip, line.base))
    begun = False
    notes: dict[int, PrintedLine] = {}
    for line in small:
        under = all(line.base < lowest.get(strip, math.inf) for strip in _strips(line))
        begun = under and (begun or bool(_NOTE.match(line.text)))
        if begun:
            notes[id(line)] = line
    if not notes:
        return page, []
    return [line for line in page if id(line) not in notes], list(notes.values())


def _strips(line: PrintedLine) -> range:
    """The strips from head to foot of a page that a line reaches into, 16 points wide each."""
    first = int(line.left // 16)
    return range(first, min(int(line.right // 16), first + 100) + 1)


def with_drop_caps(page: Lines) -> Lines:
    """The lines with a large first letter joined to the line beside its top: T + he harbour."""
    left: Lines = []
    for line in page:
        before = left[-1] if left else None
        if before and _is_drop_cap(before, line):
            word = line.words[0]
            word.spaced = before.text in "AIO" and word.text.istitle()
            cap = before.words[0]
            cap.size, cap.base = line.size, line.base
            left[-1] = PrintedLine([cap, *line.words], line.page, line.wide)
        else:
            left.append(line)
    return left


def _is_drop_cap(cap: PrintedLine, line: PrintedLine) -> bool:
    letters = cap.text.lstrip("“\"‘'«„")
    return (
        len(letters) == 1
        and letters.isupper()
        and cap.size > 1.7 * line.size
        and line.left > cap.left
        and line.left < cap.right + 2 * line.size
        and cap.base - line.size < line.base < cap.base + cap.size
    )


class TextBlock:
    """How the lines of a stretch stand: how far apart, and how far they reach to the right."""

    def __init__(self, lines: Sequence[PrintedLine]) -> None:
        steps = [a.base - b.base for a, b in pairwise(lines)]
        self.leading = median(step for step in steps) if steps else lines[0].size * 1.3
        self.right = max(line.right for line in lines)
        self.left = min(line.left for line in lines)


def paragraphs(lines: Lines) -> Iterator[Lines]:
    """The lines that make up a paragraph each."""
    block_of = _blocks(lines)
    alone = {id(line) for line in lines if boilerplate_kind(line.text)}
    paragraph: Lines = []
    for line in lines:
        before = paragraph[-1] if paragraph else line
        apart = id(line) in alone or id(before) in alone
        if paragraph and (apart or not _goes_on(before, line, block_of)):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _blocks(lines: Lines) -> dict[int, TextBlock]:
    """For each line the block that it is of: lines of one size below one another."""
    found: dict[int, TextBlock] = {}
    block: Lines = []
    for line in [*lines, None]:
        if block and (line is None or not _below(block[-1], line)):
            made = TextBlock(block)
            found.update((id(one), made) for one in block)
            block = []
        if line is not None:
            block.append(line)
    return found


def _below(line: PrintedLine, other: PrintedLine) -> bool:
    return (
        line.page == other.page
        and abs(line.size - other.size) <= 0.12 * line.size
        and 0.3 * line.size < line.base - other.base < 3 * line.size
        and _overlap(line, other)
    )


def _overlap(line: PrintedLine, other: PrintedLine) -> bool:
    return line.left < other.right and other.left < line.right


def _goes_on(line: PrintedLine, other: PrintedLine, block_of: dict[int, TextBlock]) -> bool:
    """Whether the sentence or paragraph of a line goes on in the next."""
    if abs(line.size - other.size) > 0.12 * line.size:
        return False
    block = block_of[id(line)]
    same = block is block_of[id(other)]
    ended = bool(_ENDS.search(line.text[-_LAST:]))
    parted = line.text.endswith((PARTED, "-", "\u2010", "\u00ad")) and line.text[-2:-1].isalnum()
    if parted and other.text[:1].isalnum():
        return True
    if line.wide or other.wide or _ITEM.match(other.text):
        return False
    if not ended and other.text[:1].islower():
        return not same or line.base - other.base < 2.2 * block.leading
    full = block.right - line.right < other.words[0].right - other.words[0].left + 0.2 * line.size
    if not same:  # over a column or a page
        return not ended and full and _long(line)
    if line.base - other.base > 1.25 * block.leading:
        return False
    if ended and abs(other.left - line.left) > 0.6 * line.size and other.left > block.left + 1:
        return False
    return full and (not ended or len(line.words) > 2)


def _long(line: PrintedLine) -> bool:
    return len(line.words) > 3 or not line.text.isascii()


def resumes(paragraph: Lines, other: Lines) -> bool:
    """Whether a later paragraph goes on with the sentence at which one stops."""
    line, first = paragraph[-1], other[0]
    return (
        abs(line.size - first.size) <= _SAME * line.size
        and first.page - line.page <= 1
        and first.text[:1].islower()
        and not _ENDS.search(line.text[-_LAST:])
        and not line.wide
        and not first.wide
        and _long(line)
    )


def is_aside(other: Lines, paragraph: Lines) -> bool:
    """Whether a paragraph is of smaller print, or a row of a table, and no part of the text."""
    return other[0].size < (1 - _SAME) * paragraph[-1].size or any(line.wide for line in other)
