"""Publishing the derived indexes: FAISS and tantivy files under one manifest.

A writer commits to the store first, then calls `publish`, which brings both indexes to the store's
generation, swaps the indexes that readers take and replaces the manifest, each in one step.
Whatever a crash leaves between those steps, opening mends: files are verified against the
manifest's digests, and what is missing, damaged or behind is caught up or built anew.

What costs more than the change itself is left to `compact`, which works beside readers and writers.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from qa.storage import manifest
from qa.storage.lexical import LexicalIndex, LexicalSearcher
from qa.storage.locks import Lock
from qa.storage.manifest import Content
from qa.storage.sqlite import Changes, Store
from qa.storage.vectors import CODED_FROM, Keys, Segment, VectorIndex, merge, sha256, write
from qa.text.terms import ANALYSIS

# Vectors that are in no file yet: at most as many are read from the store again after a crash.
CHECKPOINT_CHUNKS = 2000
# BM25 counts words of chunks that were taken out until their segment is merged. Past this share of
# the live ones the words are indexed again: then the scores are those of a fresh index. Of a small
# corpus (a tenth of a second's work) they always are; of one that takes more than a second or two,
# by `compact`.
STALE_SHARE = 0.1
SMALL_CHUNKS = 1000
LARGE_CHUNKS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Indexes:
    """What one reader works with from start to end."""

    generation: int
    vectors: VectorIndex
    lexical: LexicalSearcher


class Published:
    """The derived indexes of a corpus, in `folder`."""

    coded_from = CODED_FROM

    def __init__(
        self, folder: Path, store: Store, lock: Lock, dimension: int, stamp: dict[str, str]
    ) -> None:
        """`stamp` says which encoder and chunking the vectors are of; kept in the manifest."""
        self.folder = folder
        self.lock = lock
        self.repairs: list[str] = []  # what `open` found and rebuilt, for the log and `status`
        self._segments, self._building = folder / "segments", folder / "building"
        (self._made_in() / "segments").mkdir(parents=True, exist_ok=True)
        self._compacting = Lock(folder / "compacting")
        self._store = store
        self._dimension = dimension
        self._stamp = {**stamp, "analysis": ANALYSIS}
        self._digests: dict[str, str] = {}
        with self.lock.held():
            self._open()

    def _made_in(self) -> Path:
        """Where new files go."""
        return self.folder

    def _lexical_at(self, folder: Path) -> LexicalIndex:
        return LexicalIndex(folder)

    @property
    def indexes(self) -> Indexes:
        return self._indexes

    def files(self) -> dict[str, int]:
        """Bytes on disk of each index."""
        return {
            "vectors": sum(map(_size, self._segments.glob("*"))),
            "lexical": sum(map(_size, self._lexical.folder.iterdir())),
        }

    # --- opening -----------------------------------------------------------------------------

    def _open(self) -> None:
        known = self._manifest()
        if known is None and self._store.generation():
            self.repairs.append("the manifest was missing or damaged")
        generation = self._store.generation()
        live = self._store.live_chunks(generation)
        vectors = self._reconciled(self._loaded(known), live)
        self._lexical, lexical = self._open_lexical(known, generation, live)
        self._indexes = Indexes(generation, vectors, lexical)
        if self.repairs or not known or known["generation"] != generation:
            self._write(checkpoint=True)

    def _manifest(self) -> Content | None:
        """None also when it is another process's, of another stamp."""
        known = manifest.read(self.folder)
        return known if known and known["stamp"] == self._stamp else None

    def _loaded(self, known: Content | None) -> VectorIndex:
        """The segments that are whole."""
        found = []
        for name, digests in known["vectors"].items() if known else ():
            missing = not all((self._segments / file).exists() for file in digests)
            if missing or not all(self._whole(known, *file) for file in digests.items()):
                self.repairs.append(f"the vector index was {'missing' if missing else 'damaged'}")
            else:
                found.append(Segment.load(self._segments, name, digests))
        return VectorIndex(self._dimension, found)

    def _whole(self, known: Content | None, file: str, digest: str) -> bool:
        """A file that nobody has written to since is not read: of 10^6 vectors that takes 2 s, and
        8 s from a disk. `check` reads them all."""
        path = self._segments / file
        unchanged = known is not None and known.get("written", {}).get(file) == _written(path)
        return unchanged or sha256(path) == digest

    def check(self) -> list[str]:
        """What is wrong with the files of vectors, sentence by sentence."""
        return [
            f"{file} of the vector index is damaged: qa reindex"
            for segment in self._indexes.vectors.segments
            for file, digest in segment.digests.items()
            if (self._segments / file).exists() and not self._whole(None, file, digest)
        ]

    def _reconciled(self, vectors: VectorIndex, live: Keys) -> VectorIndex:
        """Exactly the live chunks: keys are never used again, so comparing them is enough."""
        have = vectors.keys()
        added = np.setdiff1d(live, have, assume_unique=True)
        removed = np.setdiff1d(have, live, assume_unique=True)
        if len(added) <= CHECKPOINT_CHUNKS:
            rows = self._store.vectors(added, self._dimension)
            return vectors.with_changes(added, rows, removed)
        blocks = self._store.vector_blocks(added, self._dimension)
        folder = self._made_in() / "segments"
        segment = write(folder, added, blocks, self._dimension, self.coded_from)
        return vectors.with_changes(added[:0], _no_rows(self._dimension), removed).with_segment(
            segment
        )

    def _open_lexical(
        self, known: Content | None, generation: int, live: Keys
    ) -> tuple[LexicalIndex, LexicalSearcher]:
        damage = self._lexical_damage(known) if known else "it was missing"
        if known and not damage:
            with contextlib.suppress(ValueError, OSError):
                index = self._lexical_at(self.folder / known["lexical"]["folder"])
                self._catch_up(index, known["generation"], generation)
                searcher = index.searcher()
                if len(searcher) == len(live):
                    return index, searcher
            damage = "it did not agree with the store"
        if known:
            self.repairs.append(f"the lexical index was rebuilt: {damage}")
        self._digests.clear()
        index = self._lexical_of(live)
        return index, index.searcher()

    def _lexical_of(self, live: Keys) -> LexicalIndex:
        """A new one, in a folder of its own."""
        folder = self._made_in() / f"lexical-{uuid.uuid4().hex[:12]}"
        try:
            index = LexicalIndex(folder)
            index.update((), self._store.texts(live))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return index

    def _lexical_damage(self, known: Content) -> str:
        folder = self.folder / known["lexical"]["folder"]
        if not folder.exists():
            return "it was missing"
        expected = known["lexical"]["files"]
        if known["generation"] != self._store.generation():
            # A writer was cut off between commit and manifest: a merge may have taken old segments
            # away. Those that are there must be whole; the count of documents tells the rest.
            expected = {
                name: digest
                for name, digest in expected.items()
                if name.endswith(_IMMUTABLE) and (folder / name).exists()
            }
        found = self._lexical_digests(folder)
        whole = all(found.get(name) == digest for name, digest in expected.items())
        return "" if whole else "it was damaged"

    def _catch_up(self, index: LexicalIndex, since: int, until: int) -> None:
        if since == until:
            return
        changes = self._store.changes(since, until)
        index.update(changes.removed.tolist(), self._store.texts(changes.added))
        live = len(index.searcher()) if index.taken_out() else 0
        if live < LARGE_CHUNKS and _stale(index, live):
            index.rewrite(self._store.texts(self._store.live_chunks(until)))

    # --- publishing ----------------------------------------------------------------------------

    def publish(self) -> Indexes:
        """Brings indexes and manifest to the store's generation. Idempotent.

        Costs what the changes cost, however large the corpus is.
        """
        with self.lock.held():
            before, generation = self._indexes, self._store.generation()
            known = self._manifest()
            foreign = known is not None and not self._have(known)
            unpublished = known is not None and known["generation"] < generation
            if generation == before.generation and not foreign and not unpublished:
                return before
            if known is None:  # our files may be gone: who wrote last was of another stamp
                self._open()
                return self._indexes
            published = known["generation"]
            if foreign or published != before.generation:  # another process has been here
                self._lexical = LexicalIndex(self.folder / known["lexical"]["folder"])
            self._bring_lexical(published, generation)
            if foreign:
                vectors = self._adopted(known, generation)
            else:
                vectors = self._changed(before, generation)
            self._indexes = Indexes(generation, vectors, self._lexical.searcher())
            if published != generation or vectors.names != tuple(known["vectors"]):
                due = vectors.unsaved >= (CHECKPOINT_CHUNKS if vectors.names else 1)
                # Lost with the power, the manifest is caught up with: not worth 10 ms each time.
                self._write(checkpoint=due, durable=due)
            return self._indexes

    def _bring_lexical(self, since: int, until: int) -> None:
        """Builds it anew when it cannot be changed: as it would be opening the corpus again."""
        try:
            self._catch_up(self._lexical, since, until)
        except ValueError:
            self._digests.clear()
            self._lexical = self._lexical_of(self._store.live_chunks(until))

    def _changed(self, before: Indexes, generation: int) -> VectorIndex:
        changes = self._changes(before.generation, generation)
        if changes is None:
            return self._reconciled(before.vectors, self._store.live_chunks(generation))
        rows = self._store.vectors(changes.added, self._dimension)
        return before.vectors.with_changes(changes.added, rows, changes.removed)

    def _changes(self, since: int, until: int) -> Changes | None:
        """None when the store no longer knows what was taken out since."""
        return self._store.changes(since, until) if since >= self._store.purged_to() else None

    def _adopted(self, known: Content, generation: int) -> VectorIndex:
        """With the segments that another process has written or merged."""
        ours = {segment.name: segment for segment in self._indexes.vectors.segments}
        found = [
            ours.get(name) or Segment.load(self._segments, name, digests)
            for name, digests in known["vectors"].items()
        ]
        index = VectorIndex(self._dimension, found)
        return self._reconciled(index, self._store.live_chunks(generation))

    def is_behind(self) -> bool:
        """Whether there is something newer, or something that could not be published."""
        known = self._manifest()
        if self._store.generation() > self._indexes.generation:
            return True
        if known is None:
            return False
        return known["generation"] != self._indexes.generation or not self._have(known)

    def _have(self, known: Content) -> bool:
        """Whether the files are those that we read."""
        same = tuple(known["vectors"]) == self._indexes.vectors.names
        return same and known["lexical"]["folder"] == self._lexical.folder.name

    def close(self) -> None:
        """Writes the vectors that are in no file yet, so that the next start is quick."""
        with self.lock.held():
            current = self._store.generation() == self._indexes.generation and self._manifest()
            if current and self.publish().vectors.unsaved:
                self._write(checkpoint=True)

    def _write(self, *, checkpoint: bool, durable: bool = True) -> None:
        """Replaces the manifest, in one step; before it, with `checkpoint`, all vectors are saved.

        Files that it no longer names go: who reads them still has them open.
        """
        if checkpoint:
            saved = self._indexes.vectors.saved(self._segments, self.coded_from)
            self._indexes = replace(self._indexes, vectors=saved)
        named = {s.name: s.digests for s in self._indexes.vectors.segments if s.name}
        lexical = self._lexical.folder
        content = {
            "generation": self._indexes.generation,
            "stamp": self._stamp,
            "chunks": len(self._indexes.vectors),
            "vectors": named,
            "written": {f: _written(self._segments / f) for files in named.values() for f in files},
            "lexical": {"folder": lexical.name, "files": self._lexical_digests(lexical)},
        }
        manifest.write(self.folder, content, durable=durable)
        for path in self._segments.iterdir():
            if path.name.partition(".")[0] not in named:
                path.unlink()
        for path in self.folder.glob("lexical*"):
            if path != lexical:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.folder.glob("vectors-*"):  # of an earlier version
            path.unlink()

    def _lexical_digests(self, folder: Path) -> dict[str, str]:
        """Segment files never change once written: each is read once in a process's life."""
        digests = {}
        for path in sorted(folder.iterdir()):
            if path.name.endswith((".lock", ".tmp")) or path.name == ".managed.json":
                continue
            known = self._digests.get(path.name)
            if known is None or not path.name.endswith(_IMMUTABLE):
                known = sha256(path)
            digests[path.name] = known
        self._digests = digests
        return digests

    # --- compaction ----------------------------------------------------------------------------

    def compact(self) -> bool:
        """Merges what should be one, gives back what is dead; whether there was something to do.

        Readers and writers go on meanwhile, and of several processes one does it. Cut off, nothing
        has happened.
        """
        with self._compacting.tried() as ours:
            if not ours:
                return False
            shutil.rmtree(self._building, ignore_errors=True)  # of one that was cut off
            with self._unless_replaced() as ours:
                indexes = self._indexes
            if not ours:
                return False
            try:
                return self._compacted(indexes)
            finally:
                shutil.rmtree(self._building, ignore_errors=True)

    def _compacted(self, indexes: Indexes) -> bool:
        done = False
        if old := indexes.vectors.to_merge():
            done = self._put_in_place(old, merge(self._building, old, self.coded_from))
        if _stale(self._lexical, len(indexes.lexical)):
            done |= self._renew_lexical(indexes.generation)
        return done

    def _put_in_place(self, old: Sequence[Segment], new: Segment) -> bool:
        with self._unless_replaced() as ours:
            vectors = self._indexes.vectors.replaced(old, new) if ours else None
            if vectors is None:
                return False
            for file in new.digests:
                (self._building / file).replace(self._segments / file)
            self._indexes = replace(self._indexes, vectors=vectors)
            self._write(checkpoint=False)
            return True

    def _renew_lexical(self, generation: int) -> bool:
        """Indexes all words again, in another folder; what changed meanwhile is caught up."""
        index = LexicalIndex(self._building / f"lexical-{uuid.uuid4().hex[:12]}")
        index.update((), self._store.texts(self._store.live_chunks(generation)))
        with self._unless_replaced() as ours:
            changes = self._changes(generation, self._indexes.generation) if ours else None
            if changes is None:
                return False
            index.update(changes.removed.tolist(), self._store.texts(changes.added))
            folder = self.folder / index.folder.name
            index.folder.replace(folder)
            self._lexical = LexicalIndex(folder)
            self._indexes = replace(self._indexes, lexical=self._lexical.searcher())
            self._write(checkpoint=False)
            return True

    @contextlib.contextmanager
    def _unless_replaced(self) -> Iterator[bool]:
        """With the lock, at the newest generation; False when the indexes are no longer ours."""
        with self.lock.held():
            ours = self._manifest() is not None
            if ours:
                self.publish()
            yield ours


_IMMUTABLE = (".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm")


def _stale(index: LexicalIndex, live: int) -> bool:
    return index.taken_out() > STALE_SHARE * max(0, live - SMALL_CHUNKS)


def _no_rows(dimension: int) -> Any:
    return np.empty((0, dimension), np.float32)


def _written(path: Path) -> list[int]:
    """Size and time of the last change, which a file that is moved keeps."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # merged meanwhile
        return 0
