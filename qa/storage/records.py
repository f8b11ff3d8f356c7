"""The rows of the store, and the digests that tell them apart."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.storage.sqlite.seals import ADD_AGAIN, REINDEX, damaged, place_seal, row_seal
from qa.types import Article, Document, Removed, Source

# What is known of an article, all of it under one seal.
KNOWN = (
    *("key", "id", "digest", "fingerprint", "added_in", "title", "url", "publisher", "author"),
    *("published", "language", "tags", "extra", "pages", "removed", "notes", "media_type"),
    *("encoding", "origin", "added_at"),
)
JSON = ("tags", "extra", "pages", "removed", "notes")
# For queries on `articles a` with its SEALS: those of generation :g, and what is known of an
# article; the latter comes first.
LIVE = "a.added_in <= :g AND (a.removed_in IS NULL OR a.removed_in > :g)"
SEALS = "LEFT JOIN article_seals s ON s.article = a.key"
ARTICLE = ", ".join([*(f"a.{name}" for name in KNOWN), "s.passages, s.characters, s.known"])
_SEALED = len(KNOWN) + 2
# For queries on `chunks c` with its FRONTS: what decides what a passage is found by and cited as.
FRONTS = "LEFT JOIN fronts f ON f.key = c.front"
CHUNK = "c.key AS chunk, f.title AS front, f.byline, c.lead, c.text AS passage, c.digest AS whole"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A text that is embedded and indexed once, with what decides its vectors and words."""

    title: str
    byline: str  # publisher and author: "Tanjug, Ana Petrović"
    lead: bool  # the article's first passage: embedded with the title in front
    text: str

    @property
    def encoded(self) -> bytes:
        """Digest of what the encoder reads: the text, and the title where it is in front."""
        front = self.title if self.lead else ""
        return hashlib.sha256(f"{front}\0{self.text}".encode()).digest()

    @property
    def front(self) -> bytes:
        """Digest of what it shares with the other passages of its article."""
        return hashlib.sha256(f"{self.title}\0{self.byline}".encode()).digest()

    @property
    def digest(self) -> bytes:
        fields = "\0".join((self.title, self.byline, f"{self.lead:d}", self.text))
        return hashlib.sha256(fields.encode()).digest()

    @property
    def words(self) -> str:
        """Title and byline: what it is found by besides its text."""
        return f"{self.title}\n{self.byline}".strip("\n")


@dataclass(frozen=True, slots=True)
class Placed:
    """A chunk at its place in an article that is about to be stored."""

    start: int
    end: int
    chunk: Chunk
    vector: bytes
    reading: bytes  # qa.storage.token_vectors


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
    words: str = ""  # title and byline: what the chunk is indexed with besides its text
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What separates two generations, for the derived indexes."""

    added: NDArray[np.int64]
    removed: NDArray[np.int64]


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(article: Article) -> str:
    """Of everything a user can see of an article: equal means that nothing changed."""
    fields = {name: getattr(article, name) for name in Article.__dataclass_fields__}
    fields["extra"] = dict(article.extra)
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()


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


def chunk_from(row: sqlite3.Row) -> Chunk:
    """From a row that has the columns of `CHUNK`.

    Raises CorpusBroken when it is not what was stored: its text is what is cited.
    """
    chunk = Chunk(row["front"], row["byline"], bool(row["lead"]), row["passage"])
    try:
        whole = chunk.digest == row["whole"]
    except (TypeError, AttributeError):  # bytes where there was text
        whole = False
    if not whole:
        raise damaged(f"passage {row['chunk']} is", REINDEX)
    return chunk


def front(db: sqlite3.Connection, chunk: Chunk) -> int:
    """The row of title and byline: made where there is none, and mended where it is damaged."""
    stands = (chunk.title, chunk.byline)
    found = db.execute("SELECT * FROM fronts WHERE digest = ?", (chunk.front,)).fetchone()
    if found is None:
        made = db.execute(
            "INSERT INTO fronts (digest, title, byline) VALUES (?, ?, ?)", (chunk.front, *stands)
        )
        assert made.lastrowid is not None
        return made.lastrowid
    if (found["title"], found["byline"]) != stands:
        db.execute("UPDATE fronts SET title = ?, byline = ? WHERE key = ?", (*stands, found["key"]))
    return int(found["key"])


def checked_place(row: sqlite3.Row) -> tuple[int, int, int, int]:
    """(article, start, end, chunk) of a row of `passages`. Raises CorpusBroken."""
    place = (row["article"], row["start"], row["end"], row["chunk"])
    if place_seal(*place) != row["seal"]:
        raise damaged(f"the place of passage {place[3]!r} in article {place[0]!r} is", REINDEX)
    return place


def stored_from(row: sqlite3.Row, text: str | None = None) -> StoredArticle:
    """From a row that begins with `ARTICLE`, and the article's text where that is wanted.

    Raises CorpusBroken when either is not what was stored.
    """
    values = tuple(row)  # looking twenty columns up by name takes longer than all else here
    key, id_, digest, _, _, title, url, publisher, author, published, language = values[:11]
    tags, extra, pages, removed, notes, media_type, encoding, origin, added_at = values[11:20]
    if row_seal(values[:_SEALED]) != values[_SEALED] or not (text is None or text_is(text, digest)):
        raise damaged(f"article {id_!r} is", ADD_AGAIN)
    article = Article(
        id=id_,
        text=text or "",
        title=title,
        url=url,
        publisher=publisher,
        author=author,
        published=published,
        language=language,
        tags=_tuple(tags),
        extra=json.loads(extra),
        pages=_tuple(pages),
    )
    return StoredArticle(
        key=key,
        digest=digest,
        article=article,
        removed=tuple(Removed(*pair) for pair in _tuple(removed)),
        notes=_tuple(notes),
        media_type=media_type,
        encoding=encoding,
        origin=origin,
        added_at=added_at,
    )


def _tuple(listed: str) -> tuple[Any, ...]:
    return () if listed == "[]" else tuple(json.loads(listed))


def known_seal(row: sqlite3.Row) -> bytes:
    """Of a row that begins with `ARTICLE`."""
    return row_seal(tuple(row)[:_SEALED])


def text_is(text: object, digest: str) -> bool:
    """Whether the text is still that of the digest."""
    try:
        return isinstance(text, str) and text_digest(text) == digest
    except UnicodeError:
        return False


def batches(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[i : i + size] for i in range(0, len(items), size))
