"""Locks of files and folders: one holder at a time, whichever process it is of."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.errors import FootnoteError, StorageError, Unavailable

# How often somebody who will not wait for ever looks whether a lock is free.
POLL_SECONDS = 0.002


class Lock:
    """A lock with one holder among all threads and processes; without a path, among threads."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._thread = threading.RLock()
        self._depth = 0
        self._file: Any = None

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
                self._file = _locked(self._path, until) if self._path else None
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self._file:
                    self._file.close()  # closing releases the lock
        finally:
            self._thread.release()

    @contextmanager
    def tried(self) -> Iterator[bool]:
        """Takes the lock of the file where it is free, without waiting; says whether it is ours."""
        assert self._path is not None
        with self._path.open("a") as file:
            yield _taken(file.fileno())


@contextmanager
def turn(folder: Path, patience: float) -> Iterator[None]:
    """Holds the folder itself, so that nothing is written.

    Raises StorageError when others have it for longer than `patience` seconds.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _wait_for(
            descriptor,
            time.monotonic() + patience,
            StorageError("another process is writing to the corpus: try again"),
        )
        yield
    finally:
        os.close(descriptor)  # which gives it to the next


def _locked(path: Path, until: float | None) -> Any:
    """Opens and locks a file: closing it releases the lock. Raises Unavailable after `until`."""
    file = path.open("a")
    try:
        if until is None:
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            _wait_for(file.fileno(), until, _busy())
    except BaseException:
        file.close()
        raise
    return file


def _wait_for(descriptor: int, until: float, error: FootnoteError) -> None:
    while not _taken(descriptor):
        if time.monotonic() > until:
            raise error
        time.sleep(POLL_SECONDS)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy() -> Unavailable:
    return Unavailable(
        "the corpus is being changed, and what was read is too old to answer by: ask again",
        code="outdated",
    )
