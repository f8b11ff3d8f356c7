"""Cutting boilerplate out of a canonical text, so that every offset can be followed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from qa.ingest.boilerplate import Marks, mark
from qa.types import Removed, Span


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What remained, what did not, and the old places of the lines that remained."""

    text: str
    removed: tuple[Removed, ...] = ()
    kept: tuple[Span, ...] = ()  # of the old text; empty when nothing was removed

    def moved(self, offsets: Iterable[int]) -> tuple[int, ...]:
        """Where old offsets lie now; those in what was cut move to what follows it.

        "ab / Foto: x / cd" becomes "ab / cd": 0 stays 0, 3 (the caption) and 11 ("cd") become 3.
        """
        if not self.removed:
            return tuple(offsets)
        sizes = (span.end - span.start + 1 for span in self.kept)  # 1 for the line feed
        starts = list(accumulate(sizes, initial=0))
        return tuple(self._moved(offset, starts) for offset in offsets)

    def _moved(self, offset: int, starts: Sequence[int]) -> int:
        line = bisect_right(self.kept, offset, key=lambda span: span.start) - 1
        if line < 0:
            return 0
        span = self.kept[line]
        now = starts[line] + offset - span.start if offset <= span.end else starts[line + 1]
        return min(now, len(self.text))


def clean(text: str) -> Cleaned:
    """A canonical text without its boilerplate, canonical again."""
    lines = text.split("\n")
    marks = mark(lines)
    if not marks:
        return Cleaned(text)
    kept = _stripped(text, _kept(lines, marks))
    left = "\n".join(text[span.start : span.end] for span in kept)
    return Cleaned(left, tuple(_removed(lines, marks)), tuple(kept))


def _kept(lines: Sequence[str], marks: Marks) -> list[Span]:
    """The lines that stay. Blank lines around a hole shrink to one; others are left alone."""
    kept: list[Span] = []
    blanks = 0  # at the end of `kept`
    hole = True  # a text does not begin with a blank line
    start = 0
    for number, line in enumerate(lines):
        blank = not line.strip()
        if number in marks.kinds:
            hole = True
            del kept[len(kept) - max(blanks - 1, 0) :]
            blanks = min(blanks, 1)
        elif not (blank and hole and (blanks or not kept)):
            kept.append(Span(start, start + marks.ends.get(number, len(line))))
            blanks = blanks + 1 if blank else 0
            hole = hole and blank
        start += len(line) + 1
    return kept[: len(kept) - blanks]


def _stripped(text: str, kept: list[Span]) -> list[Span]:
    """Without the indent of what is the first line now and the white space after the last."""
    if kept:
        first = kept[0]
        head = text[first.start : first.end]
        kept[0] = Span(first.start + len(head) - len(head.lstrip()), first.end)
        last = kept[-1]
        kept[-1] = Span(last.start, last.start + len(text[last.start : last.end].rstrip()))
    return kept


def _removed(lines: Sequence[str], marks: Marks) -> Iterable[Removed]:
    for number in sorted(marks.kinds.keys() | marks.ends.keys()):
        if number in marks.kinds:
            yield Removed(marks.kinds[number], lines[number].strip())
        else:
            yield Removed("read more", lines[number][marks.ends[number] :].strip())
