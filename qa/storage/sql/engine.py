"""What an engine gives to the SQL that all engines share: rows, transactions, and their numbers."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import Mismatch
from qa.storage.sql.seals import RESTORE, damaged, meta_seal
from qa.types import Article

# Of the tables, whichever engine keeps them; what earlier versions wrote is brought to it.
SCHEMA_VERSION = 6
# The entry of `meta` that only a copy has: of which generation it is, and the seal of all other
# entries, once it is whole.
COPIED, UNFINISHED = "copied", -1

Values = Sequence[Any] | Mapping[str, Any]


class Cursor(Protocol):
    """What a statement found; its rows are read by place, or by the name of a column."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """Where statements are sent to, with values for each `?` or `:name` in them."""

    def execute(self, query: str, values: Values = (), /) -> Cursor: ...

    def executemany(self, query: str, values: Iterable[Values], /) -> object: ...


class Hold:
    """Keeps inputs of jobs for one worker, where an engine lets several work at once."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def free(self, job: str, start: int, most: int) -> list[int]:
        """The first ordinals from `start` on that nobody else has: from now on they are ours.

        Of lines, those that stand `TOGETHER` in a row are one worker's.
        """
        rows = self._db.execute(
            f"{PENDING} LIMIT :most", {"job": job, "start": start, "most": most}
        )
        return [row[0] for row in rows]

    def keep(self) -> None:
        """Says that the worker is there still. Raises StorageError when it has lost them."""


TOGETHER = 8
# The inputs of a job from `start` on, in order.
PENDING = (
    "SELECT ordinal, name FROM job_items WHERE job = :job AND ordinal >= :start ORDER BY ordinal"
)


