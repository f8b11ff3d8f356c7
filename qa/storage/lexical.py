"""tantivy: words -> chunk keys, by BM25. Derived from the store, can be rebuilt.

A `LexicalSearcher` is a point-in-time view: it answers the same while a writer goes on.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from qa.text.language import LANGUAGES, read_as
from qa.text.sought import Forms
from qa.text.terms import sequence
from qa.types import Frequencies, Ranked

_WRITER_BYTES = 30_000_000  # one thread: chunks are small, and the encoder needs the cores
# A filter is a set of keys to tantivy, 3 µs each: with many it is quicker to pass over the chunks
# that it does not allow, 0.3 µs each.
PASSED_FOR_A_KEY = 10


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(key: int, text: str) -> tantivy.Document:
    """A chunk as it is indexed: its terms by the rules of its language, which tantivy counts."""
    language = read_as(text)
    document = tantivy.Document()
    document.add_integer("key", key)
    document.add_text("text", " ".join(sequence(text, language)))
    document.add_text("language", language)
    return document


# "... Os { code: 28, kind: StorageFull, ..." or "... (os error 28)", within a ValueError.
_KILLED = "index writer was killed"
_OS_ERROR = re.compile(r"Os \{ code: (\d+)|\(os error (\d+)\)")


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Raises OSError where tantivy speaks of one; its other errors as they are."""
    try:
        yield
    except ValueError as error:
        said = f"{error} {error.__context__}"  # letting go of the writer may have failed as well
        found = _OS_ERROR.search(said)
        if found is None and _KILLED not in said:
            raise
        number = int(found[1] or found[2]) if found else errno.EIO
        raise OSError(number, os.strerror(number)) from error


