"""One SQLite file in WAL mode: connections, transactions, generations."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from qa.errors import CorpusBroken
from qa.store.migrations import MIGRATIONS

SCHEMA_VERSION = 4
# Of each connection, and there is one for each thread. Mapped pages count as resident for every
# connection that touched them: mapping a file of a gigabyte cost more memory than all else.
CACHE_KIB = 8_000


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


class Database:
    """A connection for each thread that reads, one for the writer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        self._writing = threading.RLock()
        fresh = not path.exists()
        with readable(path):
            # Free pages can be given back (`shrink`); has to be said before anything is written.
            self.writer = self._connect("PRAGMA auto_vacuum=INCREMENTAL;" if fresh else "")
            self._create()

    # --- connections -------------------------------------------------------------------------

    def _connect(self, first: str = "") -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=30
        )
        connection.row_factory = sqlite3.Row
        connection.executescript(
            f"{first} PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            f"PRAGMA cache_size=-{CACHE_KIB}; PRAGMA mmap_size=0;"
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
                script = resources.files("qa.store").joinpath("schema.sql").read_text("utf-8")
                for statement in _statements(script):
                    db.execute(statement)
                self.set_meta({"schema": str(SCHEMA_VERSION), "generation": "0"})
        version = self.meta().get("schema", "")
        if version.isdecimal() and int(version) < SCHEMA_VERSION:
            version = self._migrated(int(version))
        if version != str(SCHEMA_VERSION):
            raise CorpusBroken(
                f"{self.path} has schema {version}, this version reads {SCHEMA_VERSION}: "
                "use the version of footnote-qa that wrote it, or a newer one"
            )

    def _migrated(self, version: int) -> str:
        """The version that was reached; cut off, the next opening goes on from there."""
        while statements := MIGRATIONS.get(version + 1):
            with self.transaction() as db:
                for statement in statements:
                    db.execute(statement)
                version += 1
                self.set_meta({"schema": str(version)})
        return str(version)

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


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
