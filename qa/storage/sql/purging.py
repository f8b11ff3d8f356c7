"""Deletes rows that went out long ago, and gives their room back."""

from __future__ import annotations

import time

from qa.storage.sql.engine import Database

# A reader works at one generation for milliseconds; other processes notice a new one in a second.
PURGE_AFTER_SECONDS = 600.0
# How much one transaction deletes: some tens of milliseconds.
PURGED_AT_ONCE = 200
SHRUNK_AT_ONCE = 1000  # pages


def purge(database: Database, most: int = PURGED_AT_ONCE) -> int:
    """Deletes what went out long ago, inside a transaction; gives how many articles that were.

    At most `most` of them, and as many chunks: a change does not pay for those before it.
    """
    database.sum_up()
    db = database.writer
    row = db.execute(
        "SELECT max(number) AS floor FROM generations WHERE at < ?",
        (time.time() - PURGE_AFTER_SECONDS,),
    ).fetchone()
    if row["floor"] is None:
        return 0
    values = (row["floor"], most)
    gone = db.execute(
        "DELETE FROM articles WHERE key IN"
        " (SELECT key FROM articles WHERE removed_in <= ? LIMIT ?)",
        values,
    ).rowcount
    fronts = db.execute(
        "DELETE FROM chunks WHERE key IN (SELECT key FROM chunks WHERE removed_in <= ?"
        "  AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.chunk = chunks.key) LIMIT ?)"
        " RETURNING front",
        values,
    ).fetchall()
    db.executemany(
        "DELETE FROM fronts WHERE key = ?"
        " AND NOT EXISTS (SELECT 1 FROM chunks WHERE front = fronts.key)",
        {tuple(row) for row in fronts},
    )
    db.execute("DELETE FROM generations WHERE number < ?", values[:1])
    return gone
