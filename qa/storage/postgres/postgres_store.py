"""The truth of a corpus in PostgreSQL, shared by any number of servers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import psycopg

from qa.addresses import PostgresAddress
from qa.storage.postgres.connections import CHANNEL, PostgresDatabase
from qa.storage.postgres.faults import reported
from qa.storage.postgres.made_tables import bring_to_version, refuse_another
from qa.storage.sql.job_table import QUEUE_LOCK
from qa.storage.sql.store import Store


class PostgresStore(Store):
    """What a corpus keeps, in tables that other servers write to as well."""

    _database: PostgresDatabase

    def __init__(self, address: PostgresAddress, *, read_only: bool = False) -> None:
        """Connects; makes the tables where there are none. Raises StorageError, CorpusBroken."""
        database = PostgresDatabase(address, read_only=read_only)
        try:
            (refuse_another if read_only else bring_to_version)(database)
        except BaseException:
            database.close()
            raise
        super().__init__(database)
        self._listening: psycopg.Connection | None = None
        self._close, self.close = self.close, self._end

    def published(self, timeout: float, stopping: threading.Event) -> bool:
        """Waits until another server says that it has committed, and `timeout` seconds at most.

        Behind a pooler that gives each transaction another connection nothing is heard; so whoever
        waits looks all the same.
        """
        if stopping.is_set():
            return False
        try:
            if self._listening is None:
                self._listening = self._database.connect()
                self._listening.execute(f"LISTEN {CHANNEL}".encode())
                return True  # what was committed before is told to nobody
            for _ in self._listening.notifies(timeout=timeout, stop_after=1):
                pass
        except psycopg.Error:
            self._hang_up()
            stopping.wait(timeout)
        return not stopping.is_set()

    def _hang_up(self) -> None:
        listening, self._listening = self._listening, None
        if listening is not None:
            with suppress(psycopg.Error):
                listening.close()

    def _end(self) -> None:
        self._hang_up()
        self._close()

    def exclusive(self, name: str) -> AbstractContextManager[bool]:
        """The lock is the connection's: it is free as soon as whoever had it is gone."""
        return self._locked(name, "pg_try_advisory_lock")

    def working(self) -> AbstractContextManager[bool]:
        """Any number may, each claims what it works on; but not while a copy goes there."""
        return self._locked(QUEUE_LOCK, "pg_try_advisory_lock_shared")

    @contextmanager
    def _locked(self, name: str, function: str) -> Iterator[bool]:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") & 0x7FFFFFFF
        with reported(self.name):
            connection = self._database.connect()
        try:
            with reported(self.name):
                found = connection.execute(
                    f"SELECT {function}(%s, %s)", (CHANNEL_NUMBER, number)
                ).fetchone()
            yield bool(found and found[0])
        finally:
            with suppress(psycopg.Error):
                connection.close()

    def readable(self) -> AbstractContextManager[None]:
        return reported(self.name)

    def size(self) -> int:
        tables = ("articles", "article_seals", "fronts", "chunks", "token_vectors", "passages")
        total = " + ".join(f"pg_total_relation_size('{table}')" for table in tables)
        found = self._database.reader.execute(f"SELECT {total}").fetchone()
        return int(found[0]) if found else 0

    def identity(self) -> str:
        """A name for this very database: what a folder of its indexes is called by."""
        return hashlib.sha256("\0".join(self._database.identity()).encode()).hexdigest()[:16]


# Beside those of the turn to commit, which has one number.
CHANNEL_NUMBER = 0x466F6F74 & 0x7FFFFFFF
