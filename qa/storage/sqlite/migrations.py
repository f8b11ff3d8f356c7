"""The steps that bring a database of an earlier version to this one, in place.

Each step is one transaction with its new version number. schema.sql is what they lead to. What
takes long is prepared before it, in tables that an earlier version does not know: some thousand
rows at a time, and cut off, the next opening goes on from there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager

from qa.storage.records import Chunk
from qa.storage.sql.columns import JSON, KNOWN, fronts, known_seal
from qa.storage.sql.seals import NONE, is_json, is_sound, is_unit, seal

# How many rows one transaction prepares.
CHUNKS_AT_ONCE, ARTICLES_AT_ONCE = 2000, 200
Transaction = Callable[[], AbstractContextManager[sqlite3.Connection]]

# The statements of each step, by the version that it leads to.
MIGRATIONS: dict[int, tuple[str, ...]] = {
    # A digest for every row, how much each generation has, and what passages are found by besides
    # their text once for all of them.
    4: (
        "CREATE TABLE passages_4 (article INTEGER NOT NULL REFERENCES articles (key)"
        ' ON DELETE CASCADE, start INTEGER NOT NULL, "end" INTEGER NOT NULL,'
        " chunk INTEGER NOT NULL REFERENCES chunks (key), seal BLOB NOT NULL,"
        " PRIMARY KEY (article, start)) WITHOUT ROWID",
        'INSERT INTO passages_4 SELECT article, start, "end", chunk,'
        ' place_seal(article, start, "end", chunk) FROM passages',
        "DROP TABLE passages",
        "DELETE FROM chunks_4 WHERE key NOT IN (SELECT key FROM chunks)",
        "DELETE FROM sqlite_sequence WHERE name = 'chunks_4'",
        "INSERT INTO sqlite_sequence SELECT 'chunks_4', seq FROM sqlite_sequence"
        " WHERE name = 'chunks'",
        "DROP TABLE chunks",
        "ALTER TABLE chunks_4 RENAME TO chunks",
        "ALTER TABLE passages_4 RENAME TO passages",
        "CREATE UNIQUE INDEX chunk_digest ON chunks (digest) WHERE removed_in IS NULL",
        "CREATE INDEX chunk_encoded ON chunks (encoded) WHERE removed_in IS NULL",
        "CREATE INDEX chunk_front ON chunks (front)",
        "CREATE INDEX chunk_life ON chunks (added_in, removed_in)",
        "CREATE INDEX chunk_removed ON chunks (removed_in) WHERE removed_in IS NOT NULL",
        "CREATE INDEX passage_chunk ON passages (chunk)",
        "CREATE TABLE generations_4 (number INTEGER PRIMARY KEY, at REAL NOT NULL,"
        " articles INTEGER NOT NULL, article_keys INTEGER NOT NULL,"
        " chunks INTEGER NOT NULL, chunk_keys INTEGER NOT NULL)",
        # How much earlier ones had, nobody will ask.
        "INSERT INTO generations_4 SELECT number, at, 0, 0, 0, 0 FROM generations",
        "DROP TABLE generations",
        "ALTER TABLE generations_4 RENAME TO generations",
        *(
            f"UPDATE generations SET ({table}, {keys}) ="
            f" (SELECT count(*), coalesce(sum(key), 0) FROM {table} WHERE removed_in IS NULL)"
            " WHERE number = (SELECT max(number) FROM generations)"
            for table, keys in (("articles", "article_keys"), ("chunks", "chunk_keys"))
        ),
        "DELETE FROM meta WHERE key = 'upgrading'",
        # How often an input of a job was begun, what cancelling dropped, and finding jobs by state.
        "ALTER TABLE jobs ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE job_items ADD COLUMN starts INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX job_state ON jobs (state, created)",
        "CREATE INDEX job_created ON jobs (created)",
    ),
    # Token vectors are called what they are.
    5: (
        "ALTER TABLE readings RENAME TO token_vectors",
        "ALTER TABLE chunks RENAME COLUMN reading_seal TO tokens_seal",
    ),
    # What is said of all articles of a job, and the inputs that may be tried again.
    6: (
        "ALTER TABLE jobs ADD COLUMN stated TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE job_items ADD COLUMN refused INTEGER NOT NULL DEFAULT 0",
        "CREATE TABLE refused_items (job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,"
        " ordinal INTEGER NOT NULL, origin TEXT NOT NULL, name TEXT, payload BLOB NOT NULL,"
        " PRIMARY KEY (job, ordinal)) WITHOUT ROWID",
    ),
}


def _sealed(writer: sqlite3.Connection, transaction: Transaction) -> None:
    """Fills the tables that chunks and the seals of articles will be in."""
    with transaction() as db:
        for statement in _begun(db):
            db.execute(statement)
    found = writer.execute("SELECT value FROM meta WHERE key = 'dimension'").fetchone()
    dimension = int(found[0]) if found else 0
    more = True
    while more:
        with transaction() as db:
            more = _next_chunks(db, dimension) + _next_articles(db) > 0


def _begun(db: sqlite3.Connection) -> tuple[str, ...]:
    """The statements to begin with: none when it was begun before, and nobody wrote since."""
    meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
    if meta.get("upgrading") == meta["generation"]:
        return ()
    return (
        *(f"DROP TABLE IF EXISTS {table}" for table in ("article_seals", "chunks_4", "fronts")),
        "CREATE TABLE article_seals (article INTEGER PRIMARY KEY REFERENCES articles (key)"
        " ON DELETE CASCADE, passages INTEGER NOT NULL, characters INTEGER NOT NULL,"
        " known BLOB NOT NULL, raw BLOB NOT NULL)",
        "CREATE TABLE fronts (key INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,"
        " title TEXT NOT NULL, byline TEXT NOT NULL)",
        "CREATE TABLE chunks_4 (key INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL,"
        " encoded BLOB NOT NULL, added_in INTEGER NOT NULL, removed_in INTEGER,"
        " front INTEGER NOT NULL REFERENCES fronts (key), lead INTEGER NOT NULL,"
        " vector_seal BLOB NOT NULL, reading_seal BLOB NOT NULL, text TEXT NOT NULL,"
        " vector BLOB NOT NULL)",
        "INSERT OR REPLACE INTO meta SELECT 'upgrading', value FROM meta WHERE key = 'generation'",
    )


def _next_chunks(db: sqlite3.Connection, dimension: int) -> int:
    rows = db.execute(
        "SELECT c.*, r.data FROM chunks c LEFT JOIN readings r ON r.chunk = c.key"
        " WHERE c.key > (SELECT coalesce(max(key), 0) FROM chunks_4) ORDER BY c.key LIMIT ?",
        (CHUNKS_AT_ONCE,),
    )
    number = 0
    for row in rows:
        number += 1
        vector = row["vector"]
        chunk = Chunk(row["title"], row["byline"], bool(row["lead"]), row["text"])
        db.execute(
            "INSERT INTO chunks_4 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(row[name] for name in ("key", "digest", "encoded", "added_in", "removed_in")),
                fronts(db, [chunk])[chunk.front],
                row["lead"],
                seal(vector) if is_unit(vector, dimension) else NONE,
                seal(row["data"]) if row["data"] else NONE,
                row["text"],
                vector,
            ),
        )
    return number


def _next_articles(db: sqlite3.Connection) -> int:
    names = ", ".join(f"a.{name}" for name in KNOWN)
    rows = db.execute(
        f"SELECT {names}, (SELECT count(*) FROM passages p WHERE p.article = a.key) AS passages,"
        " length(a.text) AS characters, a.raw FROM articles a"
        " WHERE a.key > (SELECT coalesce(max(article), 0) FROM article_seals)"
        " ORDER BY a.key LIMIT ?",
        (ARTICLES_AT_ONCE,),
    )
    number = 0
    for row in rows:
        number += 1
        raw = row["raw"]
        known = known_seal(row) if all(is_json(row[name]) for name in JSON) else NONE
        sealed = seal(raw) if is_sound(raw) else NONE
        db.execute(
            "INSERT INTO article_seals VALUES (?, ?, ?, ?, ?)",
            (row["key"], row["passages"], row["characters"], known, sealed),
        )
    return number


# What is prepared, by the version that it leads to; each may be cut off and begun again.
PREPARATIONS: dict[int, Callable[[sqlite3.Connection, Transaction], None]] = {4: _sealed}
