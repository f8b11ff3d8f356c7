"""The names of a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.text.names import Name, Word, names
from qa.text.words import variants

_WORD = re.compile(r"[^\W\d_](?:\.[^\W\d_](?!\w))+\.?|\w+(?:'\w+)*")
_POSSESSIVE = re.compile(r"'[sS]\Z")
_LONGEST_INITIALS = 8
# Words between those of a name that belong to it: it does not end in what is behind them.
_BELONGING = frozenset(("of", "for"))


class KnownNames:
    """Names by their words, initials and surnames: UN is United Nations, Vučić is A. Vučić."""

    def __init__(self, plain: str) -> None:
        written = {_POSSESSIVE.sub("", word).replace(".", "") for word in _WORD.findall(plain)}
        self._words = {word.lower() for word in written}
        self._lower = {word for word in written if word.islower()}
        self._capital = {word.lower() for word in written if word != word.lower()}
        self._initials: set[str] = set()
        self._before: dict[str, set[str]] = {}  # last word of a name -> the words before it
        for name in names(plain):
            self._index(name)

    def _index(self, name: Name) -> None:
        letters = _letters(name)
        for size in range(2, min(len(letters), _LONGEST_INITIALS) + 1):
            self._initials |= {letters[:size], letters[-size:]}
        *earlier, last = (word.key for word in name.core)
        before = self._before.setdefault(last, set())
        before |= {*earlier, *(f"{key[0]}." for key in earlier)} or {""}

    def have(self, name: Name) -> bool:
        """Whether the name is among them: whole, in initials, or shortened at its beginning."""
        telling = self._telling(name)
        *earlier, last = (word.key for word in telling)
        if not earlier and telling[-1].acronym:
            return last in self._capital or last in self._initials
        letters = _letters(name)
        if all(map(self._mentions, [*earlier, last])) or (
            len(letters) > 1 and letters in self._capital
        ):
            return True
        return _BELONGING.isdisjoint(name.text.split()) and self._ends(earlier, last)

    def _telling(self, name: Name) -> Sequence[Word]:
        """Without a first word that only opens the sentence: the passage has it in lower case."""
        telling = name.core
        opens = len(telling) > 1 and telling[0].opens and telling[0].key in self._lower
        return telling[1:] if opens else telling

    def _mentions(self, key: str) -> bool:
        return not self._words.isdisjoint(variants(key))

    def _ends(self, earlier: Sequence[str], last: str) -> bool:
        """Whether a name here ends alike, and has nothing before it that speaks against it."""
        before = self._before.get(last, set())
        fits = any(
            key in before or key[0] in before or (len(key) == 1 and f"{key}." in before)
            for key in earlier
        )
        return "" in before or fits


def _letters(name: Name) -> str:
    """The initials of a name: of "United Nations" un."""
    return "".join(word.key[0] for word in name.words)