class Database(ABC):
    """The connections of an engine, its transactions, and what it says in its own way."""

    read_only: bool
    shared = False  # several processes may work on jobs at once
    # Goes on to the tables that stand behind it in that order, where an engine would change it.
    join = "JOIN"
    # `meta` as one value: a JSON list of pairs.
    meta_as_json: str

    def __init__(self) -> None:
        self._begun: int | None = None  # the generation of the transaction at hand
        self._dimension: int | None = None

    # --- connections ---------------------------------------------------------------------------

    @property
    @abstractmethod
    def name(self) -> str:
        """What messages call it; holds no password."""

    @property
    @abstractmethod
    def reader(self) -> Connection:
        """Reads what is committed, for this thread."""

    @property
    @abstractmethod
    def writer(self) -> Connection:
        """The connection of the transaction at hand."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Connection]:
        """A write transaction: all of it or nothing. Raises StorageError, NoSpace or ReadOnly."""

    @contextmanager
    def holding(self) -> Iterator[Hold]:
        """Keeps inputs of jobs for one worker; where but one process works all are its own."""
        yield Hold(self.reader)

    @abstractmethod
    def moment(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of everything, whoever writes meanwhile."""

    @abstractmethod
    def tolerant(self) -> AbstractContextManager[Connection]:
        """A connection for long lists, that reads text which is no UTF-8 too."""

    @contextmanager
    def checking(self, said: list[str]) -> Iterator[Connection]:
        """A tolerant connection; an error that ends the check is added to what was `said`."""
        with self.tolerant() as db:
            yield db

    def problems(self, db: Connection) -> list[str]:
        """What the engine itself finds wrong with its files."""
        return []

    @abstractmethod
    def numbers(self, query: str, values: Values) -> NDArray[np.int64]:
        """The one column of numbers that a query gives."""

    @property
    @abstractmethod
    def closed(self) -> bool: ...

    @abstractmethod
    def close(self) -> None:
        """Closes all connections; doing it twice does no harm."""

    @abstractmethod
    def refuse_when_read_only(self) -> None:
        """Raises ReadOnly when it was opened to be read only."""

    @abstractmethod
    def refuse_other_file(self) -> None:
        """Raises Mismatch when another database stands in the place of the one that is open."""

    def shrink(self, pages: int) -> int:
        """Gives free pages back, where an engine does so when it is asked; says how many."""
        return 0

    def changed_beneath(self) -> bool:
        """Whether somebody has written to what was opened as something that nobody can write."""
        return False

    def is_no_text(self, error: Exception) -> bool:
        """Whether a statement failed since a text is no UTF-8 any more."""
        return False

    # --- what engines say in their own way --------------------------------------------------------

    @abstractmethod
    def numbers_in(self, name: str) -> str:
        """A query for the numbers of a JSON list that is given by that name, as `value`."""

    @abstractmethod
    def strings_in(self, name: str) -> str:
        """A query for the strings of a JSON list that is given by that name, as `value`."""

    def found_by(self, article: Article) -> dict[str, Any]:
        """What an engine keeps of an article besides, in columns of its own, to find it by."""
        return {}

    @abstractmethod
    def folded(self, column: str) -> str:
        """A column of `articles a`, casefolded: publisher, author, or one of those made of two.

        `named` is id and title, `sorted` the title, or the id of what has none.
        """

    @abstractmethod
    def primary(self, column: str) -> str:
        """The primary subtag of a column with a language: sr of sr-Latn, en of en_GB."""

    @abstractmethod
    def has_tag(self, name: str) -> str:
        """The condition that an article has one of the folded tags in a JSON list of that name."""

    @abstractmethod
    def stands_in(self, words: str, text: str) -> str:
        """The condition that one text stands in another."""

    def keeps(self, values: Iterable[object]) -> bool:
        """Whether an engine can keep these values as they are."""
        return True

    def go_on_after_keys(self) -> None:  # noqa: B027 (most engines have nothing to do)
        """Has the next keys come after those that were put in, where an engine counts apart."""

    def is_number(self, column: str) -> str:
        """The condition that a column of numbers holds one, where an engine would take others."""
        return "TRUE"

    # --- meta ----------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """The entries of `meta`. Raises CorpusBroken when they are not what was written."""
        return self.meta_of(self.reader)

    @staticmethod
    def meta_of(db: Connection) -> dict[str, str]:
        """The entries of `meta` as one connection sees them. Raises CorpusBroken."""
        return _whole(db.execute("SELECT key, value FROM meta"))

    def state(self) -> tuple[dict[str, str], int]:
        """`meta` and `purged_to`, both of one moment."""
        # In one row: at each the interpreter's lock is let go, and others may have it for long.
        query = f"SELECT (SELECT {self.meta_as_json} FROM meta), {_PURGED}"
        rows, purged = self.reader.execute(query).fetchone()
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
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [*values.items(), ("seal", meta_seal(now))],
        )

    # --- generations -----------------------------------------------------------------------------

    def generation(self) -> int:
        """The last generation that was committed."""
        return int(self.meta()["generation"])

    def refuse_lost(self, table: str, live: NDArray[np.int64], generation: int, mend: str) -> None:
        """Raises CorpusBroken unless these keys are as many as a generation had, with their sum."""
        stored = self.reader.execute("SELECT * FROM generations WHERE number = ?", (generation,))
        row = stored.fetchone()  # none before anything was stored, or when it is purged
        if row and (row[table], row[f"{table[:-1]}_keys"]) != (len(live), live.sum()):
            raise damaged(f"the {table} that are live are", mend)

    def next_generation(self) -> int:
        """Begins a generation, inside a transaction; gives the number that its rows carry."""
        meta = self.meta_of(self.writer)
        refuse_unfinished(meta, self.name)
        before = int(meta["generation"])
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


def copied_in(meta: Mapping[str, str]) -> int | None:
    """Of which generation the store is a copy, UNFINISHED for a part of one; None: it is none."""
    return int(meta[COPIED].split()[0]) if COPIED in meta else None


def refuse_unfinished(meta: Mapping[str, str], name: str) -> None:
    """Raises Mismatch for a part of a copy: what is there is no corpus yet."""
    if copied_in(meta) == UNFINISHED:
        raise Mismatch(
            f"{name} holds a part of a copy: give the same `qa copy` again, which goes on where it "
            "stopped",
            code="unfinished",
        )


# While the table has no row, nothing is certain but the newest generation.
_PURGED = (
    "coalesce((SELECT min(number) FROM generations),"
    " (SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'generation'))"
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
