"""Publishing the derived indexes: FAISS and tantivy files under one manifest.

A writer commits to the store first, then calls `advance`, which brings both indexes to the store's
generation, swaps the snapshot that readers take and replaces the manifest, each in one step.
Whatever a crash leaves between those steps, opening mends: files are verified against the
manifest's digests, and what is missing, damaged or behind is caught up or built anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.index import VectorIndex
from qa.lexical import ANALYSIS, LexicalIndex, LexicalSearcher
from qa.store import Changes, Store

FORMAT = 1
MANIFEST = "manifest.json"
# The vectors file is written again when this many chunks, or a tenth of all, have changed since.
CHECKPOINT_CHUNKS = 2000
# BM25 counts words of chunks that were taken out until their segment is merged. Past this share of
# the live ones the words are indexed again: then the scores are those of a fresh index. Of a small
# corpus (a tenth of a second's work) they always are.
STALE_SHARE = 0.1
SMALL_CHUNKS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What one reader works with from start to end."""

    generation: int
    vectors: VectorIndex
    lexical: LexicalSearcher


class Lock:
    """One writer at a time, over all threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.RLock()
        self._depth = 0
        self._file: Any = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        with self._thread:
            if self._depth == 0:
                self._file = self._path.open("a")
                fcntl.flock(self._file, fcntl.LOCK_EX)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._file.close()  # closing releases the lock


class Generations:
    """The derived indexes of a corpus, in `folder`."""

    def __init__(
        self, folder: Path, store: Store, lock: Lock, dimension: int, stamp: dict[str, Any]
    ) -> None:
        """`stamp` says which encoder and chunking the vectors are of; kept in the manifest."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.lock = lock
        self.mended: list[str] = []  # what `open` found and rebuilt, for the log and `status`
        self._store = store
        self._dimension = dimension
        self._stamp = {**stamp, "analysis": ANALYSIS}
        self._digests: dict[str, str] = {}
        with self.lock.held():
            self._open()

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def files(self) -> dict[str, int]:
        """Bytes on disk of each index."""
        return {
            "vectors": sum(map(_size, self.folder.glob("vectors-*.faiss"))),
            "lexical": sum(_size(path) for path in self._lexical.folder.iterdir()),
        }

    # --- opening -----------------------------------------------------------------------------

    def _open(self) -> None:
        manifest = self._manifest()
        if manifest is None and self._store.generation():
            self.mended.append("the manifest was missing or damaged")
        generation = self._store.generation()
        live = self._store.live_chunks(generation)
        loaded = self._open_vectors(manifest)
        self._saved_keys = loaded.keys()
        vectors = self._reconciled(loaded, live)
        self._lexical, lexical = self._open_lexical(manifest, generation, live)
        self._snapshot = Snapshot(generation, vectors, lexical)
        if self.mended or not manifest or manifest["generation"] != generation:
            self._publish(with_vectors=True)

    def _manifest(self) -> dict[str, Any] | None:
        """The manifest on disk; None when missing, damaged, or of other vectors than ours."""
        try:
            manifest: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text("utf-8"))
            whole = manifest.pop("digest") == _digest(manifest)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        ours = whole and manifest["format"] == FORMAT and manifest["stamp"] == self._stamp
        return manifest if ours else None

    def _open_vectors(self, manifest: dict[str, Any] | None) -> VectorIndex:
        if manifest:
            path = self.folder / manifest["vectors"]["file"]
            if not path.exists():
                self.mended.append("the vector index was missing")
            elif _sha256(path) != manifest["vectors"]["sha256"]:
                self.mended.append("the vector index was damaged")
            else:
                return VectorIndex.load(path)
        return VectorIndex(self._dimension)

    def _reconciled(self, vectors: VectorIndex, live: NDArray[np.int64]) -> VectorIndex:
        """Exactly the live chunks: keys are never used again, so comparing them is enough."""
        have = vectors.keys()
        added = np.setdiff1d(live, have)
        rows = self._store.vectors(added, self._dimension)
        return vectors.with_changes(added, rows, np.setdiff1d(have, live))

    def _open_lexical(
        self, manifest: dict[str, Any] | None, generation: int, live: NDArray[np.int64]
    ) -> tuple[LexicalIndex, LexicalSearcher]:
        folder = self.folder / "lexical"
        damage = self._lexical_damage(folder, manifest) if manifest else "it was missing"
        if manifest and not damage:
            with contextlib.suppress(ValueError, OSError):
                index = LexicalIndex(folder)
                self._catch_up(index, manifest["generation"], generation)
                searcher = index.searcher()
                if len(searcher) == len(live):
                    return index, searcher
            damage = "it did not agree with the store"
        if manifest:
            self.mended.append(f"the lexical index was rebuilt: {damage}")
        shutil.rmtree(folder, ignore_errors=True)
        self._digests.clear()
        index = LexicalIndex(folder)
        index.update((), self._lexical_texts(live))
        return index, index.searcher()

    def _lexical_damage(self, folder: Path, manifest: dict[str, Any]) -> str:
        if not folder.exists():
            return "it was missing"
        expected = manifest["lexical"]
        if manifest["generation"] != self._store.generation():
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

    def _catch_up(self, index: LexicalIndex, since: int, until: int) -> Changes | None:
        if since == until:
            return None
        changes = self._store.changes(since, until)
        index.update(changes.removed.tolist(), self._lexical_texts(changes.added))
        if taken_out := index.taken_out():
            live = self._store.live_chunks(until)
            if taken_out > STALE_SHARE * max(0, len(live) - SMALL_CHUNKS):
                index.rewrite(self._lexical_texts(live))
        return changes

    def _lexical_texts(self, keys: NDArray[np.int64]) -> Iterator[tuple[int, str]]:
        return self._store.texts(keys)

    # --- publishing ----------------------------------------------------------------------------

    def advance(self) -> Snapshot:
        """Brings indexes, manifest and snapshot to the store's generation. Idempotent."""
        with self.lock.held():
            before, generation = self._snapshot, self._store.generation()
            if generation == before.generation:
                return before
            manifest = self._manifest()
            published = manifest["generation"] if manifest else before.generation
            if published != before.generation:  # another process has been here
                self._lexical = LexicalIndex(self._lexical.folder)
            changes = self._catch_up(self._lexical, published, generation)
            if changes and published == before.generation:
                rows = self._store.vectors(changes.added, self._dimension)
                vectors = before.vectors.with_changes(changes.added, rows, changes.removed)
            else:
                vectors = self._reconciled(before.vectors, self._store.live_chunks(generation))
            self._snapshot = Snapshot(generation, vectors, self._lexical.searcher())
            if published != generation:
                self._publish(with_vectors=manifest is None or self._unsaved() >= self._due())
            return self._snapshot

    def outdated(self) -> bool:
        """Whether another process has published a newer generation."""
        manifest = self._manifest()
        return bool(manifest and manifest["generation"] > self._snapshot.generation)

    def rebuild(self) -> None:
        """Throws the derived files away and makes them anew from the store."""
        with self.lock.held():
            (self.folder / MANIFEST).unlink(missing_ok=True)
            self._open()
            self.mended.clear()

    def close(self) -> None:
        """Writes the vectors that are not yet in the file, so that the next start is quick."""
        with self.lock.held():
            if self._store.generation() == self._snapshot.generation and self._unsaved():
                self._publish(with_vectors=True)

    def _unsaved(self) -> int:
        return len(np.setxor1d(self._saved_keys, self._snapshot.vectors.keys()))

    def _due(self) -> int:
        return max(CHECKPOINT_CHUNKS, len(self._snapshot.vectors) // 10)

    def _publish(self, *, with_vectors: bool) -> None:
        """Replaces the manifest, in one step; before it the vectors file when that is due."""
        manifest = self._manifest()
        vectors = self._save_vectors() if with_vectors or not manifest else manifest["vectors"]
        content = {
            "format": FORMAT,
            "generation": self._snapshot.generation,
            "stamp": self._stamp,
            "chunks": len(self._snapshot.vectors),
            "vectors": vectors,
            "lexical": self._lexical_digests(self._lexical.folder),
        }
        fresh = self.folder / "manifest.new"
        fresh.write_text(json.dumps({**content, "digest": _digest(content)}, indent=1), "utf-8")
        _replace(fresh, self.folder / MANIFEST)
        for path in self.folder.glob("vectors-*"):
            if path.name != vectors["file"]:
                path.unlink()

    def _save_vectors(self) -> dict[str, str]:
        path = self.folder / f"vectors-{self._snapshot.generation}.faiss"
        fresh = path.with_suffix(".new")
        self._snapshot.vectors.save(fresh)
        digest = _sha256(fresh)
        _replace(fresh, path)
        self._saved_keys = self._snapshot.vectors.keys()
        return {"file": path.name, "sha256": digest}

    def _lexical_digests(self, folder: Path) -> dict[str, str]:
        """Segment files never change once written: each is read once in a process's life."""
        digests = {}
        for path in sorted(folder.iterdir()):
            if path.name.endswith((".lock", ".tmp")) or path.name == ".managed.json":
                continue
            known = self._digests.get(path.name)
            if known is None or not path.name.endswith(_IMMUTABLE):
                known = _sha256(path)
            digests[path.name] = known
        self._digests = digests
        return digests


_IMMUTABLE = (".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:  # a merge took it away meanwhile
        return ""


def _digest(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _replace(fresh: Path, path: Path) -> None:
    """Atomic, and on the disk before anything that relies on it."""
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
