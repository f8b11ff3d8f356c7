"""Question -> ranked hits.

Candidates come from FAISS and from tantivy, are fused (qa.retrieval.fusion), and only then read
from the store, best first, until enough different passages are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters
from qa.observe import stage
from qa.retrieval.fusion import fuse
from qa.storage.published import Indexes
from qa.storage.sqlite import Occurrence, Store, lost, source
from qa.text.terms import terms
from qa.types import Hit, Mode, Passage, Ranked, Source

# How far down each list goes before fusion.
DEPTH = 200
# Read from the store beyond what is wanted: some passages overlap a better one.
SPARE = 4
# Weight of the dense list, chosen on training data: docs/decisions/0003-fusion.md.
DENSE_WEIGHT = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """What is searched for: words, their vector, and where."""

    text: str
    vector: NDArray[np.float32] | None  # None in lexical mode: nothing to embed
    mode: Mode = "hybrid"
    filters: Filters | None = None
    top_k: int = 5
    exclude: frozenset[int] = frozenset()  # chunk keys that may not come back


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may be a hit."""

    chunk: int
    score: float
    dense: float | None
    lexical: float | None


def search(store: Store, snapshot: Indexes, query: Query) -> list[Hit]:
    """The best passages, at most `top_k`; the same text in several articles is one hit."""
    hits: list[Hit] = []
    found = candidates(store, snapshot, query)
    while block := list(islice(found, query.top_k + SPARE)):
        with stage("fetch"):
            places = store.occurrences(
                [candidate.chunk for candidate in block], snapshot.generation, query.filters
            )
        for candidate in block:
            if len(hits) == query.top_k:
                return hits
            # Filters were applied before; without a place it would have been left out in silence.
            if candidate.chunk not in places:
                raise lost(candidate.chunk)
            hit = hit_of(candidate, places[candidate.chunk])
            if not overlaps(hit, hits):
                hits.append(hit)
    return hits


def candidates(store: Store, snapshot: Indexes, query: Query) -> Iterator[Candidate]:
    """Both legs, fused, best first; without the excluded chunks."""
    allowed = None
    if query.filters:
        with stage("filter"):
            allowed = store.matching_chunks(query.filters, snapshot.generation)
    depth = max(DEPTH, query.top_k) + len(query.exclude)
    dense = lexical = Ranked.empty()
    if query.mode != "lexical" and query.vector is not None:
        with stage("dense"):
            dense = without(snapshot.vectors.search(query.vector, depth, allowed), query.exclude)
    if query.mode != "dense":
        with stage("lexical"):
            found = snapshot.lexical.best(terms(query.text), depth, allowed)
            lexical = without(found, query.exclude)
    weight = {"hybrid": DENSE_WEIGHT, "dense": 1.0, "lexical": 0.0}[query.mode]
    fused = fuse(dense, lexical, weight)
    cosines = dict(zip(dense.keys.tolist(), dense.scores.tolist(), strict=True))
    bm25 = dict(zip(lexical.keys.tolist(), lexical.scores.tolist(), strict=True))
    # Of hundreds the first few are looked at: the others need not be made.
    return (
        Candidate(key, score, cosines.get(key), bm25.get(key))
        for key, score in zip(fused.keys.tolist(), fused.scores.tolist(), strict=True)
    )


def passage_id(article_id: str, digest: str, start: int, end: int) -> str:
    """`<article_id>.<digest8>.<start>-<end>`: names the text it was made from."""
    return f"{article_id}.{digest[:8]}.{start}-{end}"


def place(occurrence: Occurrence) -> tuple[Source, Passage]:
    """An occurrence in the words of the service."""
    stored = occurrence.stored
    passage = Passage(
        passage_id(stored.article.id, stored.digest, occurrence.start, occurrence.end),
        stored.article.id,
        occurrence.start,
        occurrence.end,
        occurrence.text,
    )
    return source(stored, occurrence.start), passage


def citation(source: Source, start: int, end: int) -> str:
    """A line to print: who, what, where, when, which characters."""
    parts = [
        source.author,
        f"“{source.title}”" if source.title else source.article_id,
        source.publisher,
        source.published,
        f"p. {source.page}" if source.page else None,
        f"characters {start}–{end}",
        source.url,
    ]
    return ", ".join(part for part in parts if part)


def hit_of(candidate: Candidate, occurrences: list[Occurrence]) -> Hit:
    """A chunk at its places, the longest-known article first."""
    first, *others = occurrences
    where, passage = place(first)
    elsewhere = {o.stored.article.id: o for o in reversed(others)}
    elsewhere.pop(passage.article_id, None)
    return Hit(
        passage=passage,
        source=where,
        score=round(candidate.score, 6),
        dense=candidate.dense,
        lexical=candidate.lexical,
        citation=citation(where, passage.start, passage.end),
        also_in=tuple(place(o) for o in reversed(elsewhere.values())),
        chunk=candidate.chunk,
        words=first.words,
        lead=first.lead,
    )


def overlaps(hit: Hit, hits: list[Hit]) -> bool:
    """Whether a better hit already shows at least half of this passage."""
    start, end = hit.passage.start, hit.passage.end
    shown = [other.passage for other in hits if other.passage.article_id == hit.passage.article_id]
    return any(2 * (min(end, p.end) - max(start, p.start)) >= end - start for p in shown)


def without(ranked: Ranked, exclude: frozenset[int]) -> Ranked:
    """The list without these chunk keys."""
    if not exclude:
        return ranked
    keep = ~np.isin(ranked.keys, np.fromiter(exclude, np.int64))
    return Ranked(ranked.keys[keep], ranked.scores[keep])
