"""Footnote: ask a collection of articles, get passages with exact footnotes.

>>> from qa import Corpus                  # doctest: +SKIP
>>> Corpus.open("data").ask("…")           # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.corpus import Corpus
    from qa.filters import Filters

__all__ = ["Corpus", "Filters"]
_HOMES = {"Corpus": "qa.corpus", "Filters": "qa.filters"}


def __getattr__(name: str) -> Any:
    """Loads a class when it is asked for: `qa --help` needs none, and they take half a second."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