class LexicalSearcher:
    """A view of the chunks of one generation, ranked by BM25."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, taken_out: int) -> None:
        self._searcher = searcher
        self._schema = schema
        self._taken_out = taken_out  # chunks that are gone, and still count in the statistics

    def __len__(self) -> int:
        return self._searcher.num_docs

    @cached_property
    def languages(self) -> dict[str, int]:
        """The languages by whose rules chunks are indexed, and how many: of the most first."""
        counts = Counter({one: self._searcher.doc_freq("language", one) for one in LANGUAGES})
        return {one: count for one, count in counts.most_common() if count}

    def best(
        self,
        terms: Sequence[str | Forms],
        limit: int,
        allowed: NDArray[np.int64] | None = None,
        *,
        all_terms: bool = False,
        boosts: Mapping[str, float] | None = None,
    ) -> Ranked:
        """The best `limit` chunks that have one of these index terms, by BM25.

        A term may be given as its forms, and stands where one of them does. With `allowed`, only
        these chunks; with `all_terms`, only those that have every term. What a form adds to a score
        is multiplied by its boost, {"kosovo": 2.0}, where it has one.

        No chunk with a higher score is left out, however many there are. Of equal scores the older
        chunk comes first; where `limit` cuts through equal scores, which of them are given depends
        on how the segments are cut. Words of chunks that were taken out count until they are merged
        away (qa.storage.lexical_files), and move all scores a little.
        """
        if not terms or limit < 1 or (allowed is not None and not len(allowed)):
            return Ranked.empty()
        occur = tantivy.Occur.Must if all_terms else tantivy.Occur.Should
        query = self._query(terms, occur, boosts or {})
        return self._top(query, limit) if allowed is None else self._among(allowed, query, limit)

    def _among(self, allowed: NDArray[np.int64], query: tantivy.Query, limit: int) -> Ranked:
        """The best `limit` of the allowed chunks, found in the way that costs less."""
        depth = self._depth(limit, len(allowed))
        if depth > PASSED_FOR_A_KEY * len(allowed):
            both = [(tantivy.Occur.Must, query), (tantivy.Occur.Must, self._only(allowed))]
            return self._top(tantivy.Query.boolean_query(both), limit)
        while True:
            found = self._top(query, depth)
            kept = np.isin(found.keys, allowed, assume_unique=True)
            if kept.sum() >= limit or len(found.keys) < depth:
                return Ranked(found.keys[kept][:limit], found.scores[kept][:limit])
            depth *= 4

    def _depth(self, limit: int, allowed: int) -> int:
        """How far down the list `limit` allowed chunks are expected, and half as far again."""
        return limit + int(1.5 * limit * len(self) / max(1, allowed))

    def _top(self, query: tantivy.Query, limit: int) -> Ranked:
        hits = self._searcher.search(query, limit, count=False).hits
        found = self._searcher.fast_field_values("key", [address for _, address in hits])
        keys = np.array(found, np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        # Equal scores: the older chunk first, however the segments are cut.
        order = np.lexsort((keys, -scores))
        return Ranked(keys[order], scores[order])

    def having_of_each(self, groups: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """All chunks that have of each group one index term or more, ascending."""
        one_of = [
            (tantivy.Occur.Must, self._query(group, tantivy.Occur.Should, {})) for group in groups
        ]
        query = tantivy.Query.const_score_query(tantivy.Query.boolean_query(one_of), 1.0)
        return np.sort(self._top(query, max(1, len(self))).keys)

    def frequencies(self, terms: Sequence[str]) -> Frequencies:
        """In how many chunks each index term stands.

        A count is 0 exactly where no chunk has the term. Others are too high by the chunks that
        were taken out and are not merged away yet, but never higher than the number of all chunks.
        """
        counts = np.array([self._count(term) for term in terms], np.int64)
        return Frequencies(np.minimum(counts, len(self)), len(self))

    def having(self, forms: Forms) -> NDArray[np.int64]:
        """All chunks that have one of these forms of a term, in no order."""
        count = sum(self._searcher.doc_freq("text", form) for form in forms)
        if not count:
            return Ranked.empty().keys
        return self._top(self._query(forms, tantivy.Occur.Should, {}), count).keys

    def _count(self, term: str) -> int:
        count = self._searcher.doc_freq("text", term)
        if 0 < count <= self._taken_out and not self._stands(term):
            return 0
        return count

    def _stands(self, term: str) -> bool:
        query = tantivy.Query.term_query(self._schema, "text", term)
        return bool(self._searcher.search(query, 1, count=False).hits)

    def _query(
        self, terms: Sequence[str | Forms], occur: tantivy.Occur, boosts: Mapping[str, float]
    ) -> tantivy.Query:
        clauses = [
            (occur, self._term(term, boosts))
            if isinstance(term, str)
            else (occur, self._query(term, tantivy.Occur.Should, boosts))
            for term in terms
        ]
        return tantivy.Query.boolean_query(clauses)

    def _term(self, term: str, boosts: Mapping[str, float]) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, "text", term)
        return tantivy.Query.boost_query(query, boosts[term]) if term in boosts else query

    def _only(self, allowed: NDArray[np.int64]) -> tantivy.Query:
        keys = tantivy.Query.term_set_query(self._schema, "key", allowed.tolist())
        return tantivy.Query.const_score_query(keys, 0.0)


class LexicalIndex:
    """The index of words in a folder. One process writes at a time: the caller holds the lock."""

    def __init__(self, folder: Path) -> None:
        """Opens the folder, or makes an empty index in it. Raises ValueError when damaged."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._schema = _schema()
        with _disk_errors():
            self._index = tantivy.Index(self._schema, path=str(folder))
            self._index.config_reader("manual")

    def update(self, removed: Iterable[int], added: Iterable[tuple[int, str]]) -> None:
        """Takes chunks out and puts (key, text) in. Doing it twice does no harm."""
        with self._writer() as writer:
            for key in removed:
                writer.delete_documents_by_term("key", key)
            for key, text in added:
                writer.delete_documents_by_term("key", key)
                writer.add_document(_document(key, text))

    def rewrite(self, chunks: Iterable[tuple[int, str]]) -> None:
        """Replaces everything by these (key, text), in one commit."""
        with self._writer() as writer:
            writer.delete_all_documents()
            for key, text in chunks:
                writer.add_document(_document(key, text))

    @contextmanager
    def _writer(self) -> Iterator[tantivy.IndexWriter]:
        """A writer that commits, and in any case lets go of the folder, which has room for one.

        Left to the garbage collector, a writer that met a full disk kept all others out until long
        after there was room again.
        """
        with _disk_errors():
            writer = self._index.writer(_WRITER_BYTES, 1)
            try:
                # What a commit that failed left behind has the names that the next one gives.
                writer.garbage_collect_files()
                yield writer
                writer.commit()
            except ValueError as error:
                if _KILLED in str(error):
                    writer.commit()  # raises what its thread died of
                raise
            finally:
                writer.wait_merging_threads()

    def taken_out(self) -> int:
        """How many chunks were taken out and still count in the statistics behind BM25."""
        meta = json.loads((self.folder / "meta.json").read_text("utf-8"))
        return sum(s["deletes"]["num_deleted_docs"] for s in meta["segments"] if s["deletes"])

    def searcher(self) -> LexicalSearcher:
        """A searcher of what was committed last, whatever is written later."""
        with _disk_errors():
            self._index.reload()
            return LexicalSearcher(self._index.searcher(), self._schema, self.taken_out())
