"""Inputs of jobs that one worker has for itself, of any number that share a database.

The locks are a transaction's that is open as long as the worker works on them. So they are free at
once when it is gone, and a pooler that gives each transaction another connection does no harm. They
keep others from doing the same work: that nothing is done twice is seen to by the transaction that
stores, which takes the inputs out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from qa.storage.postgres.faults import reported
from qa.storage.postgres.wire import Row, Writing
from qa.storage.sql.engine import PENDING, TOGETHER, Hold

# A worker that hangs, and one whose machine is gone without a word, lets go after so long.
_LET_GO = (
    ("idle_in_transaction_session_timeout", "10min"),
    ("tcp_keepalives_idle", "20s"),
    ("tcp_keepalives_interval", "10s"),
    ("tcp_keepalives_count", "3"),
)


class PostgresHold(Hold):
    """Takes what no other worker has, in passing."""

    def __init__(self, connection: psycopg.Connection[Row], name: str) -> None:
        super().__init__(Writing(connection))
        self._name = name

    def free(self, job: str, start: int, most: int) -> list[int]:
        # OFFSET 0 has PostgreSQL go through them in order, and lock none but those it gives. Some
        # lines have one lock: a database has room for some thousand.
        which = f"CASE WHEN name IS NULL THEN ordinal / {TOGETHER} ELSE -1 - ordinal END"
        query = (
            f"SELECT ordinal FROM ({PENDING} OFFSET 0) AS pending"
            " WHERE pg_try_advisory_xact_lock("
            f"hashtextextended(:job || '/' || {which}, 0)) LIMIT :most"
        )
        values = {"job": job, "start": start, "most": most}
        with reported(self._name):
            return [row[0] for row in self._db.execute(query, values)]

    def keep(self) -> None:
        with reported(self._name):
            self._db.execute("SELECT 1")


@contextmanager
def holding(connection: psycopg.Connection[Row], name: str) -> Iterator[PostgresHold]:
    """Has its locks until the end; `name` is what messages call the database."""
    with connection.transaction():
        for setting, value in _LET_GO:
            connection.execute(f"SET LOCAL {setting} = '{value}'".encode())
        yield PostgresHold(connection, name)
