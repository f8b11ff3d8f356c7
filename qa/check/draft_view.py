"""What a draft is held against: the articles of a corpus, all or chosen, and sources beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from qa.check.beside_draft import SourcesBeside
from qa.check.types import Against
from qa.filters import Filters
from qa.ids import is_beside
from qa.storage import View
from qa.storage.records import Occurrence, StoredArticle
from qa.storage.token_vectors import PassageTokens
from qa.storage.view import Keys, Vectors
from qa.text.sought import Forms
from qa.types import Frequencies, Ranked


class DraftView(View):
    """A corpus at one moment, narrowed to the articles chosen, with the sources that came beside.

    Chunks and articles of the corpus have keys from zero on, the others have keys below.
    """

    def __init__(self, corpus: View, beside: SourcesBeside, against: Against) -> None:
        self._corpus, self._beside, self._filters = corpus, beside, against.chosen
        self._chosen: Mapping[int, str] | None = None  # ids by key; None: all
        if against.none_chosen:
            self._chosen = {}
        elif against.chosen:
            self._chosen = corpus.passing(against.chosen)
        self._ids = None if self._chosen is None else frozenset(self._chosen.values())
        self.is_narrowed = against.is_narrowed

    @property
    def version(self) -> int:
        return self._corpus.version

    # --- what is near --------------------------------------------------------------------------

    def best(
        self,
        terms: Sequence[str | Forms],
        limit: int,
        *,
        filters: Filters | None = None,
        all_terms: bool = False,
        boosts: Mapping[str, float] | None = None,
        among: Keys | None = None,
        exclude: Collection[int] = (),
    ) -> Ranked:
        """Those of the sources beside come first, and take none of the corpus its place."""
        first = [term if isinstance(term, str) else term[0] for term in terms]
        rarity = self.frequencies(first).rarity.tolist()
        own = self._beside.best(terms, limit, every=all_terms, rarity=rarity)
        if filters:  # one article is looked through
            own = [
                key
                for key in own
                if self._beside.occurrence(key).stored.article.id in filters.article_ids
            ]
        if among is not None:
            own = [key for key in own if key in among]
        found = self._of_corpus(terms, limit, filters, all_terms, among)
        scores = np.ones(len(own), np.float32)
        return Ranked(
            np.concatenate([np.array(own, np.int64), found.keys]),
            np.concatenate([scores, found.scores]),
        )

    def _of_corpus(
        self,
        terms: Sequence[str | Forms],
        limit: int,
        filters: Filters | None,
        all_terms: bool,
        among: Keys | None,
    ) -> Ranked:
        beside = filters is not None and all(map(is_beside, filters.article_ids))
        if beside or self._ids == frozenset():
            return Ranked.empty()
        within = filters or self._filters
        return self._corpus.best(terms, limit, filters=within, all_terms=all_terms, among=among)

    @property
    def languages(self) -> Mapping[str, int]:
        return dict(Counter(self._corpus.languages) + self._beside.languages)

    def frequencies(self, terms: Sequence[str]) -> Frequencies:
        found = self._corpus.frequencies(terms)
        total = found.total + len(self._beside.passages)
        return Frequencies(found.counts + self._beside.counts(terms), total)

    # --- chunks --------------------------------------------------------------------------------

    def occurrences(
        self, chunks: Sequence[int], filters: Filters | None = None
    ) -> dict[int, list[Occurrence]]:
        stored = [chunk for chunk in chunks if chunk >= 0]
        found = self._corpus.occurrences(stored, filters) if stored else {}
        return {**found, **{c: [self._beside.occurrence(c)] for c in chunks if c < 0}}

    def places(self, chunks: Sequence[int]) -> list[tuple[int, int, int, int]]:
        stored = [chunk for chunk in chunks if chunk >= 0]
        found = self._corpus.places(stored) if stored else []
        if self._chosen is not None:  # a chunk may stand in a copy that was not chosen, too
            found = [place for place in found if place[1] in self._chosen]
        own = map(self._beside.occurrence, (chunk for chunk in chunks if chunk < 0))
        return [*((o.chunk, o.stored.key, o.start, o.end) for o in own), *found]

    def texts(self, chunks: Sequence[int]) -> dict[int, str]:
        stored = [chunk for chunk in chunks if chunk >= 0]
        found = self._corpus.texts(stored) if stored else {}
        return {**found, **{c: self._beside.occurrence(c).text for c in chunks if c < 0}}

    def vectors(self, chunks: Sequence[int]) -> Vectors:
        beside = chunks and chunks[0] < 0  # all are of one article
        return self._beside.vectors(chunks) if beside else self._corpus.vectors(chunks)

    def token_vectors(self, chunks: Sequence[int]) -> Iterator[PassageTokens]:
        own = self._beside.token_vectors([chunk for chunk in chunks if chunk < 0])
        found = self._corpus.token_vectors([chunk for chunk in chunks if chunk >= 0])
        return (next(own) if chunk < 0 else next(found) for chunk in chunks)

    # --- articles ------------------------------------------------------------------------------

    def article(self, id_: str) -> StoredArticle | None:
        return self.find(id_)

    def find(self, id_: str) -> StoredArticle | None:
        own = self._beside.find(id_)
        if own or (self._ids is not None and id_ not in self._ids):
            return own
        return self._corpus.find(id_)

    def articles_by_key(self, keys: Iterable[int]) -> dict[int, StoredArticle]:
        own, stored = self._parted(keys)
        return {**own, **(self._corpus.articles_by_key(stored) if stored else {})}

    def article_texts(self, keys: Iterable[int]) -> dict[int, str]:
        own, stored = self._parted(keys)
        found = self._corpus.article_texts(stored) if stored else {}
        return {**found, **{key: one.article.text for key, one in own.items()}}

    def passages_of(self, key: int) -> list[tuple[int, int, int]]:
        return self._beside.passages_of(key) if key < 0 else self._corpus.passages_of(key)

    @property
    def addresses(self) -> list[tuple[str, str | None, str | None]]:
        beside = (stored.article for stored in self._beside.articles.values())
        own: list[tuple[str, str | None, str | None]] = [(a.id, a.url, a.title) for a in beside]
        ids = self._ids
        return own + [one for one in self._corpus.addresses if ids is None or one[0] in ids]

    def containing(self, words: str, limit: int, filters: Filters | None = None) -> list[str]:
        own = [s.article.id for s in self._beside.articles.values() if words in s.article.text]
        if self._ids == frozenset():
            return own
        return own + self._corpus.containing(words, limit, self._filters)

    def _parted(self, keys: Iterable[int]) -> tuple[dict[int, StoredArticle], list[int]]:
        """The sources beside by key, and the keys of the articles of the corpus."""
        wanted = list(keys)
        own = {key: self._beside.articles[key] for key in wanted if key < 0}
        return own, [key for key in wanted if key >= 0]
