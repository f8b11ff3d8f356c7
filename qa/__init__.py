"""Footnote: ask a collection of articles, get passages with exact footnotes.

>>> from qa import Corpus                  # doctest: +SKIP
>>> Corpus.open("data").ask("…")           # doctest: +SKIP
"""

from qa.corpus import Corpus
from qa.filters import Filters

__all__ = ["Corpus", "Filters"]
