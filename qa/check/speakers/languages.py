"""The language that a text is in, told by its commonest words where nobody states it."""

from __future__ import annotations

import re

from qa.text.words.tables import tables

_SAMPLE = 3_000  # characters
_WORD = re.compile(r"[^\W\d_]+")
_BY_LANGUAGE = {
    language: frozenset([*words["function"], *words["openers"], *words["say"]])
    for language, words in tables().items()
    if "function" in words
}


def language_of(text: str, stated: str | None) -> str:
    """The language stated, else the one of whose commonest words it has most, else English.

    "Der Preis ist hoch und steigt." -> "de"
    """
    if stated:
        return stated[:2].lower()
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    counts = {
        language: sum(word in known for word in words) for language, known in _BY_LANGUAGE.items()
    }
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    return best if counts[best] > counts["en"] else "en"
