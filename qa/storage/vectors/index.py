"""The vectors of one generation, as a short list of segments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from qa.storage.vectors import segment_files
from qa.storage.vectors.scan import Keys, Vectors
from qa.storage.vectors.segment import Segment
from qa.types import Ranked

# A tenth of dead chunks costs as much of each scan; past a quarter the segment is written anew.
DEAD_SHARE = 0.25


class VectorIndex:
    """An index that never changes: any number of threads may search it.

    `with_changes` makes another, which shares most of it.
    """

    def __init__(self, dimension: int, segments: Sequence[Segment] = ()) -> None:
        self.dimension = dimension
        self.segments = tuple(segment for segment in segments if segment.live)

    def __len__(self) -> int:
        return sum(segment.live for segment in self.segments)

    def keys(self) -> Keys:
        """All live keys, ascending."""
        return np.sort(np.concatenate([_NO_KEYS, *(s.live_keys() for s in self.segments)]))

    def search(self, query: Vectors, limit: int, allowed: Keys | None = None) -> Ranked:
        """The `limit` nearest chunks to a vector of shape (dimension,), by inner product.

        With `allowed`, only these chunks. Every score is exact, and of equal scores the older
        chunk comes first, whatever the size. Up to `CODED_FROM` passages no nearer chunk is left
        out, and where `limit` cuts through equal scores the oldest are given, however the segments
        are cut. Past it the older segments are searched by codes: of 10^6 passages none of the
        first 10 was missed, and 3 of 1,000 of the first 200 (docs/decisions/0010-vector-index.md).
        """
        if limit < 1 or not self.segments:
            return Ranked.empty()
        row = np.ascontiguousarray(query.reshape(1, -1), np.float32)
        marks = None if allowed is None else self._marks(allowed)
        found = [segment.search(row, limit, marks) for segment in self.segments]
        keys = np.concatenate([k for k, _ in found])
        scores = np.concatenate([s for _, s in found])
        order = np.lexsort((keys, -scores))[:limit]
        return Ranked(keys[order], scores[order])

    def _marks(self, allowed: Keys) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether a key is allowed, for each up to the highest one here."""
        marks = np.zeros(1 + max(int(s.keys[-1]) for s in self.segments), bool)
        marks[allowed[allowed < len(marks)]] = True
        return marks

    def vectors(self, keys: Keys) -> Vectors:
        """The vectors of these keys, shape (len(keys), dimension); zeros for a key not here."""
        out = np.zeros((len(keys), self.dimension), np.float32)
        for segment in self.segments:
            here, positions = segment.positions(keys)
            order = np.argsort(positions)
            out[here[order]] = segment.rows[positions[order]]
        return out

    @cached_property
    def mean(self) -> Vectors:
        """The mean of all vectors, shape (dimension,); zeros when there are none."""
        total = sum((segment.total for segment in self.segments), np.zeros(self.dimension))
        return (total / max(len(self), 1)).astype(np.float32)

    # --- changes ---------------------------------------------------------------------------------

    def with_changes(self, added: Keys, vectors: Vectors, removed: Keys) -> VectorIndex:
        """A new index with chunks put in and taken out; unknown keys to remove are ignored."""
        segments = list(self.without(removed).segments)
        if len(added):
            segments.append(Segment.of(added, vectors))
        return VectorIndex(self.dimension, _merged_tail(segments))

    def without(self, removed: Keys) -> VectorIndex:
        """A new index with chunks taken out; unknown keys are ignored."""
        if not len(removed):
            return self
        return VectorIndex(self.dimension, [segment.without(removed) for segment in self.segments])

    def with_segment(self, segment: Segment) -> VectorIndex:
        """A new index with one more segment, of chunks that are not here yet."""
        return VectorIndex(self.dimension, (*self.segments, segment))

    @property
    def unsaved(self) -> int:
        """How many chunks are in no file yet."""
        return sum(segment.live for segment in self.segments if not segment.name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the segments that have files."""
        return tuple(segment.name for segment in self.segments if segment.name)

    def saved(self, folder: Path, coded_from: int = segment_files.CODED_FROM) -> VectorIndex:
        """The same index, with one segment in files for all that had none."""
        kept = [segment for segment in self.segments if segment.name]
        fresh = [segment for segment in self.segments if not segment.name]
        if fresh:
            kept.append(segment_files.merge(folder, fresh, coded_from))
        return VectorIndex(self.dimension, kept)

    def to_merge(self) -> tuple[Segment, ...]:
        """The segments that should become one.

        A segment that is smaller than all newer ones together is merged with them: so there are
        never more than log2(n), and a chunk is copied as often. A segment with many dead chunks is
        written anew.
        """
        saved = [segment for segment in self.segments if segment.name]
        newer = np.cumsum([0, *(segment.live for segment in saved[:0:-1])])[::-1]
        for number, segment in enumerate(saved):
            if segment.live < newer[number]:
                return tuple(saved[number:])
        return next(((s,) for s in saved if s.dead > DEAD_SHARE * len(s.keys)), ())

    def replaced(self, old: Sequence[Segment], new: Segment) -> VectorIndex | None:
        """An index with a merged segment, `new`, in the place of those that it is made of.

        What was taken out of `old` meanwhile is taken out of `new`. None when one of the old
        segments is no longer here: another process has merged it.
        """
        names = {segment.name: segment for segment in old}
        here = [segment for segment in self.segments if segment.name in names]
        if len(here) < len(old):
            return None
        gone = [s.keys[names[s.name].is_alive() & ~s.is_alive()] for s in here]
        segments = [new.without(np.concatenate(gone)) if s is here[0] else s for s in self.segments]
        return VectorIndex(self.dimension, [s for s in segments if s not in here[1:]])


_NO_KEYS = np.empty(0, np.int64)


def _merged_tail(segments: list[Segment]) -> list[Segment]:
    """Merges segments in memory, from the end, until each is twice as large as the next.

    So adding n chunks one by one copies O(n log n) vectors. Those in files wait for `to_merge`.
    """
    while len(segments) > 1 and not segments[-2].name and not segments[-1].name:
        before, last = segments[-2:]
        if before.live >= 2 * last.live:
            break
        keys = np.concatenate([before.live_keys(), last.live_keys()])
        rows = np.concatenate([before.live_vectors(), last.live_vectors()])
        segments[-2:] = [Segment.of(keys, rows)]
    return segments
