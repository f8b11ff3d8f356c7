"""A part of the vectors that never changes, but that chunks in it can be marked as taken out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.storage.vectors.codes import CANDIDATES, CANDIDATES_EACH, Codes
from qa.storage.vectors.rows import FileRows, Rows, blocks
from qa.storage.vectors.scan import Bits, Keys, Vectors, nearest, products

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The vectors of some chunks: `rows[i]` is that of `keys[i]`."""

    keys: Keys  # ascending
    rows: Rows
    total: NDArray[np.float64]  # the sum of the live rows
    live: int
    alive: Bits | None = None  # None: all
    codes: Codes | None = None  # None: searched exactly
    name: str = ""  # of its files; "": it has none yet
    digests: dict[str, str] = field(default_factory=dict)  # SHA-256 of each file

    @classmethod
    def of(cls, keys: Keys, vectors: Vectors) -> Segment:
        """A segment in memory, of keys in any order."""
        order = np.argsort(keys, kind="stable")
        rows = np.ascontiguousarray(vectors[order], np.float32)
        return cls(keys[order], rows, sum_of(rows), len(keys))

    @property
    def dead(self) -> int:
        return len(self.keys) - self.live

    def is_alive(self) -> NDArray[np.bool_]:
        """Whether a chunk is still there, for each row."""
        if self.alive is None:
            return np.ones(len(self.keys), bool)
        return _unpacked(self.alive, len(self.keys))

    def live_keys(self) -> Keys:
        return self.keys if self.alive is None else self.keys[self.is_alive()]

    def live_vectors(self) -> Vectors:
        return self.rows[np.flatnonzero(self.is_alive())]

    def positions(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of `keys` are here, alive or not, as indices into `keys`; and their positions."""
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        here = np.flatnonzero(self.keys[at] == keys)
        return here, at[here]

    def without(self, removed: Keys) -> Segment:
        """The segment with these chunks marked as taken out; itself when it has none."""
        gone = np.unique(self.positions(removed)[1])
        if self.alive is not None and len(gone):
            gone = gone[(self.alive[gone >> 3] >> (gone & 7)) & 1 == 1]
        if not len(gone):
            return self
        alive = pack(np.ones(len(self.keys), bool)) if self.alive is None else self.alive.copy()
        np.bitwise_and.at(alive, gone >> 3, ~(1 << (gone & 7)).astype(np.uint8))
        total = self.total - sum_of(self.rows[gone])
        return replace(self, alive=alive, total=total, live=self.live - len(gone))

    def search(
        self, query: Vectors, limit: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[Keys, Vectors]:
        """At least the `limit` best (keys, scores), unordered, for a query of shape (1, dimension).

        `allowed` says of each key whether it may come.
        """
        among = self.alive
        if allowed is not None:
            among = pack(allowed[self.keys])
            if self.alive is not None:
                among &= self.alive
            if not among.any():
                return self.keys[:0], np.empty(0, np.float32)
        find = self._nearest if self.codes is None else self._candidates
        positions = np.sort(find(query, limit, among))
        return self.keys[positions], products(self.rows[positions], query)

    def _nearest(self, query: Vectors, limit: int, among: Bits | None) -> NDArray[np.int64]:
        """The positions of the `limit` best rows, and of all that are equal to the last of them.

        FAISS keeps just any of equal scores: so one more is asked for than is wanted, and more and
        more for as long as the limit cuts through equal scores.
        """
        assert isinstance(self.rows, np.ndarray)
        wanted = limit + 1
        while True:
            positions, scores = nearest(self.rows, query, wanted, among)
            if len(positions) < wanted or scores[-1] < _clearly_below(scores[limit - 1]):
                return positions
            wanted *= 2

    def _candidates(self, query: Vectors, limit: int, among: Bits | None) -> NDArray[np.int64]:
        """The positions of the rows that are best by their codes, to be scored anew."""
        assert self.codes is not None
        wanted = max(CANDIDATES, CANDIDATES_EACH * limit)
        there = len(self.keys) if among is None else int(np.bitwise_count(among).sum())
        found = self.codes.nearest(query, wanted, among) if there > wanted else _NONE
        if len(found) == wanted:
            return found
        # Few are allowed, and each is looked at; or the rest are equal, and the oldest count.
        first = (
            np.arange(there) if among is None else np.flatnonzero(_unpacked(among, len(self.keys)))
        )
        return np.union1d(found, first[:wanted])

    # --- files -----------------------------------------------------------------------------------

    @classmethod
    def load(cls, folder: Path, name: str, digests: dict[str, str]) -> Segment:
        """Reads what `segment_files.write` wrote. The caller has checked the files' digests."""
        keys: Keys = np.load(folder / f"{name}.keys.npy", allow_pickle=False)
        total = np.load(folder / f"{name}.total.npy", allow_pickle=False)
        path, coded = folder / f"{name}.rows.npy", folder / f"{name}.codes"
        codes = Codes.load(coded) if coded.name in digests else None
        rows: Rows = FileRows(path)
        if codes is None:
            rows = np.load(path, mmap_mode="r", allow_pickle=False)
        return cls(keys, rows, total, len(keys), None, codes, name, digests)


def _clearly_below(score: np.float32) -> float:
    """A score so far below this one that no order of adding up explains it."""
    return float(score) - 1e-6 * max(1.0, abs(float(score)))


def sum_of(rows: Rows) -> NDArray[np.float64]:
    """The sum of all rows, in float64.

    So the mean is the same to the last digit of float32 however segments are cut.
    """
    total = np.zeros(rows.shape[1])
    for block in blocks(rows):
        total += block.sum(axis=0, dtype=np.float64)
    return total


def pack(marks: NDArray[np.bool_]) -> Bits:
    return np.packbits(marks, bitorder="little")


def _unpacked(bits: Bits, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(bits, count=count, bitorder="little").view(bool)
