"""Passage or text -> the passages about the same matter, and the copies of it.

Dense: the passage's own vector with half the mean of the first three found added (Rocchio's
feedback), both taken from the mean of the whole collection, so that passages which are near to
everything do not come first; the first fifty are compared token by token (likeness).
Lexical: its forty rarest words, names counted twice. Fused as questions are. Where the weights come
from: docs/decisions/0008-related-passages.md.

Near-duplicates (qa.text.shingles) of a better hit go into its `also_in`, those of the passage
itself into `copies`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qa.ask.statement import mark
from qa.related.copies import Copies, Elsewhere
from qa.related.likeness import Likeness
from qa.related.shared import explained
from qa.related.subject import Subject
from qa.retrieval.fusion import fuse
from qa.retrieval.hits import Candidate, hit_of, overlaps
from qa.retrieval.late_interaction import Question, interactions
from qa.retrieval.search import CANDIDATES
from qa.storage.records import Occurrence
from qa.storage.view import View
from qa.text.names import certain, names
from qa.types import Hit, Ranked

# Chosen on training material, never on multihop_facts (`python -m tests.bench.related --train`).
DENSE_WEIGHT = 0.7
NAME_BOOST = 2.0
FEEDBACK, FEEDBACK_WEIGHT = 3, 0.5
# How many of a passage's rarest terms are searched for: further ones cost time and find nothing.
TERMS = 40
# How many hits are compared with one another and with the passage, before `top_k` are taken.
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Related:
    """What `Corpus.related` gives back."""

    hits: tuple[Hit, ...]
    copies: Elsewhere  # the articles in which the passage stands too, exactly or nearly
    notes: tuple[str, ...] = ()  # what of a text was not read
    generation: int = field(default=0, compare=False)  # of the corpus


def related(view: View, subject: Subject, *, top_k: int, other_sources_only: bool) -> Related:
    """The best `top_k`; with `other_sources_only`, none of an article in which the passage stands.

    A copy is then not given either, but a passage of the same publisher is.
    """
    wanted = max(LOOKED_AT, 3 * top_k)
    likeness = Likeness(view, subject.encoded.tokens.vectors)
    looking = _Looking(view, subject, wanted, other_sources_only, likeness)
    vector, mean = subject.encoded.vector, view.mean
    first = looking.different(vector - mean, FEEDBACK)
    if first:
        found = likeness.of(first).mean(axis=0)
        vector = vector + FEEDBACK_WEIGHT * (found - mean)
    hits = looking.different(vector - mean, top_k)
    cosines = (likeness.of(hits) @ subject.encoded.vector).tolist()
    hits = explained(hits, subject.text, cosines, view)
    asked = Question.of(subject.text, subject.encoded, view)
    read = interactions(view, asked, hits)
    copies = tuple(looking.copies.found.values())
    return Related(tuple(mark(hits, read)), copies, subject.notes, view.version)


class _Looking:
    """One search, with what is known so far of which articles have the passage itself."""

    def __init__(
        self,
        view: View,
        subject: Subject,
        wanted: int,
        other_sources_only: bool,
        likeness: Likeness,
    ) -> None:
        self.view, self.subject = view, subject
        self.other_only = other_sources_only
        self.copies = Copies(view, subject.text, subject.article_id, subject.copies)
        self._places: dict[int, list[Occurrence]] = {}
        self._wanted = wanted
        self._limit = max(CANDIDATES, wanted)
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
        """All candidates, best first. `vector` need not be of unit length."""
        dense = self.view.nearest(vector, self._limit, exclude=self.subject.chunks)
        dense = self._likeness.rescored(dense, vector)
        fused = fuse(dense, self._lexical, DENSE_WEIGHT)
        bm25 = dict(zip(self._lexical.keys.tolist(), self._lexical.scores.tolist(), strict=True))
        return [
            Candidate(key, score, None, bm25.get(key))
            for key, score in zip(fused.keys.tolist(), fused.scores.tolist(), strict=True)
        ]

    def _by_words(self) -> Ranked:
        subject = self.subject
        # The title says what "she" and "the company" are.
        words = self.view.sought(f"{subject.title}\n{subject.text}")
        names_of_terms = sorted(words.forms, key=lambda name: -words.rarity[name])[:TERMS]
        rarest = dict.fromkeys(form for name in names_of_terms for form in words.forms[name])
        boosts = {form: words.boosts.get(form, 1.0) for form in rarest}
        named = " ".join(name.text for name in certain(names(subject.text)))
        for form in self.view.sought(named).flat if named else ():
            if form in boosts:
                boosts[form] *= NAME_BOOST
        return self.view.best(list(rarest), self._limit, boosts=boosts, exclude=subject.chunks)

    def _hits(self, candidates: Sequence[Candidate]) -> list[Hit]:
        """As many hits as are wanted, neither copies nor shown by a better hit already."""
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
        """Candidates with the places that count. A block's copies are known before any is shown."""
        self._look_up([c.chunk for c in block if c.chunk not in self._places])
        for candidate in block:
            self.copies.note(self._places[candidate.chunk])
        for candidate in block:
            here = [o for o in self._places[candidate.chunk] if self._counts(o)]
            if here:
                yield candidate, here

    def _look_up(self, chunks: Sequence[int]) -> None:
        self._places.update(self.view.occurrences(chunks))

    def _counts(self, at: Occurrence) -> bool:
        return not self.copies.is_piece(at) and not (self.other_only and self.copies.has(at))


def _with_copy(hit: Hit, copy: Hit) -> Hit:
    known = {hit.passage.article_id, *(source.article_id for source, _ in hit.also_in)}
    places = ((copy.source, copy.passage), *copy.also_in)
    return replace(
        hit, also_in=hit.also_in + tuple(p for p in places if p[0].article_id not in known)
    )
