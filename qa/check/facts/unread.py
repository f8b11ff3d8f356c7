"""A text that is read piece by piece: what was taken for one thing is not taken for another."""

from __future__ import annotations

import re
from copy import copy

STOP = "|"  # for what was read; the word after it may be capitalised for opening a sentence
COMMA = ","  # likewise, but the word after it opens none


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
        self.low = pattern.sub(lambda match: mark * len(match[0]), self.low)
        return matches

    @property
    def rest(self) -> str:
        """The text as it is written, with marks for what was taken."""
        pairs = zip(self.text, self.low, strict=True)
        return "".join(low if low in (STOP, COMMA) else char for char, low in pairs)

    def copy(self) -> Unread:
        """The same, to be read in another way as well."""
        return copy(self)
