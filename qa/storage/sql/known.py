"""What a writer may take over from the newest state, so that nothing is embedded twice."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from qa.errors import CorpusBroken
from qa.storage.records import Placed, text_digest
from qa.storage.sql.columns import (
    ARTICLE,
    AT_ONCE,
    CHUNK,
    FRONTS,
    SEALS,
    batches,
    checked_place,
    chunk_from,
    known_seal,
    marks,
    stored_from,
    text_is,
)
from qa.storage.sql.engine import Connection, Database
from qa.storage.sql.seals import ADD_AGAIN, damaged, gone, is_sealed
from qa.types import Article, Document

# Articles with text and input that are looked at together: inputs may be large.
WHOLE_AT_ONCE = 20


def fingerprint_of(database: Database, id_: str) -> str | None:
    """Gives what identifies an article as it is; None where there is none.

    It is "" for a damaged article: adding it again mends it.
    """
    return sound_fingerprint(database, database.reader, id_)


def fingerprints_of(database: Database, ids: Sequence[str]) -> dict[str, str]:
    """The same of all of these that are there, by their ids."""
    return sound_fingerprints(database, database.reader, ids)


def texts_held(database: Database, digests: Sequence[str]) -> set[str]:
    """Which of these are digests of the texts of live articles."""
    found: set[str] = set()
    for some in batches(digests, AT_ONCE):
        rows = database.reader.execute(
            f"SELECT digest FROM articles WHERE removed_in IS NULL AND digest IN ({marks(some)})",
            some,
        )
        found.update(row["digest"] for row in rows)
    return found


def held(database: Database, ids: Sequence[str]) -> dict[str, tuple[str | None, str]]:
    """What has each of these ids now: where it came from, and the digest of its text."""
    rows = database.reader.execute(
        "SELECT id, origin, digest FROM articles WHERE removed_in IS NULL"
        f" AND id IN ({marks(ids)})",
        list(ids),
    )
    return {row["id"]: (row["origin"], row["digest"]) for row in rows}


def files(database: Database) -> list[tuple[str, str]]:
    """The id and the origin of every article that came with one."""
    rows = database.reader.execute(
        "SELECT id, origin FROM articles WHERE removed_in IS NULL AND origin IS NOT NULL"
    )
    return [(row["id"], row["origin"]) for row in rows]


def copy_of(database: Database, article: Article) -> tuple[Placed, ...] | None:
    """The chunks of another live article with the very same text: nothing to embed."""
    row = database.reader.execute(
        "SELECT a.key, s.passages FROM articles a JOIN article_seals s ON s.article = a.key"
        " WHERE a.digest = ? AND a.id <> ? AND a.removed_in IS NULL ORDER BY a.key LIMIT 1",
        (text_digest(article.text), article.id),
    ).fetchone()
    if row is None:
        return None
    rows = database.reader.execute(
        f"SELECT p.article, p.start, p.end, p.seal, {CHUNK}, {_EMBEDDED} FROM passages p"
        f" JOIN chunks c ON c.key = p.chunk {FRONTS} LEFT JOIN token_vectors r ON r.chunk = c.key"
        " WHERE p.article = ? ORDER BY p.start",
        (row["key"],),
    ).fetchall()
    if len(rows) != row["passages"] or not all(map(_is_embedded, rows)):
        return None
    try:
        return tuple(map(_placed, rows))
    except CorpusBroken:  # what is damaged is embedded anew, and not copied
        return None


def known_vectors(database: Database, digests: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
    """Vector and token vectors of live chunks, by the digest of what was encoded."""
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for batch in batches(digests, 500):
        rows = database.reader.execute(
            f"SELECT c.encoded, {_EMBEDDED} FROM chunks c"
            " JOIN token_vectors r ON r.chunk = c.key"
            f" WHERE c.removed_in IS NULL AND c.encoded IN ({marks(batch)})",
            batch,
        )
        found.update(
            (row["encoded"], (row["vector"], row["data"])) for row in rows if _is_embedded(row)
        )
    return found


def raw_of(database: Database, key: int) -> bytes:
    """An article's input as it came. Raises Unavailable when it has gone, and CorpusBroken."""
    row = database.reader.execute(
        f"SELECT a.id, a.raw, s.raw AS seal FROM articles a {SEALS} WHERE a.key = ?",
        (key,),
    ).fetchone()
    if row is None:
        raise gone()
    if not is_sealed(row["raw"], row["seal"]):
        raise damaged(f"the input of article {row['id']!r} is", ADD_AGAIN)
    return zlib.decompress(row["raw"])


def document_of(database: Database, key: int) -> Document:
    """An article of any generation with its raw input, to be stored once more."""
    row = database.reader.execute(
        f"SELECT {ARTICLE}, a.text FROM articles a {SEALS} WHERE a.key = ?", (key,)
    ).fetchone()
    stored = stored_from(row, row["text"])
    return Document(
        article=stored.article,
        raw=raw_of(database, key),
        media_type=stored.media_type,
        encoding=stored.encoding,
        removed=stored.removed,
        notes=stored.notes,
        origin=stored.origin,
    )


_EMBEDDED = "c.vector, c.vector_seal, r.data, c.tokens_seal"


def _is_embedded(row: Any) -> bool:
    """Whether vector and token vectors are what was stored."""
    vector = is_sealed(row["vector"], row["vector_seal"])
    return vector and is_sealed(row["data"], row["tokens_seal"])


def _placed(row: Any) -> Placed:
    _, start, end, _ = checked_place(row)
    return Placed(start, end, chunk_from(row), row["vector"], row["data"])


def sound_fingerprint(database: Database, db: Connection, id_: str) -> str | None:
    """The fingerprint as one connection sees it, a writer's own changes included."""
    return sound_fingerprints(database, db, [id_]).get(id_)


def sound_fingerprints(database: Database, db: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The fingerprints of all of these that are there, by their ids."""
    found: dict[str, str] = {}
    for some in batches(ids, WHOLE_AT_ONCE):
        found.update(_fingerprints(database, db, some))
    return found


def _fingerprints(database: Database, db: Connection, ids: Sequence[str]) -> dict[str, str]:
    query = (
        f"SELECT {ARTICLE}, a.text, a.raw, s.raw AS raw_seal FROM articles a {SEALS}"
        f" WHERE a.id IN ({marks(ids)}) AND a.removed_in IS NULL"
    )
    try:
        rows = db.execute(query, ids)
        return {row["id"]: str(row["fingerprint"]) if _is_sound(row) else "" for row in rows}
    except Exception as error:
        if not database.is_no_text(error):
            raise
    if len(ids) == 1:
        return {ids[0]: ""}  # no text at all any more
    return {k: v for id_ in ids for k, v in _fingerprints(database, db, [id_]).items()}


def _is_sound(row: Any) -> bool:
    known = known_seal(row) == row["known"] and text_is(row["text"], row["digest"])
    return known and is_sealed(row["raw"], row["raw_seal"])
