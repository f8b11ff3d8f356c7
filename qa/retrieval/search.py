"""Question -> ranked hits.

Candidates come from FAISS and from tantivy, are fused (fusion.py), and only then read from the
store, best first, as many as are asked for. Further down the lists are looked into deeper, and what
was given before stays as it was: the hits of a question are one list, whoever takes how much of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters
from qa.observe import stage
from qa.retrieval.fusion import MOST_PER_RARITY, dense_weight, fuse, lead
from qa.retrieval.hits import Candidate, hit_of, overlaps
from qa.storage.view import Keys, View
from qa.text.operators import Wording
from qa.text.sought import Sought
from qa.types import Hit, Mode, Ranked

# How many of each list are fused.
CANDIDATES = 200
# And how many when these were not enough: for pages far down, for what few passages have.
DEPTHS = (CANDIDATES, 1_600, 12_800)
ANY_WORDS = Wording("")
# How many are read from the store beyond what is wanted: some passages overlap a better one.
SPARE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is searched for: words, their vector, and where."""

    text: str
    vector: NDArray[np.float32]
    mode: Mode = "hybrid"
    filters: Filters | None = None
    top_k: int = 5  # how many are wanted at once
    exclude: frozenset[int] = frozenset()  # chunks that may not come back
    wording: Wording = ANY_WORDS  # what passages must have, or may not
    sought: Sought | None = None  # the words as they stand in the passages, if that is known


def search(view: View, query: Query) -> list[Hit]:
    """The best passages, at most `top_k`; the same text in several articles is one hit."""
    return list(islice(found(view, query), query.top_k))


def found(view: View, query: Query) -> Iterator[Hit]:
    """The passages, best first, each read when it is asked for."""
    shown: dict[str, list[Hit]] = defaultdict(list)
    ranked = candidates(view, query)
    while block := list(islice(ranked, query.top_k + SPARE)):
        with stage("fetch"):
            block = _worded(view, query.wording, block)
            places = view.occurrences([candidate.chunk for candidate in block], query.filters)
        for candidate in block:
            hit = hit_of(candidate, places[candidate.chunk])
            better = shown[hit.passage.article_id]
            if not overlaps(hit, better) and not query.wording.excludes(hit.words):
                better.append(hit)
                yield hit


def candidates(view: View, query: Query) -> Iterator[Candidate]:
    """Both legs, fused, best first; without the excluded chunks."""
    wanted = view.sought("") if query.mode == "dense" else query.sought or view.sought(query.text)
    among, given, least = _among(view, query.wording), Ranked.empty().keys, np.inf
    weight: float | None = None  # that of the first lists, however deep is looked
    for depth in DEPTHS:
        dense, lexical = _legs(view, query, wanted, depth, among)
        if weight is None:
            weight = _dense_weight(query.mode, wanted, dense, lexical)
        fused = fuse(dense, lexical, weight)
        cosines = dict(zip(dense.keys.tolist(), dense.scores.tolist(), strict=True))
        bm25 = dict(zip(lexical.keys.tolist(), lexical.scores.tolist(), strict=True))
        fresh = ~np.isin(fused.keys, given) if len(given) else slice(None)
        # Of hundreds the first few are looked at: the others need not be made.
        for key, score in zip(
            fused.keys[fresh].tolist(), fused.scores[fresh].tolist(), strict=True
        ):
            least = min(least, score)  # lists that are cut elsewhere are stretched otherwise
            yield Candidate(key, least, cosines.get(key), bm25.get(key))
        if max(len(dense.keys), len(lexical.keys)) < depth:
            return
        given = np.union1d(given, fused.keys)


def _legs(
    view: View, query: Query, wanted: Sought, limit: int, among: Keys | None
) -> tuple[Ranked, Ranked]:
    """The best of both lists, or of the one that is asked for."""
    dense = lexical = Ranked.empty()
    filters, exclude = query.filters, query.exclude
    # Who asks for “who is who” by words alone asks for none that the index has.
    unranked = not wanted.forms and bool(query.wording.required)
    if query.mode != "lexical" or unranked:
        dense = view.nearest(query.vector, limit, filters=filters, among=among, exclude=exclude)
    if query.mode != "dense":
        lexical = view.best(
            wanted.flat,
            limit,
            filters=filters,
            boosts=wanted.boosts,
            among=among,
            exclude=exclude,
        )
    return dense, lexical


def _among(view: View, wording: Wording) -> Keys | None:
    """The chunks that may have all phrases, as far as an index knows; None: it may be any."""
    languages = tuple(view.languages)
    groups = [g for phrase in wording.required for g in phrase.index_terms(languages)]
    return view.having_of_each(groups) if groups else None


def _worded(view: View, wording: Wording, block: list[Candidate]) -> list[Candidate]:
    """Those whose text has the phrases, and nothing that is excluded."""
    if not wording.holds:
        return block
    texts = view.texts([candidate.chunk for candidate in block])
    return [candidate for candidate in block if wording.admits(texts[candidate.chunk])]


def _dense_weight(mode: Mode, wanted: Sought, dense: Ranked, lexical: Ranked) -> float:
    if mode != "hybrid":
        return float(mode == "dense")
    possible = sum(wanted.rarity.values()) * MOST_PER_RARITY
    best = float(lexical.scores[0]) if len(lexical.scores) else 0.0
    coverage = best / possible if possible else 0.0
    return dense_weight(coverage, lead(dense) - lead(lexical), foreign=wanted.foreign)
