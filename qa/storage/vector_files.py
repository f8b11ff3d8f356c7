"""The files of vectors: segments in a folder, as the manifest names them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa.storage.manifest import Content, Digests
from qa.storage.sql import Store
from qa.storage.vectors import CODED_FROM, Keys, Segment, VectorIndex, merge, sha256, size, write

# How many vectors may be in no file: they are read from the store again after a crash.
CHECKPOINT_CHUNKS = 2000


class VectorFiles:
    """The segments of a corpus on disk, read and written.

    An index never changes: each step takes one and gives another.
    """

    coded_from = CODED_FROM

    def __init__(self, folder: Path, made_in: Path, store: Store, dimension: int) -> None:
        """`folder` holds the files that are published; new ones of `open` go into `made_in`."""
        self._folder, self._made_in = folder / "segments", made_in / "segments"
        self._made_in.mkdir(parents=True, exist_ok=True)
        self._store = store
        self._dimension = dimension

    # --- reading ---------------------------------------------------------------------------------

    def open(self, known: Content | None, live: Keys) -> tuple[VectorIndex, list[str]]:
        """The index of exactly the live chunks, and what was wrong with published segments."""
        found, repairs = [], []
        for name, digests in known["vectors"].items() if known else ():
            if damage := self._damage(digests, known):
                repairs.append(f"the vector index was {damage}")
            else:
                found.append(Segment.load(self._folder, name, digests))
        return self._reconciled(VectorIndex(self._dimension, found), live), repairs

    def adopt(self, known: Content, ours: VectorIndex, live: Keys) -> VectorIndex:
        """The index of the segments that another process has written or merged."""
        read = {segment.name: segment for segment in ours.segments}
        found = [
            read.get(name) or Segment.load(self._folder, name, digests)
            for name, digests in known["vectors"].items()
        ]
        return self._reconciled(VectorIndex(self._dimension, found), live)

    def catch_up(self, index: VectorIndex, since: int, until: int) -> VectorIndex:
        """The index of generation `until`, made of that of generation `since`."""
        if since < self._store.purged_to():  # some of what went out is no longer known
            return self._reconciled(index, self._store.live_chunks(until))
        changes = self._store.changes(since, until)
        rows = self._store.vectors(changes.added)
        return index.with_changes(changes.added, rows, changes.removed)

    def _reconciled(self, index: VectorIndex, live: Keys) -> VectorIndex:
        """An index of exactly the live chunks, made of one that may lack some or have others.

        Keys are never used again: so comparing them is enough.
        """
        have = index.keys()
        added = np.setdiff1d(live, have, assume_unique=True)
        removed = np.setdiff1d(have, live, assume_unique=True)
        if len(added) <= CHECKPOINT_CHUNKS:
            rows = self._store.vectors(added)
            return index.with_changes(added, rows, removed)
        blocks = self._store.vector_blocks(added)
        segment = write(self._made_in, added, blocks, self._dimension, self.coded_from)
        return index.without(removed).with_segment(segment)

    # --- what is on the disk ---------------------------------------------------------------------

    def _damage(self, digests: Digests, known: Content | None) -> str:
        """What is wrong with the files of a segment; "" when they are whole."""
        if not all((self._folder / file).exists() for file in digests):
            return "missing"
        whole = all(self._is_whole(file, digest, known) for file, digest in digests.items())
        return "" if whole else "damaged"

    def _is_whole(self, file: str, digest: str, known: Content | None) -> bool:
        """Whether a file has its digest. One that nobody has written to since is not read.

        Reading 10^6 vectors takes 2 s, and 8 s from a disk. `check` reads them all.
        """
        path = self._folder / file
        unchanged = known is not None and known["written"].get(file) == _written(path)
        return unchanged or sha256(path) == digest

    def check(self, index: VectorIndex) -> list[str]:
        """What is wrong with the files of an index, sentence by sentence; each file is read."""
        return [
            f"{file} of the vector index is damaged: qa reindex"
            for segment in index.segments
            for file, digest in segment.digests.items()
            if (self._folder / file).exists() and not self._is_whole(file, digest, None)
        ]

    def size(self) -> int:
        """How many bytes the segments have on disk."""
        return sum(map(size, self._folder.glob("*")))

    # --- writing ---------------------------------------------------------------------------------

    def is_due(self, index: VectorIndex) -> bool:
        """Whether so many vectors are in no file yet that they should be written."""
        return index.unsaved >= (CHECKPOINT_CHUNKS if index.names else 1)

    def save(self, index: VectorIndex) -> VectorIndex:
        """The same index, with files for all of it."""
        return index.saved(self._folder, self.coded_from)

    def named(self, index: VectorIndex) -> dict[str, Digests]:
        """The entry of the segments in the manifest: those that have files."""
        return {s.name: s.digests for s in index.segments if s.name}

    def written(self, index: VectorIndex) -> dict[str, list[int]]:
        """The entry of the files in the manifest: size and time of the last change of each."""
        files = [file for digests in self.named(index).values() for file in digests]
        return {file: _written(self._folder / file) for file in files}

    def sweep(self, index: VectorIndex) -> None:
        """Deletes the files that are not of this index: who reads them has them open."""
        for path in self._folder.iterdir():
            if path.name.partition(".")[0] not in index.names:
                path.unlink()

    # --- compaction ------------------------------------------------------------------------------

    def merge(self, old: Sequence[Segment], building: Path) -> Segment:
        """One segment made of several, with files in `building`."""
        return merge(building, old, self.coded_from)

    def put_in_place(
        self, index: VectorIndex, old: Sequence[Segment], new: Segment, building: Path
    ) -> VectorIndex | None:
        """The index with a merged segment in the place of those it is made of; moves its files.

        Gives None, and does nothing, when the old segments are no longer all in the index.
        """
        merged = index.replaced(old, new)
        if merged is not None:
            for file in new.digests:
                (building / file).replace(self._folder / file)
        return merged


def _written(path: Path) -> list[int]:
    """The size and the time of the last change of a file, which it keeps when it is moved."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]
