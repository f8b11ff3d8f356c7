"""What readers ask of the store, at one generation: it sees just the rows of that one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters
from qa.storage.records import Chunk, Occurrence, StoredArticle
from qa.storage.sql.chunks import Chunks
from qa.storage.sql.columns import (
    ARTICLE,
    CHUNK,
    FRONTS,
    LIVE,
    SEALS,
    batches,
    checked_place,
    chunk_from,
    listed,
    stored_from,
    text_is,
)
from qa.storage.sql.engine import Database
from qa.storage.sql.known import raw_of
from qa.storage.sql.listing import Listings
from qa.storage.sql.matching import Matching
from qa.storage.sql.seals import ADD_AGAIN, REINDEX, RESTORE, damaged, gone, lost
from qa.storage.sql.where import where


class Reads:
    """The rows of one generation. Safe to use from many threads."""

    def __init__(
        self, database: Database, chunks: Chunks, matching: Matching, generation: int
    ) -> None:
        self.generation = generation
        self._db, self._chunks, self._matching = database, chunks, matching
        self._complete = False  # all articles are known to be there

    # --- articles ------------------------------------------------------------------------------

    def article(self, id_: str) -> StoredArticle | None:
        """The article with this id; None where there is none."""
        row = self._db.reader.execute(
            f"SELECT {ARTICLE}, a.text FROM articles a {SEALS} WHERE a.id = :id AND {LIVE}",
            {"id": id_, "g": self.generation},
        ).fetchone()
        return stored_from(row, row["text"]) if row else None

    def articles(
        self, *, after: str = "", limit: int = 100
    ) -> list[tuple[StoredArticle, int, int]]:
        """(article without text, its length, its passages) by id, those after `after`."""
        rows = self._db.reader.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE a.id > :after AND {LIVE}"
            " ORDER BY a.id LIMIT :limit",
            {"after": after, "g": self.generation, "limit": limit},
        )
        return [(stored_from(row), row["characters"], row["passages"]) for row in rows]

    @cached_property
    def listings(self) -> Listings:
        """The lists of articles, searched, sorted and counted."""
        return Listings(self._db, self.generation)

    def articles_by_key(self, keys: Iterable[int]) -> dict[int, StoredArticle]:
        """Articles with their texts, of any generation."""
        return {
            row["key"]: stored_from(row, row["text"])
            for batch in batches(list(keys), 500)
            for row in self._db.reader.execute(
                f"SELECT {ARTICLE}, a.text FROM articles a {SEALS} WHERE a.key IN ({listed(batch)})"
            )
        }

    def article_texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Texts of articles of any generation by key."""
        found = {}
        for batch in batches(list(keys), 500):
            rows = self._db.reader.execute(
                f"SELECT key, id, digest, text FROM articles WHERE key IN ({listed(batch)})"
            )
            for key, id_, digest, text in rows:
                if not text_is(text, digest):
                    raise damaged(f"the text of article {id_!r} is", ADD_AGAIN)
                found[key] = text
        return found

    def raw(self, key: int) -> bytes:
        """An article's input as it came. Raises Unavailable when it has gone, and CorpusBroken."""
        return raw_of(self._db, key)

    @cached_property
    def addresses(self) -> list[tuple[str, str | None, str | None]]:
        """(id, URL, title) of every article."""
        rows = self._db.reader.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE {LIVE} ORDER BY a.key",
            {"g": self.generation},
        )
        articles = (stored_from(row).article for row in rows)
        return [(article.id, article.url, article.title) for article in articles]

    def containing(self, words: str, limit: int, filters: Filters | None = None) -> list[str]:
        """Ids of articles whose text has exactly these words: a scan, for what no index finds."""
        condition, values = where(self._db, filters) if filters else ("TRUE", {})
        rows = self._db.reader.execute(
            f"SELECT a.id FROM articles a WHERE {self._db.stands_in(':words', 'a.text')}"
            f" AND {LIVE} AND {condition} LIMIT :limit",
            {**values, "words": words, "g": self.generation, "limit": limit},
        )
        return [row["id"] for row in rows]

    def passing(self, filters: Filters) -> dict[int, str]:
        """The ids of the articles that pass the filters, by key."""
        condition, values = where(self._db, filters)
        rows = self._db.reader.execute(
            f"SELECT a.key, a.id FROM articles a WHERE {LIVE} AND {condition}",
            {**values, "g": self.generation},
        )
        return {row["key"]: row["id"] for row in rows}

    def refuse_missing(self) -> None:
        """Raises CorpusBroken when the generation has not all the articles that it had.

        Only when all others are there may it be said that one is not. Counted once.
        """
        if not self._complete:
            query = f"SELECT a.key FROM articles a WHERE {LIVE}"
            live = self._db.numbers(query, {"g": self.generation})
            self._db.refuse_lost("articles", live, self.generation, RESTORE)
            self._complete = True

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many articles, passages and distinct chunks there are. Raises CorpusBroken."""
        self.refuse_missing()
        articles, passages = self._db.reader.execute(
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE"
            f" p.article = a.key)), 0) FROM articles a WHERE {LIVE}",
            {"g": self.generation},
        ).fetchone()
        embedded = len(self._chunks.live(self.generation))
        return {"articles": articles, "passages": passages, "embedded": embedded}

    # --- passages ------------------------------------------------------------------------------

    def passages_of(self, key: int) -> list[tuple[int, int, int]]:
        """(start, end, chunk) of an article's passages, in order.

        Raises Unavailable when the article has gone, and CorpusBroken.
        """
        rows = self._db.reader.execute(
            "SELECT s.passages AS expected, p.* FROM article_seals s"
            " LEFT JOIN passages p ON p.article = s.article WHERE s.article = ? ORDER BY p.start",
            (key,),
        ).fetchall()
        if not rows:
            raise gone()
        found = [checked_place(row) for row in rows if row["chunk"] is not None]
        if len(found) != rows[0]["expected"]:
            raise damaged(f"passages of article {key} are missing: they are", REINDEX)
        return [(start, end, chunk) for _, start, end, chunk in found]

    def occurrences(
        self, chunks: Sequence[int], filters: Filters | None = None
    ) -> dict[int, list[Occurrence]]:
        """Where each chunk stands, the longest-known article first.

        Raises CorpusBroken for a chunk that stands nowhere: left out, it would be in silence.
        """
        condition, values = where(self._db, filters) if filters else ("TRUE", {})
        found: dict[int, list[Occurrence]] = {}
        known: dict[int, Chunk] = {}
        for batch in batches(list(chunks), 500):
            rows = self._db.reader.execute(
                f"SELECT {ARTICLE}, {CHUNK}, p.article, p.start, p.end, p.seal"
                " FROM passages p JOIN articles a ON a.key = p.article"
                f" JOIN chunks c ON c.key = p.chunk {SEALS} {FRONTS}"
                f" WHERE p.chunk IN ({listed(batch)})"
                f" AND {LIVE} AND {condition} ORDER BY a.key, p.start",
                {**values, "g": self.generation},
            )
            for row in rows:
                _, start, end, key = checked_place(row)
                chunk = known.get(key) or known.setdefault(key, chunk_from(row))
                at = Occurrence(
                    key, chunk.text, start, end, stored_from(row), chunk.words, chunk.lead
                )
                found.setdefault(key, []).append(at)
        for key in chunks:
            if key not in found:
                raise lost(key)
        return found

    def places(self, chunks: Sequence[int]) -> list[tuple[int, int, int, int]]:
        """(chunk, article key, start, end) of all places of these chunks, in the chunks' order.

        What `occurrences` knows, without the articles: a fifth of its time. Raises CorpusBroken for
        a chunk that has none.
        """
        order = {chunk: i for i, chunk in enumerate(chunks)}
        found: list[tuple[int, int, int, int]] = []
        for batch in batches(list(order), 500):
            rows = self._db.reader.execute(
                "SELECT p.* FROM passages p JOIN articles a ON a.key = p.article"
                f" WHERE p.chunk IN ({listed(batch)}) AND {LIVE}",
                {"g": self.generation},
            )
            at = map(checked_place, rows)
            found += [(chunk, article, start, end) for article, start, end, chunk in at]
        if nowhere := order.keys() - {place[0] for place in found}:
            raise lost(min(nowhere))
        return sorted(found, key=lambda place: (order[place[0]], place[1], place[2]))

    def matching(self, filters: Filters) -> NDArray[np.int64]:
        """The keys of the chunks that stand in an article which passes the filters, ascending."""
        return self._matching.chunks(filters, self.generation)

    def texts(self, chunks: Sequence[int]) -> dict[int, str]:
        """The text of each chunk. Raises CorpusBroken."""
        return {key: chunk.text for key, chunk in self._chunks.chunks(chunks)}

    def vectors(self, chunks: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of chunks; shape (len(chunks), dimension). Raises CorpusBroken."""
        return self._chunks.vectors(np.asarray(chunks, np.int64))

    def token_vectors(self, chunks: Sequence[int]) -> dict[int, bytes]:
        """Packed sentences and token vectors by chunk (token_vectors.py). Raises CorpusBroken."""
        return self._chunks.token_vectors(chunks)
