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


def front(db: Connection, chunk: Chunk) -> int:
    """The key of the row of title and byline, which is made, or mended, where need be."""
    stands = (chunk.title, chunk.byline)
    found = db.execute("SELECT * FROM fronts WHERE digest = ?", (chunk.front,)).fetchone()
    if found is None:
        made = db.execute(
            "INSERT INTO fronts (digest, title, byline) VALUES (?, ?, ?) RETURNING key",
            (chunk.front, *stands),
        )
        return int(made.fetchone()[0])
    if (found["title"], found["byline"]) != stands:
        db.execute("UPDATE fronts SET title = ?, byline = ? WHERE key = ?", (*stands, found["key"]))
    return int(found["key"])


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
