"""SQLite (WAL): articles, passages, vectors. The truth; everything else can be made from it.

Readers never wait for a writer and never see half of a change: every query is asked at a
generation and sees just the rows of that generation (see schema.sql). Rows that went out are purged
once no reader can still be at their generation.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import CorpusBroken
from qa.filters import Filters, where
from qa.types import Article, Document, Removed, Source

SCHEMA_VERSION = "1"
# A reader works at one generation for milliseconds; other processes notice a new one in a second.
PURGE_AFTER_SECONDS = 600.0
_LIVE = "a.added_in <= :g AND (a.removed_in IS NULL OR a.removed_in > :g)"
_ARTICLE = (
    "a.key, a.id, a.digest, a.title, a.url, a.publisher, a.author, a.published, a.language,"
    " a.tags, a.extra, a.pages, a.removed, a.notes, a.media_type, a.encoding, a.origin, a.added_at"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A chunk of an article that is about to be stored."""

    start: int
    end: int
    title: str
    lead: bool  # the article's first passage: embedded with the title in front
    text: str
    vector: bytes

    @property
    def digest(self) -> bytes:
        return chunk_digest(self.title, self.lead, self.text)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with its chunks, ready to be written."""

    document: Document
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the store knows it; `article.text` is "" in listings."""

    key: int
    digest: str
    article: Article
    removed: tuple[Removed, ...]
    notes: tuple[str, ...]
    media_type: str
    encoding: str | None
    origin: str | None
    added_at: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a chunk stands."""

    chunk: int
    text: str
    start: int
    end: int
    stored: StoredArticle
    title: str = ""  # what the chunk was embedded with in front


@dataclass(frozen=True, slots=True)
class Changes:
    """What separates two generations, for the derived indexes."""

    added: NDArray[np.int64]
    removed: NDArray[np.int64]


def chunk_digest(title: str, lead: bool, text: str) -> bytes:
    """Of all that decides a chunk's vector and words."""
    return hashlib.sha256(f"{title}\0{lead:d}\0{text}".encode()).digest()


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(article: Article) -> str:
    """Of everything a user can see of an article: equal means that nothing changed."""
    fields = {name: getattr(article, name) for name in Article.__dataclass_fields__}
    fields["extra"] = dict(article.extra)
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Says what mends it when SQLite cannot read the file. Raises CorpusBroken."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise CorpusBroken(
            f"{path} cannot be read as a corpus: {error}. Restore it from a backup, or move "
            "the folder away and add the articles again"
        ) from error


