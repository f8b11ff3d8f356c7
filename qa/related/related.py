"""Passage or text -> the passages about the same matter, and the copies of it.

Dense: the passage's own vector with half the mean of the first three found added (Rocchio's
feedback), both taken from the mean of the whole collection, so that passages which are near to
everything do not come first; the first fifty are read token by token (likeness).
Lexical: its forty rarest words, names counted twice. Fused as questions are. Where the weights come
from: docs/decisions/0008-related-passages.md.

Near-duplicates (qa.text.shingles) of a better hit go into its `also_in`, those of the passage
itself into `copies`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoded
from qa.ask.statement import mark
from qa.related.copies import Copies, Elsewhere
from qa.related.likeness import Likeness
from qa.related.shared import explained
from qa.retrieval.fusion import fuse
from qa.retrieval.late_interaction import Question, read_all
from qa.retrieval.search import DEPTH, Candidate, hit_of, overlaps, without
from qa.storage.published import Indexes
from qa.storage.sqlite import Occurrence, Store, lost
from qa.text.names import names
from qa.text.terms import terms
from qa.types import Hit, Ranked

# Chosen on training material, never on multihop_facts (`python -m tests.bench.related --train`).
DENSE_WEIGHT = 0.7
NAME_BOOST = 2.0
FEEDBACK, FEEDBACK_WEIGHT = 3, 0.5
# Rarest terms of a passage that are searched for: further ones cost time and find nothing.
TERMS = 40
# Hits that are held against one another and against the passage, before `top_k` are taken.
LOOKED_AT = 50


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What passages are to be related to: a passage, or a text that is in no article."""

    text: str
    encoded: Encoded
    title: str = ""
    article_id: str | None = None
    chunks: frozenset[int] = frozenset()  # may not come back: itself; its whole article
    copies: Elsewhere = ()  # its very text in other articles


@dataclass(frozen=True, slots=True)
class Related:
    """What `Corpus.related` gives back."""

    hits: tuple[Hit, ...]
    copies: Elsewhere  # the articles in which the passage stands too, exactly or nearly


def related(
    store: Store, snapshot: Indexes, subject: Subject, *, top_k: int, other_sources_only: bool
) -> Related:
    """The best `top_k`; with `other_sources_only`, none of an article in which the passage stands.

    A copy is then no source either, but a passage of the same publisher is.
    """
    wanted = max(LOOKED_AT, 3 * top_k)
    likeness = Likeness(store, snapshot, subject.encoded.tokens.vectors)
    looking = _Looking(store, snapshot, subject, wanted, other_sources_only, likeness)
    vector, mean = subject.encoded.vector, snapshot.vectors.mean
    first = looking.different(vector - mean, FEEDBACK)
    if first:
        found = likeness.of(first).mean(axis=0)
        vector = vector + FEEDBACK_WEIGHT * (found - mean)
    hits = looking.different(vector - mean, top_k)
    cosines = (likeness.of(hits) @ subject.encoded.vector).tolist()
    hits = explained(hits, subject.text, cosines, snapshot.lexical)
    asked = Question.read(subject.text, subject.encoded, snapshot.lexical)
    readings = read_all(store, asked, hits, snapshot.lexical, snapshot.vectors.dimension)
    return Related(tuple(mark(hits, readings)), tuple(looking.copies.found.values()))


class _Looking:
    """One search, with what is known so far of which articles have the passage itself."""

    def __init__(
        self,
        store: Store,
        snapshot: Indexes,
        subject: Subject,
        wanted: int,
        other_sources_only: bool,
        likeness: Likeness,
    ) -> None:
        self.store, self.snapshot, self.subject = store, snapshot, subject
        self.other_only = other_sources_only
        self.copies = Copies(
            store, snapshot.generation, subject.text, subject.article_id, subject.copies
        )
        self._places: dict[int, list[Occurrence]] = {}
        self._wanted = wanted
        self._depth = max(DEPTH, wanted) + len(subject.chunks)
        self._lexical = self._by_words()
        self._likeness = likeness

    def different(self, vector: NDArray[np.float32], top_k: int) -> list[Hit]:
        """The first `top_k` that are different; near-duplicates of theirs are in `also_in`."""
        shown: list[Hit] = []
        for hit in self._hits(self._ranked(vector)):
            same = (i for i, better in enumerate(shown) if self.copies.same(hit, better))
            if (first := next(same, None)) is not None:
                shown[first] = _with_copy(shown[first], hit)
            elif len(shown) < top_k:
                shown.append(hit)
        return shown

    def _ranked(self, vector: NDArray[np.float32]) -> list[Candidate]:
        """Everything found, best first. `vector` need not be of unit length."""
        dense = self.snapshot.vectors.search(vector, self._depth)
        dense = self._likeness.rescored(without(dense, self.subject.chunks), vector)
        fused = fuse(dense, self._lexical, DENSE_WEIGHT)
        bm25 = dict(zip(self._lexical.keys.tolist(), self._lexical.scores.tolist(), strict=True))
        return [
            Candidate(key, score, None, bm25.get(key))
            for key, score in zip(fused.keys.tolist(), fused.scores.tolist(), strict=True)
        ]

    def _by_words(self) -> Ranked:
        lexical, subject = self.snapshot.lexical, self.subject
        # The title says what "she" and "the company" are.
        words = terms(f"{subject.title}\n{subject.text}")
        rarity = lexical.frequencies(words).rarity
        rarest = [words[i] for i in np.argsort(-rarity, kind="stable")[:TERMS]]
        boosts = {term: NAME_BOOST for name in names(subject.text) for term in terms(name)}
        found = lexical.best(rarest, self._depth, boosts=boosts)
        return without(found, subject.chunks)

    def _hits(self, candidates: Sequence[Candidate]) -> list[Hit]:
        """As many as are wanted, neither copies nor shown by a better hit already."""
        found: list[Hit] = []
        for start in range(0, len(candidates), LOOKED_AT):
            for candidate, here in self._eligible(candidates[start : start + LOOKED_AT]):
                hit = hit_of(candidate, here)
                if not overlaps(hit, found):
                    found.append(hit)
                    if len(found) == self._wanted:
                        return found
        return found

    def _eligible(self, block: Sequence[Candidate]) -> Iterator[tuple[Candidate, list[Occurrence]]]:
        """With the places that count. Copies of the whole block are known before any is shown."""
        self._look_up([c.chunk for c in block if c.chunk not in self._places])
        for candidate in block:
            self.copies.note(self._places[candidate.chunk])
        for candidate in block:
            here = [o for o in self._places[candidate.chunk] if self._counts(o)]
            if here:
                yield candidate, here

    def _look_up(self, chunks: Sequence[int]) -> None:
        found = self.store.occurrences(chunks, self.snapshot.generation)
        for chunk in chunks:
            if chunk not in found:
                raise lost(chunk)
        self._places.update(found)

    def _counts(self, at: Occurrence) -> bool:
        return not self.copies.is_piece(at) and not (self.other_only and self.copies.has(at))


def _with_copy(hit: Hit, copy: Hit) -> Hit:
    known = {hit.passage.article_id, *(source.article_id for source, _ in hit.also_in)}
    places = ((copy.source, copy.passage), *copy.also_in)
    return replace(
        hit, also_in=hit.also_in + tuple(p for p in places if p[0].article_id not in known)
    )
