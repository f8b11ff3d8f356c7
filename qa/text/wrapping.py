"""Hard-wrapped text: in which of its lines a sentence goes on over the end of the line.

Told by whether lines stop in mid-sentence, whatever their width: a newspaper's column of 25
characters as well as a mail of 72.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from qa.types import Span

_ENDS_STATEMENT = re.compile(r"[.!?…:;。！？][\"'’”“»)\]」』]*\s*$")
_FIRST_WORD = re.compile(r"\s*[\"'“„‘«(\[]*([^\W\d_]\S*)")
_ITEM = re.compile(r"\s*(?:[-*•–—+]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s")
_FEW = 4  # lines; where letters have no cases, fewer show no width
_PROSE = (40, 100)  # characters; as wide as lines of prose are, and most tables are not
# A word that would have had room on the line before was not put on the next one by wrapping.
_FULL = 0.75


def stretches(text: str) -> Iterator[Span]:
    """The parts of a text that sentences keep within: lines, and of a wrapped text paragraphs.

    >>> [(s.start, s.end) for s in stretches("Harbour\\n\\nThe pilot boards\\nthe ship.")]
    [(0, 7), (9, 35)]
    """
    lines = text.split("\n")
    goes_on = continued(lines)
    start = at = 0
    for line, more in zip(lines, goes_on, strict=True):
        at += len(line) + 1
        if not more:
            if text[start : at - 1].strip():
                yield Span(start, at - 1)
            start = at


def continued(lines: Sequence[str]) -> list[bool]:
    """Whether each line goes on in the next one.

    >>> continued(["The pilot boards", "the ship.", "Apples", "Pears"])
    [True, True, False, False]
    """
    pairs = [i for i in range(len(lines) - 1) if lines[i].strip() and lines[i + 1].strip()]
    goes_on = [False] * len(lines)
    opened = [i for i in pairs if not _ENDS_STATEMENT.search(lines[i][-8:])]
    if not _is_wrapped(lines, pairs, opened):
        return goes_on
    width = statistics.quantiles((len(lines[i]) for i in opened), n=4)[2] if len(opened) > 1 else 0
    for i in pairs:
        goes_on[i] = not _ITEM.match(lines[i + 1]) and (
            _begins(lines[i + 1]) != "capital" or _is_full(lines[i], lines[i + 1], width)
        )
    return goes_on


def _is_wrapped(lines: Sequence[str], pairs: Sequence[int], opened: Sequence[int]) -> bool:
    """Whether most lines stop in mid-sentence, and go on in a small letter often enough."""
    if 2 * len(opened) <= len(pairs):
        return False
    begin = Counter(_begins(lines[i + 1]) for i in opened)
    cased = begin["small"] + begin["capital"]
    if cased and cased >= begin["sign"]:
        return 3 * begin["small"] >= cased
    widths = [len(lines[i]) for i in opened]
    if len(widths) < _FEW - 1 or begin["item"]:
        return False
    if not begin["letter"]:  # figures: CO⏎2
        return _PROSE[0] <= statistics.median(widths) <= _PROSE[1]
    return 3 * sum(width >= _FULL * max(widths) for width in widths) >= 2 * len(widths)


def _begins(line: str) -> str:
    """What a line begins with: "small", "capital", a "letter" without case, "item", "sign"."""
    if _ITEM.match(line):
        return "item"
    found = _FIRST_WORD.match(line)
    if not found:
        return "sign"
    if not (found[1][0].isupper() or found[1][0].islower()) or line.isupper():
        return "letter"
    return "capital" if found[1][0].isupper() else "small"


def _is_full(line: str, following: str, width: float) -> bool:
    """Whether the first word of the next line had no room on this one."""
    first = following.split(maxsplit=1)[0]
    return len(line.strip()) + 1 + len(first) > _FULL * width
