"""A PostgreSQL database: its connections and transactions.

Readers take any connection that is free. Who writes waits for the turn to commit, which one
transaction has at a time over all servers, so generations are numbered in the order in which they
are seen. What takes long, reading and encoding, is done before it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg_pool import ConnectionPool

from qa.addresses import PostgresAddress
from qa.errors import Mismatch, ReadOnly
from qa.storage.postgres.faults import is_away, reported
from qa.storage.postgres.holds import holding
from qa.storage.postgres.wire import (
    PooledReader,
    Row,
    Streaming,
    WholeNumber,
    Writing,
    row_factory,
    sent,
)
from qa.storage.sql.columns import NAME_END
from qa.storage.sql.engine import Connection, Database, Hold, Values
from qa.types import Article

# How many connections a server has at most, besides one that listens; and how long a request waits
# for one, or a writer for the turn to commit.
MOST_CONNECTIONS = 16
CONNECT_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
# The turn to commit, among the advisory locks of a database: "Footnote" as a number.
TURN = 0x466F6F74
# What those who wait for news listen to.
CHANNEL = "footnote"
# Tables whose keys PostgreSQL gives.
_NUMBERED = ("articles", "fronts", "chunks")

_Found = TypeVar("_Found")
Raw = psycopg.Connection[Row]


class PostgresDatabase(Database):
    """A few connections for those who read, one at a time for who writes."""

    shared = True
    meta_as_json = "CAST(json_agg(json_build_array(key, value)) AS text)"

    def __init__(self, address: PostgresAddress, *, read_only: bool = False) -> None:
        """Connects. Raises StorageError when the database cannot be reached."""
        super().__init__()
        self.address = address
        self.read_only = read_only
        self._writing = threading.RLock()
        self._transaction: Writing | None = None
        self._closed = False
        self._reader = PooledReader(self._run)
        self._identity: tuple[str, ...] | None = None
        with reported(self.name):
            # At once, so that a wrong password is told from a server that does not answer.
            connection = self.connect()
            connection.close()
            self._pool = ConnectionPool(
                address.url,
                min_size=1,
                max_size=MOST_CONNECTIONS,
                timeout=CONNECT_SECONDS,
                kwargs=_OPTIONS,
                configure=_configure,
                open=True,
            )

    @property
    def name(self) -> str:
        return str(self.address)

    # --- connections ---------------------------------------------------------------------------

    def connect(self) -> Raw:
        """A connection of its own, to be closed by whoever asked for it."""
        connection: Raw = psycopg.connect(self.address.url, **_OPTIONS)
        _configure(connection)
        return connection

    def _run(self, work: Callable[[Raw], _Found]) -> _Found:
        """Works on a connection; once more on a new one when that one turns out to be gone."""
        with reported(self.name):
            try:
                with self._pool.connection() as connection:
                    return work(connection)
            except psycopg.Error as error:
                if not is_away(error):
                    raise
            self._pool.check()  # who cut one off has cut off all: each that is idle is looked at
            with self._pool.connection() as connection:
                return work(connection)

    @property
    def reader(self) -> PooledReader:
        return self._reader

    @property
    def writer(self) -> Writing:
        assert self._transaction, "a writer is in a transaction"
        return self._transaction

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True
        self._pool.close()

    # --- writing -------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[Writing]:
        self.refuse_when_read_only()
        with (
            self._writing,
            reported(self.name),
            self._pool.connection() as connection,
            connection.transaction(),
        ):
            connection.execute(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS:.0f}s'".encode())
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
            self._begun = None
            self._transaction = Writing(connection)
            try:
                yield self._transaction
                self.sum_up()
                connection.execute(f"NOTIFY {CHANNEL}".encode())
            finally:
                self._transaction = None

    @contextmanager
    def holding(self) -> Iterator[Hold]:
        with (
            reported(self.name),
            self._pool.connection() as connection,
            holding(connection, self.name) as hold,
        ):
            yield hold

    def refuse_when_read_only(self) -> None:
        if self.read_only:
            raise ReadOnly(
                f"the corpus in {self.name} is only read: to change it, open it without "
                "--read-only (QA_READ_ONLY)"
            )

    # --- reading -------------------------------------------------------------------------------

    def numbers(self, query: str, values: Values) -> NDArray[np.int64]:
        def look(connection: Raw) -> NDArray[np.int64]:
            with connection.cursor(binary=True, row_factory=psycopg.rows.tuple_row) as cursor:
                found = cursor.execute(*sent(query, values)).fetchall()
            return np.fromiter(chain.from_iterable(found), np.int64, len(found))

        return self._run(look)

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        with self._one_state() as connection:
            yield Writing(connection)

    @contextmanager
    def tolerant(self) -> Iterator[Connection]:
        with self._one_state() as connection, ExitStack() as cursors:
            yield Streaming(connection, cursors)

    @contextmanager
    def _one_state(self) -> Iterator[Raw]:
        with (
            reported(self.name),
            self._pool.connection() as connection,
            connection.transaction(),
        ):
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    # --- which database it is ------------------------------------------------------------------

    def identity(self) -> tuple[str, ...]:
        """What another database in its place does not have, and a promoted replica has."""
        row = self.reader.execute(
            "SELECT CAST((SELECT oid FROM pg_database WHERE datname = current_database()) AS text),"
            " CAST(to_regclass('meta') AS oid)::text, (SELECT CASE WHEN has_function_privilege("
            "'pg_control_system()', 'EXECUTE') THEN 'yes' ELSE '' END)"
        ).fetchone()
        assert row is not None
        system = ""
        if row[2]:
            found = self.reader.execute("SELECT system_identifier FROM pg_control_system()")
            system = str(found.fetchall()[0][0])
        return system, str(row[0]), str(row[1])

    def refuse_other_file(self) -> None:
        now = self.reader.execute("SELECT CAST(to_regclass('meta') AS oid)::text").fetchall()[0][0]
        if self._identity is None:
            self._identity = (str(now),)
        if self._identity != (str(now),):
            raise Mismatch("the database was replaced by another one: start again")

    # --- what PostgreSQL says in its own way ---------------------------------------------------

    def numbers_in(self, name: str) -> str:
        return (
            "SELECT CAST(listed.value AS bigint) AS value"
            f" FROM jsonb_array_elements_text(CAST(:{name} AS jsonb)) AS listed(value)"
        )

    def strings_in(self, name: str) -> str:
        return (
            'SELECT listed.value COLLATE "C" AS value'
            f" FROM jsonb_array_elements_text(CAST(:{name} AS jsonb)) AS listed(value)"
        )

    def found_by(self, article: Article) -> dict[str, Any]:
        return {
            "publisher_folded": (article.publisher or "").casefold() or None,
            "author_folded": NAME_END.join(article.authors).casefold() or None,
            "sorted_folded": (article.title or article.id).casefold(),
            "named_folded": f"{article.id} {article.title or ''}".casefold(),
            "tags_folded": [tag.casefold() for tag in article.tags],
        }

    def keeps(self, values: Iterable[object]) -> bool:
        return not any(type(value) is str and "\0" in value for value in values)

    def go_on_after_keys(self) -> None:
        for table in _NUMBERED:
            self.writer.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'key'),"
                f" coalesce(max(key), 0) + 1, false) FROM {table}"
            )

    def folded(self, column: str) -> str:
        return f"a.{column}_folded"

    def primary(self, column: str) -> str:
        return f"lower(split_part(replace({column}, '_', '-'), '-', 1))"

    def has_tag(self, name: str) -> str:
        return f"a.tags_folded && ARRAY({self.strings_in(name)})"

    def stands_in(self, words: str, text: str) -> str:
        return f"strpos({text}, {words}) > 0"


# Every text is sent as such; statements are planned when they are sent, since a pooler may give
# the next one to another connection.
_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "prepare_threshold": None,
    "row_factory": row_factory,
    "connect_timeout": 10,
    "application_name": "footnote",
}


def _configure(connection: Raw) -> None:
    connection.adapters.register_loader("numeric", WholeNumber)
    if connection.info.encoding != "utf-8":
        connection.execute("SET client_encoding TO 'UTF8'")
