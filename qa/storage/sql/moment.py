"""One state of a store, to be carried to another: articles, chunks, and bulk additions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from qa.storage.sql import copied_rows
from qa.storage.sql.columns import listed
from qa.storage.sql.copied_rows import (
    ARTICLES,
    CHUNKS,
    Item,
    Kind,
    Row,
    Table,
    page,
    read,
    refuse_damaged_chunks,
    sized,
    stored_of,
)
from qa.storage.sql.engine import Connection, Database
from qa.storage.sql.seals import RESTORE, damaged

JOBS = Table("jobs", "id, state, total, created, finished, counts, problems, dropped, stated")
_LEFT = (
    Table("job_items", "job, ordinal, origin, name, payload, stored, starts, refused"),
    Table("refused_items", "job, ordinal, origin, name, payload"),
)


class Moment:
    """One state of a store, over a connection that sees no other.

    It is read amid what another store does, so it says itself whose it is that cannot be read.
    """

    def __init__(
        self, db: Connection, readable: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db, self._readable = db, readable
        self.meta = Database.meta_of(db)
        self.generation = int(self.meta["generation"])

    def counted(self) -> Row:
        """The row of its generation, with how much it has; of none, (). Raises CorpusBroken."""
        row = self._db.execute(
            "SELECT number, at, articles, article_keys, chunks, chunk_keys FROM generations"
            " WHERE number = ?",
            (self.generation,),
        ).fetchone()
        if row is None and self.generation:
            raise damaged("the table generations is", RESTORE)
        return tuple(row or ())

    def page(self, kind: Kind, after: int) -> list[Row]:
        """What is seen of the next ones of a kind."""
        with self._readable():
            return page(self._db, kind, after, kind.live, self.generation)

    def items(self, kind: Kind, keys: Sequence[int], *, checked: bool = True) -> list[Item]:
        """All of these; when `checked`, raises CorpusBroken for what is not what was stored."""
        with self._readable():
            items = read(self._db, kind, keys)
            if checked and kind is CHUNKS:
                refuse_damaged_chunks(self._db, items)
            if checked and kind is ARTICLES:
                for item in items:
                    stored_of(item)
        return items

    def jobs(self) -> Iterator[tuple[Table, Row]]:
        """The bulk additions, each with what is left of it."""
        with self._readable():
            yield from jobs(self._db)


def jobs(db: Connection) -> Iterator[tuple[Table, Row]]:
    """The rows of bulk additions, each before what is left of it; inputs some at a time."""
    for [id_] in db.execute("SELECT id FROM jobs ORDER BY created, id").fetchall():
        row = db.execute(f"SELECT {JOBS.columns} FROM jobs WHERE id = ?", (id_,)).fetchone()
        yield JOBS, tuple(row)
        for table in _LEFT:
            for row in _inputs(db, table, id_):
                yield table, row


def _inputs(db: Connection, table: Table, job: str) -> Iterator[Row]:
    after = -1
    while True:
        seen = db.execute(
            f"SELECT ordinal, length(payload) FROM {table.name} WHERE job = ? AND ordinal > ?"
            " ORDER BY ordinal LIMIT ?",
            (job, after, copied_rows.MOST_ROWS),
        ).fetchall()
        for ordinals in sized(seen):
            rows = db.execute(
                f"SELECT {table.columns} FROM {table.name} WHERE job = ?"
                f" AND ordinal IN ({listed(ordinals)}) ORDER BY ordinal",
                (job,),
            )
            yield from map(tuple, rows.fetchall())
        if len(seen) < copied_rows.MOST_ROWS:
            return
        after = seen[-1][0]
