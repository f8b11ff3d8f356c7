"""Statements as the shared SQL writes them, and rows as it reads them, over psycopg."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.rows import RowMaker

from qa.storage.sql.engine import Values

_NUMBERS = count()
# What stands in quotes is left alone, but for the sign that psycopg reads as its own.
_MARKS = re.compile(r"'[^']*'|\?|(?<!:):([a-z_]\w*)|%")


@lru_cache(maxsize=512)
def translated(query: str) -> str:
    """The statement with `%s` for `?` and `%(name)s` for `:name`."""

    def mark(found: re.Match[str]) -> str:
        if found[1]:
            return f"%({found[1]})s"
        return "%s" if found[0] == "?" else found[0].replace("%", "%%")

    return _MARKS.sub(mark, query)


def sent(query: str, values: Values) -> tuple[bytes, Values | None]:
    """The arguments that psycopg takes: without values, nothing in a statement is a mark."""
    return (translated(query).encode(), values) if values else (query.encode(), None)


class Row(tuple[Any, ...]):
    """A row that is read by place, or by the name of a column, as sqlite3.Row is."""

    __slots__ = ()
    places: Mapping[str, int] = {}

    def keys(self) -> Iterable[str]:
        return self.places.keys()

    def __getitem__(self, at: Any) -> Any:
        return tuple.__getitem__(self, self.places[at] if type(at) is str else at)


@lru_cache(maxsize=256)
def _row_of(columns: tuple[str, ...]) -> type[Row]:
    places: dict[str, int] = {}
    for place, column in enumerate(columns):
        places.setdefault(column, place)  # of two columns of one name the first
    return type("Row", (Row,), {"__slots__": (), "places": places})


def row_factory(cursor: Any) -> RowMaker[Row]:
    """Makes rows of the columns of a cursor."""
    if cursor.description is None:
        return Row
    return _row_of(tuple(column.name for column in cursor.description))


class WholeNumber(Loader):
    """Reads numeric, as which sums of bigint come, as int."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class FetchedRows:
    """What a statement found, all of it here."""

    def __init__(self, cursor: psycopg.Cursor[Row]) -> None:
        self.rowcount = cursor.rowcount
        self._rows = iter(cursor.fetchall() if cursor.description else ())

    def fetchone(self) -> Row | None:
        return next(self._rows, None)

    def fetchall(self) -> list[Row]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return self._rows


class Writing:
    """The connection of a transaction."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def execute(self, query: str, values: Values = ()) -> FetchedRows:
        return FetchedRows(self._connection.execute(*sent(query, values)))

    def executemany(self, query: str, values: Iterable[Values]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(translated(query).encode(), values)


class Streaming(Writing):
    """A connection in a transaction, over which whole tables come some rows at a time."""

    def __init__(self, connection: psycopg.Connection[Row], open_until: ExitStack) -> None:
        super().__init__(connection)
        self._open_until = open_until

    def execute(self, query: str, values: Values = ()) -> Any:
        if values:  # of one article
            return super().execute(query, values)
        cursor = self._connection.cursor(f"rows_{next(_NUMBERS)}")
        self._open_until.enter_context(cursor)
        return cursor.execute(*sent(query, values))


class PooledReader:
    """Reads over whichever connection is free; each statement sees what is committed by then."""

    def __init__(self, run: Callable[[Callable[[psycopg.Connection[Row]], Any]], Any]) -> None:
        self._run = run

    def execute(self, query: str, values: Values = ()) -> FetchedRows:
        found: FetchedRows = self._run(
            lambda connection: Writing(connection).execute(query, values)
        )
        return found

    def executemany(self, query: str, values: Iterable[Values]) -> None:
        raise AssertionError("readers write nothing")
