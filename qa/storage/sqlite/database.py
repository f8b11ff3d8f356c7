"""One SQLite file in WAL mode: connections, transactions, generations."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from errno import EISDIR
from importlib import resources
from pathlib import Path

from qa.errors import CorpusBroken, Mismatch, ReadOnly
from qa.storage.disk import reported
from qa.storage.locks import turn
from qa.storage.sqlite.migrations import MIGRATIONS, PREPARATIONS
from qa.storage.sqlite.seals import RESTORE, damaged, meta_seal, place_seal

SCHEMA_VERSION = 4
# Of each connection, and there is one for each thread. Mapped pages count as resident for every
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
        self._unchangeable = _state(path) if "immutable" in self._address else None
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._opening = threading.Lock()
        self._writing = threading.RLock()
        self._begun: int | None = None  # the generation of the transaction at hand
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "it is a folder", str(path))
        fresh = not path.exists()
        with readable(path):
            # Free pages can be given back (`shrink`); has to be said before anything is written.
            self.writer = self._connect("PRAGMA auto_vacuum=INCREMENTAL;" if fresh else "")
            try:
                if read_only:
                    self._refuse_other_schema(self._schema())
                else:
                    self._create()
            except BaseException:
                self.close()
                raise
        self._file = _identity(path)

    # --- connections -------------------------------------------------------------------------

    def _connect(self, first: str = "") -> sqlite3.Connection:
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

    def _disconnect(self, connection: sqlite3.Connection) -> None:
        with self._opening:
            self._connections.remove(connection)
        connection.close()

    def _close_of_ended(self) -> None:
        """Threads end, those of a server after ten idle seconds, and leave their connections."""
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
            connection = self._local.connection = self._connect()
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

    def _create(self) -> None:
        with self.transaction() as db:
            found = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
            if not found:
                script = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
                for statement in _statements(script):
                    db.execute(statement)
                self.set_meta({"schema": str(SCHEMA_VERSION), "generation": "0"})
        version = self._schema()
        if version.isdecimal() and int(version) < SCHEMA_VERSION:
            version = self._migrated(int(version))
        self._refuse_other_schema(version)

    def _schema(self) -> str:
        row = self.reader.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        return str(row["value"]) if row else ""

    def _refuse_other_schema(self, version: str) -> None:
        if self.read_only and version.isdecimal() and int(version) < SCHEMA_VERSION:
            raise ReadOnly(
                f"{self.path} is of an earlier version (schema {version}, this one reads "
                f"{SCHEMA_VERSION}): copy the folder to where it can be written, and open the copy"
            )
        if version != str(SCHEMA_VERSION):
            raise CorpusBroken(
                f"{self.path} has schema {version}, this version reads {SCHEMA_VERSION}: "
                "use the version of footnote-qa that wrote it, or a newer one"
            )

    def _migrated(self, version: int) -> str:
        """The version that was reached; cut off, the next opening goes on from there."""
        # Taking a table away would take along what refers to it.
        self.writer.execute("PRAGMA foreign_keys=OFF")
        while statements := MIGRATIONS.get(version + 1):
            if prepare := PREPARATIONS.get(version + 1):
                prepare(self.writer, self.transaction)
            with self.transaction() as db:
                for statement in statements:
                    db.execute(statement)
                version += 1
                self.set_meta({"schema": str(version)})
        self.writer.execute("PRAGMA foreign_keys=ON")
        return str(version)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of it or nothing. Raises StorageError, NoSpace or ReadOnly."""
        self.refuse_when_read_only()
        with self._writing, reported(self.path.parent), self._turn():
            self.writer.execute("BEGIN IMMEDIATE")
            self._begun = None
            try:
                yield self.writer
                self._sum_up()
                self.writer.execute("COMMIT")
            except BaseException:
                # A commit that fails leaves it open, and a full disk has mostly ended it already.
                if self.writer.in_transaction:
                    self.writer.execute("ROLLBACK")
                raise

    def _turn(self) -> AbstractContextManager[None]:
        """Of all processes on the folder, one commits at a time. Raises StorageError.

        A commit may also move pages from the WAL into the file. When another process commits, and
        begins the WAL anew, in that very moment, SQLite before 3.51.3 can lose pages
        (https://sqlite.org/wal.html, "the WAL-reset bug").
        """
        return turn(self.path.parent, PATIENCE_SECONDS)

    # --- reading only --------------------------------------------------------------------------

    def refuse_when_read_only(self) -> None:
        """Raises ReadOnly."""
        if self.read_only:
            raise ReadOnly(
                f"the corpus in {self.path.parent} is only read: to change it, open it without "
                "--read-only (QA_READ_ONLY), where it can be written to"
            )

    def changed_beneath(self) -> bool:
        """Whether somebody has written to a file that was opened as one that nobody can write."""
        return self._unchangeable is not None and _state(self.path) != self._unchangeable

    def refuse_other_file(self) -> None:
        """Raises Mismatch when another file has been put in the place of the one that is open."""
        try:
            now = _identity(self.path)
        except FileNotFoundError:
            now = None
        if now != self._file:
            raise Mismatch("the database was replaced by another file: start again")

    # --- meta --------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """Raises CorpusBroken when it is not what was written."""
        return self.meta_of(self.reader)

    @staticmethod
    def meta_of(db: sqlite3.Connection) -> dict[str, str]:
        """As one connection sees it."""
        return _whole(db.execute("SELECT key, value FROM meta"))

    def state(self) -> tuple[dict[str, str], int]:
        """`meta` and `purged_to`, both of one moment."""
        # In one row: at each the interpreter's lock is let go, and others may have it for long.
        rows, purged = self.reader.execute(
            f"SELECT (SELECT json_group_array(json_array(key, value)) FROM meta), {_PURGED}"
        ).fetchone()
        return _whole(json.loads(rows)), int(purged)

    def purged_to(self) -> int:
        """Rows that went out after this generation are still there; those before it may not be."""
        return int(self.reader.execute(f"SELECT {_PURGED}").fetchone()[0])

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Inside a transaction."""
        rows = self.writer.execute("SELECT key, value FROM meta WHERE key <> 'seal'")
        now = {**{row["key"]: row["value"] for row in rows}, **values}
        self.writer.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            [*values.items(), ("seal", meta_seal(now))],
        )

    def generation(self) -> int:
        """The last one that was committed."""
        return int(self.meta()["generation"])

    def next_generation(self) -> int:
        """Inside a transaction: the number that its rows carry."""
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

    def _sum_up(self) -> None:
        """Inside a transaction, before anything is purged: how much its generation has.

        From what came and went, so that it costs no more; and a row that is lost some day is
        missed.
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


# Of a table without a row nothing is certain but the newest generation.
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


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def address(path: Path) -> str:
    """Its URI for SQLite, to be read and never written. Raises ReadOnly when that cannot be.

    SQLite reads beside a writer with the help of footnote.db-shm, which it has to make; where it
    cannot, the file is read as one that nobody changes, and what only the WAL holds is not in it.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro"
    wal, shared = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
    if os.access(path.parent, os.W_OK) or (wal.exists() and shared.exists()):
        return uri
    if wal.exists() and wal.stat().st_size:
        raise ReadOnly(
            f"{wal} holds changes that are not in {path.name} yet, and here they cannot be taken "
            "in: copy the folder to where it can be written, and open the copy",
            code="unfinished",
        )
    return f"{uri}&immutable=1"


def _state(path: Path) -> tuple[int, int, int]:
    """What is other once somebody has written to it."""
    status, wal = path.stat(), path.with_name(f"{path.name}-wal")
    return status.st_size, status.st_mtime_ns, wal.stat().st_size if wal.exists() else 0


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
