"""A draft written anew as Markdown, in which each place knows where it was written."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from qa.types import Span


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int  # in the new text
    origin: Span
    kept: bool  # letter by letter


class Rewriting:
    """Builds the new text from the beginning on.

    of "<q>Yes</q>": put "“" for [0:3], keep [3:6], put "”" for [6:10] -> "“Yes”"
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self._parts: list[str] = []
        self._pieces: list[_Stretch] = []
        self._starts: list[int] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def keep(self, start: int, end: int) -> None:
        """Takes over a stretch as it was written."""
        self._add(self.written[start:end], Span(start, end), kept=True)

    def put(self, new: str, origin: Span) -> None:
        """Writes something that stands for a stretch, or nothing."""
        self._add(new, origin, kept=False)

    def origin(self, span: Span) -> Span:
        """Where a stretch of the new text was written."""
        if not self._pieces:
            return span
        first, last = self._at(span.start), self._at(max(span.start, span.end - 1))
        start = first.origin.start + (span.start - first.start if first.kept else 0)
        end = last.origin.start + span.end - last.start if last.kept else last.origin.end
        return Span(start, max(start, end))

    def _at(self, at: int) -> _Stretch:
        return self._pieces[max(0, bisect_right(self._starts, at) - 1)]

    def _add(self, new: str, origin: Span, kept: bool) -> None:
        if not new:
            return
        self._parts.append(new)
        self._pieces.append(_Stretch(self._length, origin, kept))
        self._starts.append(self._length)
        self._length += len(new)
