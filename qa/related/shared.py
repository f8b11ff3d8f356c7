"""Why two passages are related: their cosine, and the names and rare words that both have."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

import numpy as np

from qa.storage.lexical import LexicalSearcher
from qa.text.names import Capitals, shared
from qa.text.terms import terms
from qa.types import Hit, Why

MAX_TERMS = 5
_WORD = re.compile(r"\w+")


def explained(
    hits: Sequence[Hit], text: str, cosines: Sequence[float], lexical: LexicalSearcher
) -> list[Hit]:
    """The hits with what they share with a text, and their cosines to it, as `dense` too.

    Of "Tankers wait, says Ana Marin." and "Then Ana Marin guided a tanker." the names are
    ("Ana Marin",) and the words ("Tankers",): as the hit writes them, those of names left out.
    """
    capitals, wanted = Capitals.of(text), frozenset(terms(text))
    found = []
    for hit, cosine in zip(hits, cosines, strict=True):
        here = Capitals.of(hit.passage.text)
        common = shared(here.names(capitals), capitals.names(here))
        of_names = terms(" ".join(common))
        words = _rarest(hit.passage.text, wanted.difference(of_names), lexical)
        why = Why(round(cosine, 4), tuple(common), words)
        found.append(replace(hit, dense=cosine, why=why))
    return found


def _rarest(text: str, wanted: Set[str], lexical: LexicalSearcher) -> tuple[str, ...]:
    """The rarest of the wanted index terms that a text has, as it writes them."""
    written: dict[str, str] = {}
    for word in _WORD.findall(text):
        for term in terms(word):
            if term in wanted and len(word) > 1:
                written.setdefault(term, word)
    rarity = lexical.frequencies(list(written)).rarity
    order = np.argsort(-rarity, kind="stable")[:MAX_TERMS]
    return tuple(list(written.values())[i] for i in order)
