"""Index terms: the words of a text as both ranking and the lexical index count them.

Lower case, without stop words, accents folded to ASCII, English endings taken off. They depend on
no corpus: what ranks, what gives reasons and what checks quotes must mean the same words.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import tantivy

from qa.text.words.tables import listed

# Part of the manifest: another analysis is another index, and the old one is built anew.
ANALYSIS = "stop words, ascii fold, english stems; 1"
_LONGEST_WORD = 60
# Words of a question that say nothing of its matter. In a collection of millions BM25 sees that by
# itself; in one of five articles "does" and "why" are rare, and would count as if they were names.
_STOP_WORDS = sorted(listed("stop"))


def analyzer() -> tantivy.TextAnalyzer:
    """A new analyzer of ours, as tantivy wants one to register."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(_LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.custom_stopword(_STOP_WORDS),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    return analyzer()


def sequence(text: str) -> list[str]:
    """The index terms of a text, one after the other.

    >>> sequence("The pilots guided the ships.")
    ['pilot', 'guid', 'ship']
    """
    terms: list[str] = _analyzer().analyze(unicodedata.normalize("NFC", text))
    return terms


def terms(text: str) -> list[str]:
    """The distinct index terms of a text, in order.

    >>> terms("Ships, ships and pilots")
    ['ship', 'pilot']
    """
    return list(dict.fromkeys(sequence(text)))
