"""Passage or text -> the passages about the same matter, and the copies of it.

Dense: the passage's own vector with half the mean of the first three found added (Rocchio's
feedback), both taken from the mean of the whole collection, so that passages which are near to
everything do not come first. Lexical: its forty rarest words, names counted twice. Fused as
questions are. Where the weights come from: docs/decisions/0008-related-passages.md.

Near-duplicates (qa.duplicates) of a better hit go into its `also_in`, those of the passage itself
into `copies`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoded
from qa.answer import mark
from qa.duplicates import Shingles
from qa.fusion import fuse
from qa.generations import Snapshot
from qa.lexical import LexicalSearcher
from qa.naming import Capitals, names, shared
from qa.reading import Question, read_all
from qa.search import DEPTH, Candidate, hit_of, overlaps, place, without
from qa.store import Occurrence, Store
from qa.types import Hit, Passage, Ranked, Source, Why

# Chosen on training material, never on multihop_facts (`python -m tests.bench.related --train`).
DENSE_WEIGHT = 0.7
NAME_BOOST = 2.0
FEEDBACK, FEEDBACK_WEIGHT = 3, 0.5
# Rarest terms of a passage that are searched for: further ones cost time and find nothing.
TERMS = 40
# Hits that are held against one another and against the passage, before `top_k` are taken.
LOOKED_AT = 50
# From this share of the passage on, an article is read in full: cut elsewhere, a copy of the
# passage is spread over two of its passages.
SUSPECT = 0.1
OWN_WORDS = 0.5  # a hit made up of so much of the passage is a piece of a copy
MAX_TERMS = 5
_WORD = re.compile(r"\w+")
Elsewhere = tuple[tuple[Source, Passage], ...]


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
    store: Store, snapshot: Snapshot, subject: Subject, *, top_k: int, other_sources_only: bool
) -> Related:
    """The best `top_k`; with `other_sources_only`, none of an article in which the passage stands.

    A copy is then no source either, but a passage of the same publisher is.
    """
    wanted = max(LOOKED_AT, 3 * top_k)
    looking = _Looking(store, snapshot, subject, wanted, other_sources_only)
    vector, mean = subject.encoded.vector, snapshot.vectors.mean
    first = [hit.chunk for hit in looking.hits(looking.ranked(vector - mean), FEEDBACK)]
    if first:
        found = snapshot.vectors.vectors(np.array(first, np.int64)).mean(axis=0)
        vector = vector + FEEDBACK_WEIGHT * (found - mean)
    hits = looking.hits(looking.ranked(vector - mean), wanted)
    hits = _collapsed(hits, looking, top_k)
    hits = _explained(hits, subject, snapshot)
    asked = Question.read(subject.text, subject.encoded, snapshot.lexical)
    readings = read_all(store, asked, hits, snapshot.lexical, snapshot.vectors.dimension)
    return Related(tuple(mark(hits, readings)), tuple(looking.copies.values()))


class _Looking:
    """One search, with what is known so far of which articles have the passage itself."""

    def __init__(
        self,
        store: Store,
        snapshot: Snapshot,
        subject: Subject,
        wanted: int,
        other_sources_only: bool,
    ) -> None:
        self.store, self.snapshot, self.subject = store, snapshot, subject
        self.other_sources_only = other_sources_only
        self.copies = {source.article_id: (source, p) for source, p in subject.copies}
        self._shingles = Shingles.of(subject.text)
        self._places: dict[int, list[Occurrence]] = {}
        self._of_chunk: dict[int, Shingles] = {}
        self._read: set[str] = set()  # articles that were read in full
        self._depth = max(DEPTH, wanted) + len(subject.chunks)
        self._lexical = self._by_words()

    def ranked(self, vector: NDArray[np.float32]) -> list[Candidate]:
        """Everything found, best first. `vector` need not be of unit length."""
        dense = self.snapshot.vectors.search(vector, self._depth)
        dense = without(dense, self.subject.chunks)
        fused = fuse(dense, self._lexical, DENSE_WEIGHT)
        bm25 = dict(zip(self._lexical.keys.tolist(), self._lexical.scores.tolist(), strict=True))
        return [
            Candidate(key, score, None, bm25.get(key))
            for key, score in zip(fused.keys.tolist(), fused.scores.tolist(), strict=True)
        ]

    def _by_words(self) -> Ranked:
        lexical, subject = self.snapshot.lexical, self.subject
        # The title says what "she" and "the company" are.
        terms = lexical.terms(f"{subject.title}\n{subject.text}")
        rarity = lexical.rarity(terms)
        rarest = [terms[i] for i in np.argsort(-rarity, kind="stable")[:TERMS]]
        boosts = {term: NAME_BOOST for name in names(subject.text) for term in lexical.terms(name)}
        found = lexical.search_terms(rarest, self._depth, boosts=boosts)
        return without(found, subject.chunks)

    def hits(self, candidates: Sequence[Candidate], limit: int) -> list[Hit]:
        """The first `limit` that are neither copies nor shown by a better hit already."""
        found: list[Hit] = []
        for start in range(0, len(candidates), LOOKED_AT):
            for candidate, here in self._eligible(candidates[start : start + LOOKED_AT]):
                hit = hit_of(candidate, here)
                if not overlaps(hit, found):
                    found.append(hit)
                    if len(found) == limit:
                        return found
        return found

    def _eligible(self, block: Sequence[Candidate]) -> Iterator[tuple[Candidate, list[Occurrence]]]:
        """With the places that count. Copies of the whole block are known before any is shown."""
        self._look_up([c.chunk for c in block if c.chunk not in self._places])
        for candidate in block:
            self._note_copies(self._places[candidate.chunk])
        for candidate in block:
            here = [o for o in self._places[candidate.chunk] if self._counts(o)]
            if here:
                yield candidate, here

    def _look_up(self, chunks: Sequence[int]) -> None:
        found = self.store.occurrences(chunks, self.snapshot.generation)
        # A chunk may be gone from the store's view of this generation: then it is no hit.
        self._places.update((chunk, found.get(chunk, [])) for chunk in chunks)

    def _note_copies(self, places: Sequence[Occurrence]) -> None:
        for occurrence in places:
            shingles, id_ = self.shingles(occurrence), occurrence.stored.article.id
            if id_ == self.subject.article_id or id_ in self.copies:
                continue
            if self._shingles.near(shingles) or self._holds(shingles, id_):
                self.copies[id_] = place(occurrence)

    def _holds(self, shingles: Shingles, article_id: str) -> bool:
        """Whether the passage stands in the article that one of its passages makes suspect."""
        if article_id in self._read or self._shingles.shared(shingles) < SUSPECT:
            return False
        self._read.add(article_id)
        stored = self.store.article(article_id, self.snapshot.generation)
        return stored is not None and self._shingles.stands_in(Shingles.of(stored.article.text))

    def _counts(self, occurrence: Occurrence) -> bool:
        shingles, id_ = self.shingles(occurrence), occurrence.stored.article.id
        if id_ not in self.copies:
            return True
        piece = self._shingles.near(shingles) or shingles.shared(self._shingles) >= OWN_WORDS
        return not piece and not self.other_sources_only

    def shingles(self, of: Occurrence | Hit) -> Shingles:
        """Of a passage, made once."""
        if of.chunk not in self._of_chunk:
            text = of.text if isinstance(of, Occurrence) else of.passage.text
            self._of_chunk[of.chunk] = Shingles.of(text)
        return self._of_chunk[of.chunk]


def _collapsed(hits: Sequence[Hit], looking: _Looking, top_k: int) -> list[Hit]:
    """The first `top_k` that are different; near-duplicates of theirs are named in `also_in`."""
    shown: list[Hit] = []
    for hit in hits:
        same = (i for i, better in enumerate(shown) if _copied(hit, better, looking))
        if (first := next(same, None)) is not None:
            shown[first] = _with_copy(shown[first], hit)
        elif len(shown) < top_k:
            shown.append(hit)
    return shown


def _copied(hit: Hit, better: Hit, looking: _Looking) -> bool:
    """Near-duplicates of two articles. Within one they are a refrain, and both are shown."""
    if hit.passage.article_id == better.passage.article_id:
        return False
    return looking.shingles(hit).near(looking.shingles(better))


def _with_copy(hit: Hit, copy: Hit) -> Hit:
    known = {hit.passage.article_id, *(source.article_id for source, _ in hit.also_in)}
    places = ((copy.source, copy.passage), *copy.also_in)
    return replace(
        hit, also_in=hit.also_in + tuple(p for p in places if p[0].article_id not in known)
    )


# --- why --------------------------------------------------------------------------------------


def _explained(hits: Sequence[Hit], subject: Subject, snapshot: Snapshot) -> list[Hit]:
    """With their cosines, and what they share with the passage."""
    keys = np.array([hit.chunk for hit in hits], np.int64)
    cosines = (snapshot.vectors.vectors(keys) @ subject.encoded.vector).tolist()
    capitals, terms = Capitals.of(subject.text), frozenset(snapshot.lexical.terms(subject.text))
    explained = []
    for hit, cosine in zip(hits, cosines, strict=True):
        here = Capitals.of(hit.passage.text)
        common = shared(here.names(capitals), capitals.names(here))
        of_names = snapshot.lexical.terms(" ".join(common))
        words = _rarest(hit.passage.text, terms.difference(of_names), snapshot.lexical)
        explained.append(
            replace(hit, dense=cosine, why=Why(round(cosine, 4), tuple(common), words))
        )
    return explained


def _rarest(text: str, wanted: Set[str], lexical: LexicalSearcher) -> tuple[str, ...]:
    """The rarest of the wanted index terms that a text has, as it writes them."""
    written: dict[str, str] = {}
    for word in _WORD.findall(text):
        for term in lexical.terms(word):
            if term in wanted and len(word) > 1:
                written.setdefault(term, word)
    rarity = lexical.rarity(list(written))
    order = np.argsort(-rarity, kind="stable")[:MAX_TERMS]
    return tuple(list(written.values())[i] for i in order)
