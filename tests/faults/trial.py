"""What is tried on a failing disk, in a process into which disk.c is preloaded.

`python -m tests.faults.trial FOLDER OPERATION ERROR EVERY` makes the n-th operation on files fail,
for n = 1, 1 + EVERY, … until what is tried needs no n operations: first that operation alone, then
all from it on. Each time: nothing acknowledged is lost, nothing half there, whoever opens a
copy of the folder as it lies finds it whole, and the process that met the fault works on.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import NoSpace, StorageError
from qa.passages.chunking import Chunking
from qa.storage import lexical_files, vector_files
from qa.storage.sqlite.backup import back_up, restore
from qa.types import Article, Document
from tests.conftest import sql

ALWAYS = 10**9
CHUNKINGS = (Chunking(tokens=20), Chunking(tokens=30))
vector_files.CHECKPOINT_CHUNKS = 6  # segments, codes and merges of a few passages
lexical_files.SMALL_CHUNKS = 0
vector_files.VectorFiles.coded_from = 12

_disk = ctypes.CDLL(None)


def document(id_: str, version: int = 0) -> Document:
    words = " ".join(f"In year {year} it was seen {year * version} times." for year in range(12))
    text = f"Lighthouse {id_} stands on rock {version}.\n\n{words}"
    return Document(Article(id_, text), text.encode(), "text/plain", origin=id_, size=len(text))


def _chunking_of(folder: Path) -> Chunking:
    """That of the corpus there: cut off, it is as it was, or as it was to be."""
    if not (folder / "footnote.db").exists():
        return CHUNKINGS[0]
    with closing(sqlite3.connect(folder / "footnote.db")) as db:
        there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
        query = "SELECT value FROM meta WHERE key = 'chunking'"
        found = db.execute(query).fetchone() if there else None
    return next(c for c in CHUNKINGS if not found or c.fingerprint == found[0])


@dataclass
class Bench:
    """A corpus, and what was acknowledged of it."""

    folder: Path
    acknowledged: dict[str, str] = field(default_factory=dict)  # texts by id
    unknown: dict[str, set[str | None]] = field(default_factory=dict)  # and what else may be

    def open(self, folder: Path | None = None, **options: Any) -> Corpus:
        there = folder or self.folder
        if "chunking" not in options:
            options["chunking"] = _chunking_of(there)
        return Corpus.open(there, encoder=HashEncoder(), **options)

    def add(self, corpus: Corpus, *documents: Document) -> None:
        for one in documents:
            before = self.acknowledged.get(one.article.id)
            self.unknown[one.article.id] = {before, one.article.text}
        corpus.add_batch(documents)
        for one in documents:
            self.acknowledged[one.article.id] = one.article.text
            del self.unknown[one.article.id]

    def remove(self, corpus: Corpus, id_: str) -> None:
        self.unknown[id_] = {self.acknowledged[id_], None}
        corpus.remove([id_])
        del self.acknowledged[id_], self.unknown[id_]

    def inspect(self, corpus: Corpus) -> None:
        """All that was acknowledged, whole; and nothing that nobody sent."""
        assert corpus.problems() == [], corpus.problems()
        found = {
            stored.article.id: corpus.article(stored.article.id).article.text
            for stored, _, _ in corpus.articles(limit=1000)
        }
        for id_ in found.keys() | self.acknowledged.keys() | self.unknown.keys():
            may_be = self.unknown.get(id_, {self.acknowledged.get(id_)})
            assert found.get(id_) in may_be, (id_, found.get(id_), may_be)


# --- what is tried ---------------------------------------------------------------------------


class Operation:
    """Told a number that is never the same; `prepare` may do what is not to fail."""

    def __init__(self, bench: Bench, corpus: Corpus) -> None:
        self.bench, self.corpus = bench, corpus
        self.is_open = True

    def open(self, **options: Any) -> None:
        self.corpus = self.bench.open(**options)
        self.is_open = True

    def close(self) -> None:
        self.corpus.close()
        self.is_open = False

    def prepare(self, n: int) -> None:
        pass

    def act(self, n: int) -> None:
        raise NotImplementedError

    def inspect(self) -> None:
        """What else it leaves, after a fault and after none."""


class Add(Operation):
    def prepare(self, n: int) -> None:
        for id_ in self.bench.acknowledged.keys() & {f"new{n - 1}", f"newer{n - 1}"}:
            self.bench.remove(self.corpus, id_)

    def act(self, n: int) -> None:
        self.bench.add(self.corpus, document(f"new{n}", n), document(f"newer{n}", n))


class Replace(Operation):
    def prepare(self, n: int) -> None:
        self.bench.add(self.corpus, document("second", n))

    def act(self, n: int) -> None:
        self.bench.add(self.corpus, document("first", 1000 + n))


class Remove(Operation):
    def prepare(self, n: int) -> None:
        self.bench.add(self.corpus, document("going", n))

    def act(self, n: int) -> None:
        if "going" in self.bench.acknowledged:
            self.bench.remove(self.corpus, "going")


class Compact(Operation):
    def prepare(self, n: int) -> None:
        for version in (n, -n):
            self.bench.add(self.corpus, document("first", version), document("second", version))
        with sql(self.corpus) as db:
            db.execute("UPDATE generations SET at = at - 10000")

    def act(self, n: int) -> None:
        while self.corpus.maintain():
            pass


class Reindex(Operation):
    def prepare(self, n: int) -> None:
        self.bench.add(self.corpus, document("second", n))

    def act(self, n: int) -> None:
        self.corpus.reindex()


class Embed(Operation):
    """Cut and embedded anew: by a corpus of its own, as `qa reindex` is a process of its own."""

    def prepare(self, n: int) -> None:
        self.close()

    def act(self, n: int) -> None:
        with self.bench.open(chunking=CHUNKINGS[n % 2], reindexing=True) as corpus:
            corpus.reindex()


class Open(Operation):
    """With the index behind, damaged, or gone."""

    def prepare(self, n: int) -> None:
        self.close()
        index = self.bench.folder / "index"
        if n % 3 == 0:
            shutil.rmtree(index)
        elif n % 3 == 1:
            (index / "manifest.json").unlink(missing_ok=True)
        else:
            for path in (index / "segments").glob("*.rows.npy"):
                path.write_bytes(b"")

    def act(self, n: int) -> None:
        self.close()  # of the attempt before, if it could be opened
        self.open(chunking=CHUNKINGS[0])


class Backup(Operation):
    """What is in the file is one backup or the other, and whole."""

    def act(self, n: int) -> None:
        back_up(self.bench.folder, self.bench.folder / "kept", force=True)

    def inspect(self) -> None:
        file = self.bench.folder / "kept"
        if file.exists():
            with tempfile.TemporaryDirectory(dir=self.bench.folder.parent) as folder:
                assert restore(file, Path(folder)).articles == 3
                with self.bench.open(Path(folder)) as corpus:
                    assert corpus.problems() == []


class Restore(Operation):
    """In the folder is what was there, or what was kept: they differ in one article."""

    def prepare(self, n: int) -> None:
        with self.bench.open() as corpus:
            self.bench.add(corpus, document("second", n))
            back_up(self.bench.folder, self._file, force=True)
            self.kept = dict(self.bench.acknowledged)
            self.bench.add(corpus, document("second", -n))
        self.close()
        self.bench.unknown = {"second": {self.kept["second"], self.bench.acknowledged["second"]}}

    def act(self, n: int) -> None:
        restore(self._file, self.bench.folder, force=True)
        self.bench.acknowledged, self.bench.unknown = dict(self.kept), {}

    @property
    def _file(self) -> Path:
        return self.bench.folder.parent / "kept"


OPERATIONS: dict[str, type[Operation]] = {
    kind.__name__.lower(): kind
    for kind in (Add, Replace, Remove, Compact, Reindex, Embed, Open, Backup, Restore)
}


# --- trying it -------------------------------------------------------------------------------


def run(folder: Path, name: str, error: int, every: int) -> dict[str, int]:
    """How often it failed and how often not, and how many operations on files it needs."""
    bench = Bench(folder / "corpus")
    corpus = bench.open()
    bench.add(corpus, *(document(id_) for id_ in ("first", "second", "third")))
    tried = Trying(bench, OPERATIONS[name](bench, corpus), error)
    for until in (lambda n: n, lambda n: ALWAYS):
        n = 1
        while tried.reached(n, until(n)):
            n += every
    assert tried.failed >= 2, "no fault ever reached it: the test tests nothing"
    return {"failed": tried.failed, "passed": tried.passed, "operations": tried.operations}


class Trying:
    def __init__(self, bench: Bench, operation: Operation, error: int) -> None:
        self.failed = self.passed = self.operations = self._number = 0
        self._bench, self._operation, self._error = bench, operation, error

    def reached(self, first: int, last: int) -> bool:
        """Whether the fault came before the end of what was tried."""
        self._number += 1
        bench, operation = self._bench, self._operation
        operation.prepare(self._number)
        self._under_fault(lambda: operation.act(self._number), first, last)
        count = _disk.disk_disarm()
        self.operations = max(self.operations, count)
        if not operation.is_open:
            left = _open_files(bench.folder)
            assert left == [], left
        self._as_it_lies()
        operation.inspect()
        operation.act(self._number)  # there is room again, and nothing was started anew
        if not operation.is_open:
            operation.open()
        bench.inspect(operation.corpus)
        operation.inspect()
        return count >= first

    def _under_fault(self, act: Callable[[], None], first: int, last: int) -> None:
        folder = str(self._bench.folder).encode()
        _disk.disk_arm(folder, ctypes.c_long(first), ctypes.c_long(last), self._error)
        try:
            act()
            self.passed += 1
        except StorageError as error:
            _disk.disk_disarm()
            # SQLite says of its shared memory that it cannot be made, and not why.
            if self._error == errno.ENOSPC and "SQLITE_" not in error.message:
                assert error.code == NoSpace.code, error.message  # noqa: PT017
            self.failed += 1

    def _as_it_lies(self) -> None:
        """Somebody pulls the plug now, and opens what is there."""
        copy = self._bench.folder.parent / f"copy-{self._number}"
        shutil.copytree(self._bench.folder, copy)
        with self._bench.open(copy) as corpus:
            self._bench.inspect(corpus)
        shutil.rmtree(copy, ignore_errors=True)  # a thread of tantivy may be tidying up


def _open_files(folder: Path) -> list[str]:
    """Of the store; whoever reads has the vectors open for as long as he reads."""
    links = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    found = [os.readlink(link) for link in links if os.path.lexists(link)]
    return [path for path in found if path.startswith(f"{folder}/footnote.db")]


if __name__ == "__main__":
    gc.disable()  # what is left to it is never released
    place, name, error, every = sys.argv[1:]
    print(json.dumps(run(Path(place), name, int(error), int(every))))
