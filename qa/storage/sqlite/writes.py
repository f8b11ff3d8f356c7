"""What a writer does: all of it inside a transaction, in rows that carry the new generation."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Sequence

from qa.errors import CorpusBroken
from qa.storage.records import (
    ARTICLE,
    CHUNK,
    FRONTS,
    KNOWN,
    SEALS,
    Chunk,
    Entry,
    Placed,
    batches,
    checked_place,
    chunk_from,
    fingerprint,
    front,
    known_seal,
    text_digest,
    text_is,
)
from qa.storage.sqlite.database import Database
from qa.storage.sqlite.seals import is_sealed, place_seal, row_seal, seal
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

    def affected(self, chunks: set[int], articles: set[int]) -> list[int]:
        """The keys of live articles that have one of these chunks, and of these themselves."""
        rows = self.reader.execute(
            "SELECT key FROM articles WHERE removed_in IS NULL AND (key IN"
            " (SELECT value FROM json_each(:articles)) OR key IN (SELECT article FROM passages"
            "  WHERE chunk IN (SELECT value FROM json_each(:chunks)))) ORDER BY key",
            {"chunks": json.dumps(list(chunks)), "articles": json.dumps(list(articles))},
        )
        return [row["key"] for row in rows]

    def retire_damaged(self, articles: Sequence[int], chunks: set[int], generation: int) -> None:
        """Inside a transaction: takes out articles that are to be inserted again, and chunks."""
        for table, keys in (("articles", articles), ("chunks", list(chunks))):
            self.writer.execute(
                f"UPDATE {table} SET removed_in = ? WHERE key IN (SELECT value FROM json_each(?))",
                (generation, json.dumps(keys)),
            )

    def settle(self) -> None:
        """Inside a transaction, after damage was mended: counts, and drops what belongs nowhere."""
        self._sum_up()
        self.writer.execute(
            'DELETE FROM passages WHERE seal <> place_seal(article, start, "end", chunk)'
        )
        self.writer.execute(
            "UPDATE generations SET (chunks, chunk_keys) ="
            " (SELECT count(*), coalesce(sum(key), 0) FROM chunks WHERE removed_in IS NULL)"
            " WHERE number = (SELECT max(number) FROM generations)"
        )
        for row in self.writer.execute("SELECT key, title, byline FROM fronts").fetchall():
            digest = Chunk(row["title"], row["byline"], False, "").front
            self.writer.execute(
                "UPDATE OR IGNORE fronts SET digest = ? WHERE key = ? AND digest <> ?",
                (digest, row["key"], digest),
            )

    def keep_dates(self, generation: int) -> None:
        """Inside a transaction: what was only stored once more keeps the time it was added at."""
        self.writer.execute(
            "UPDATE articles SET added_at = (SELECT b.added_at FROM articles b"
            "  WHERE b.id = articles.id AND b.removed_in = :g) WHERE added_in = :g",
            {"g": generation},
        )
        rows = self.writer.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE a.added_in = ?", (generation,)
        )
        self.writer.executemany(
            "UPDATE article_seals SET known = ? WHERE article = ?",
            ((known_seal(row), row["key"]) for row in rows),
        )

    def insert(self, entry: Entry, generation: int) -> None:
        """Inside a transaction: adds an article whose id is free."""
        key = self._insert_article(entry.document, generation, len(entry.placed))
        for placed in entry.placed:
            chunk = self._chunk(placed, generation)
            place = (key, placed.start, placed.end, chunk)
            self.writer.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?)", (*place, place_seal(*place))
            )

    def purge(self, most: int = PURGED_AT_ONCE) -> int:
        """Inside a transaction: deletes what went out long ago; how many articles that were.

        At most `most` of them, and as many chunks: a change does not pay for those before it.
        """
        self._sum_up()
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
        fronts = self.writer.execute(
            "DELETE FROM chunks WHERE key IN (SELECT key FROM chunks WHERE removed_in <= ?"
            "  AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.chunk = chunks.key) LIMIT ?)"
            " RETURNING front",
            values,
        ).fetchall()
        self.writer.executemany(
            "DELETE FROM fronts WHERE key = ?"
            " AND NOT EXISTS (SELECT 1 FROM chunks WHERE front = fronts.key)",
            {tuple(row) for row in fronts},
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
            with self._turn():
                self.writer.executescript(f"PRAGMA incremental_vacuum({pages:d})")
        return before - self._free_pages()

    def _free_pages(self) -> int:
        return int(self.writer.execute("PRAGMA freelist_count").fetchone()[0])

    def _insert_article(self, document: Document, generation: int, passages: int) -> int:
        article, raw = document.article, zlib.compress(document.raw, 6)
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
            "raw": raw,
        }
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        cursor = self.writer.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values)
        assert cursor.lastrowid is not None
        key, counted = cursor.lastrowid, (passages, len(article.text))
        known = row_seal([key, *(values[name] for name in KNOWN[1:]), *counted])
        self.writer.execute(
            "INSERT INTO article_seals VALUES (?, ?, ?, ?, ?)", (key, *counted, known, seal(raw))
        )
        return key

    def _chunk(self, placed: Placed, generation: int) -> int:
        chunk, digest = placed.chunk, placed.chunk.digest
        row = self.writer.execute(
            "SELECT key FROM chunks WHERE digest = ? AND removed_in IS NULL", (digest,)
        ).fetchone()
        if row:
            return int(row["key"])
        cursor = self.writer.execute(
            "INSERT INTO chunks (digest, encoded, added_in, front, lead, vector_seal,"
            " reading_seal, text, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                digest,
                chunk.encoded,
                generation,
                front(self.writer, chunk),
                chunk.lead,
                seal(placed.vector),
                seal(placed.reading),
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
        """None of what is not there; "" of what is damaged: adding it again mends it."""
        return _sound_fingerprint(self.reader, id_)

    def copy_of(self, article: Article) -> tuple[Placed, ...] | None:
        """The chunks of another live article with the very same text: nothing to embed."""
        row = self.reader.execute(
            "SELECT min(a.key) AS key, s.passages FROM articles a JOIN article_seals s"
            " ON s.article = a.key WHERE a.digest = ? AND a.id <> ? AND a.removed_in IS NULL",
            (text_digest(article.text), article.id),
        ).fetchone()
        rows = self.reader.execute(
            f"SELECT p.article, p.start, p.end, p.seal, {CHUNK}, {_EMBEDDED} FROM passages p"
            f" JOIN chunks c ON c.key = p.chunk {FRONTS} LEFT JOIN readings r ON r.chunk = c.key"
            " WHERE p.article = ? ORDER BY p.start",
            (row["key"],),
        ).fetchall()
        if len(rows) != row["passages"] or not all(map(_is_embedded, rows)):
            return None
        try:
            return tuple(map(_placed, rows))
        except CorpusBroken:  # what is damaged is embedded anew, and not copied
            return None

    def known_vectors(self, digests: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
        """Vector and reading of live chunks, by the digest of what was encoded."""
        found: dict[bytes, tuple[bytes, bytes]] = {}
        for batch in batches(digests, 500):
            marks = ",".join("?" * len(batch))
            rows = self.reader.execute(
                f"SELECT c.encoded, {_EMBEDDED} FROM chunks c"
                " JOIN readings r ON r.chunk = c.key"
                f" WHERE c.removed_in IS NULL AND c.encoded IN ({marks})",
                batch,
            )
            found.update(
                (row["encoded"], (row["vector"], row["data"])) for row in rows if _is_embedded(row)
            )
        return found

    def writer_fingerprint(self, id_: str) -> str | None:
        """Inside a transaction, the same as the writer sees it, its own changes included."""
        return _sound_fingerprint(self.writer, id_)


_EMBEDDED = "c.vector, c.vector_seal, r.data, c.reading_seal"


def _is_embedded(row: sqlite3.Row) -> bool:
    """Whether vector and reading are what was stored."""
    vector = is_sealed(row["vector"], row["vector_seal"])
    return vector and is_sealed(row["data"], row["reading_seal"])


def _placed(row: sqlite3.Row) -> Placed:
    _, start, end, _ = checked_place(row)
    return Placed(start, end, chunk_from(row), row["vector"], row["data"])


def _sound_fingerprint(db: sqlite3.Connection, id_: str) -> str | None:
    try:
        row = _with_all(db, id_)
    except sqlite3.OperationalError as error:
        if "UTF-8" not in str(error):
            raise
        return ""  # no text at all any more
    if row is None:
        return None
    known = known_seal(row) == row["known"] and text_is(row["text"], row["digest"])
    sound = known and is_sealed(row["raw"], row["raw_seal"])
    return str(row["fingerprint"]) if sound else ""


def _with_all(db: sqlite3.Connection, id_: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        f"SELECT {ARTICLE}, a.text, a.raw, s.raw AS raw_seal FROM articles a {SEALS}"
        " WHERE a.id = ? AND a.removed_in IS NULL",
        (id_,),
    ).fetchone()
    return row
