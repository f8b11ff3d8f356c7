"""Whether the store holds what was written: for `qa status`, and for `qa reindex` to begin with."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from qa.errors import CorpusBroken
from qa.storage.records import Chunk
from qa.storage.sql.columns import (
    ARTICLE,
    CHUNK,
    FRONTS,
    SEALS,
    checked_place,
    chunk_from,
    known_seal,
    text_is,
)
from qa.storage.sql.engine import Connection, Database
from qa.storage.sql.seals import ADD_AGAIN, REINDEX, RESTORE, damaged, is_sealed

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
    said: list[str] = []
    with database.checking(said) as db:
        said += database.problems(db)
        for look in _LOOKS:
            said += [found.said for found in look(database, db)]
    return said


def derived_damage(database: Database) -> tuple[set[int], set[int]]:
    """Keys of the chunks, and of the articles with passages, that are to be made anew."""
    with database.tolerant() as db:
        found = [*_chunks(database, db), *_passages(database, db)]
    chunks = {key for one in found for key in one.chunks}
    return chunks, {one.article for one in found if one.article is not None}


def _generations(database: Database, db: Connection) -> Iterator[Damage]:
    """Damage to the table of generations: their numbers, and how much the newest one has."""
    try:
        newest = int(database.meta_of(db)["generation"])
    except CorpusBroken as error:
        yield Damage(error.message)
        return
    columns = "number, at, articles, article_keys, chunks, chunk_keys"
    rows = db.execute(f"SELECT {columns} FROM generations ORDER BY number").fetchall()
    numbers = [row["number"] for row in rows]
    if numbers != list(range(newest - len(rows) + 1, newest + 1)) or (newest and not rows):
        yield Damage(str(damaged("the table generations is", RESTORE)))
    elif any(type(row["at"]) is not float for row in rows):
        yield Damage(str(damaged("a time in the table generations is", RESTORE)))
    for table, keys in (("articles", "article_keys"), ("chunks", "chunk_keys")) if rows else ():
        number, total = db.execute(
            f"SELECT count(*), coalesce(sum(key), 0) FROM {table} WHERE removed_in IS NULL"
            f" AND {database.is_number('added_in')} AND added_in BETWEEN 1 AND ?",
            (newest,),
        ).fetchone()
        expected = (rows[-1][table], rows[-1][keys])
        if (number, total) != expected:
            mend = RESTORE if table == "articles" else REINDEX
            said = f"{number} {table} are live where {expected[0]!r} were stored"
            yield Damage(f"{said}, or not the same ones: {mend}")


def _articles(database: Database, db: Connection) -> Iterator[Damage]:
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


def _chunks(database: Database, db: Connection) -> Iterator[Damage]:
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


def _is_chunk(row: Any) -> bool:
    try:
        chunk = chunk_from(row)
    except (CorpusBroken, UnicodeError):
        return False
    return chunk.encoded == row["encoded"] and row["lead"] in (0, 1)


def _passages(database: Database, db: Connection) -> Iterator[Damage]:
    """Damage to passages: too few or many of an article, out of place, or of chunks that went."""
    articles = db.execute(
        f"SELECT a.key, a.id, a.text, a.digest, s.passages FROM articles a {SEALS}"
        " WHERE a.removed_in IS NULL"
    )
    for article in articles:
        text = article["text"] if text_is(article["text"], article["digest"]) else None
        rows = db.execute(
            "SELECT p.*, c.text, c.removed_in IS NULL AND c.added_in BETWEEN 1 AND"
            " (SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'generation') AS live"
            " FROM passages p LEFT JOIN chunks c ON c.key = p.chunk WHERE p.article = ?",
            (article["key"],),
        ).fetchall()
        wrong = [row for row in rows if not _is_placed(row, text)]
        if wrong or len(rows) != article["passages"]:
            what = f"{len(wrong) or 'some'} of the passages of article {article['id']!r} are"
            chunks = frozenset(row["chunk"] for row in wrong if isinstance(row["chunk"], int))
            yield Damage(str(damaged(what, REINDEX)), article["key"], chunks)


def _is_placed(row: Any, text: str | None) -> bool:
    try:
        _, start, end, _ = checked_place(row)
    except CorpusBroken:
        return False
    stands = text is None or text[start:end] == row["text"]
    return stands and bool(row["live"])


def _fronts(database: Database, db: Connection) -> Iterator[Damage]:
    for key, digest, title, byline in db.execute("SELECT key, digest, title, byline FROM fronts"):
        try:
            whole = Chunk(title, byline, False, "").front == digest
        except UnicodeError:
            whole = False
        if not whole:
            yield Damage(str(damaged(f"title and byline {key} of passages are", REINDEX)))


def _jobs(database: Database, db: Connection) -> Iterator[Damage]:
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


_LOOKS: tuple[Callable[[Database, Connection], Iterator[Damage]], ...] = (
    *(_generations, _articles, _chunks, _passages, _fronts, _jobs),
)
