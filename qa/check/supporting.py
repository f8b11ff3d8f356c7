"""What supports the claims of a draft: the passages of the articles that each of them cites.

Reading is what takes time: 15 to 20 ms a passage on two cores, whatever is read together, so that
300 claims with four passages each took 18 s. The claims are read beside one another, which keeps
all cores busy while the next ones are compared; and of one draft so many passages are read, and no
more. What is not read says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from embeddings import Encoded, Encoder, Reader
from embeddings.minilm.processor import cores
from qa.check.facts import missing
from qa.check.support import READ_BY_DEPTH, is_negated, nearest, read_first, support
from qa.check.types import Contradiction, ContradictionKind, Missing, SupportingPassage
from qa.citation import citation
from qa.passages.ahead import ahead
from qa.retrieval.hits import Candidate, hit_of
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.retrieval.reading import readable
from qa.storage import View
from qa.storage.records import StoredArticle
from qa.types import Depth, Hit, Source

# How many passages of the cited articles are compared token by token: those of nearest vectors.
COMPARED = 20
# How many passages are read for one draft: of 40 claims in `deep`, of 160 in `fast`. They take some
# three seconds on two cores.
MOST_READ = 160
Asked = tuple[str, Sequence[StoredArticle]]


@dataclass(frozen=True, slots=True)
class _Compared:
    """A claim compared with passages that it cites, and how many of them are to be read."""

    claim: Question
    hits: Sequence[Hit]
    interactions: Sequence[Interaction]
    to_read: int


class SupportFinder:
    """Finds what supports the claims of one draft, at one moment of a corpus."""

    def __init__(
        self,
        view: View,
        encoder: Callable[[], Encoder],
        reader: Callable[[], Reader],
        depth: Depth,
    ) -> None:
        """Encoder and reader are loaded when there is a claim to be read, not before."""
        self._view = view
        self._encoder, self._reader, self._count = encoder, reader, READ_BY_DEPTH[depth]
        self._left = MOST_READ

    def of(self, claims: Sequence[Asked]) -> list[SupportingPassage | None]:
        """What supports each claim best; None for one that cites no article of the corpus."""
        with ThreadPoolExecutor(cores(), "claims") as threads:
            # Only the reader runs on other threads: each would open the database anew.
            read = ahead(self._read, self._compared(claims), threads, depth=2 * cores())
            return [self._told(one) if one else None for one in read]

    def _compared(self, claims: Sequence[Asked]) -> Iterator[_Compared | None]:
        cited = [text for text, articles in claims if articles]
        encoded = iter(self._encoder().encode_passages(cited) if cited else [])
        for text, articles in claims:
            hits = self._nearest(vectors := next(encoded), articles) if articles else []
            if not hits:
                yield None
                continue
            question = Question.of(text, vectors, self._view)
            near, count = interactions(self._view, question, hits), self._to_read(text, hits)
            yield _Compared(question, hits, near, count)

    def _to_read(self, text: str, hits: Sequence[Hit]) -> int:
        """How many of the passages are to be read: none in another language, or past the most."""
        first = hits[: self._count]
        if len(first) > self._left or not (first and readable(text, first)):
            return 0
        self._left -= len(first)
        return len(first)

    def _read(self, one: _Compared | None) -> _Compared | None:
        if one is None or not one.to_read:
            return one
        text, count = one.claim.text, one.to_read
        hits, read = read_first(self._reader(), text, one.hits, one.interactions, count)
        return replace(one, hits=hits, interactions=read)

    def _told(self, one: _Compared) -> SupportingPassage:
        hits, read = one.hits, one.interactions
        texts = [hit.passage.text for hit in hits]
        found = support(one.claim, read, texts, _stated(hits[0].source))
        hit, span = hits[found.passage], found.sentence
        start, end = hit.passage.start + span.start, hit.passage.start + span.end
        return SupportingPassage(
            source=hit.source,
            passage_id=hit.passage.id,
            start=start,
            end=end,
            text=hit.passage.text[span.start : span.end],
            citation=citation(hit.source, start, end),
            score=found.score,
            missing=tuple(Missing(fact.kind, fact.text) for fact in found.missing),
            contradicts=_contradiction(one.claim, hits, read, found.contradicting),
            read=one.to_read > 0 if self._count else None,
        )

    def _nearest(self, encoded: Encoded, articles: Sequence[StoredArticle]) -> list[Hit]:
        """The articles' passages, those first whose vectors come nearest to the claim's."""
        places = [
            (chunk, stored.key, start)
            for stored in articles
            for start, _, chunk in self._view.passages_of(stored.key)
        ]
        cosines = self._view.vectors([chunk for chunk, _, _ in places]) @ encoded.vector
        best = np.argsort(-cosines, kind="stable")[:COMPARED].tolist()
        stand = self._view.occurrences([places[i][0] for i in best])
        here = {(o.chunk, o.stored.key, o.start): o for found in stand.values() for o in found}
        return [
            hit_of(Candidate(places[i][0], cosine, cosine, None), [here[places[i]]])
            for i, cosine in zip(best, cosines[best].tolist(), strict=True)
            if places[i] in here
        ]


def _contradiction(
    claim: Question, hits: Sequence[Hit], read: Sequence[Interaction], number: int | None
) -> Contradiction | None:
    if number is None:
        return None
    passage, span = hits[number].passage, nearest(read[number]).span
    said = passage.text[span.start : span.end]
    start, end = passage.start + span.start, passage.start + span.end
    return Contradiction(passage.id, start, end, said, _differs_in(claim.text, said))


def _differs_in(claim: str, said: str) -> ContradictionKind:
    """In what a sentence that says the contrary differs: in a fact, or in a negation."""
    lacking = list(missing(claim, said))
    if lacking:
        return lacking[0].kind
    return "negation" if is_negated(claim) != is_negated(said) else "statement"


def _stated(where: Source) -> str:
    """What a source says of itself: a claim need not repeat it, and the passage does not."""
    stated = (where.title, where.author, where.publisher, where.published)
    return "\n".join(said for said in stated if said)
