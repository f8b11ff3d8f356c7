"""Single quotation marks, told from apostrophes by what stands around them.

‘We go,’ he said of the dogs’ bones. -> from ‘ to the ’ behind the comma
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from qa.text.words.tables import alternatives

LEAST_WORDS = 3  # fewer are an expression in single marks, unless a stop or comma closes them

_MARK = re.compile("[‘’‚‛']")
_OPENING = frozenset("‘‛‚'")
_CLOSING = frozenset("’'")
_BEFORE_OPENING = frozenset("([{<*_-–—/" + '"“„‟«»‹›')
# ’tis, ’em, the ’90s: letters are left out here, and nothing is quoted.
_ELIDED = re.compile(
    rf"['‘’‛](?:\d0s\b|\d\d\b(?!\w*['’])|(?:{alternatives('elisions')})\b)", re.IGNORECASE
)
_FOOT = re.compile(r"\d' ?\d")
_WORDS = re.compile(r"\w+(?:['’]\w+)*")
_STOPS = frozenset(".,!?;:…—–)]" + '”"»')
_AFTER = frozenset(".,;:!?)]}…—–" + '”"»')
# The dogs’ bones, goin’ home: such a word may end with an apostrophe.
_MAY_END_WITH_APOSTROPHE = re.compile(r"(?:[szxSZX]|[a-z]in)\Z")

_Strength = Literal["", "weak", "strong"]


def single_marks(paragraph: str) -> tuple[list[tuple[int, int]], list[int]]:
    """What stands between single marks, and where one opens that nothing closes.

    "‘We go now,’ he said. ‘We" -> (1, 11), and 22
    """
    pairs: list[tuple[int, int]] = []
    lone: list[int] = []
    for opened, closed in _answered(paragraph):
        if closed is None:
            lone.append(opened)
        elif _quotes(paragraph, opened, closed):
            pairs.append((opened + 1, closed))
    return pairs, lone


def _answered(paragraph: str) -> Iterator[tuple[int, int | None]]:
    """The opening marks with what closes each: the first that surely does, else the first."""
    opened = weak = None
    for match in _MARK.finditer(paragraph):
        at = match.start()
        low = opened is not None and paragraph[opened] == "‚"
        strength = _closes(paragraph, at, low) if opened is not None else ""
        if opened is not None and strength == "strong":
            yield opened, at
            opened = weak = None
        elif strength == "weak":
            weak = at if weak is None else weak
        elif _opens(paragraph, at):
            if opened is not None:
                yield opened, weak
            opened, weak = at, None
    if opened is not None:
        yield opened, weak


def _quotes(paragraph: str, opened: int, closed: int) -> bool:
    if paragraph[opened] == "‚" or paragraph[closed - 1] in ".,!?…":
        return True
    words = _WORDS.finditer(paragraph, opened + 1, closed)
    return sum(1 for _ in zip(words, range(LEAST_WORDS), strict=False)) == LEAST_WORDS


def _opens(paragraph: str, at: int) -> bool:
    if paragraph[at] not in _OPENING or _ELIDED.match(paragraph, at):
        return False
    before = paragraph[at - 1] if at else " "
    after = paragraph[at + 1] if at + 1 < len(paragraph) else " "
    begins = after.isalnum() or after in "([{…¿¡" + '"“„«'
    return begins and (before.isspace() or before in _BEFORE_OPENING)


def _closes(paragraph: str, at: int, low: bool) -> _Strength:
    """Whether a mark closes a quotation, surely or perhaps; ‘ does when ‚ is open."""
    mark = paragraph[at]
    before, after = paragraph[at - 1 : at], paragraph[at + 1 : at + 2]
    if mark not in _CLOSING and not (low and mark == "‘"):
        return ""
    if not before or before.isspace() or after.isalnum():
        return ""
    if _FOOT.match(paragraph, at - 1) or _ELIDED.match(paragraph, max(0, at - 2)):
        return ""
    if low or before in _STOPS or not after or after in _AFTER:
        return "strong"
    may = _MAY_END_WITH_APOSTROPHE.search(paragraph, max(0, at - 3), at)
    return "weak" if may else "strong"
