"""The best supporting passage of each claim among those of the articles that it cites."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from embeddings import Encoded, Encoder
from qa.check.support import support
from qa.check.types import Missing, Supporting
from qa.retrieval.late_interaction import Question, read_all
from qa.retrieval.search import Candidate, citation, hit_of
from qa.storage.published import Snapshot
from qa.storage.sqlite import Store, StoredArticle
from qa.types import Hit, Source

# Passages of the cited articles that are read token by token: those whose vectors come nearest.
DEPTH = 20
Asked = tuple[str, Sequence[StoredArticle]]


class Supporters:
    """Finds support at one snapshot of a corpus."""

    def __init__(self, store: Store, snapshot: Snapshot, encoder: Callable[[], Encoder]) -> None:
        """The encoder is loaded when there is a claim to be read, not before."""
        self._store = store
        self._snapshot = snapshot
        self._encoder = encoder

    def of(self, claims: Sequence[Asked]) -> list[Supporting | None]:
        """What supports each claim best; None for one that cites no article of the corpus."""
        cited = [text for text, articles in claims if articles]
        encoded = iter(self._encoder().read_passages(cited) if cited else [])
        return [
            self._of(text, next(encoded), articles) if articles else None
            for text, articles in claims
        ]

    def _of(
        self, text: str, encoded: Encoded, articles: Sequence[StoredArticle]
    ) -> Supporting | None:
        hits = self._nearest(encoded, articles)
        if not hits:
            return None
        question = Question.read(text, encoded, self._snapshot.lexical)
        dimension = self._snapshot.vectors.dimension
        readings = read_all(self._store, question, hits, self._snapshot.lexical, dimension)
        known = _stated(hits[0].source)
        found = support(question, readings, [hit.passage.text for hit in hits], known)
        hit, span = hits[found.passage], found.sentence
        start, end = hit.passage.start + span.start, hit.passage.start + span.end
        return Supporting(
            source=hit.source,
            passage_id=hit.passage.id,
            start=start,
            end=end,
            text=hit.passage.text[span.start : span.end],
            citation=citation(hit.source, start, end),
            score=found.score,
            missing=tuple(Missing(fact.kind, fact.text) for fact in found.missing),
        )

    def _nearest(self, encoded: Encoded, articles: Sequence[StoredArticle]) -> list[Hit]:
        """The articles' passages, those first whose vectors come nearest to the claim's."""
        places = [
            (chunk, stored.key, start)
            for stored in articles
            for start, _, chunk in self._store.passages_of(stored.key)
        ]
        chunks = np.array([chunk for chunk, _, _ in places], np.int64)
        vectors = self._store.vectors(chunks, self._snapshot.vectors.dimension)
        cosines = vectors @ encoded.vector
        best = np.argsort(-cosines, kind="stable")[:DEPTH].tolist()
        stand = self._store.occurrences([places[i][0] for i in best], self._snapshot.generation)
        here = {(o.chunk, o.stored.key, o.start): o for found in stand.values() for o in found}
        return [
            hit_of(Candidate(places[i][0], cosine, cosine, None), [here[places[i]]])
            for i, cosine in zip(best, cosines[best].tolist(), strict=True)
            if places[i] in here
        ]


def _stated(where: Source) -> str:
    """What a source says of itself: a claim need not repeat it, and the passage does not."""
    stated = (where.title, where.author, where.publisher, where.published)
    return "\n".join(said for said in stated if said)
