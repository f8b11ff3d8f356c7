"""Whether the store holds what was written: for `qa status`, and for `qa reindex` to begin with."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from qa.errors import CorpusBroken
from qa.storage.disk import reported
from qa.storage.records import Chunk
from qa.storage.sqlite.columns import (
    ARTICLE,
    CHUNK,
    FRONTS,
    SEALS,
    checked_place,
    chunk_from,
    known_seal,
    text_is,
)
from qa.storage.sqlite.database import Database
from qa.storage.sqlite.seals import ADD_AGAIN, REINDEX, RESTORE, damaged, is_sealed

# What the table of jobs may say of one is qa.jobs' matter; here, that it can be read.
_JOB_COLUMNS = ("counts", "problems", "stated")


@dataclass(frozen=True, slots=True)
class Damage:
    """What is not what was stored; with the keys of what can be made anew from its article."""

    said: str
    article: int | None = None
    chunks: frozenset[int] = frozenset()


def check(database: Database) -> list[str]:
    """What is wrong with the database, sentence by sentence; empty when nothing is."""
    try:
        with _tolerant(database) as db:
            return [found.said for look in _LOOKS for found in look(db)]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return [f"SQLite: {error}"]


def derived_damage(database: Database) -> tuple[set[int], set[int]]:
    """Keys of the chunks, and of the articles with passages, that are to be made anew."""
    with _tolerant(database) as db:
        found = [*_chunks(db), *_passages(db)]
    chunks = {key for one in found for key in one.chunks}
    return chunks, {one.article for one in found if one.article is not None}


@contextmanager
def _tolerant(database: Database) -> Iterator[sqlite3.Connection]:
    """A connection that reads what is no UTF-8 too: its row is to be named."""
    with reported(database.path.parent):  # one that cannot be opened is no damage
        connection = database.connect()
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield connection
    finally:
        database.disconnect(connection)


def _sqlite(db: sqlite3.Connection) -> Iterator[Damage]:
    for row in db.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield Damage(f"SQLite: {row[0]}")
    for row in db.execute("PRAGMA foreign_key_check"):
        yield Damage(f"SQLite: row {row[1]} of {row[0]} refers to nothing")


def _generations(db: sqlite3.Connection) -> Iterator[Damage]:
    """Damage to the table of generations: their numbers, and how much the newest one has."""
    try:
        newest = int(Database.meta_of(db)["generation"])
    except CorpusBroken as error:
        yield Damage(error.message)
        return
    rows = db.execute("SELECT *, typeof(at) AS kind FROM generations ORDER BY number").fetchall()
    numbers = [row["number"] for row in rows]
    if numbers != list(range(newest - len(rows) + 1, newest + 1)) or (newest and not rows):
        yield Damage(str(damaged("the table generations is", RESTORE)))
    elif any(row["kind"] != "real" for row in rows):
        yield Damage(str(damaged("a time in the table generations is", RESTORE)))
    for table, keys in (("articles", "article_keys"), ("chunks", "chunk_keys")) if rows else ():
        number, total = db.execute(
            f"SELECT count(*), coalesce(sum(key), 0) FROM {table} WHERE removed_in IS NULL"
            " AND typeof(added_in) = 'integer' AND added_in BETWEEN 1 AND ?",
            (newest,),
        ).fetchone()
        expected = (rows[-1][table], rows[-1][keys])
        if (number, total) != expected:
            mend = RESTORE if table == "articles" else REINDEX
            said = f"{number} {table} are live where {expected[0]!r} were stored"
            yield Damage(f"{said}, or not the same ones: {mend}")


def _articles(db: sqlite3.Connection) -> Iterator[Damage]:
    rows = db.execute(
        f"SELECT {ARTICLE}, a.text, a.raw, s.raw AS raw_seal FROM articles a {SEALS}"
        " WHERE a.removed_in IS NULL"
    )
    for row in rows:
        name = f"article {row['id']!r}"
        if not text_is(row["text"], row["digest"]):
            yield Damage(str(damaged(f"the text of {name} is", ADD_AGAIN)))
        if known_seal(row) != row["known"]:
            yield Damage(str(damaged(f"what is known of {name} is", ADD_AGAIN)))
        if not is_sealed(row["raw"], row["raw_seal"]):
            yield Damage(str(damaged(f"the input of {name} is", ADD_AGAIN)))


def _chunks(db: sqlite3.Connection) -> Iterator[Damage]:
    rows = db.execute(
        f"SELECT {CHUNK}, c.encoded, c.vector, c.vector_seal, c.tokens_seal, r.data"
        f" FROM chunks c {FRONTS} LEFT JOIN token_vectors r ON r.chunk = c.key"
        " WHERE c.removed_in IS NULL"
    )
    for row in rows:
        key, wrong = row["chunk"], []
        if not _is_chunk(row):
            wrong.append(f"passage {key} is")
        if not is_sealed(row["vector"], row["vector_seal"]):
            wrong.append(f"the vector of passage {key} is")
        if not is_sealed(row["data"], row["tokens_seal"]):
            wrong.append(f"the token vectors of passage {key} are")
        yield from (Damage(str(damaged(what, REINDEX)), chunks=frozenset([key])) for what in wrong)


def _is_chunk(row: sqlite3.Row) -> bool:
    try:
        chunk = chunk_from(row)
    except (CorpusBroken, UnicodeError):
        return False
    return chunk.encoded == row["encoded"] and row["lead"] in (0, 1)


def _passages(db: sqlite3.Connection) -> Iterator[Damage]:
    """Damage to passages: too few or many of an article, out of place, or of chunks that went."""
    articles = db.execute(
        f"SELECT a.key, a.id, a.text, a.digest, s.passages FROM articles a {SEALS}"
        " WHERE a.removed_in IS NULL"
    )
    for article in articles:
        text = article["text"] if text_is(article["text"], article["digest"]) else None
        rows = db.execute(
            "SELECT p.*, c.text, c.removed_in IS NULL AND c.added_in BETWEEN 1 AND"
            " (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'generation') AS live"
            " FROM passages p LEFT JOIN chunks c ON c.key = p.chunk WHERE p.article = ?",
            (article["key"],),
        ).fetchall()
        wrong = [row for row in rows if not _is_placed(row, text)]
        if wrong or len(rows) != article["passages"]:
            what = f"{len(wrong) or 'some'} of the passages of article {article['id']!r} are"
            chunks = frozenset(row["chunk"] for row in wrong if isinstance(row["chunk"], int))
            yield Damage(str(damaged(what, REINDEX)), article["key"], chunks)


def _is_placed(row: sqlite3.Row, text: str | None) -> bool:
    try:
        _, start, end, _ = checked_place(row)
    except CorpusBroken:
        return False
    stands = text is None or text[start:end] == row["text"]
    return stands and bool(row["live"])


def _fronts(db: sqlite3.Connection) -> Iterator[Damage]:
    for key, digest, title, byline in db.execute("SELECT key, digest, title, byline FROM fronts"):
        try:
            whole = Chunk(title, byline, False, "").front == digest
        except UnicodeError:
            whole = False
        if not whole:
            yield Damage(str(damaged(f"title and byline {key} of passages are", REINDEX)))


def _jobs(db: sqlite3.Connection) -> Iterator[Damage]:
    for row in db.execute("SELECT * FROM jobs"):
        try:
            for column in _JOB_COLUMNS:
                json.loads(row[column])
        except (ValueError, TypeError):
            yield Damage(str(damaged(f"what is known of job {row['id']!r} is", "add it again")))
    both = " UNION ALL ".join(
        f"SELECT job, origin, payload FROM {table}" for table in ("job_items", "refused_items")
    )
    for row in db.execute(both):
        try:
            zlib.decompress(row["payload"])
        except (zlib.error, TypeError):
            what = f"{row['origin']!r} of job {row['job']!r} is"
            yield Damage(str(damaged(what, "add it again")))


_LOOKS: tuple[Callable[[sqlite3.Connection], Iterator[Damage]], ...] = (
    *(_sqlite, _generations, _articles, _chunks, _passages, _fronts, _jobs),
)
