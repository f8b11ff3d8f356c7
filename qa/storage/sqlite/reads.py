"""What readers ask, at a generation; and what the derived indexes are built from."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters, where
from qa.storage.records import (
    ARTICLE,
    CHUNK,
    FRONTS,
    LIVE,
    SEALS,
    Changes,
    Chunk,
    Occurrence,
    StoredArticle,
    batches,
    checked_place,
    chunk_from,
    stored_from,
    text_is,
)
from qa.storage.sqlite.database import Database
from qa.storage.sqlite.seals import ADD_AGAIN, REINDEX, RESTORE, damaged, gone, is_sealed, lost
from qa.types import Document


class Reading(Database):
    """Articles, passages, chunks."""

    def article(self, id_: str, generation: int) -> StoredArticle | None:
        row = self.reader.execute(
            f"SELECT {ARTICLE}, a.text FROM articles a {SEALS} WHERE a.id = :id AND {LIVE}",
            {"id": id_, "g": generation},
        ).fetchone()
        return stored_from(row, row["text"]) if row else None

    def raw(self, key: int) -> bytes:
        """The input as it came. Raises NotFound when the article has gone, and CorpusBroken."""
        row = self.reader.execute(
            f"SELECT a.id, a.raw, s.raw AS seal FROM articles a {SEALS} WHERE a.key = ?",
            (key,),
        ).fetchone()
        if row is None:
            raise gone()
        if not is_sealed(row["raw"], row["seal"]):
            raise damaged(f"the input of article {row['id']!r} is", ADD_AGAIN)
        return zlib.decompress(row["raw"])

    def document(self, key: int) -> Document:
        """An article of any generation with its raw input, to be stored once more."""
        row = self.reader.execute(
            f"SELECT {ARTICLE}, a.text FROM articles a {SEALS} WHERE a.key = ?", (key,)
        ).fetchone()
        stored = stored_from(row, row["text"])
        return Document(
            article=stored.article,
            raw=self.raw(key),
            media_type=stored.media_type,
            encoding=stored.encoding,
            removed=stored.removed,
            notes=stored.notes,
            origin=stored.origin,
        )

    def articles(
        self, generation: int, *, after: str = "", limit: int = 100
    ) -> list[tuple[StoredArticle, int, int]]:
        """(article without text, its length, its passages) by id, those after `after`."""
        rows = self.reader.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE a.id > :after AND {LIVE}"
            " ORDER BY a.id LIMIT :limit",
            {"after": after, "g": generation, "limit": limit},
        )
        return [(stored_from(row), row["characters"], row["passages"]) for row in rows]

    def passages_of(self, key: int) -> list[tuple[int, int, int]]:
        """(start, end, chunk) of an article's passages, in order.

        Raises Unavailable when the article has gone, and CorpusBroken.
        """
        rows = self.reader.execute(
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
        self, chunks: Sequence[int], generation: int, filters: Filters | None = None
    ) -> dict[int, list[Occurrence]]:
        """Where each chunk stands, the longest-known article first."""
        condition, values = where(filters) if filters else ("1", {})
        found: dict[int, list[Occurrence]] = {}
        known: dict[int, Chunk] = {}
        for batch in batches(list(chunks), 500):
            rows = self.reader.execute(
                f"SELECT {ARTICLE}, {CHUNK}, p.article, p.start, p.end, p.seal"
                " FROM passages p JOIN articles a ON a.key = p.article"
                f" JOIN chunks c ON c.key = p.chunk {SEALS} {FRONTS}"
                f" WHERE p.chunk IN ({_listed(batch)})"
                f" AND {LIVE} AND {condition} ORDER BY a.key, p.start",
                {**values, "g": generation},
            )
            for row in rows:
                _, start, end, key = checked_place(row)
                chunk = known.get(key) or known.setdefault(key, chunk_from(row))
                place = Occurrence(
                    key, chunk.text, start, end, stored_from(row), chunk.words, chunk.lead
                )
                found.setdefault(key, []).append(place)
        return found

    def places(self, chunks: Sequence[int], generation: int) -> list[tuple[int, int, int, int]]:
        """(chunk, article key, start, end) of all places of these chunks, in the chunks' order.

        Raises CorpusBroken for a chunk that has none.
        """
        order = {chunk: i for i, chunk in enumerate(chunks)}
        found: list[tuple[int, int, int, int]] = []
        for batch in batches(list(order), 500):
            rows = self.reader.execute(
                "SELECT p.* FROM passages p JOIN articles a ON a.key = p.article"
                f" WHERE p.chunk IN ({_listed(batch)}) AND {LIVE}",
                {"g": generation},
            )
            at = map(checked_place, rows)
            found += [(chunk, article, start, end) for article, start, end, chunk in at]
        if nowhere := order.keys() - {place[0] for place in found}:
            raise lost(min(nowhere))
        return sorted(found, key=lambda place: (order[place[0]], place[1], place[2]))

    def chunk_texts(self, keys: Sequence[int]) -> dict[int, str]:
        """The text of each chunk."""
        return {key: chunk.text for key, chunk in self._chunks(keys)}

    def article_texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Texts of articles of any generation by key."""
        found = {}
        for batch in batches(list(keys), 500):
            rows = self.reader.execute(
                f"SELECT key, id, digest, text FROM articles WHERE key IN ({_listed(batch)})"
            )
            for key, id_, digest, text in rows:
                if not text_is(text, digest):
                    raise damaged(f"the text of article {id_!r} is", ADD_AGAIN)
                found[key] = text
        return found

    def articles_of(self, keys: Iterable[int]) -> dict[int, StoredArticle]:
        """Articles of any generation by key."""
        return {
            row["key"]: stored_from(row, row["text"])
            for batch in batches(list(keys), 500)
            for row in self.reader.execute(
                f"SELECT {ARTICLE}, a.text FROM articles a {SEALS}"
                f" WHERE a.key IN ({_listed(batch)})"
            )
        }

    def addresses(self, generation: int) -> list[tuple[str, str | None, str | None]]:
        """(id, URL, title) of every article."""
        rows = self.reader.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE {LIVE} ORDER BY a.key",
            {"g": generation},
        )
        articles = (stored_from(row).article for row in rows)
        return [(article.id, article.url, article.title) for article in articles]

    def containing(self, words: str, generation: int, limit: int) -> list[str]:
        """Ids of articles whose text has exactly these words: a scan, for what no index finds."""
        rows = self.reader.execute(
            f"SELECT a.id FROM articles a WHERE instr(a.text, :words) AND {LIVE} LIMIT :limit",
            {"words": words, "g": generation, "limit": limit},
        )
        return [row["id"] for row in rows]

    def check_articles(self, generation: int) -> None:
        """Raises CorpusBroken when a generation has not the articles that it had."""
        live = self._numbers(f"SELECT a.key FROM articles a WHERE {LIVE}", {"g": generation})
        self._check("articles", live, generation, RESTORE)

    def _check(self, table: str, live: NDArray[np.int64], generation: int, mend: str) -> None:
        """Whether these keys are as many as were stored, and add up to the same."""
        stored = self.reader.execute("SELECT * FROM generations WHERE number = ?", (generation,))
        row = stored.fetchone()  # none before anything was stored, or when it is purged
        if row and (row[table], row[f"{table[:-1]}_keys"]) != (len(live), live.sum()):
            raise damaged(f"the {table} that are live are", mend)

    def counts(self, generation: int) -> dict[str, int]:
        """How many articles, passages and distinct chunks a generation has. Raises CorpusBroken."""
        self.check_articles(generation)
        articles, passages = self.reader.execute(
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE"
            f" p.article = a.key)), 0) FROM articles a WHERE {LIVE}",
            {"g": generation},
        ).fetchone()
        embedded = len(self.live_chunks(generation))
        return {"articles": articles, "passages": passages, "embedded": embedded}

    # --- what the derived indexes ask ----------------------------------------------------------

    def changes(self, since: int, until: int) -> Changes:
        """The chunks that came and went after generation `since`, up to `until`.

        What went is complete from `purged_to` on.
        """
        added = self._keys(
            "added_in > ? AND added_in <= ? AND (removed_in IS NULL OR removed_in > ?)",
            (since, until, until),
        )
        removed = self._keys("removed_in > ? AND removed_in <= ?", (since, until))
        return Changes(added, removed)

    def live_chunks(self, generation: int) -> NDArray[np.int64]:
        """All chunk keys of a generation, ascending. Raises CorpusBroken."""
        live = self._keys(
            "added_in <= ? AND (removed_in IS NULL OR removed_in > ?)", (generation, generation)
        )
        self._check("chunks", live, generation, REINDEX)
        return live

    def _keys(self, condition: str, values: tuple[int, ...]) -> NDArray[np.int64]:
        return np.sort(self._numbers(f"SELECT key FROM chunks WHERE {condition}", values))

    def _numbers(
        self, query: str, values: tuple[int, ...] | Mapping[str, Any]
    ) -> NDArray[np.int64]:
        """One column of numbers; a million of them in a third of a second."""
        cursor = self.reader.cursor()
        cursor.row_factory = None
        return np.fromiter(chain.from_iterable(cursor.execute(query, values)), np.int64)

    def vectors(self, keys: NDArray[np.int64], dimension: int) -> NDArray[np.float32]:
        """Shape (len(keys), dimension). Raises CorpusBroken."""
        out = np.empty((len(keys), dimension), np.float32)
        for index, row in enumerate(self._chunk_rows("vector, vector_seal", keys)):
            if not is_sealed(row["vector"], row["vector_seal"]):
                raise damaged(f"the vector of passage {row['key']} is", REINDEX)
            out[index] = np.frombuffer(row["vector"], "<f4")
        return out

    def vector_blocks(
        self, keys: NDArray[np.int64], dimension: int
    ) -> Iterator[NDArray[np.float32]]:
        """The same, some thousand rows at a time."""
        return (self.vectors(keys[i : i + 4000], dimension) for i in range(0, len(keys), 4000))

    def texts(self, keys: NDArray[np.int64]) -> Iterator[tuple[int, str]]:
        """(key, all words of the chunk: title, byline and text)."""
        for key, chunk in self._chunks(keys.tolist()):
            # A passage that begins with its title does not count the words of it twice.
            title = "" if chunk.text.startswith(chunk.title) else chunk.title
            yield key, "\n".join(part for part in (title, chunk.byline, chunk.text) if part)

    def readings(self, keys: Sequence[int]) -> dict[int, bytes]:
        """Packed sentences and token vectors (token_vectors.py) by chunk key.

        Raises CorpusBroken.
        """
        rows = self.reader.execute(
            "SELECT c.key, c.reading_seal, r.data FROM chunks c"
            f" LEFT JOIN readings r ON r.chunk = c.key WHERE c.key IN ({_listed(keys)})"
        )
        found = {}
        for key, sealed, data in rows:
            if not is_sealed(data, sealed):
                raise damaged(f"the token vectors of passage {key} are", REINDEX)
            found[key] = data
        return dict(_in_order(keys, found))

    def _chunks(self, keys: Sequence[int]) -> Iterator[tuple[int, Chunk]]:
        """In the order of the keys."""
        for batch in batches(keys, 500):
            rows = self.reader.execute(
                f"SELECT {CHUNK} FROM chunks c {FRONTS} WHERE c.key IN ({_listed(batch)})"
            )
            yield from _in_order(batch, {row["chunk"]: chunk_from(row) for row in rows})

    def _chunk_rows(self, columns: str, keys: NDArray[np.int64]) -> Iterator[sqlite3.Row]:
        for batch in batches(keys.tolist(), 500):
            rows = self.reader.execute(
                f"SELECT key, {columns} FROM chunks WHERE key IN ({_listed(batch)})"
            )
            found = _in_order(batch, {row["key"]: row for row in rows})
            yield from (row for _, row in found)


_T = TypeVar("_T")


def _in_order(keys: Sequence[int], found: Mapping[int, _T]) -> Iterator[tuple[int, _T]]:
    """Raises CorpusBroken for one that is not there."""
    for key in keys:
        if key not in found:
            raise lost(key)
        yield key, found[key]


def _listed(keys: Sequence[int]) -> str:
    return ",".join(str(int(key)) for key in keys)
