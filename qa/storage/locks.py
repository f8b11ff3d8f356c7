"""Locks of files and folders: one holder at a time, whichever process it is of."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path

from qa.errors import StorageError, Unavailable
from qa.system import locked


class Lock:
    """A lock with one holder among all threads and processes; without a path, among threads."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = threading.RLock()
        self._depth = 0
        self._let_go: Callable[[], None] | None = None

    @contextmanager
    def held(self, patience: float | None = None) -> Iterator[None]:
        """Waits for the lock. The thread that has it may take it again.

        Raises Unavailable when it is not to be had within `patience` seconds.
        """
        until = None if patience is None else time.monotonic() + patience
        if not self._thread.acquire(timeout=-1 if patience is None else patience):
            raise _busy()
        try:
            if self._depth == 0:
                self._let_go = _locked(self._path, until) if self._path else None
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self._let_go:
                    self._let_go()
        finally:
            self._thread.release()

    @contextmanager
    def tried(self) -> Iterator[bool]:
        """Takes the lock of the file where it is free, without waiting; says whether it is ours."""
        assert self._path is not None
        let_go = locked(self._path, 0)
        try:
            yield let_go is not None
        finally:
            if let_go:
                let_go()


@contextmanager
def turn(folder: Path, patience: float) -> Iterator[None]:
    """Holds the folder itself, so that nothing is written.

    Raises StorageError when others have it for longer than `patience` seconds.
    """
    let_go = locked(folder, patience)
    if let_go is None:
        raise StorageError("another process is writing to the corpus: try again")
    try:
        yield
    finally:
        let_go()  # which gives it to the next


def _locked(path: Path, until: float | None) -> Callable[[], None]:
    """Locks a file, and gives what lets it go. Raises Unavailable after `until`."""
    if path.is_dir():  # which could be locked too, and is not what has this name
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    let_go = locked(path, None if until is None else max(0.0, until - time.monotonic()))
    if let_go is None:
        raise _busy()
    return let_go


def _busy() -> Unavailable:
    return Unavailable(
        "the corpus is being changed, and what was read is too old to answer by: ask again",
        code="outdated",
    )
