"""What supports the claims of a draft: the passages of the articles that each of them cites.

Where a claim cites several articles it is held against all of them together, and against each: what
is missing is what none of them says, and each shows its best passage.

Reading is what takes time: 15 to 20 ms a passage on two cores, whatever is read together, so that
300 claims with four passages each took 18 s. The claims are read beside one another, which keeps
all cores busy while the next ones are compared; and of one draft so many passages are read, and no
more. What is not read says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import numpy as np

from embeddings import Encoded, Encoder, Reader
from embeddings.minilm.processor import cores
from qa.check.facts import missing
from qa.check.support import (
    READ_BY_DEPTH,
    WholeArticle,
    is_negated,
    nearest,
    read_first,
    support,
)
from qa.check.types import (
    Contradiction,
    ContradictionKind,
    Missing,
    Supported,
    SupportingPassage,
)
from qa.citations.line import citation
from qa.passages.ahead import ahead
from qa.retrieval.hits import Candidate, hit_of
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.retrieval.reading import readable
from qa.storage import View
from qa.storage.records import StoredArticle
from qa.types import Article, Depth, Hit

# How many passages of the cited articles are compared token by token: those of nearest vectors, of
# each article as many.
COMPARED = 20
# How many passages are read for one draft: of 40 claims in `deep`, of 160 in `fast`. They take some
# three seconds on two cores.
MOST_READ = 160
# How many articles one claim is held against: those that it cites first.
MOST_SOURCES = 10
Asked = tuple[str, Sequence[StoredArticle]]


@dataclass(frozen=True, slots=True)
class _Compared:
    """A claim compared with passages that it cites, and how many of them are to be read."""

    claim: Question
    articles: Sequence[StoredArticle]
    hits: Sequence[Hit]
    interactions: Sequence[Interaction]
    wanted: int  # passages that would be read for it alone
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
        self._known = lru_cache(maxsize=64)(WholeArticle)

    def of(
        self, claims: Sequence[Asked], known: Sequence[Supported | None] = ()
    ) -> list[Supported]:
        """What supports each claim; nothing does where it cites no article of the corpus.

        `known` is what an earlier check found of each at the same moment. It is taken over but
        where more of this draft, or less, can be read for it.
        """
        known = known or [None] * len(claims)
        with ThreadPoolExecutor(cores(), "claims") as threads:
            # Only the reader runs on other threads: each would open the database anew.
            read = ahead(self._read, self._compared(claims, known), threads, depth=2 * cores())
            return [self._told(one) if isinstance(one, _Compared) else one for one in read]

    def _compared(
        self, claims: Sequence[Asked], known: Sequence[Supported | None]
    ) -> Iterator[_Compared | Supported]:
        new = [
            text
            for (text, articles), found in zip(claims, known, strict=True)
            if articles and not found
        ]
        encoded = iter(self._encoder().encode_passages(new) if new else [])
        for (text, articles), found in zip(claims, known, strict=True):
            if found and found.read == self._allowed(found.to_read):
                self._left -= found.read
                yield found
            elif not articles:
                yield Supported(None, ())
            else:
                [vectors] = self._encoder().encode_passages([text]) if found else [next(encoded)]
                yield self._held(text, vectors, articles[:MOST_SOURCES])

    def _held(
        self, text: str, vectors: Encoded, articles: Sequence[StoredArticle]
    ) -> _Compared | Supported:
        each = max(1, COMPARED // len(articles))
        hits = [hit for one in articles for hit in self._nearest(vectors, one, each)]
        if not hits:
            return Supported(None, ())
        question = Question.of(text, vectors, self._view, rare_languages=True)
        near = interactions(self._view, question, hits)
        first = hits[: self._count]
        wanted = len(first) if first and readable(text, hits) else 0
        to_read = self._allowed(wanted)
        self._left -= to_read
        return _Compared(question, articles, hits, near, wanted, to_read)

    def _allowed(self, wanted: int) -> int:
        """How many of so many passages are read: all of them, or none past the most of a draft."""
        return wanted if wanted <= self._left else 0

    def _read(self, one: _Compared | Supported) -> _Compared | Supported:
        if isinstance(one, Supported) or not one.to_read:
            return one
        text, count = one.claim.text, one.to_read
        hits, read = read_first(self._reader(), text, one.hits, one.interactions, count)
        return replace(one, hits=hits, interactions=read)

    def _told(self, one: _Compared) -> Supported:
        by_id = {stored.article.id: stored for stored in one.articles}
        order = {id_: number for number, id_ in enumerate(by_id)}
        places = sorted(range(len(one.hits)), key=lambda i: order[_article(one.hits[i])])
        groups = groupby(places, key=lambda i: _article(one.hits[i]))
        by_source = tuple(self._of(one, list(of_one), [by_id[id_]]) for id_, of_one in groups)
        best = by_source[0] if len(by_source) == 1 else self._of(one, places, one.articles)
        return Supported(best, by_source, one.wanted, one.to_read)

    def _of(
        self, one: _Compared, places: Sequence[int], articles: Sequence[StoredArticle]
    ) -> SupportingPassage:
        """What the passages at some places, all those of some articles, say of the claim."""
        hits, read = [one.hits[i] for i in places], [one.interactions[i] for i in places]
        known = [self._known(stored.article.text, _stated(stored.article)) for stored in articles]
        found = support(one.claim, read, [hit.passage.text for hit in hits], known)
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
            read=any(made.reading for made in read) if self._count else None,
        )

    def _nearest(self, encoded: Encoded, stored: StoredArticle, count: int) -> list[Hit]:
        """So many passages of an article, those first whose vectors come nearest to the claim's."""
        places = [
            (chunk, stored.key, start) for start, _, chunk in self._view.passages_of(stored.key)
        ]
        cosines = self._view.vectors([chunk for chunk, _, _ in places]) @ encoded.vector
        best = np.argsort(-cosines, kind="stable")[:count].tolist()
        stand = self._view.occurrences([places[i][0] for i in best])
        here = {(o.chunk, o.stored.key, o.start): o for found in stand.values() for o in found}
        return [
            hit_of(Candidate(places[i][0], cosine, cosine, None), [here[places[i]]])
            for i, cosine in zip(best, cosines[best].tolist(), strict=True)
            if places[i] in here
        ]


def _article(hit: Hit) -> str:
    return hit.source.article_id


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


def _stated(article: Article) -> str:
    """What is known of an article: a claim may repeat it, and the text need not."""
    stated = (article.title, article.author, article.publisher, article.published)
    return "\n".join(said for said in stated if said)
