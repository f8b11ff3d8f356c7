"""A plain text, read piece by piece: what was taken for one thing is not taken for another."""

from __future__ import annotations

import re
import unicodedata
from copy import copy
from functools import lru_cache

from qa.text.tokens import DOUBLE_MARKS, HYPHENS, PLAIN_LETTERS, SINGLE_MARKS

STOP = "|"  # for what was read; the word after it may be capitalised for opening a sentence
COMMA = ","  # likewise, but the word after it opens none

_PLAIN = {
    **PLAIN_LETTERS,
    **dict.fromkeys(SINGLE_MARKS, "'"),
    **dict.fromkeys(DOUBLE_MARKS, '"'),
    **dict.fromkeys(HYPHENS, "-"),
    **{"½": " 1/2", "¼": " 1/4", "¾": " 3/4"},
    # A dash parts a sentence, as the end of a line does; other space is but space.
    **{"—": STOP, "\n": "\n"},
}


class Unread:
    """A plain text and what of it is still to be read.

    >>> text = Unread("On Tuesday Ana left.")
    >>> [match[0] for match in text.take(re.compile("tuesday"))], text.rest
    (['tuesday'], 'On ||||||| Ana left.')
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.low = text.lower()

    def take(self, pattern: re.Pattern[str], mark: str = STOP) -> list[re.Match[str]]:
        """What matches in lower case; in the text, marks stand in its place from now on."""
        matches = list(pattern.finditer(self.low))
        if matches:  # of most patterns there is none: the text need not be gone through again
            self.low = pattern.sub(lambda match: mark * len(match[0]), self.low)
        return matches

    @property
    def rest(self) -> str:
        """The text as it is written, with marks for what was taken."""
        pairs = zip(self.text, self.low, strict=True)
        return "".join(low if low in (STOP, COMMA) else char for char, low in pairs)

    def copy(self) -> Unread:
        """A copy of the text, to be read in another way as well."""
        return copy(self)


def plain_text(text: str) -> tuple[str, list[int]]:
    """The plain text, and where each of its characters was: "Čà" -> ("Ca", [0, 1])."""
    bases = {char: _base(char) for char in set(text)}
    places = [i for i, char in enumerate(text) for _ in bases[char]]
    return "".join(map(bases.__getitem__, text)), places


@lru_cache(maxsize=65_536)
def _base(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if unicodedata.category(char) in ("Mn", "Cf"):
        return ""
    if char.isspace():
        return " "
    compatible = unicodedata.normalize("NFKD", char)
    return compatible if len(compatible) == 1 else unicodedata.normalize("NFD", char)[0]
