"""A corpus at one moment: everything that readers ask of it.

Rows and indexes are bound together here, so that nobody can pair those of different moments. Chunks
are named by numbers that mean nothing elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters
from qa.observe import stage
from qa.storage.published import Indexes
from qa.storage.records import Occurrence, Selection, StoredArticle
from qa.storage.sql.listing import Listing
from qa.storage.sql.reads import Reads
from qa.storage.token_vectors import PassageTokens, unpack
from qa.text.sought import Forms, Sought, sought
from qa.types import Frequencies, Ranked

Vectors = NDArray[np.float32]
Keys = NDArray[np.int64]


class View:
    """What is stored, and what is near, at one moment. Safe to use from many threads."""

    is_narrowed = False  # only some of the articles are seen

    def __init__(self, rows: Reads, indexes: Indexes) -> None:
        """`rows` are those of the indexes' generation."""
        self._rows, self._indexes = rows, indexes

    @property
    def version(self) -> int:
        """The number of the last change that is seen; answers name it."""
        return self._indexes.generation

    # --- what is near --------------------------------------------------------------------------

    def nearest(
        self,
        vector: Vectors,
        limit: int,
        *,
        filters: Filters | None = None,
        among: Keys | None = None,
        exclude: Collection[int] = (),
    ) -> Ranked:
        """The `limit` chunks whose vectors have the highest products with this one, best first.

        Only chunks that stand in an article which passes the filters, only those of `among` where
        it is given, and none of `exclude`. Which scores are promised stands in VectorIndex.search.
        """
        allowed = self._allowed(filters, among)
        with stage("dense"):
            found = self._indexes.vectors.search(vector, limit + len(exclude), allowed)
        return _without(found, exclude, limit)

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
        """The `limit` chunks that share the rarest of these index terms, by BM25, best first.

        A term may be given as its forms. With `all_terms` they have every one. What a form adds is
        multiplied by its boost, if any.
        """
        allowed = self._allowed(filters, among)
        with stage("lexical"):
            found = self._indexes.lexical.best(
                terms, limit + len(exclude), allowed, all_terms=all_terms, boosts=boosts
            )
        return _without(found, exclude, limit)

    def having_of_each(self, groups: Sequence[Sequence[str]]) -> Keys:
        """All chunks that have of each group one of these index terms or more, ascending."""
        with stage("filter"):
            return self._indexes.lexical.having_of_each(groups)

    @property
    def languages(self) -> Mapping[str, int]:
        """The languages by whose rules passages are indexed, and how many: of the most first."""
        return self._indexes.lexical.languages

    def sought(self, text: str, *, rare_languages: bool = False) -> Sought:
        """The words of a text as they stand in these passages (qa.text.sought)."""
        return sought(text, self, rare_languages=rare_languages)

    def frequencies(self, terms: Sequence[str]) -> Frequencies:
        """In how many chunks each of these index terms stands."""
        return self._indexes.lexical.frequencies(terms)

    @property
    def mean(self) -> Vectors:
        """The mean of all vectors; shape (dimension,)."""
        return self._indexes.vectors.mean

    def _allowed(self, filters: Filters | None, among: Keys | None) -> Keys | None:
        if not filters:
            return among
        with stage("filter"):
            matching = self._rows.matching(filters)
            if among is None:
                return matching
            return np.intersect1d(matching, among, assume_unique=True)

    # --- chunks --------------------------------------------------------------------------------

    def occurrences(
        self, chunks: Sequence[int], filters: Filters | None = None
    ) -> dict[int, list[Occurrence]]:
        """Where each chunk stands, the longest-known article first. Raises CorpusBroken."""
        return self._rows.occurrences(chunks, filters)

    def places(self, chunks: Sequence[int]) -> list[tuple[int, int, int, int]]:
        """(chunk, article key, start, end) of all places of chunks, in their order: what
        `occurrences` knows without the articles, in a fifth of its time."""
        return self._rows.places(chunks)

    def texts(self, chunks: Sequence[int]) -> dict[int, str]:
        """The text of each chunk. Raises CorpusBroken."""
        return self._rows.texts(chunks)

    def vectors(self, chunks: Sequence[int]) -> Vectors:
        """The vectors of chunks; shape (len(chunks), dimension). Raises CorpusBroken."""
        return self._rows.vectors(chunks)

    def token_vectors(self, chunks: Sequence[int]) -> Iterator[PassageTokens]:
        """Sentences and token vectors of each chunk, in order. Raises CorpusBroken.

        They are read at once and unpacked one by one, as they are asked for: twenty unpacked ones
        are 3 MB, and no longer in the processor's cache when the first of them is used.
        """
        packed = self._rows.token_vectors(chunks)
        dimension = self._indexes.vectors.dimension
        return (unpack(packed[chunk], dimension) for chunk in chunks)

    # --- articles ------------------------------------------------------------------------------

    def article(self, id_: str) -> StoredArticle | None:
        """The article with this id; None where there is none. Raises CorpusBroken."""
        found = self._rows.article(id_)
        if found is None:
            self._rows.refuse_missing()
        return found

    def find(self, id_: str) -> StoredArticle | None:
        """The article with this id, or None; for a caller who will not say that there is none."""
        return self._rows.article(id_)

    def articles(
        self, *, after: str = "", limit: int = 100
    ) -> list[tuple[StoredArticle, int, int]]:
        """(article without text, its length, its passages) by id, those after `after`."""
        self._rows.refuse_missing()
        return self._rows.articles(after=after, limit=limit)

    def listing(self, selection: Selection) -> Listing:
        """The selected articles, to be paged through and counted. Raises CorpusBroken."""
        self._rows.refuse_missing()
        lexical = self._indexes.lexical

        def having() -> list[NDArray[np.int64]]:
            """The chunks with each of the words, the rarest first."""
            forms = sought(selection.words, lexical, rare_languages=True).forms.values()
            return sorted(map(lexical.having, forms), key=len)

        return self._rows.listings.of(selection, having)

    def articles_by_key(self, keys: Iterable[int]) -> dict[int, StoredArticle]:
        """Articles with their texts."""
        return self._rows.articles_by_key(keys)

    def article_texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Texts of articles."""
        return self._rows.article_texts(keys)

    def passages_of(self, key: int) -> list[tuple[int, int, int]]:
        """(start, end, chunk) of an article's passages, in order. Raises Unavailable."""
        return self._rows.passages_of(key)

    def raw(self, key: int) -> bytes:
        """The input of an article as it came. Raises Unavailable."""
        return self._rows.raw(key)

    @property
    def addresses(self) -> list[tuple[str, str | None, str | None]]:
        """(id, URL, title) of every article."""
        return self._rows.addresses

    def containing(self, words: str, limit: int, filters: Filters | None = None) -> list[str]:
        """Ids of articles whose text has exactly these words: a scan, for what no index finds."""
        return self._rows.containing(words, limit, filters)

    def passing(self, filters: Filters) -> dict[int, str]:
        """The ids of the articles that pass the filters, by key."""
        return self._rows.passing(filters)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many articles, passages and distinct texts among them there are."""
        return self._rows.counts

    def differences(self, live: NDArray[np.int64]) -> list[str]:
        """What the indexes hold that is not these chunks, or lack of them, in sentences."""
        vectors, lexical = self._indexes.vectors, self._indexes.lexical
        said = []
        if not (len(live) == len(vectors) and (live == vectors.keys()).all()):
            said.append("the vector index does not hold the chunks of the store: qa reindex")
        if len(live) != len(lexical):
            said.append("the lexical index does not hold the chunks of the store: qa reindex")
        return said


def _without(ranked: Ranked, exclude: Collection[int], limit: int) -> Ranked:
    if not exclude:
        return ranked
    keep = ~np.isin(ranked.keys, np.fromiter(exclude, np.int64))
    return Ranked(ranked.keys[keep][:limit], ranked.scores[keep][:limit])
