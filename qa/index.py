"""FAISS: vectors -> chunk keys, by exact inner product. Derived from the store, can be rebuilt.

FAISS may not be searched while it is added to, so a `VectorIndex` never changes: `with_changes`
gives a new one that shares most of the old. It is a short list of segments, merged as in a
log-structured tree, so adding n chunks one by one copies O(n log n) vectors and not O(n²).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.types import Ranked

Keys = NDArray[np.int64]
Vectors = NDArray[np.float32]
_BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    index: faiss.IndexIDMap2
    keys: Keys
    dead: Keys  # removed since the segment was built: still in FAISS, never given out

    @classmethod
    def build(cls, keys: Keys, vectors: Vectors) -> _Segment:
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors, np.float32), keys)
        return cls(index, keys, np.empty(0, np.int64))

    @property
    def live(self) -> int:
        return len(self.keys) - len(self.dead)

    def contents(self) -> tuple[Keys, Vectors]:
        """The live keys and their vectors."""
        vectors = self.index.index.reconstruct_n(0, len(self.keys))
        alive = ~np.isin(self.keys, self.dead)
        return self.keys[alive], vectors[alive]

    def blocks(self) -> Iterator[Vectors]:
        """The live vectors, some thousand at a time."""
        alive = ~np.isin(self.keys, self.dead)
        for start in range(0, len(self.keys), _BLOCK):
            count = min(_BLOCK, len(self.keys) - start)
            vectors = self.index.index.reconstruct_n(start, count)
            yield vectors[alive[start : start + count]]

    def search(self, query: Vectors, limit: int, allowed: Keys | None) -> tuple[Keys, Vectors]:
        parameters = None
        if allowed is not None:
            allowed = np.intersect1d(allowed, self.keys)
            if not len(allowed):
                return np.empty(0, np.int64), np.empty(0, np.float32)
            parameters = faiss.SearchParameters()
            parameters.sel = faiss.IDSelectorBatch(allowed)
        # Dead chunks may be among the nearest, so as many more are asked for; and one beyond the
        # limit, to see whether it cuts through equal scores, of which FAISS keeps just any.
        wanted = limit + len(self.dead) + 1
        while True:
            with _one_thread():
                found = self.index.search(query, min(wanted, len(self.keys)), params=parameters)
            scores, keys = found[0][0], found[1][0]
            good = (keys >= 0) & ~np.isin(keys, self.dead)
            scores, keys = scores[good], keys[good]
            complete = wanted >= len(self.keys) or len(keys) <= limit
            if complete or scores[-1] < scores[limit - 1]:
                return keys, scores
            wanted *= 2


class VectorIndex:
    """The vectors of one generation. Immutable: any number of threads may search it."""

    def __init__(self, dimension: int, segments: tuple[_Segment, ...] = ()) -> None:
        self.dimension = dimension
        self._segments = segments

    def __len__(self) -> int:
        return sum(segment.live for segment in self._segments)

    def keys(self) -> Keys:
        """All live keys, ascending."""
        live = [np.setdiff1d(s.keys, s.dead) for s in self._segments]
        return np.sort(np.concatenate(live)) if live else np.empty(0, np.int64)

    def search(self, query: Vectors, limit: int, allowed: Keys | None = None) -> Ranked:
        """The `limit` nearest chunks to a unit vector of shape (dimension,), by cosine."""
        if limit < 1 or not self._segments:
            return Ranked.empty()
        row = np.ascontiguousarray(query.reshape(1, -1), np.float32)
        found = [segment.search(row, limit, allowed) for segment in self._segments]
        keys = np.concatenate([k for k, _ in found])
        scores = np.concatenate([s for _, s in found])
        # Equal scores: the older chunk first, however the segments are cut.
        order = np.lexsort((keys, -scores))[:limit]
        return Ranked(keys[order], scores[order])

    def vectors(self, keys: Keys) -> Vectors:
        """The vectors of these keys, shape (len(keys), dimension); zeros for a key not here."""
        out = np.zeros((len(keys), self.dimension), np.float32)
        for segment in self._segments:
            here = np.flatnonzero(np.isin(keys, segment.keys))
            if len(here):
                out[here] = segment.index.reconstruct_batch(keys[here])
        return out

    @cached_property
    def mean(self) -> Vectors:
        """The mean of all vectors, shape (dimension,); zeros when there are none.

        Summed in float64: the same to the last digit of float32 however the segments are cut.
        """
        total, count = np.zeros(self.dimension), 0
        for segment in self._segments:
            for vectors in segment.blocks():
                total += vectors.sum(axis=0, dtype=np.float64)
                count += len(vectors)
        return (total / max(count, 1)).astype(np.float32)

    def with_changes(self, added: Keys, vectors: Vectors, removed: Keys) -> VectorIndex:
        """A new index with chunks put in and taken out; unknown keys to remove are ignored."""
        segments = [_without(segment, removed) for segment in self._segments]
        if len(added):
            segments.append(_Segment.build(added, vectors))
        return VectorIndex(self.dimension, _merged([s for s in segments if s.live]))

    def save(self, path: Path) -> None:
        """Writes one segment with everything in it."""
        whole = _merge(list(self._segments)) if self._segments else None
        index = whole.index if whole else faiss.IndexIDMap2(faiss.IndexFlatIP(self.dimension))
        faiss.write_index(index, str(path))

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Reads what `save` wrote. The caller has checked the file's digest."""
        index: Any = faiss.read_index(str(path))
        keys = faiss.vector_to_array(index.id_map).astype(np.int64)
        segments = (_Segment(index, keys, np.empty(0, np.int64)),) if len(keys) else ()
        return cls(index.d, segments)


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS cannot share one query among threads, and waking them takes milliseconds on busy cores.

    Measured on two of them: 8 ms for 26 vectors, and 0.02 ms so. The number is that of OpenMP as a
    whole, for the calling thread, and torch reads it too: it is put back.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _without(segment: _Segment, removed: Keys) -> _Segment:
    dead = np.union1d(segment.dead, np.intersect1d(segment.keys, removed))
    changed = _Segment(segment.index, segment.keys, dead)
    # Every dead chunk makes each search ask for one more; past a tenth, copying is cheaper.
    if len(dead) > max(100, len(segment.keys) // 10):
        return _merge([changed])
    return changed


def _merged(segments: list[_Segment]) -> tuple[_Segment, ...]:
    """Merges from the end while a segment is not at least twice as large as the next."""
    while len(segments) > 1 and segments[-2].live < 2 * segments[-1].live:
        last, before = segments.pop(), segments.pop()
        segments.append(_merge([before, last]))
    return tuple(segments)


def _merge(segments: list[_Segment]) -> _Segment:
    contents = [segment.contents() for segment in segments]
    return _Segment.build(
        np.concatenate([keys for keys, _ in contents]),
        np.concatenate([vectors for _, vectors in contents]),
    )
