"""What a writer does: all of it inside a transaction, in rows that carry the new generation."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Sequence

from qa.store.database import Database
from qa.store.records import Chunk, Entry, Placed, batches, fingerprint, text_digest
from qa.types import Article, Document

# A reader works at one generation for milliseconds; other processes notice a new one in a second.
PURGE_AFTER_SECONDS = 600.0
# Some tens of milliseconds of a transaction.
PURGED_AT_ONCE = 200
SHRUNK_AT_ONCE = 1000


class Writing(Database):
    """Articles and chunks in and out."""

    def put(self, entry: Entry, generation: int) -> None:
        """Inside a transaction: adds the article, or replaces the one with its id."""
        self.retire([entry.document.article.id], generation)
        self.insert(entry, generation)

    def retire(self, ids: Sequence[str], generation: int) -> int:
        """Inside a transaction: takes articles out; their chunks follow in `retire_orphans`."""
        return sum(
            self.writer.execute(
                "UPDATE articles SET removed_in = ? WHERE id = ? AND removed_in IS NULL",
                (generation, id_),
            ).rowcount
            for id_ in ids
        )

    def retire_orphans(self, generation: int) -> None:
        """Inside a transaction: takes out the chunks that stand in no live article any more."""
        self.writer.execute(
            "UPDATE chunks SET removed_in = :g WHERE removed_in IS NULL AND key IN ("
            " SELECT p.chunk FROM articles a JOIN passages p ON p.article = a.key"
            " WHERE a.removed_in = :g)"
            " AND NOT EXISTS (SELECT 1 FROM passages p JOIN articles a ON a.key = p.article"
            "  WHERE p.chunk = chunks.key AND a.removed_in IS NULL)",
            {"g": generation},
        )

    def retire_all(self, generation: int) -> list[int]:
        """Inside a transaction: takes everything out; the keys of what was live, oldest first."""
        live = "WHERE removed_in IS NULL"
        rows = self.writer.execute(f"SELECT key FROM articles {live} ORDER BY key")
        keys = [row["key"] for row in rows]
        self.writer.execute(f"UPDATE articles SET removed_in = ? {live}", (generation,))
        self.writer.execute(f"UPDATE chunks SET removed_in = ? {live}", (generation,))
        return keys

    def keep_dates(self, generation: int) -> None:
        """Inside a transaction: what was only stored once more keeps the time it was added at."""
        self.writer.execute(
            "UPDATE articles SET added_at = (SELECT b.added_at FROM articles b"
            "  WHERE b.id = articles.id AND b.removed_in = :g) WHERE added_in = :g",
            {"g": generation},
        )

    def insert(self, entry: Entry, generation: int) -> None:
        """Inside a transaction: adds an article whose id is free."""
        key = self._insert_article(entry.document, generation)
        for placed in entry.placed:
            chunk = self._chunk(placed, generation)
            self.writer.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?)", (key, placed.start, placed.end, chunk)
            )

    def purge(self, most: int = PURGED_AT_ONCE) -> int:
        """Inside a transaction: deletes what went out long ago; how many articles that were.

        At most `most` of them, and as many chunks: a change does not pay for those before it.
        """
        row = self.writer.execute(
            "SELECT max(number) AS floor FROM generations WHERE at < ?",
            (time.time() - PURGE_AFTER_SECONDS,),
        ).fetchone()
        if row["floor"] is None:
            return 0
        values = (row["floor"], most)
        gone = self.writer.execute(
            "DELETE FROM articles WHERE key IN"
            " (SELECT key FROM articles WHERE removed_in <= ? LIMIT ?)",
            values,
        ).rowcount
        self.writer.execute(
            "DELETE FROM chunks WHERE key IN (SELECT key FROM chunks WHERE removed_in <= ?"
            "  AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.chunk = chunks.key) LIMIT ?)",
            values,
        )
        self.writer.execute("DELETE FROM generations WHERE number < ?", values[:1])
        return gone

    def shrink(self, pages: int = SHRUNK_AT_ONCE) -> int:
        """Gives free pages back to the file system; how many. Readers go on meanwhile.

        None in a database that an earlier version made: there they are used again, not given back.
        """
        before = self._free_pages()
        if before:
            # A page for each step of the statement, and `execute` takes but one.
            self.writer.executescript(f"PRAGMA incremental_vacuum({pages:d})")
        return before - self._free_pages()

    def _free_pages(self) -> int:
        return int(self.writer.execute("PRAGMA freelist_count").fetchone()[0])

    def _insert_article(self, document: Document, generation: int) -> int:
        article = document.article
        values = {
            "id": article.id,
            "digest": text_digest(article.text),
            "fingerprint": fingerprint(article),
            "added_in": generation,
            "title": article.title,
            "url": article.url,
            "publisher": article.publisher,
            "author": article.author,
            "published": article.published,
            "language": article.language,
            "tags": json.dumps(article.tags),
            "extra": json.dumps(dict(article.extra), default=str),
            "pages": json.dumps(article.pages),
            "removed": json.dumps([[r.kind, r.text] for r in document.removed]),
            "notes": json.dumps(document.notes),
            "media_type": document.media_type,
            "encoding": document.encoding,
            "origin": document.origin,
            "added_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "text": article.text,
            "raw": zlib.compress(document.raw, 6),
        }
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        cursor = self.writer.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _chunk(self, placed: Placed, generation: int) -> int:
        chunk, digest = placed.chunk, placed.chunk.digest
        row = self.writer.execute(
            "SELECT key FROM chunks WHERE digest = ? AND removed_in IS NULL", (digest,)
        ).fetchone()
        if row:
            return int(row["key"])
        cursor = self.writer.execute(
            "INSERT INTO chunks (digest, encoded, added_in, title, byline, lead, text,"
            " vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                digest,
                chunk.encoded,
                generation,
                chunk.title,
                chunk.byline,
                chunk.lead,
                chunk.text,
                placed.vector,
            ),
        )
        assert cursor.lastrowid is not None
        self.writer.execute(
            "INSERT INTO readings VALUES (?, ?)", (cursor.lastrowid, placed.reading)
        )
        return cursor.lastrowid

    # --- what a writer asks (of the newest state) ----------------------------------------------

    def fingerprint_of(self, id_: str) -> str | None:
        row = self.reader.execute(
            "SELECT fingerprint FROM articles WHERE id = ? AND removed_in IS NULL", (id_,)
        ).fetchone()
        return row["fingerprint"] if row else None

    def copy_of(self, article: Article) -> tuple[Placed, ...] | None:
        """The chunks of another live article with the very same text: nothing to embed."""
        rows = self.reader.execute(
            "SELECT p.start, p.end, c.title, c.byline, c.lead, c.text, c.vector, r.data"
            " FROM passages p JOIN chunks c ON c.key = p.chunk"
            " JOIN readings r ON r.chunk = c.key WHERE p.article ="
            " (SELECT min(key) FROM articles WHERE digest = ? AND id <> ? AND removed_in IS NULL)"
            " ORDER BY p.start",
            (text_digest(article.text), article.id),
        ).fetchall()
        return (
            tuple(
                Placed(start, end, Chunk(title, byline, bool(lead), text), vector, reading)
                for start, end, title, byline, lead, text, vector, reading in rows
            )
            or None
        )

    def known_vectors(self, digests: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
        """Vector and reading of live chunks, by the digest of what was encoded."""
        found: dict[bytes, tuple[bytes, bytes]] = {}
        for batch in batches(digests, 500):
            marks = ",".join("?" * len(batch))
            rows = self.reader.execute(
                "SELECT c.encoded, c.vector, r.data FROM chunks c"
                " JOIN readings r ON r.chunk = c.key"
                f" WHERE c.removed_in IS NULL AND c.encoded IN ({marks})",
                batch,
            )
            found.update((digest, (vector, reading)) for digest, vector, reading in rows)
        return found

    def writer_fingerprint(self, id_: str) -> str | None:
        """Inside a transaction: as the writer sees it, its own changes included."""
        row = self.writer.execute(
            "SELECT fingerprint FROM articles WHERE id = ? AND removed_in IS NULL", (id_,)
        ).fetchone()
        return row["fingerprint"] if row else None
