"""What a disk refuses, as errors of ours: the one place where these are told apart.

SQLite, tantivy, FAISS and Python each say in their own way that a disk is full. Their errors come
here as OSError or sqlite3.Error, and leave as NoSpace or StorageError.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import NoSpace, StorageError

# As what a disk or a database that is locked comes, before it is told apart.
MACHINE_ERRORS: tuple[type[Exception], ...] = (OSError, sqlite3.Error)
# Of these, what may pass by itself.
PASSING_ERRORS: tuple[type[Exception], ...] = (OSError, sqlite3.OperationalError)

_FULL = (errno.ENOSPC, errno.EDQUOT)
# Errors that are none of a disk: a client went, a program was interrupted, or something else has
# the name of a file, which no waiting mends.
_OTHERS = (
    *(ConnectionError, TimeoutError, BlockingIOError, InterruptedError, ChildProcessError),
    *(FileExistsError, IsADirectoryError, NotADirectoryError),
)
# Primary result codes of SQLite that say something of the machine, and nothing of the file's
# content: PERM, BUSY, READONLY, IOERR, CANTOPEN, PROTOCOL, NOLFS.
_SQLITE = (3, 5, 8, 10, 14, 15, 22)
_MENDS = {
    errno.EMFILE: "raise the limit of open files (ulimit -n)",
    errno.ENFILE: "raise the limit of open files (ulimit -n)",
    errno.EFBIG: "raise the limit of file sizes (ulimit -f)",
    errno.EROFS: "mount it writable, or read it with --read-only",
    errno.EACCES: "let the user of this process write there, or read it with --read-only",
    errno.EPERM: "let the user of this process write there, or read it with --read-only",
    errno.EIO: "the disk reports errors: see the log of the system",
}
# SQLite says of some files only that they cannot be written. With less than this left, it is clear.
_NOTHING_LEFT = 64 * 1024  # bytes


@contextmanager
def reported(folder: Path | None = None) -> Iterator[None]:
    """Raises NoSpace or StorageError for what a disk refuses within; `folder` is where."""
    try:
        yield
    except MACHINE_ERRORS as error:
        fault = refused(error, folder)
        if fault is None:
            raise
        try:
            raise fault from error
        finally:
            # An error that its own frame names makes a ring, and what the frames hold (a cursor,
            # and with it a connection that was closed) would be left to the garbage collector.
            del fault


def refused(error: BaseException, folder: Path | None = None) -> StorageError | None:
    """The error of ours that says the same; None when a disk has nothing to do with it."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, folder)
    if not isinstance(error, OSError) or isinstance(error, _OTHERS):
        return None
    if error.errno in _FULL:
        return no_space(folder)
    return _storage_error(error.strerror or str(error), _MENDS.get(error.errno or 0), folder)


def _of_sqlite(error: sqlite3.Error, folder: Path | None) -> StorageError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # errors of Python's own module have none
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _nothing_left(folder)):
        return no_space(folder)
    if code not in _SQLITE:
        return None
    return _storage_error(f"{error} ({error.sqlite_errorname})", None, folder)


def no_space(folder: Path | None) -> NoSpace:
    """The error of a disk that is full."""
    return NoSpace(
        f"the disk{_of(folder)} is full: make room, and do it again. What was acknowledged is safe"
    )


def _storage_error(reason: str, mends: str | None, folder: Path | None) -> StorageError:
    advice = mends or "see the log of the system, and try again"
    return StorageError(f"the disk{_of(folder)} refuses: {reason}: {advice}")


def _of(folder: Path | None) -> str:
    return f" of {folder}" if folder else ""


def _nothing_left(folder: Path | None) -> bool:
    try:
        found = shutil.disk_usage(folder) if folder else None
    except OSError:
        return False
    return found is not None and found.free < _NOTHING_LEFT
