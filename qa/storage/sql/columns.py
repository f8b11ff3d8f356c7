"""The columns that are read of articles and chunks, and the records that their rows become.

Whatever a row holds is compared with its digest first (seals.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from qa.storage.records import Chunk, StoredArticle, text_digest
from qa.storage.sql.engine import Connection
from qa.storage.sql.seals import ADD_AGAIN, REINDEX, damaged, place_seal, row_seal
from qa.types import Article, Removed

# What is known of an article, all of it under one seal.
KNOWN = (
    *("key", "id", "digest", "fingerprint", "added_in", "title", "url", "publisher", "author"),
    *("published", "language", "tags", "extra", "pages", "removed", "notes", "media_type"),
    *("encoding", "origin", "added_at"),
)
JSON = ("tags", "extra", "pages", "removed", "notes")
# How many rows are looked up, or made, in one statement: an engine may be a network away.
AT_ONCE = 200
# Between the names of several authors in their column: no name has it.
NAME_END = "\x1f"
# For queries on `articles a` with its SEALS: those of generation :g, and what is known of an
# article; the latter comes first.
LIVE = "a.added_in <= :g AND (a.removed_in IS NULL OR a.removed_in > :g)"
SEALS = "LEFT JOIN article_seals s ON s.article = a.key"
ARTICLE = ", ".join([*(f"a.{name}" for name in KNOWN), "s.passages, s.characters, s.known"])
_SEALED = len(KNOWN) + 2
# For queries on `chunks c` with its FRONTS: what decides what a passage is found by and cited as.
FRONTS = "LEFT JOIN fronts f ON f.key = c.front"
CHUNK = "c.key AS chunk, f.title AS front, f.byline, c.lead, c.text AS passage, c.digest AS whole"


def chunk_from(row: Any) -> Chunk:
    """The chunk of a row that has the columns of `CHUNK`.

    Raises CorpusBroken when it is not what was stored: its text is what is cited.
    """
    chunk = Chunk(row["front"], row["byline"], bool(row["lead"]), row["passage"])
    try:
        whole = chunk.digest == row["whole"]
    except (TypeError, AttributeError):  # bytes where there was text
        whole = False
    if not whole:
        raise damaged(f"passage {row['chunk']} is", REINDEX)
    return chunk


def fronts(db: Connection, chunks: Iterable[Chunk]) -> dict[bytes, int]:
    """The keys of the rows of titles and bylines, by their digests.

    They are made, or mended, where need be.
    """
    wanted = {chunk.front: (chunk.title, chunk.byline) for chunk in chunks}
    keys: dict[bytes, int] = {}
    for digests in batches(list(wanted), AT_ONCE):
        found = db.execute(f"SELECT * FROM fronts WHERE digest IN ({marks(digests)})", digests)
        for row in found.fetchall():
            digest, key = row["digest"], int(row["key"])
            keys[digest] = key
            if (row["title"], row["byline"]) != wanted[digest]:
                db.execute(
                    "UPDATE fronts SET title = ?, byline = ? WHERE key = ?", (*wanted[digest], key)
                )
        new = [(digest, *wanted[digest]) for digest in digests if digest not in keys]
        made = insert(db, "fronts (digest, title, byline)", new, "digest, key")
        keys.update((row[0], int(row[1])) for row in made)
    return keys


def insert(
    db: Connection, into: str, rows: Sequence[Sequence[object]], returning: str
) -> list[Any]:
    """Inserts rows by one statement; gives what is asked for of each, in no order."""
    if not rows:
        return []
    values = ", ".join([f"({marks(rows[0])})"] * len(rows))
    found = db.execute(
        f"INSERT INTO {into} VALUES {values} RETURNING {returning}",
        [value for row in rows for value in row],
    )
    return list(found.fetchall())


def marks(values: Sequence[object]) -> str:
    """A mark for each value: "?, ?"."""
    return ", ".join("?" * len(values))


def checked_place(row: Any) -> tuple[int, int, int, int]:
    """(article, start, end, chunk) of a row of `passages`. Raises CorpusBroken."""
    place = (row["article"], row["start"], row["end"], row["chunk"])
    if place_seal(*place) != row["seal"]:
        raise damaged(f"the place of passage {place[3]!r} in article {place[0]!r} is", REINDEX)
    return place


def stored_from(row: Any, text: str | None = None) -> StoredArticle:
    """The article of a row that begins with `ARTICLE`, with its text where that is wanted.

    Raises CorpusBroken when either is not what was stored.
    """
    values = tuple(row)  # looking twenty columns up by name takes longer than all else here
    key, id_, digest, seen, _, title, url, publisher, author, published, language = values[:11]
    tags, extra, pages, removed, notes, media_type, encoding, origin, added_at = values[11:20]
    if row_seal(values[:_SEALED]) != values[_SEALED] or not (text is None or text_is(text, digest)):
        raise damaged(f"article {id_!r} is", ADD_AGAIN)
    article = Article(
        id=id_,
        text=text or "",
        title=title,
        url=url,
        publisher=publisher,
        author=author and author.replace(NAME_END, ", "),
        authors=tuple(author.split(NAME_END)) if author else (),
        published=published,
        language=language,
        tags=_tuple(tags),
        extra=json.loads(extra),
        pages=_tuple(pages),
    )
    return StoredArticle(
        key=key,
        digest=digest,
        fingerprint=seen,
        article=article,
        removed=tuple(Removed(*pair) for pair in _tuple(removed)),
        notes=_tuple(notes),
        media_type=media_type,
        encoding=encoding,
        origin=origin,
        added_at=added_at,
    )


def _tuple(listed: str) -> tuple[Any, ...]:
    return () if listed == "[]" else tuple(json.loads(listed))


def known_seal(row: Any) -> bytes:
    """The seal of what is known of an article, from a row that begins with `ARTICLE`."""
    return row_seal(tuple(row)[:_SEALED])


def text_is(text: object, digest: str) -> bool:
    """Whether the text is still that of the digest."""
    try:
        return isinstance(text, str) and text_digest(text) == digest
    except UnicodeError:
        return False


def batches(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def listed(keys: Sequence[int]) -> str:
    """Keys as SQL writes them: "1,2,3"; of none, "NULL", among which no key is."""
    return ",".join(str(int(key)) for key in keys) or "NULL"
