"""Question -> ranked hits.

Candidates come from FAISS and from tantivy, are fused (fusion.py), and only then read from the
store, best first, until enough different passages are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters
from qa.observe import stage
from qa.retrieval.fusion import MOST_PER_RARITY, dense_weight, fuse
from qa.retrieval.hits import Candidate, hit_of, overlaps
from qa.storage.view import View
from qa.text.terms import terms
from qa.types import Hit, Mode, Ranked

# How many of each list are fused.
CANDIDATES = 200
# How many are read from the store beyond what is wanted: some passages overlap a better one.
SPARE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is searched for: words, their vector, and where."""

    text: str
    vector: NDArray[np.float32]
    mode: Mode = "hybrid"
    filters: Filters | None = None
    top_k: int = 5
    exclude: frozenset[int] = frozenset()  # chunks that may not come back


def search(view: View, query: Query) -> list[Hit]:
    """The best passages, at most `top_k`; the same text in several articles is one hit."""
    hits: list[Hit] = []
    found = candidates(view, query)
    while block := list(islice(found, query.top_k + SPARE)):
        with stage("fetch"):
            places = view.occurrences([candidate.chunk for candidate in block], query.filters)
        for candidate in block:
            if len(hits) == query.top_k:
                return hits
            hit = hit_of(candidate, places[candidate.chunk])
            if not overlaps(hit, hits):
                hits.append(hit)
    return hits


def candidates(view: View, query: Query) -> Iterator[Candidate]:
    """Both legs, fused, best first; without the excluded chunks."""
    limit = max(CANDIDATES, query.top_k)
    wanted = terms(query.text) if query.mode != "dense" else []
    dense = lexical = Ranked.empty()
    if query.mode != "lexical":
        dense = view.nearest(query.vector, limit, filters=query.filters, exclude=query.exclude)
    if query.mode != "dense":
        lexical = view.best(wanted, limit, filters=query.filters, exclude=query.exclude)
    fused = fuse(dense, lexical, _dense_weight(view, query.mode, wanted, lexical))
    cosines = dict(zip(dense.keys.tolist(), dense.scores.tolist(), strict=True))
    bm25 = dict(zip(lexical.keys.tolist(), lexical.scores.tolist(), strict=True))
    # Of hundreds the first few are looked at: the others need not be made.
    return (
        Candidate(key, score, cosines.get(key), bm25.get(key))
        for key, score in zip(fused.keys.tolist(), fused.scores.tolist(), strict=True)
    )


def _dense_weight(view: View, mode: Mode, wanted: Sequence[str], lexical: Ranked) -> float:
    if mode != "hybrid":
        return float(mode == "dense")
    possible = float(view.frequencies(list(dict.fromkeys(wanted))).rarity.sum()) * MOST_PER_RARITY
    best = float(lexical.scores[0]) if len(lexical.scores) else 0.0
    return dense_weight(best / possible if possible else 0.0)
