"""The derived indexes as they are published: FAISS and tantivy files under one manifest.

A writer commits to the store first, then calls `publish`, which brings both indexes to the store's
generation, swaps those that readers take and replaces the manifest, each in one step.
Whatever a crash leaves between those steps, opening mends: files are held against the manifest's
digests, and what is missing, damaged or behind is caught up or built anew.

What costs more than the change itself is left to `compact`, which works beside readers and writers.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa.storage import manifest
from qa.storage.lexical import LexicalSearcher
from qa.storage.lexical_files import LexicalFiles
from qa.storage.locks import Lock
from qa.storage.manifest import Content
from qa.storage.sql import Store
from qa.storage.vector_files import VectorFiles
from qa.storage.vectors import VectorIndex
from qa.text.terms import ANALYSIS

LOST = "the manifest was missing or damaged"
OF_ANOTHER_VERSION = "the indexes were made by another version"


@dataclass(frozen=True, slots=True, eq=False)
class Indexes:
    """Both indexes at one generation: what a reader works with from start to end."""

    generation: int
    vectors: VectorIndex
    lexical: LexicalSearcher


class Published:
    """The derived indexes of a corpus, in `folder`.

    The store is asked for its generation and its live chunks, for what came and went since a
    generation, how far back that is known, and for the vectors and texts of chunks.
    """

    _indexes: Indexes

    def __init__(
        self, folder: Path, store: Store, lock: Lock, dimension: int, stamp: dict[str, str]
    ) -> None:
        """`stamp` says which encoder and chunking the vectors are of; kept in the manifest."""
        self.folder = folder
        self.lock = lock
        self.repairs: list[str] = []  # what opening found and rebuilt, for the log and `status`
        self._store = store
        self._stamp = {**stamp, "analysis": ANALYSIS}
        self._building = folder / "building"
        self._compacting = Lock(folder / "compacting")
        made_in = self._made_in()
        self._vectors = VectorFiles(folder, made_in, store, dimension)
        self._lexical = LexicalFiles(folder, made_in, store)
        with self.lock.held():
            self._open()

    def _made_in(self) -> Path:
        """The folder that new files go into."""
        return self.folder

    @property
    def indexes(self) -> Indexes:
        """The indexes that readers take, of the last generation that was published here."""
        return self._indexes

    def files(self) -> dict[str, int]:
        """How many bytes each index has on disk."""
        return {"vectors": self._vectors.size(), "lexical": self._lexical.size()}

    def check(self) -> list[str]:
        """What is wrong with the files of vectors, sentence by sentence."""
        return self._vectors.check(self._indexes.vectors)

    # --- opening ---------------------------------------------------------------------------------

    def _open(self) -> None:
        """Reads the files that are whole, repairs the rest, and publishes what came of it."""
        known, generation = self._manifest(), self._store.generation()
        live = self._store.live_chunks(generation)
        if known is None and generation:
            other = manifest.read(self.folder) is not None
            self.repairs.append(OF_ANOTHER_VERSION if other else LOST)
        vectors, damaged = self._vectors.open(known, live)
        lexical, rebuilt = self._lexical.open(known, generation, live)
        self.repairs += damaged + rebuilt
        self._indexes = Indexes(generation, vectors, lexical)
        if self.repairs or not known or known["generation"] != generation:
            self._write(checkpoint=True)

    def _manifest(self) -> Content | None:
        """The manifest of our stamp: None also when it is another process's, of another stamp."""
        known = manifest.read(self.folder)
        return known if known and known["stamp"] == self._stamp else None

    # --- publishing ------------------------------------------------------------------------------

    def publish(self) -> Indexes:
        """Brings indexes and manifest to the store's generation. Idempotent.

        Costs what the changes cost, however large the corpus is.
        """
        with self.lock.held():
            known, generation = self._manifest(), self._store.generation()
            if not self._differs(known, generation):
                pass
            elif known is None:  # our files may be gone: who wrote last was of another stamp
                self._open()
            else:
                self._indexes = self._caught_up(known, generation)
                self._write_if_new(known)
            return self._indexes

    def is_behind(self) -> bool:
        """Whether there is something newer, or something that could not be published."""
        known = self._manifest()  # first: the store is committed before it, and may not seem older
        return self._differs(known, self._store.generation())

    def _differs(self, known: Content | None, generation: int) -> bool:
        """Whether the store, the manifest and what readers take are not all of one state."""
        ours = self._indexes.generation
        if known is None:
            return generation != ours
        same = known["generation"] == generation == ours
        return not (same and self._reads_files_of(known))

    def _reads_files_of(self, known: Content) -> bool:
        """Whether the files that the manifest names are those that we read."""
        same = tuple(known["vectors"]) == self._indexes.vectors.names
        return same and known["lexical"]["folder"] == self._lexical.name

    def _caught_up(self, known: Content, generation: int) -> Indexes:
        """Brings what was published last to a generation of the store."""
        before, ours = self._indexes, self._reads_files_of(known)
        if not ours or known["generation"] != before.generation:  # another process has been here
            self._lexical.adopt(known)
        lexical = self._lexical.catch_up(known["generation"], generation)
        if ours:
            vectors = self._vectors.catch_up(before.vectors, before.generation, generation)
        else:
            live = self._store.live_chunks(generation)
            vectors = self._vectors.adopt(known, before.vectors, live)
        return Indexes(generation, vectors, lexical)

    def _write_if_new(self, known: Content) -> None:
        """Replaces a manifest that says something else."""
        vectors = self._indexes.vectors
        same_files = vectors.names == tuple(known["vectors"])
        if known["generation"] != self._indexes.generation or not same_files:
            due = self._vectors.is_due(vectors)
            # Lost with the power, the manifest is caught up with: not worth 10 ms each time.
            self._write(checkpoint=due, durable=due)

    def _write(self, *, checkpoint: bool, durable: bool = True) -> None:
        """Replaces the manifest, in one step; before it, with `checkpoint`, all vectors are saved.

        Files that it no longer names go: who reads them still has them open.
        """
        if checkpoint:
            saved = self._vectors.save(self._indexes.vectors)
            self._indexes = replace(self._indexes, vectors=saved)
        vectors = self._indexes.vectors
        content: Content = {
            "generation": self._indexes.generation,
            "stamp": self._stamp,
            "chunks": len(vectors),
            "vectors": self._vectors.named(vectors),
            "written": self._vectors.written(vectors),
            "lexical": self._lexical.named(),
        }
        manifest.write(self.folder, content, durable=durable)
        self._vectors.sweep(vectors)
        self._lexical.sweep()

    def close(self) -> None:
        """Writes the vectors that are in no file yet, so that the next start is quick."""
        with self.lock.held():
            current = self._store.generation() == self._indexes.generation and self._manifest()
            if current and self.publish().vectors.unsaved:
                self._write(checkpoint=True)

    # --- compaction ------------------------------------------------------------------------------

    def compact(self) -> bool:
        """Merges what should be one and drops what is dead; says whether there was something to do.

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
                merged = self._merge_vectors(indexes)
                return self._renew_words(indexes) or merged
            finally:
                shutil.rmtree(self._building, ignore_errors=True)

    def _merge_vectors(self, indexes: Indexes) -> bool:
        """Merges the segments that should be one, and puts that in their place."""
        old = indexes.vectors.to_merge()
        if not old:
            return False
        new = self._vectors.merge(old, self._building)
        with self._unless_replaced() as ours:
            now = self._indexes.vectors
            merged = self._vectors.put_in_place(now, old, new, self._building) if ours else None
            if merged is not None:
                self._indexes = replace(self._indexes, vectors=merged)
                self._write(checkpoint=False)
            return merged is not None

    def _renew_words(self, indexes: Indexes) -> bool:
        """Indexes all words again, in another folder; what changed meanwhile is caught up."""
        if not self._lexical.is_stale(len(indexes.lexical)):
            return False
        since = indexes.generation
        new = self._lexical.indexed_anew(self._building, since)
        with self._unless_replaced() as ours:
            until = self._indexes.generation
            searcher = self._lexical.put_in_place(new, since, until) if ours else None
            if searcher is not None:
                self._indexes = replace(self._indexes, lexical=searcher)
                self._write(checkpoint=False)
            return searcher is not None

    @contextlib.contextmanager
    def _unless_replaced(self) -> Iterator[bool]:
        """Holds the lock, at the newest generation; False when the indexes are no longer ours."""
        with self.lock.held():
            ours = self._manifest() is not None
            if ours:
                self.publish()
            yield ours
