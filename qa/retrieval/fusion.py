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


# The weight of the dense list: where the words find nothing and neither list is sure of its best;
# what it loses where they find all; what it gains for each deviation that its best is further ahead
# of its list than the other's is. Fitted on training data: docs/decisions/0018-fusion-by-lead.md.
BASE, FOREIGN_BASE = 0.55, 0.9
OF_COVERAGE, OF_LEAD = 0.6, 0.04
LEAST, MOST = 0.1, 0.9
# A list is looked at as if it had so many at least, the others with a score of 0.
SHORTEST = 10


def dense_weight(coverage: float, lead: float, *, foreign: bool = False) -> float:
    """The weight of the dense list, 0.1..0.9: the less of a question the words find, the more.

    `coverage` is the best BM25 score as a share of what the question's words could give at most,
    `lead` that of the dense list less that of the lexical one. A `foreign` question is in a
    language that the passages are not in: there words find names, and little else.

    >>> dense_weight(0.25, 0.0), dense_weight(0.25, 3.0), dense_weight(0.05, 3.0, foreign=True)
    (0.4, 0.52, 0.9)
    """
    base = FOREIGN_BASE if foreign else BASE
    return round(min(MOST, max(LEAST, base - OF_COVERAGE * coverage + OF_LEAD * lead)), 6)


def lead(ranked: Ranked) -> float:
    """How far the best of a list is ahead of the list's mean, in its deviations."""
    scores = np.zeros(max(SHORTEST, len(ranked.scores)), np.float32)
    scores[: len(ranked.scores)] = ranked.scores
    deviation = float(scores.std())
    return (float(scores.max()) - float(scores.mean())) / deviation if deviation else 0.0


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
