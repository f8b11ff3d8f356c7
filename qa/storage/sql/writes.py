"""What a writer does, inside a transaction: rows that come and go carry its generation."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qa.storage.records import Chunk, Entry, Placed, fingerprint, text_digest
from qa.storage.sql.columns import (
    ARTICLE,
    AT_ONCE,
    KNOWN,
    NAME_END,
    SEALS,
    batches,
    fronts,
    insert,
    known_seal,
    marks,
)
from qa.storage.sql.engine import Connection, Database
from qa.storage.sql.known import sound_fingerprint, sound_fingerprints
from qa.storage.sql.purging import purge
from qa.storage.sql.seals import place_seal, row_seal, seal
from qa.types import Document

# How many bytes of inputs one statement holds, and one input more: PostgreSQL takes no more than a
# gigabyte, and hundreds of scanned PDFs are that.
BYTES_AT_ONCE = 8_000_000


class Change:
    """A change in one transaction: all or nothing. It has a number once it changes something."""

    def __init__(self, database: Database, db: Connection) -> None:
        self._database = database
        self.db = db
        self._number: int | None = None
        self._recounting = self._purging = False
        self._fronts: dict[bytes, int] = {}  # keys of titles and bylines that were looked up

    @property
    def generation(self) -> int:
        """The number that the rows of this change carry."""
        if self._number is None:
            self._number = self._database.next_generation()
        return self._number

    @property
    def moment(self) -> int:
        """The generation in which all is as this change leaves it; its own, if it has one."""
        if self._number is not None:
            return self._number
        return int(self._database.meta_of(self.db)["generation"])

    # --- articles ------------------------------------------------------------------------------

    def fingerprint_of(self, id_: str) -> str | None:
        """The fingerprint as `Store.fingerprint_of` gives it, with what this change has done."""
        return sound_fingerprint(self._database, self.db, id_)

    def fingerprints_of(self, ids: Sequence[str]) -> dict[str, str]:
        """The same of all of these that are there."""
        return sound_fingerprints(self._database, self.db, ids)

    def put(self, *entries: Entry) -> None:
        """Adds the articles, or replaces those with their ids, none of which comes twice."""
        for some in _parts(entries):
            self._retire([entry.document.article.id for entry in some])
            self.insert(*some)

    def retire(self, ids: Sequence[str]) -> list[str]:
        """Takes articles out; gives the ids that were there, each once."""
        return [id_ for id_ in dict.fromkeys(ids) if self._is_there(id_) and self._retire([id_])]

    def _is_there(self, id_: str) -> bool:
        query = "SELECT 1 FROM articles WHERE id = ? AND removed_in IS NULL"
        return self.db.execute(query, (id_,)).fetchone() is not None

    def _retire(self, ids: Sequence[str]) -> bool:
        taken_out = self.db.execute(
            f"UPDATE articles SET removed_in = ? WHERE id IN ({marks(ids)}) AND removed_in IS NULL",
            (self.generation, *ids),
        )
        return taken_out.rowcount > 0

    def insert(self, *entries: Entry) -> None:
        """Adds articles whose ids are free, some hundred at most."""
        keys = self._insert_articles(entries)
        chunks = self._chunks([placed for entry in entries for placed in entry.placed])
        places = [
            (keys[entry.document.article.id], p.start, p.end, chunks[p.chunk.digest])
            for entry in entries
            for p in entry.placed
        ]
        self.db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            [(*place, place_seal(*place)) for place in places],
        )

    def _insert_articles(self, entries: Sequence[Entry]) -> dict[str, int]:
        """The keys that they get, by their ids."""
        rows = [self._article_values(entry.document) for entry in entries]
        made = insert(
            self.db,
            f"articles ({', '.join(rows[0])})",
            [list(row.values()) for row in rows],
            "id, key",
        )
        keys = {row[0]: int(row[1]) for row in made}
        seals = []
        for entry, row in zip(entries, rows, strict=True):
            key, counted = keys[row["id"]], (len(entry.placed), len(row["text"]))
            known = row_seal([key, *(row[name] for name in KNOWN[1:]), *counted])
            seals.append((key, *counted, known, seal(row["raw"])))
        self.db.executemany("INSERT INTO article_seals VALUES (?, ?, ?, ?, ?)", seals)
        return keys

    def _article_values(self, document: Document) -> dict[str, Any]:
        article = document.article
        return {
            "id": article.id,
            "digest": text_digest(article.text),
            "fingerprint": fingerprint(article),
            "added_in": self.generation,
            "title": article.title,
            "url": article.url,
            "publisher": article.publisher,
            "author": NAME_END.join(article.authors) or None,
            "published": article.published,
            "language": article.language,
            "tags": json.dumps(article.tags),
            "extra": json.dumps(dict(article.extra), default=str),
            "pages": json.dumps(article.pages),
            "removed": json.dumps([[r.kind, r.text] for r in document.removed]),
            "notes": json.dumps(document.notes),
            "media_type": document.media_type,
            "encoding": document.encoding,
            "origin": document.origin,
            "added_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "text": article.text,
            "raw": zlib.compress(document.raw, 6),
            **self._database.found_by(article),
        }

    def _chunks(self, places: Sequence[Placed]) -> dict[bytes, int]:
        """The keys of the chunks at these places, by their digests; those that are new are made."""
        wanted = {placed.chunk.digest: placed for placed in places}
        keys: dict[bytes, int] = {}
        for digests in batches(list(wanted), AT_ONCE):
            rows = self.db.execute(
                "SELECT digest, key FROM chunks WHERE removed_in IS NULL"
                f" AND digest IN ({marks(digests)})",
                digests,
            )
            keys.update((row[0], int(row[1])) for row in rows)
            keys.update(self._insert_chunks([wanted[d] for d in digests if d not in keys]))
        return keys

    def _insert_chunks(self, new: Sequence[Placed]) -> dict[bytes, int]:
        unknown = [p.chunk for p in new if p.chunk.front not in self._fronts]
        self._fronts.update(fronts(self.db, unknown))
        made = insert(
            self.db,
            "chunks (digest, encoded, added_in, front, lead, vector_seal, tokens_seal, text,"
            " vector)",
            [self._chunk_values(placed) for placed in new],
            "digest, key",
        )
        keys = {row[0]: int(row[1]) for row in made}
        self.db.executemany(
            "INSERT INTO token_vectors VALUES (?, ?)",
            [(keys[placed.chunk.digest], placed.token_vectors) for placed in new],
        )
        return keys

    def _chunk_values(self, placed: Placed) -> tuple[object, ...]:
        chunk = placed.chunk
        return (
            chunk.digest,
            chunk.encoded,
            self.generation,
            self._fronts[chunk.front],
            int(chunk.lead),
            seal(placed.vector),
            seal(placed.token_vectors),
            chunk.text,
            placed.vector,
        )

    # --- embedding anew ------------------------------------------------------------------------

    def retire_all(self) -> list[int]:
        """Takes everything out; gives the keys of the articles that were live, oldest first."""
        live = "WHERE removed_in IS NULL"
        rows = self.db.execute(f"SELECT key FROM articles {live} ORDER BY key")
        keys = [row["key"] for row in rows]
        self.db.execute(f"UPDATE articles SET removed_in = ? {live}", (self.generation,))
        self.db.execute(f"UPDATE chunks SET removed_in = ? {live}", (self.generation,))
        return keys

    def retire_damaged(self, articles: Sequence[int], chunks: set[int]) -> None:
        """Takes out articles that are to be inserted again, and damaged chunks."""
        for table, keys in (("articles", articles), ("chunks", list(chunks))):
            self.db.execute(
                f"UPDATE {table} SET removed_in = :g WHERE key IN"
                f" ({self._database.numbers_in('keys')})",
                {"g": self.generation, "keys": json.dumps(keys)},
            )

    def keep_dates(self) -> None:
        """Gives back the time it was added at to what was only stored once more."""
        self.db.execute(
            "UPDATE articles SET added_at = (SELECT b.added_at FROM articles b"
            "  WHERE b.id = articles.id AND b.removed_in = :g) WHERE added_in = :g",
            {"g": self.generation},
        )
        rows = self.db.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE a.added_in = ?", (self.generation,)
        )
        self.db.executemany(
            "UPDATE article_seals SET known = ? WHERE article = ?",
            [(known_seal(row), row["key"]) for row in rows],
        )

    def recount(self) -> None:
        """Has the end of the change count anew what there is, after damage was mended."""
        self._recounting = True

    def _recount(self) -> None:
        """Counts anew what there is, and drops what belongs nowhere."""
        self._database.sum_up()
        rows = self.db.execute('SELECT article, start, "end", chunk, seal FROM passages')
        wrong = [(row[0], row[1]) for row in rows if place_seal(*tuple(row)[:4]) != row["seal"]]
        self.db.executemany("DELETE FROM passages WHERE article = ? AND start = ?", wrong)
        self.db.execute(
            "UPDATE generations SET (chunks, chunk_keys) ="
            " (SELECT count(*), coalesce(sum(key), 0) FROM chunks WHERE removed_in IS NULL)"
            " WHERE number = (SELECT max(number) FROM generations)"
        )
        for row in self.db.execute("SELECT key, title, byline FROM fronts").fetchall():
            digest = Chunk(row["title"], row["byline"], False, "").front
            self.db.execute(
                "UPDATE fronts SET digest = :digest WHERE key = :key AND digest <> :digest"
                " AND NOT EXISTS (SELECT 1 FROM fronts f WHERE f.digest = :digest)",
                {"digest": digest, "key": row["key"]},
            )

    # --- the whole -----------------------------------------------------------------------------

    def set_meta(self, values: Mapping[str, str]) -> None:
        """Says something of the whole corpus: of which encoder it is."""
        self._database.set_meta(values)

    def purge(self) -> None:
        """Has the end of the change delete a little of what went out long ago.

        So a corpus that is only added to does not grow by what it no longer has.
        """
        self._purging = True

    def finish(self) -> None:
        """Takes out the chunks that stand in no live article any more; then counts, and purges.

        In this order: what is taken out after it was counted would be missed for ever.
        """
        if self._number is not None:
            self._retire_orphans()
        if self._recounting:
            self._recount()
        if self._purging and self._number is not None:
            purge(self._database)

    def _retire_orphans(self) -> None:
        """Takes out the chunks that stand in no live article any more."""
        self.db.execute(
            "UPDATE chunks SET removed_in = :g WHERE removed_in IS NULL AND key IN ("
            " SELECT p.chunk FROM articles a JOIN passages p ON p.article = a.key"
            " WHERE a.removed_in = :g)"
            " AND NOT EXISTS (SELECT 1 FROM passages p JOIN articles a ON a.key = p.article"
            "  WHERE p.chunk = chunks.key AND a.removed_in IS NULL)",
            {"g": self.generation},
        )


def _parts(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries as they are inserted together."""
    part: list[Entry] = []
    size = 0
    for entry in entries:
        part.append(entry)
        size += len(entry.document.raw)
        if len(part) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part