class Store:
    """One database file; a connection for each thread that reads, one for the writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        self._writing = threading.RLock()
        with readable(path):
            self.writer = self._connect()
            self._create()

    # --- connections -------------------------------------------------------------------------

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=30
        )
        connection.row_factory = sqlite3.Row
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-16000; PRAGMA mmap_size=1073741824;"
        )
        connection.create_function(
            "casefold", 1, lambda s: s.casefold() if s else s, deterministic=True
        )
        with self._opening:
            self._connections.append(connection)
        return connection

    @property
    def reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    @property
    def closed(self) -> bool:
        return not self._connections

    def close(self) -> None:
        with self._opening:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _create(self) -> None:
        with self.transaction() as db:
            found = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
            if not found:
                script = resources.files("qa").joinpath("schema.sql").read_text("utf-8")
                for statement in _statements(script):
                    db.execute(statement)
                self.set_meta({"schema": SCHEMA_VERSION, "generation": "0"})
        version = self.meta().get("schema")
        if version != SCHEMA_VERSION:
            raise CorpusBroken(
                f"{self.path} has schema {version}, this version reads {SCHEMA_VERSION}: "
                "use the version of footnote-qa that wrote it"
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it or nothing."""
        with self._writing:
            self.writer.execute("BEGIN IMMEDIATE")
            try:
                yield self.writer
            except BaseException:
                self.writer.execute("ROLLBACK")
                raise
            self.writer.execute("COMMIT")

    # --- meta --------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        return {row["key"]: row["value"] for row in self.reader.execute("SELECT * FROM meta")}

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Inside a transaction."""
        self.writer.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))

    def generation(self) -> int:
        """The last one that was committed."""
        row = self.reader.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return int(row["value"])

    def next_generation(self) -> int:
        """Inside a transaction: the number that its rows carry."""
        row = self.writer.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        number = int(row["value"]) + 1
        self.set_meta({"generation": str(number)})
        self.writer.execute("INSERT INTO generations VALUES (?, ?)", (number, time.time()))
        return number

    # --- writing -----------------------------------------------------------------------------

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

    def purge(self) -> int:
        """Inside a transaction: deletes what went out long ago; how many articles that were."""
        row = self.writer.execute(
            "SELECT max(number) AS floor FROM generations WHERE at < ?",
            (time.time() - PURGE_AFTER_SECONDS,),
        ).fetchone()
        if row["floor"] is None:
            return 0
        floor = (row["floor"],)
        gone = self.writer.execute("DELETE FROM articles WHERE removed_in <= ?", floor).rowcount
        self.writer.execute(
            "DELETE FROM chunks WHERE removed_in <= ?"
            " AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.chunk = chunks.key)",
            floor,
        )
        self.writer.execute("DELETE FROM generations WHERE number < ?", floor)
        return gone

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
        digest = placed.digest
        row = self.writer.execute(
            "SELECT key FROM chunks WHERE digest = ? AND removed_in IS NULL", (digest,)
        ).fetchone()
        if row:
            return int(row["key"])
        cursor = self.writer.execute(
            "INSERT INTO chunks (digest, added_in, title, lead, text, vector)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (digest, generation, placed.title, placed.lead, placed.text, placed.vector),
        )
        assert cursor.lastrowid is not None
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
            "SELECT p.start, p.end, c.title, c.lead, c.text, c.vector FROM passages p"
            " JOIN chunks c ON c.key = p.chunk WHERE p.article ="
            " (SELECT min(key) FROM articles WHERE digest = ? AND id <> ? AND removed_in IS NULL)"
            " ORDER BY p.start",
            (text_digest(article.text), article.id),
        ).fetchall()
        return (
            tuple(Placed(a, z, title, bool(lead), text, v) for a, z, title, lead, text, v in rows)
            or None
        )

    def known_vectors(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """The vectors of live chunks, by digest of title and text."""
        found: dict[bytes, bytes] = {}
        for batch in _batches(digests, 500):
            marks = ",".join("?" * len(batch))
            rows = self.reader.execute(
                "SELECT digest, vector FROM chunks"
                f" WHERE removed_in IS NULL AND digest IN ({marks})",
                batch,
            )
            found.update((row["digest"], row["vector"]) for row in rows)
        return found

    def writer_fingerprint(self, id_: str) -> str | None:
        """Inside a transaction: as the writer sees it, its own changes included."""
        row = self.writer.execute(
            "SELECT fingerprint FROM articles WHERE id = ? AND removed_in IS NULL", (id_,)
        ).fetchone()
        return row["fingerprint"] if row else None

    # --- what the derived indexes ask ----------------------------------------------------------

    def changes(self, since: int, until: int) -> Changes:
        """The chunks that came and went after generation `since`, up to `until`."""
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

    def _keys(self, condition: str, values: tuple[int, ...]) -> NDArray[np.int64]:
        rows = self.reader.execute(f"SELECT key FROM chunks WHERE {condition} ORDER BY key", values)
        return np.fromiter((row["key"] for row in rows), np.int64)

    def vectors(self, keys: NDArray[np.int64], dimension: int) -> NDArray[np.float32]:
        """Shape (len(keys), dimension)."""
        out = np.empty((len(keys), dimension), np.float32)
        for index, row in enumerate(self._chunk_rows("vector", keys)):
            out[index] = np.frombuffer(row["vector"], "<f4")
        return out

    def texts(self, keys: NDArray[np.int64]) -> Iterator[tuple[int, str, str]]:
        """(key, title, text) of each chunk."""
        for row in self._chunk_rows("title, text", keys):
            yield row["key"], row["title"], row["text"]

    def _chunk_rows(self, columns: str, keys: NDArray[np.int64]) -> Iterator[sqlite3.Row]:
        for batch in _batches(keys.tolist(), 500):
            marks = ",".join("?" * len(batch))
            rows = self.reader.execute(
                f"SELECT key, {columns} FROM chunks WHERE key IN ({marks})", batch
            )
            by_key = {row["key"]: row for row in rows}
            yield from (by_key[key] for key in batch)

    # --- what readers ask, at a generation ------------------------------------------------------

    def article(self, id_: str, generation: int) -> StoredArticle | None:
        row = self.reader.execute(
            f"SELECT {_ARTICLE}, a.text FROM articles a WHERE a.id = :id AND {_LIVE}",
            {"id": id_, "g": generation},
        ).fetchone()
        return _stored(row, row["text"]) if row else None

    def raw(self, key: int) -> bytes:
        """The input as it came."""
        row = self.reader.execute("SELECT raw FROM articles WHERE key = ?", (key,)).fetchone()
        return zlib.decompress(row["raw"])

    def document(self, key: int) -> Document:
        """An article of any generation with its raw input, to be stored once more."""
        row = self.reader.execute(
            f"SELECT {_ARTICLE}, a.text FROM articles a WHERE a.key = ?", (key,)
        ).fetchone()
        stored = _stored(row, row["text"])
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
            f"SELECT {_ARTICLE}, length(a.text) AS length,"
            " (SELECT count(*) FROM passages p WHERE p.article = a.key) AS passages"
            f" FROM articles a WHERE a.id > :after AND {_LIVE} ORDER BY a.id LIMIT :limit",
            {"after": after, "g": generation, "limit": limit},
        )
        return [(_stored(row), row["length"], row["passages"]) for row in rows]

    def passages_of(self, key: int) -> list[tuple[int, int, int]]:
        """(start, end, chunk) of an article's passages, in order."""
        rows = self.reader.execute(
            "SELECT start, end, chunk FROM passages WHERE article = ? ORDER BY start", (key,)
        )
        return [tuple(row) for row in rows]

    def matching_chunks(self, filters: Filters, generation: int) -> NDArray[np.int64]:
        """The chunks that stand in an article which passes the filters, ascending."""
        condition, values = where(filters)
        rows = self.reader.execute(
            "SELECT DISTINCT p.chunk FROM articles a JOIN passages p ON p.article = a.key"
            f" WHERE {_LIVE} AND {condition} ORDER BY p.chunk",
            {**values, "g": generation},
        )
        return np.fromiter((row["chunk"] for row in rows), np.int64)

    def occurrences(
        self, chunks: Sequence[int], generation: int, filters: Filters | None = None
    ) -> dict[int, list[Occurrence]]:
        """Where each chunk stands, the longest-known article first."""
        condition, values = where(filters) if filters else ("1", {})
        found: dict[int, list[Occurrence]] = {}
        for batch in _batches(list(chunks), 500):
            rows = self.reader.execute(
                f"SELECT {_ARTICLE}, p.chunk, p.start, p.end, c.text AS passage,"
                " CASE WHEN c.lead THEN c.title ELSE '' END AS front"
                " FROM passages p JOIN articles a ON a.key = p.article"
                " JOIN chunks c ON c.key = p.chunk"
                f" WHERE p.chunk IN ({','.join(str(int(c)) for c in batch)})"
                f" AND {_LIVE} AND {condition} ORDER BY a.key, p.start",
                {**values, "g": generation},
            )
            for row in rows:
                place = Occurrence(
                    row["chunk"],
                    row["passage"],
                    row["start"],
                    row["end"],
                    _stored(row),
                    row["front"],
                )
                found.setdefault(place.chunk, []).append(place)
        return found

    def containing(self, words: str, generation: int, limit: int) -> list[str]:
        """Ids of articles whose text has exactly these words: a scan, for what no index finds."""
        rows = self.reader.execute(
            f"SELECT a.id FROM articles a WHERE instr(a.text, :words) AND {_LIVE} LIMIT :limit",
            {"words": words, "g": generation, "limit": limit},
        )
        return [row["id"] for row in rows]

    def counts(self, generation: int) -> dict[str, int]:
        """How many articles, passages and distinct chunks a generation has."""
        articles, passages = self.reader.execute(
            "SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE"
            f" p.article = a.key)), 0) FROM articles a WHERE {_LIVE}",
            {"g": generation},
        ).fetchone()
        embedded = self.reader.execute(
            f"SELECT count(*) FROM chunks a WHERE {_LIVE}",
            {"g": generation},
        ).fetchone()[0]
        return {"articles": articles, "passages": passages, "embedded": embedded}

    def check(self) -> list[str]:
        """What is wrong with the database, sentence by sentence; empty when nothing is."""
        try:
            return self._problems()
        except sqlite3.DatabaseError as error:
            return [f"SQLite: {error}"]

    def _problems(self) -> list[str]:
        problems = [
            f"SQLite: {row[0]}"
            for row in self.reader.execute("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        problems += [
            f"SQLite: row {row[1]} of {row[0]} refers to nothing"
            for row in self.reader.execute("PRAGMA foreign_key_check")
        ]
        for row in self.reader.execute("SELECT key, id, digest, text FROM articles"):
            if text_digest(row["text"]) != row["digest"]:
                problems.append(f"article {row['id']}: the text is not the one that was stored")
            problems += self._check_spans(row["key"], row["id"], row["text"])
        return problems

    def _check_spans(self, key: int, id_: str, text: str) -> list[str]:
        rows = self.reader.execute(
            "SELECT p.start, p.end, c.text FROM passages p JOIN chunks c ON c.key = p.chunk"
            " WHERE p.article = ?",
            (key,),
        )
        return [
            f"article {id_}: characters {start}-{end} are not the passage that was stored"
            for start, end, passage in rows
            if text[start:end] != passage
        ]


def source(stored: StoredArticle, start: int = 0) -> Source:
    """Who says what stands at `start` of an article."""
    article = stored.article
    pages = article.pages
    return Source(
        article_id=article.id,
        title=article.title,
        url=article.url,
        publisher=article.publisher,
        author=article.author,
        published=article.published,
        language=article.language,
        page=max(1, int(np.searchsorted(pages, start, side="right"))) if pages else None,
    )


def _stored(row: sqlite3.Row, text: str = "") -> StoredArticle:
    article = Article(
        id=row["id"],
        text=text,
        title=row["title"],
        url=row["url"],
        publisher=row["publisher"],
        author=row["author"],
        published=row["published"],
        language=row["language"],
        tags=tuple(json.loads(row["tags"])),
        extra=json.loads(row["extra"]),
        pages=tuple(json.loads(row["pages"])),
    )
    return StoredArticle(
        key=row["key"],
        digest=row["digest"],
        article=article,
        removed=tuple(Removed(*pair) for pair in json.loads(row["removed"])),
        notes=tuple(json.loads(row["notes"])),
        media_type=row["media_type"],
        encoding=row["encoding"],
        origin=row["origin"],
        added_at=row["added_at"],
    )


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _batches(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[i : i + size] for i in range(0, len(items), size))
