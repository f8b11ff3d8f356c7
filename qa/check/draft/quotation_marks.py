"""The quotation marks of a paragraph: which closes which, and which stand alone.

Inch marks (12", 5'10") and apostrophes are no quotation marks. Linear time: each mark is looked at
a fixed number of times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.check.draft.single_marks import single_marks

_MARK = re.compile('["“”„‟«»‹›「」『』｢｣]')
_FEET = re.compile(r"\d['’′] ?\d{1,2}\Z")

# What a mark closes, and what it closes unless it looks like an opening one itself: “ opens in
# English and closes in German, « and » do either.
_CLOSES = {"”": "“„‟", "»": "«", "›": "‹", '"': '"', "」": "「", "』": "『", "｣": "｢"}
_MAY_CLOSE = {"“": "„“‟", "”": "”", "«": "»", "»": "»", "‹": "›", "›": "›", '"': "„"}
_BEFORE_OPENING = frozenset("([{<*_-–—/'‘‚" + '"“”„‟«»‹›')
# They stand between words that no space parts.
_CORNERS = frozenset("「『｢")
_NEVER_OPENS = frozenset("”」』｣")


class Paired(NamedTuple):
    """The marks of a paragraph."""

    pairs: tuple[tuple[int, int], ...]  # where each quotation begins and ends, the outermost alone
    lone: tuple[int, ...]  # where marks stand that nothing closes, or opens


def paired(paragraph: str) -> Paired:
    """The quotations of a paragraph and its lone marks: "“a” ‘b c d’ “e" -> (1, 2), (5, 10); 12."""
    double, lone = _double(paragraph)
    single, lone_singles = single_marks(paragraph)
    crossed = _crossing(single, double)
    pairs = tuple(_outermost([*double, *(one for one in single if one not in crossed)]))
    alone = sorted([*lone, *lone_singles])
    return Paired(pairs, tuple(_outside(alone, pairs)))


def _crossing(single: Sequence[tuple[int, int]], double: Sequence[tuple[int, int]]) -> set[object]:
    """The single pairs that overlap a double one, and neither is within the other."""
    found: set[object] = set()
    outer = list(_outermost(list(double)))
    at = 0
    for start, end in single:
        while at < len(outer) and outer[at][1] < start:
            at += 1
        i = at
        while i < len(outer) and outer[i][0] <= end:
            if (outer[i][0] < start) != (outer[i][1] > end):
                found.add((start, end))
            i += 1
        at = max(at, i - 1)
    return found


def _outside(places: Sequence[int], pairs: Sequence[tuple[int, int]]) -> Iterator[int]:
    at = 0
    for place in places:
        while at < len(pairs) and pairs[at][1] < place:
            at += 1
        if at == len(pairs) or place < pairs[at][0]:
            yield place


class _Opened:
    """The marks of a paragraph that wait for one that closes them."""

    def __init__(self) -> None:
        self._marks: list[tuple[str, int]] = []
        self._waiting: Counter[str] = Counter()
        self.given_up: list[int] = []

    def open(self, mark: str, at: int) -> None:
        self._marks.append((mark, at))
        self._waiting[mark] += 1

    def closed_by(self, mark: str, opening: bool) -> str:
        """The opening marks that a mark may close, if any of them waits, else ""."""
        for openers in (_CLOSES.get(mark, ""), "" if opening else _MAY_CLOSE.get(mark, "")):
            if any(self._waiting[opener] for opener in openers):
                return openers
        return ""

    def close(self, openers: str) -> int:
        """Where the mark stands that is closed; marks opened after it are given up."""
        while True:
            mark, at = self._marks.pop()
            self._waiting[mark] -= 1
            if mark in openers:
                return at
            self.given_up.append(at)

    def left(self) -> list[int]:
        """Where marks stand that none has closed."""
        return [*self.given_up, *(at for _, at in self._marks)]


def _double(paragraph: str) -> tuple[list[tuple[int, int]], list[int]]:
    """The pairs of all marks but single ones, and the lone marks among these."""
    marks = [mark.start() for mark in _MARK.finditer(paragraph)]
    inches = _inches(paragraph, marks)
    pairs, opened, unopened = [], _Opened(), []
    for at in marks:
        mark, opening = paragraph[at], _looks_opening(paragraph, at)
        closes = opened.closed_by(mark, opening)
        if at in inches and (inches[at] or not closes):
            continue
        if closes:
            pairs.append((opened.close(closes) + 1, at))
        elif mark not in _NEVER_OPENS or (opening and mark == "”"):
            opened.open(mark, at)
        else:
            unopened.append(at)
    lone = (at for at in (*opened.left(), *unopened) if _is_mark(paragraph, at))
    return pairs, list(lone)


def _is_mark(paragraph: str, at: int) -> bool:
    """Whether a lone mark is one: a ditto mark between spaces is none, nor is 12”."""
    before, after = paragraph[at - 1 : at], paragraph[at + 1 : at + 2]
    stands_alone = not (before + after).strip() and paragraph[at] not in "«»"
    return not (stands_alone or before.isdigit())


def _outermost(pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    covered = -1
    for start, end in sorted(pairs):
        if start > covered:
            yield start, end
            covered = end


def _looks_opening(paragraph: str, at: int) -> bool:
    if paragraph[at] in _CORNERS:
        return True
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
