"""Two ranked lists -> one, by min-max normalised scores.

Each list's scores are stretched to 0..1; a chunk that a list does not have gets 0 there; the sum is
weighted. With cosines {a: 0.9, b: 0.5} and BM25 {b: 12, c: 4} at equal weight:
a = 0.5*1 + 0.5*0 = 0.5,  b = 0.5*0 + 0.5*1 = 0.5,  c = 0.5*0 + 0.5*0 = 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.types import Ranked

# BM25 gives a word at most so many times its rarity, where k1 = 1.2: in a text full of it.
MOST_PER_RARITY = 2.2


def dense_weight(coverage: float) -> float:
    """The weight of the dense list, 0.2..0.6: the less of a question the words find, the more.

    `coverage` is the best BM25 score as a share of what the question's words could give at most.
    Fitted on training data: docs/decisions/0003-fusion.md.

    >>> dense_weight(0.1), dense_weight(0.25), dense_weight(0.8)
    (0.52, 0.4, 0.2)
    """
    return round(min(0.6, max(0.2, 0.6 - 0.8 * coverage)), 6)


def fuse(dense: Ranked, lexical: Ranked, weight: float) -> Ranked:
    """The union of both lists, best first; `weight` in 0..1 is that of the dense list."""
    keys = np.union1d(dense.keys, lexical.keys)
    scores = weight * _spread(dense, keys) + (1 - weight) * _spread(lexical, keys)
    order = np.lexsort((keys, -scores))
    return Ranked(keys[order], scores[order].astype(np.float32))


def _spread(ranked: Ranked, keys: NDArray[np.int64]) -> NDArray[np.float32]:
    out = np.zeros(len(keys), np.float32)
    if len(ranked.keys):
        low, high = ranked.scores.min(), ranked.scores.max()
        # A list of one, or of equals, found what it found: all of it counts in full.
        stretched = (ranked.scores - low) / (high - low) if high > low else 1.0
        out[np.searchsorted(keys, ranked.keys)] = stretched
    return out
