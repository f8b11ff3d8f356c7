"""The names of a passage."""

from __future__ import annotations

from collections.abc import Sequence

from qa.check.facts.names import core, runs
from qa.check.facts.types import Name, Word
from qa.check.facts.variants import variants

_LONGEST_INITIALS = 8


class KnownNames:
    """Names by their words, initials and surnames: UN is United Nations, Vučić is A. Vučić."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = {word.key for word in words}
        self._lower = {word.key for word in words if not word.capital}
        self._capital = {word.key for word in words if word.capital}
        self._initials: set[str] = set()
        self._before: dict[str, set[str]] = {}  # last word of a name -> the words before it
        for run in runs(words):
            self._index(run)

    def _index(self, run: Sequence[Word]) -> None:
        letters = _letters(run)
        for size in range(2, min(len(letters), _LONGEST_INITIALS) + 1):
            self._initials |= {letters[:size], letters[-size:]}
        if telling := core(run):
            keys = {word.key for word in telling[:-1]}
            before = self._before.setdefault(telling[-1].key, set())
            before |= keys | {f"{key[0]}." for key in keys} or {""}

    def have(self, name: Name) -> bool:
        """Whether the name is among them: whole, in initials, or shortened at its beginning."""
        telling = self._telling(name)
        *earlier, last = (word.key for word in telling)
        if not earlier and telling[-1].acronym:
            return last in self._capital or last in self._initials
        letters = _letters(name.words)
        if all(map(self._mentions, [*earlier, last])) or (
            len(letters) > 1 and letters in self._capital
        ):
            return True
        return not {"of", "for"} & {*name.keys} and self._ends(earlier, last)

    def _telling(self, name: Name) -> list[Word]:
        """Without a first word that only opens the sentence: the passage has it in lower case."""
        telling = core(name.words)
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


def _letters(run: Sequence[Word]) -> str:
    """Its initials: of "United Nations" un."""
    return "".join(word.key[0] for word in run if word.capital)
