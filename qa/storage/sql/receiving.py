"""A store that takes in the rows of another one, and is no corpus before it has all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import groupby, islice

from qa.errors import InvalidInput
from qa.storage.sql.columns import listed
from qa.storage.sql.copied_rows import (
    ARTICLES,
    Item,
    Kind,
    Row,
    Table,
    page,
    read,
    stored_of,
)
from qa.storage.sql.engine import COPIED, UNFINISHED, Connection, Database, copied_in
from qa.storage.sql.moment import jobs
from qa.storage.sql.seals import meta_seal

# Inputs of bulk additions that are in memory at a time: each may be a file of many megabytes.
MOST_AT_ONCE = 20

Step = Callable[[], AbstractContextManager[Connection]]


class Receiver:
    """What is written to, in steps; each is a transaction, or a part of the only one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.meta = database.meta()

    @property
    def generation(self) -> int:
        return int(self.meta["generation"])

    @property
    def copied(self) -> int | None:
        """Of which generation it is a copy, as `copied_in` says it."""
        return copied_in(self.meta)

    @property
    def is_as_copied(self) -> bool:
        """Whether nothing was changed since it was copied: no article, and no calibration."""
        return self.meta[COPIED] == _mark_of(self.meta)

    def is_used(self) -> bool:
        """Whether anything was ever put in by others than a copy."""
        there = self._database.reader.execute("SELECT count(*) FROM jobs").fetchone()
        return bool(self.generation or there[0])

    def begin(self) -> None:
        """Marks it as a part of a copy, which nobody opens."""
        with self._transaction():
            self._database.set_meta({COPIED: str(UNFINISHED)})
        self.meta[COPIED] = str(UNFINISHED)

    @contextmanager
    def steps(self, *, at_once: bool) -> Iterator[Step]:
        """Gives what each step is done in; `at_once`, all of them are one transaction."""
        if not at_once:
            yield self._transaction
            return
        with self._transaction() as db:
            yield lambda: nullcontext(db)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._database.transaction() as db:
            if Database.meta_of(db) != self.meta:
                raise InvalidInput(
                    f"others write to {self._database.name}: stop them, and copy again",
                    code="in_use",
                )
            yield db

    # --- rows ----------------------------------------------------------------------------------

    @staticmethod
    def page(db: Connection, kind: Kind, after: int) -> list[Row]:
        """What is seen of the next ones that are there."""
        return page(db, kind, after, "TRUE", 0)

    @staticmethod
    def items(db: Connection, kind: Kind, keys: Sequence[int]) -> list[Item]:
        """All rows of these."""
        return read(db, kind, keys)

    def drop(self, db: Connection, kind: Kind, keys: Sequence[int]) -> None:
        """Takes these out, with what stands on them."""
        if keys and kind.held_by:
            above = db.execute(f"{kind.holding} ({listed(keys)})").fetchall()
            self.drop(db, kind.held_by, [row[0] for row in above])
        db.execute(f"DELETE FROM {kind.name} WHERE key IN ({listed(keys)})")

    def insert(self, db: Connection, kind: Kind, items: Sequence[Item]) -> None:
        """Puts items in as they are. Raises InvalidInput for what this engine cannot keep."""
        first, *others = kind.tables
        rows = [row for item in items for row in item.rows[0]]
        also: tuple[str, ...] = ()
        if kind is ARTICLES:
            found = [self._database.found_by(stored_of(item).article) for item in items]
            also = tuple(found[0]) if found else ()
            rows = [(*row, *own.values()) for row, own in zip(rows, found, strict=True)]
        self._refuse_unkept(kind, rows)
        first.insert(db, rows, also)
        for number, table in enumerate(others, start=1):
            table.insert(db, [row for item in items for row in item.rows[number]])

    def _refuse_unkept(self, kind: Kind, rows: Iterable[Row]) -> None:
        for row in rows:
            if not self._database.keeps(row):
                name = f"article {row[1]!r}" if kind is ARTICLES else f"a passage ({kind.name})"
                raise InvalidInput(
                    f"{name} has a character with the number 0 in its text or in what is known of "
                    f"it, which {self._database.name} cannot keep: add it again without it"
                )

    # --- bulk additions, and the end -------------------------------------------------------------

    @staticmethod
    def jobs(db: Connection) -> Iterator[tuple[Table, Row]]:
        """The bulk additions that are there."""
        return jobs(db)

    @staticmethod
    def job_ids(db: Connection) -> set[str]:
        """The ids of the bulk additions that are there."""
        return {row[0] for row in db.execute("SELECT id FROM jobs")}

    @staticmethod
    def replace_jobs(db: Connection, rows: Iterable[tuple[Table, Row]]) -> None:
        """Puts bulk additions in the place of those that are there."""
        db.execute("DELETE FROM jobs")
        for table, same in groupby(rows, key=lambda pair: pair[0]):
            while some := [row for _, row in islice(same, MOST_AT_ONCE)]:
                table.insert(db, some)

    def finish(self, db: Connection, meta: Mapping[str, str], counted: Row) -> None:
        """Makes a corpus of what is there, of the state that it is a copy of."""
        db.execute("DELETE FROM generations")
        if counted:
            marks = ", ".join("?" * len(counted))
            db.execute(f"INSERT INTO generations VALUES ({marks})", counted)
        db.execute("DELETE FROM meta")
        self._database.set_meta({**meta, COPIED: _mark_of(meta)})
        self._database.go_on_after_keys()


def _mark_of(meta: Mapping[str, str]) -> str:
    rest = {name: value for name, value in meta.items() if name != COPIED}
    return f"{meta['generation']} {meta_seal(rest)}"
