"""Joining two lines of one paragraph: words that their ends part, and scripts without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.ingest.pdf.glyphs import PARTED

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
_LAST = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?=[^\w\s]? ?$)")
_FIRST = re.compile(r"[^\W\d_]+")
_LONGEST = 60  # letters of a half of a word
_SOFT = "\u00ad"
_HYPHENS = ("-", "\u2010", PARTED, _SOFT)
_UNSPACED = re.compile("[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


class Hyphens:
    """Tells hyphens that part a word at a line's end from those that it is written with.

    A text that has well-known elsewhere has it at a line's end too; all others are joined.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._hyphened: set[str] = set()
        parted = False
        for text in texts:
            words = _WORD.findall(text)[parted:]  # what is behind a line's end may be half a word
            parted = text.endswith(_HYPHENS)
            for word in words[:-1] if parted else words:
                (self._words if word.isalpha() else self._hyphened).add(word.casefold())

    def joined(self, before: str, behind: str) -> tuple[str, str]:
        """The text before the seam as it stays, and what comes between it and what is behind."""
        if before.endswith(_HYPHENS) and before[-2:-1].isalnum() and behind[:1].isalnum():
            return before[:-1], "-" if self._written(before[:-1], behind, before[-1]) else ""
        if before.endswith(" -") and self._is_word(before[:-2], behind):
            return before[:-2], ""
        if before.endswith(PARTED):
            before = before[:-1] + "-"
        unspaced = _UNSPACED.match(before[-1:]) and _UNSPACED.match(behind[:1])
        return before, "" if unspaced or before.endswith("—") else " "

    def _written(self, before: str, behind: str, hyphen: str) -> bool:
        if hyphen == _SOFT:
            return False
        last, first = _LAST.search(before[-_LONGEST:]), _FIRST.match(behind[:_LONGEST])
        if last is None or first is None:
            return True
        whole = (last[0] + first[0]).casefold()
        if behind[0].islower():
            if whole in self._words:
                return False
            both = (last[0].casefold(), first[0].casefold())
            # mixed-, mode: each is a word, and the whole is none
            return "-".join(both) in self._hyphened or all(
                len(word) > 2 and word in self._words for word in both
            )
        return not (last[0].isupper() and first[0].isupper() and whole in self._words)

    def _is_word(self, before: str, behind: str) -> bool:
        """Whether what a spaced hyphen parts is one word, that stands elsewhere: back -, ground."""
        last, first = _LAST.search(before[-_LONGEST:]), _FIRST.match(behind[:_LONGEST])
        return (
            last is not None
            and first is not None
            and first[0].islower()
            and (last[0] + first[0]).casefold() in self._words
        )
