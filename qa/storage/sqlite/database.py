"""One SQLite file in WAL mode: its connections and transactions, and their numbers."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from errno import EISDIR
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import CorpusBroken, Mismatch, ReadOnly
from qa.storage.disk import reported
from qa.storage.locks import turn
from qa.storage.sqlite.address import address, identity_of, state_of
from qa.storage.sqlite.seals import RESTORE, damaged, meta_seal, place_seal

# What each connection may take; each thread has one. Mapped pages count as resident for every
# connection that touched them: mapping a file of a gigabyte cost more memory than all else.
CACHE_KIB = 8_000
PATIENCE_SECONDS = 30.0  # that a writer waits for another


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Says what mends it when SQLite cannot read the file. Raises CorpusBroken.

    A full disk, a lock that another process holds, or a connection that is closed are no damage.
    """
    try:
        with reported(path.parent):  # of the disk, and not of what the file holds
            yield
    except sqlite3.ProgrammingError:
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # of a message with what it read
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _ENVIRONMENT:
            raise
        raise CorpusBroken(
            f"{path} cannot be read as a corpus: {error}. Restore it from a backup, or move "
            "the folder away and add the articles again"
        ) from error


# What `reported` does not take for a matter of the disk.
_ENVIRONMENT = (sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM)


class Database:
    """A connection for each thread that reads, one for the writer."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._address = address(path) if read_only else str(path)
        self._unchangeable = state_of(path) if "immutable" in self._address else None
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._opening = threading.Lock()
        self._writing = threading.RLock()
        self._begun: int | None = None  # the generation of the transaction at hand
        self._dimension: int | None = None
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "it is a folder", str(path))
        fresh = not path.exists()
        with readable(path):
            # Free pages can be given back (`shrink`); has to be said before anything is written.
            self.writer = self.connect("PRAGMA auto_vacuum=INCREMENTAL;" if fresh else "")
        self._file = identity_of(path)

    # --- connections -------------------------------------------------------------------------

    def connect(self, first: str = "") -> sqlite3.Connection:
        """A new connection with our settings and functions; closed with the others."""
        connection = sqlite3.connect(
            self._address,
            isolation_level=None,
            check_same_thread=False,
            timeout=PATIENCE_SECONDS,
            uri=self.read_only,
        )
        if not self.read_only:
            first += "PRAGMA journal_mode=WAL;"
        try:
            connection.row_factory = sqlite3.Row
            connection.executescript(
                f"{first} PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                f"PRAGMA cache_size=-{CACHE_KIB}; PRAGMA mmap_size=0;"
            )
            connection.create_function(
                "casefold", 1, lambda s: s.casefold() if s else s, deterministic=True
            )
            connection.create_function("place_seal", 4, place_seal, deterministic=True)
        except BaseException:
            connection.close()
            raise
        with self._opening:
            self._connections.append(connection)
        return connection

    def disconnect(self, connection: sqlite3.Connection) -> None:
        """Closes a connection of `connect`."""
        with self._opening:
            self._connections.remove(connection)
        connection.close()

    def _close_of_ended(self) -> None:
        """Closes the connections of threads that ended: a server's do after ten idle seconds."""
        with self._opening:
            ended = [c for thread, c in self._readers if not thread.is_alive()]
            self._readers = [(thread, c) for thread, c in self._readers if c not in ended]
            self._connections = [c for c in self._connections if c not in ended]
        for connection in ended:
            connection.close()

    @property
    def reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            self._close_of_ended()
            connection = self._local.connection = self.connect()
            with self._opening:
                self._readers.append((threading.current_thread(), connection))
        return connection

    @property
    def closed(self) -> bool:
        return not self._connections

    def close(self) -> None:
        with self._opening:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it or nothing. Raises StorageError, NoSpace or ReadOnly."""
        self.refuse_when_read_only()
        with self._writing, reported(self.path.parent), self.turn():
            self.writer.execute("BEGIN IMMEDIATE")
            self._begun = None
            try:
                yield self.writer
                self.sum_up()
                self.writer.execute("COMMIT")
            except BaseException:
                # A commit that fails leaves it open, and a full disk has mostly ended it already.
                if self.writer.in_transaction:
                    self.writer.execute("ROLLBACK")
                raise

    def turn(self) -> AbstractContextManager[None]:
        """The turn to commit, which one process on the folder has at a time. Raises StorageError.

        A commit may also move pages from the WAL into the file. When another process commits, and
        begins the WAL anew, in that very moment, SQLite before 3.51.3 can lose pages
        (https://sqlite.org/wal.html, "the WAL-reset bug").
        """
        return turn(self.path.parent, PATIENCE_SECONDS)

    # --- reading only --------------------------------------------------------------------------

    def refuse_when_read_only(self) -> None:
        """Raises ReadOnly when the file was opened to be read only."""
        if self.read_only:
            raise ReadOnly(
                f"the corpus in {self.path.parent} is only read: to change it, open it without "
                "--read-only (QA_READ_ONLY), where it can be written to"
            )

    def changed_beneath(self) -> bool:
        """Whether somebody has written to a file that was opened as one that nobody can write."""
        return self._unchangeable is not None and state_of(self.path) != self._unchangeable

    def refuse_other_file(self) -> None:
        """Raises Mismatch when another file has been put in the place of the one that is open."""
        try:
            now = identity_of(self.path)
        except FileNotFoundError:
            now = None
        if now != self._file:
            raise Mismatch("the database was replaced by another file: start again")

    # --- meta --------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """The entries of `meta`. Raises CorpusBroken when they are not what was written."""
        return self.meta_of(self.reader)

    @staticmethod
    def meta_of(db: sqlite3.Connection) -> dict[str, str]:
        """The entries of `meta` as one connection sees them. Raises CorpusBroken."""
        return _whole(db.execute("SELECT key, value FROM meta"))

    def state(self) -> tuple[dict[str, str], int]:
        """`meta` and `purged_to`, both of one moment."""
        # In one row: at each the interpreter's lock is let go, and others may have it for long.
        rows, purged = self.reader.execute(
            f"SELECT (SELECT json_group_array(json_array(key, value)) FROM meta), {_PURGED}"
        ).fetchone()
        return _whole(json.loads(rows)), int(purged)

    def purged_to(self) -> int:
        """The generation after which all rows that went out are still there."""
        return int(self.reader.execute(f"SELECT {_PURGED}").fetchone()[0])

    @property
    def dimension(self) -> int:
        """How long vectors are; what a corpus is opened with does not change under it."""
        if self._dimension is None:
            self._dimension = int(self.meta()["dimension"])
        return self._dimension

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Writes entries of `meta`, inside a transaction."""
        self._dimension = None
        rows = self.writer.execute("SELECT key, value FROM meta WHERE key <> 'seal'")
        now = {**{row["key"]: row["value"] for row in rows}, **values}
        self.writer.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            [*values.items(), ("seal", meta_seal(now))],
        )

    def generation(self) -> int:
        """The last generation that was committed."""
        return int(self.meta()["generation"])

    def numbers(
        self, query: str, values: tuple[int | str, ...] | Mapping[str, Any]
    ) -> NDArray[np.int64]:
        """The one column of numbers that a query gives; a million in a third of a second."""
        cursor = self.reader.cursor()
        cursor.row_factory = None
        return np.fromiter(chain.from_iterable(cursor.execute(query, values)), np.int64)

    def refuse_lost(self, table: str, live: NDArray[np.int64], generation: int, mend: str) -> None:
        """Raises CorpusBroken unless these keys are as many as a generation had, with their sum."""
        stored = self.reader.execute("SELECT * FROM generations WHERE number = ?", (generation,))
        row = stored.fetchone()  # none before anything was stored, or when it is purged
        if row and (row[table], row[f"{table[:-1]}_keys"]) != (len(live), live.sum()):
            raise damaged(f"the {table} that are live are", mend)

    def next_generation(self) -> int:
        """Begins a generation, inside a transaction; gives the number that its rows carry."""
        before = int(self.meta_of(self.writer)["generation"])
        number = self._begun = before + 1
        self.set_meta({"generation": str(number)})
        self.writer.execute(
            "INSERT INTO generations SELECT :number, :at, coalesce(max(articles), 0),"
            " coalesce(max(article_keys), 0), coalesce(max(chunks), 0),"
            " coalesce(max(chunk_keys), 0) FROM generations WHERE number = :number - 1",
            {"number": number, "at": time.time()},
        )
        return number

    def sum_up(self) -> None:
        """Writes how much the transaction's generation has, before anything is purged in it.

        It is summed up from what came and went, so that it costs no more; and a row that is lost
        some day is missed.
        """
        if self._begun is not None:
            for table, number, keys in (
                ("articles", "articles", "article_keys"),
                ("chunks", "chunks", "chunk_keys"),
            ):
                self.writer.execute(
                    f"UPDATE generations SET {number} = {number} + came.n - went.n,"
                    f" {keys} = {keys} + came.keys - went.keys FROM"
                    f" (SELECT count(*) AS n, coalesce(sum(key), 0) AS keys FROM {table}"
                    "   WHERE added_in = :g) AS came,"
                    f" (SELECT count(*) AS n, coalesce(sum(key), 0) AS keys FROM {table}"
                    "   WHERE removed_in = :g) AS went WHERE number = :g",
                    {"g": self._begun},
                )
            self._begun = None


# While the table has no row, nothing is certain but the newest generation.
_PURGED = (
    "coalesce((SELECT min(number) FROM generations),"
    " (SELECT value FROM meta WHERE key = 'generation'))"
)


def _whole(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    meta = {row[0]: row[1] for row in rows}
    try:
        whole = meta.pop("seal", None) == meta_seal(meta)
    except TypeError:  # bytes where there was text
        whole = False
    if not whole:
        raise damaged("the table meta is", RESTORE)
    return meta
