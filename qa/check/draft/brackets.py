"""Which bracket of a paragraph closes which, found in one pass."""

from __future__ import annotations

import re

from qa.check.draft.marks import ONLY_NUMBERS
from qa.types import Span

_BRACKETS = re.compile(r"\\.|[\[\]]")


class Brackets:
    """The pairs of a paragraph's brackets.

    "[a [1]]" -> close(0) = 6, inner(3) = "1", numbers(3) = "1", inner(0) = ""
    """

    def __init__(self, body: str, span: Span) -> None:
        self._body, self.end = body, span.end
        self._close: dict[int, int] = {}
        self._innermost: set[int] = set()
        opened: list[int] = []
        last = -1
        for match in _BRACKETS.finditer(body, span.start, span.end):
            if match[0] == "[":
                last = match.start()
                opened.append(last)
            elif match[0] == "]" and opened:
                start = opened.pop()
                self._close[start] = match.start()
                if start == last:
                    self._innermost.add(start)

    def close(self, at: int) -> int | None:
        """Where the bracket that opens at a place is closed."""
        return self._close.get(at)

    def is_innermost(self, at: int) -> bool:
        """Whether a bracket opens at a place, is closed, and has none within."""
        return at in self._innermost

    def inner(self, at: int) -> str:
        """What stands in an innermost bracket; "" of any other."""
        return self._body[at + 1 : self._close[at]] if at in self._innermost else ""

    def numbers(self, at: int) -> str | None:
        """What stands in a bracket, if that is numbers and nothing else: "1, 3-5"."""
        if at not in self._innermost:
            return None
        found = ONLY_NUMBERS.fullmatch(self._body, at + 1, self._close[at])
        return found[0] if found else None
