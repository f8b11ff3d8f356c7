"""What chunks hold, of any generation, and which of them a generation has.

This is all that the derived indexes are built from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.storage.records import Changes, Chunk
from qa.storage.sql.columns import CHUNK, FRONTS, batches, chunk_from, listed
from qa.storage.sql.engine import Database
from qa.storage.sql.seals import REINDEX, damaged, is_sealed, lost

Keys = NDArray[np.int64]
# How many rows of vectors are in memory at a time.
BLOCK = 4000

_T = TypeVar("_T")


class Chunks:
    """The chunks of a store."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # --- which there are -----------------------------------------------------------------------

    def live(self, generation: int) -> Keys:
        """The keys of all chunks of a generation, ascending. Raises CorpusBroken."""
        live = self._keys(
            "added_in <= ? AND (removed_in IS NULL OR removed_in > ?)", (generation, generation)
        )
        self._db.refuse_lost("chunks", live, generation, REINDEX)
        return live

    def changes(self, since: int, until: int) -> Changes:
        """The chunks that came and went after generation `since`, up to `until`.

        What went is complete from `purged_to` on.
        """
        added = self._keys(
            "added_in > ? AND added_in <= ? AND (removed_in IS NULL OR removed_in > ?)",
            (since, until, until),
        )
        removed = self._keys("removed_in > ? AND removed_in <= ?", (since, until))
        return Changes(added, removed)

    def _keys(self, condition: str, values: tuple[int, ...]) -> Keys:
        return np.sort(self._db.numbers(f"SELECT key FROM chunks WHERE {condition}", values))

    # --- what they hold ------------------------------------------------------------------------

    def vectors(self, keys: Keys) -> NDArray[np.float32]:
        """The chunks' vectors; shape (len(keys), dimension). Raises CorpusBroken."""
        out = np.empty((len(keys), self._db.dimension), np.float32)
        for index, row in enumerate(self._rows("vector, vector_seal", keys)):
            if not is_sealed(row["vector"], row["vector_seal"]):
                raise damaged(f"the vector of passage {row['key']} is", REINDEX)
            out[index] = np.frombuffer(row["vector"], "<f4")
        return out

    def vector_blocks(self, keys: Keys) -> Iterator[NDArray[np.float32]]:
        """The chunks' vectors, some thousand rows at a time. Raises CorpusBroken."""
        return (self.vectors(keys[i : i + BLOCK]) for i in range(0, len(keys), BLOCK))

    def words(self, keys: Keys) -> Iterator[tuple[int, str]]:
        """(key, all that the chunk is found by: title, byline and text), in the keys' order."""
        for key, chunk in self.chunks(keys.tolist()):
            # A passage that begins with its title does not count the words of it twice.
            title = "" if chunk.text.startswith(chunk.title) else chunk.title
            yield key, "\n".join(part for part in (title, chunk.byline, chunk.text) if part)

    def token_vectors(self, keys: Sequence[int]) -> dict[int, bytes]:
        """Packed sentences and token vectors by chunk key. Raises CorpusBroken."""
        rows = self._db.reader.execute(
            "SELECT c.key, c.tokens_seal, r.data FROM chunks c"
            f" LEFT JOIN token_vectors r ON r.chunk = c.key WHERE c.key IN ({listed(keys)})"
        )
        found = {}
        for key, sealed, data in rows:
            if not is_sealed(data, sealed):
                raise damaged(f"the token vectors of passage {key} are", REINDEX)
            found[key] = data
        return dict(_in_order(keys, found))

    def chunks(self, keys: Sequence[int]) -> Iterator[tuple[int, Chunk]]:
        """(key, chunk) in the order of the keys. Raises CorpusBroken."""
        for batch in batches(keys, 500):
            rows = self._db.reader.execute(
                f"SELECT {CHUNK} FROM chunks c {FRONTS} WHERE c.key IN ({listed(batch)})"
            )
            yield from _in_order(batch, {row["chunk"]: chunk_from(row) for row in rows})

    def _rows(self, columns: str, keys: Keys) -> Iterator[Any]:
        for batch in batches(keys.tolist(), 500):
            rows = self._db.reader.execute(
                f"SELECT key, {columns} FROM chunks WHERE key IN ({listed(batch)})"
            )
            found = _in_order(batch, {row["key"]: row for row in rows})
            yield from (row for _, row in found)


def _in_order(keys: Sequence[int], found: Mapping[int, _T]) -> Iterator[tuple[int, _T]]:
    """Gives what was found in the keys' order. Raises CorpusBroken for one that is not there."""
    for key in keys:
        if key not in found:
            raise lost(key)
        yield key, found[key]
