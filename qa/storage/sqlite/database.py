"""One SQLite file in WAL mode: its connections and transactions, and their numbers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from errno import EISDIR
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import CorpusBroken, Mismatch, ReadOnly
from qa.storage.disk import reported
from qa.storage.locks import turn
from qa.storage.sql.engine import Connection, Database, Values
from qa.storage.sql.seals import place_seal
from qa.storage.sqlite.address import address, identity_of, state_of

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


class SqliteDatabase(Database):
    """A connection for each thread that reads, one for the writer."""

    join = "CROSS JOIN"
    meta_as_json = "json_group_array(json_array(key, value))"

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        super().__init__()
        self.path = path
        self.read_only = read_only
        self._address = address(path) if read_only else str(path)
        self._unchangeable = state_of(path) if "immutable" in self._address else None
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._opening = threading.Lock()
        self._writing = threading.RLock()
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "it is a folder", str(path))
        fresh = not path.exists()
        with readable(path):
            # Free pages can be given back (`shrink`); has to be said before anything is written.
            self._writer = self.connect("PRAGMA auto_vacuum=INCREMENTAL;" if fresh else "")
        self._file = identity_of(path)

    @property
    def name(self) -> str:
        return str(self.path)

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
    def writer(self) -> sqlite3.Connection:
        return self._writer

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

    # --- reading -------------------------------------------------------------------------------

    @contextmanager
    def moment(self) -> Iterator[sqlite3.Connection]:
        connection = self.connect()
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM meta").fetchone()  # from now on
            yield connection
        finally:
            self.disconnect(connection)

    @contextmanager
    def tolerant(self) -> Iterator[sqlite3.Connection]:
        """A connection that reads what is no UTF-8 too: its row is to be named."""
        with reported(self.path.parent):  # one that cannot be opened is no damage
            connection = self.connect()
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        try:
            yield connection
        finally:
            self.disconnect(connection)

    @contextmanager
    def checking(self, said: list[str]) -> Iterator[sqlite3.Connection]:
        try:
            with self.tolerant() as db:
                yield db
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            said[:] = [f"SQLite: {error}"]

    def problems(self, db: Connection) -> list[str]:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check")]
        dangling = db.execute("PRAGMA foreign_key_check")
        return [
            *(f"SQLite: {said}" for said in found if said != "ok"),
            *(f"SQLite: row {row[1]} of {row[0]} refers to nothing" for row in dangling),
        ]

    def is_no_text(self, error: Exception) -> bool:
        return isinstance(error, sqlite3.OperationalError) and "UTF-8" in str(error)

    def numbers(self, query: str, values: Values) -> NDArray[np.int64]:
        """The one column of numbers that a query gives; a million in a third of a second."""
        cursor = self.reader.cursor()
        cursor.row_factory = None
        return np.fromiter(chain.from_iterable(cursor.execute(query, values)), np.int64)

    # --- room ----------------------------------------------------------------------------------

    def shrink(self, pages: int) -> int:
        """Gives free pages back to the file system; says how many. Readers go on meanwhile.

        A database that an earlier version made gives none back: there they are used again.
        """
        before = self._free_pages()
        if before:
            # A page for each step of the statement, and `execute` takes but one.
            with self.turn():
                self._writer.executescript(f"PRAGMA incremental_vacuum({pages:d})")
        return before - self._free_pages()

    def _free_pages(self) -> int:
        return int(self._writer.execute("PRAGMA freelist_count").fetchone()[0])

    # --- what SQLite says in its own way -------------------------------------------------------

    def numbers_in(self, name: str) -> str:
        return f"SELECT value FROM json_each(:{name})"

    strings_in = numbers_in

    def folded(self, column: str) -> str:
        said = {
            "named": "a.id || ' ' || coalesce(a.title, '')",
            "sorted": "coalesce(a.title, a.id)",
        }
        return f"casefold({said.get(column, f'a.{column}')})"

    def primary(self, column: str) -> str:
        tag = f"replace({column}, '_', '-')"
        return f"lower(substr({tag}, 1, instr({tag} || '-', '-') - 1))"

    def has_tag(self, name: str) -> str:
        return (
            "EXISTS (SELECT 1 FROM json_each(a.tags) t"
            f" WHERE casefold(t.value) IN ({self.strings_in(name)}))"
        )

    def is_number(self, column: str) -> str:
        return f"typeof({column}) = 'integer'"

    def stands_in(self, words: str, text: str) -> str:
        return f"instr({text}, {words}) > 0"
