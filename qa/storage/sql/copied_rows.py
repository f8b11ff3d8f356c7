"""What is carried from one store to another, and its rows: nothing is made anew.

Keys, generations and seals go along, so what is carried can be compared row by row, and answers
come out the same to the last digit. Only what is live is carried.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qa.storage.records import StoredArticle
from qa.storage.sql.columns import CHUNK, FRONTS, KNOWN, chunk_from, listed, stored_from
from qa.storage.sql.engine import Connection
from qa.storage.sql.seals import ADD_AGAIN, REINDEX, damaged, is_sealed, place_seal

# How many rows, and about how many bytes of them, are in memory at a time.
MOST_ROWS = 500
MOST_BYTES = 8_000_000

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first of its columns says to what a row belongs."""

    name: str
    columns: str

    def of(self, db: Connection, keys: Sequence[int]) -> dict[int, list[Row]]:
        """The rows that belong to each of these keys, in order."""
        found: dict[int, list[Row]] = defaultdict(list)
        key, second = self.columns.split(", ")[:2]
        rows = db.execute(
            f"SELECT {self.columns} FROM {self.name} WHERE {key} IN ({listed(keys)})"
            f" ORDER BY {key}, {second}"
        )
        for row in rows:
            found[row[0]].append(tuple(row))
        return found

    def insert(self, db: Connection, rows: Iterable[Row], also: Iterable[str] = ()) -> None:
        """Puts rows in; `also` are columns behind ours that they have."""
        columns = ", ".join([self.columns, *also])
        marks = ", ".join("?" * len(columns.split(", ")))
        db.executemany(f"INSERT INTO {self.name} ({columns}) VALUES ({marks})", rows)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that is carried: the row that it is, and those that belong to it."""

    tables: tuple[Table, ...]
    seen: str  # what tells one from another without reading all of it; in the end, its bytes
    live: str  # the condition that a generation :g has it
    beside: str = ""
    # Whatever stands on it, which goes when it goes.
    held_by: Kind | None = None
    holding: str = ""

    @property
    def name(self) -> str:
        return self.tables[0].name


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is carried, with its rows of each table."""

    key: int
    rows: tuple[list[Row], ...]

    @property
    def digest(self) -> bytes:
        """The digest of every value in it, and of where each ends."""
        return digest_of(row for rows in self.rows for row in [(len(rows),), *rows])


def _live(alias: str) -> str:
    return f"{alias}.added_in <= :g AND ({alias}.removed_in IS NULL OR {alias}.removed_in > :g)"


ARTICLES = Kind(
    tables=(
        Table("articles", ", ".join([*KNOWN, "text", "raw"])),
        Table("article_seals", "article, passages, characters, known, raw"),
        Table("passages", 'article, start, "end", chunk, seal'),
    ),
    seen="t.key, t.digest, s.known, s.raw, s.passages, coalesce(s.characters, 0) + length(t.raw)",
    live=_live("t"),
    beside="LEFT JOIN article_seals s ON s.article = t.key",
)
CHUNKS = Kind(
    tables=(
        Table(
            "chunks",
            "key, digest, encoded, added_in, front, lead, vector_seal, tokens_seal, text, vector",
        ),
        Table("token_vectors", "chunk, data"),
    ),
    seen="t.key, t.digest, t.encoded, t.added_in, t.front, t.vector_seal, t.tokens_seal, 16000",
    live=_live("t"),
    held_by=ARTICLES,
    holding="SELECT DISTINCT article FROM passages WHERE chunk IN",
)
FRONT_ROWS = Kind(
    tables=(Table("fronts", "key, digest, title, byline"),),
    seen="t.key, t.digest, 200",
    live=f"EXISTS (SELECT 1 FROM chunks c WHERE c.front = t.key AND {_live('c')})",
    held_by=CHUNKS,
    holding="SELECT key FROM chunks WHERE front IN",
)
# In the order in which they are put in: what stands on others comes after them.
KINDS = (FRONT_ROWS, CHUNKS, ARTICLES)


def page(db: Connection, kind: Kind, after: int, condition: str, generation: int) -> list[Row]:
    """What is seen of the next ones after a key, by their keys: MOST_ROWS at most."""
    rows = db.execute(
        f"SELECT {kind.seen} AS size FROM {kind.name} t {kind.beside}"
        f" WHERE t.key > :after AND {condition} ORDER BY t.key LIMIT :most",
        {"after": after, "g": generation, "most": MOST_ROWS},
    )
    return [tuple(row) for row in rows]


def read(db: Connection, kind: Kind, keys: Sequence[int]) -> list[Item]:
    """All rows of these, in the order of the keys."""
    found = [table.of(db, keys) for table in kind.tables]
    return [Item(key, tuple(rows.get(key, []) for rows in found)) for key in keys]


def sized(seen: Sequence[Row]) -> Iterator[list[int]]:
    """The keys of what was seen, as many at a time as may be in memory."""
    keys: list[int] = []
    size = 0
    for row in seen:
        if keys and size + row[-1] > MOST_BYTES:
            yield keys
            keys, size = [], 0
        keys.append(row[0])
        size += row[-1]
    if keys:
        yield keys


def stored_of(item: Item) -> StoredArticle:
    """The article of an item. Raises CorpusBroken when it is not what was stored."""
    mains, seals, places = item.rows
    *known, text, raw = mains[0]
    name = f"article {known[1]!r}"
    if not seals:
        raise damaged(f"{name} is", ADD_AGAIN)
    _, passages, characters, known_seal, raw_seal = seals[0]
    stored = stored_from((*known, passages, characters, known_seal), text)
    if not is_sealed(raw, raw_seal):
        raise damaged(f"the input of {name} is", ADD_AGAIN)
    if len(places) != passages or any(place_seal(*p[:4]) != p[4] for p in places):
        raise damaged(f"the passages of {name} are", REINDEX)
    return stored


def refuse_damaged_chunks(db: Connection, items: Sequence[Item]) -> None:
    """Raises CorpusBroken for chunks that are not what was stored."""
    keys = [item.key for item in items]
    for row in db.execute(f"SELECT {CHUNK} FROM chunks c {FRONTS} WHERE c.key IN ({listed(keys)})"):
        chunk_from(row)
    for item in items:
        [main], tokens = item.rows
        *_, vector_seal, tokens_seal, _, vector = main
        if not is_sealed(vector, vector_seal):
            raise damaged(f"the vector of passage {item.key} is", REINDEX)
        if not (tokens and is_sealed(tokens[0][1], tokens_seal)):
            raise damaged(f"the token vectors of passage {item.key} are", REINDEX)


def digest_of(rows: Iterable[Row]) -> bytes:
    """The digest of rows, value for value."""
    found = hashlib.sha256()
    for row in rows:
        for value in row:
            data = value if type(value) is bytes else repr(value).encode("utf-8", "surrogatepass")
            found.update(f"{type(value).__name__} {len(data)} ".encode())
            found.update(data)
    return found.digest()
