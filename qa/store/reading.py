"""What readers ask, at a generation; and what the derived indexes are built from."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters, where
from qa.store.database import Database
from qa.store.records import (
    ARTICLE,
    LIVE,
    Changes,
    Occurrence,
    StoredArticle,
    batches,
    stored_from,
)
from qa.types import Document


class Reading(Database):
    """Articles, passages, chunks."""

    def article(self, id_: str, generation: int) -> StoredArticle | None:
        row = self.reader.execute(
            f"SELECT {ARTICLE}, a.text FROM articles a WHERE a.id = :id AND {LIVE}",
            {"id": id_, "g": generation},
        ).fetchone()
        return stored_from(row, row["text"]) if row else None

    def raw(self, key: int) -> bytes:
        """The input as it came."""
        row = self.reader.execute("SELECT raw FROM articles WHERE key = ?", (key,)).fetchone()
        return zlib.decompress(row["raw"])

    def document(self, key: int) -> Document:
        """An article of any generation with its raw input, to be stored once more."""
        row = self.reader.execute(
            f"SELECT {ARTICLE}, a.text FROM articles a WHERE a.key = ?", (key,)
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
            f"SELECT {ARTICLE}, length(a.text) AS length,"
            " (SELECT count(*) FROM passages p WHERE p.article = a.key) AS passages"
            f" FROM articles a WHERE a.id > :after AND {LIVE} ORDER BY a.id LIMIT :limit",
            {"after": after, "g": generation, "limit": limit},
        )
        return [(stored_from(row), row["length"], row["passages"]) for row in rows]

    def passages_of(self, key: int) -> list[tuple[int, int, int]]:
        """(start, end, chunk) of an article's passages, in order."""
        rows = self.reader.execute(
            "SELECT start, end, chunk FROM passages WHERE article = ? ORDER BY start", (key,)
        )
        return [tuple(row) for row in rows]

    def occurrences(
        self, chunks: Sequence[int], generation: int, filters: Filters | None = None
    ) -> dict[int, list[Occurrence]]:
        """Where each chunk stands, the longest-known article first."""
        condition, values = where(filters) if filters else ("1", {})
        found: dict[int, list[Occurrence]] = {}
        for batch in batches(list(chunks), 500):
            rows = self.reader.execute(
                f"SELECT {ARTICLE}, p.chunk, p.start, p.end, c.text AS passage, c.lead,"
                " trim(c.title || char(10) || c.byline, char(10)) AS words"
                " FROM passages p JOIN articles a ON a.key = p.article"
                " JOIN chunks c ON c.key = p.chunk"
                f" WHERE p.chunk IN ({_listed(batch)})"
                f" AND {LIVE} AND {condition} ORDER BY a.key, p.start",
                {**values, "g": generation},
            )
            for row in rows:
                place = Occurrence(
                    row["chunk"],
                    row["passage"],
                    row["start"],
                    row["end"],
                    stored_from(row),
                    row["words"],
                    bool(row["lead"]),
                )
                found.setdefault(place.chunk, []).append(place)
        return found

    def places(self, chunks: Sequence[int], generation: int) -> list[tuple[int, int, int, int]]:
        """(chunk, article key, start, end) of all places of these chunks, in the chunks' order."""
        order = {chunk: i for i, chunk in enumerate(chunks)}
        rows: list[sqlite3.Row] = []
        for batch in batches(list(order), 500):
            rows += self.reader.execute(
                "SELECT p.chunk, a.key, p.start, p.end FROM passages p"
                " JOIN articles a ON a.key = p.article"
                f" WHERE p.chunk IN ({_listed(batch)}) AND {LIVE}",
                {"g": generation},
            )
        found = [(row["chunk"], row["key"], row["start"], row["end"]) for row in rows]
        return sorted(found, key=lambda place: (order[place[0]], place[1], place[2]))

    def chunk_texts(self, keys: Sequence[int]) -> dict[int, str]:
        """The text of each chunk."""
        return {
            row["key"]: row["text"]
            for batch in batches(keys, 500)
            for row in self.reader.execute(
                f"SELECT key, text FROM chunks WHERE key IN ({_listed(batch)})"
            )
        }

    def article_texts(self, keys: Iterable[int]) -> dict[int, str]:
        """Texts of articles of any generation by key."""
        return {
            row["key"]: row["text"]
            for batch in batches(list(keys), 500)
            for row in self.reader.execute(
                f"SELECT key, text FROM articles WHERE key IN ({_listed(batch)})"
            )
        }

    def articles_of(self, keys: Iterable[int]) -> dict[int, StoredArticle]:
        """Articles of any generation by key."""
        return {
            row["key"]: stored_from(row, row["text"])
            for batch in batches(list(keys), 500)
            for row in self.reader.execute(
                f"SELECT {ARTICLE}, a.text FROM articles a WHERE a.key IN ({_listed(batch)})"
            )
        }

    def addresses(self, generation: int) -> list[tuple[str, str | None, str | None]]:
        """(id, URL, title) of every article."""
        rows = self.reader.execute(
            f"SELECT a.id, a.url, a.title FROM articles a WHERE {LIVE} ORDER BY a.key",
            {"g": generation},
        )
        return [(row["id"], row["url"], row["title"]) for row in rows]

    def containing(self, words: str, generation: int, limit: int) -> list[str]:
        """Ids of articles whose text has exactly these words: a scan, for what no index finds."""
        rows = self.reader.execute(
            f"SELECT a.id FROM articles a WHERE instr(a.text, :words) AND {LIVE} LIMIT :limit",
            {"words": words, "g": generation, "limit": limit},
        )
        return [row["id"] for row in rows]

    def counts(self, generation: int) -> dict[str, int]:
        """How many articles, passages and distinct chunks a generation has."""
        articles, passages = self.reader.execute(
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE"
            f" p.article = a.key)), 0) FROM articles a WHERE {LIVE}",
            {"g": generation},
        ).fetchone()
        embedded = self.reader.execute(
            f"SELECT count(*) FROM chunks a WHERE {LIVE}",
            {"g": generation},
        ).fetchone()[0]
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
        """All chunk keys of a generation, ascending."""
        return self._keys(
            "added_in <= ? AND (removed_in IS NULL OR removed_in > ?)", (generation, generation)
        )

    def purged_to(self) -> int:
        """Rows that went out after this generation are still there."""
        row = self.reader.execute("SELECT min(number) FROM generations").fetchone()
        return int(row[0] or 0)

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
        """Shape (len(keys), dimension)."""
        out = np.empty((len(keys), dimension), np.float32)
        for index, row in enumerate(self._chunk_rows("vector", keys)):
            out[index] = np.frombuffer(row["vector"], "<f4")
        return out

    def vector_blocks(
        self, keys: NDArray[np.int64], dimension: int
    ) -> Iterator[NDArray[np.float32]]:
        """The same, some thousand rows at a time."""
        return (self.vectors(keys[i : i + 4000], dimension) for i in range(0, len(keys), 4000))

    def texts(self, keys: NDArray[np.int64]) -> Iterator[tuple[int, str]]:
        """(key, all words of the chunk: title, byline and text)."""
        for row in self._chunk_rows("title, byline, text", keys):
            title, byline, text = row["title"], row["byline"], row["text"]
            # A passage that begins with its title does not count the words of it twice.
            title = "" if text.startswith(title) else title
            yield row["key"], "\n".join(part for part in (title, byline, text) if part)

    def readings(self, keys: Sequence[int]) -> dict[int, bytes]:
        """Packed sentences and token vectors (qa.tokens) by chunk key."""
        marks = ",".join("?" * len(keys))
        rows = self.reader.execute(
            f"SELECT chunk, data FROM readings WHERE chunk IN ({marks})", list(keys)
        )
        return {row["chunk"]: row["data"] for row in rows}

    def _chunk_rows(self, columns: str, keys: NDArray[np.int64]) -> Iterator[sqlite3.Row]:
        for batch in batches(keys.tolist(), 500):
            marks = ",".join("?" * len(batch))
            rows = self.reader.execute(
                f"SELECT key, {columns} FROM chunks WHERE key IN ({marks})", batch
            )
            by_key = {row["key"]: row for row in rows}
            yield from (by_key[key] for key in batch)


def _listed(keys: Sequence[int]) -> str:
    return ",".join(str(int(key)) for key in keys)
