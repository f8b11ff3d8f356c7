"""The file of a database: how SQLite is told to open it, and whether it is still the same."""

from __future__ import annotations

import os
from pathlib import Path

from qa.errors import ReadOnly


def identity_of(path: Path) -> tuple[int, int]:
    """The identity of a file: what another one in its place does not have."""
    status = path.stat()
    return status.st_dev, status.st_ino


def address(path: Path) -> str:
    """The URI of a file for SQLite, to be read and never written. Raises ReadOnly if it cannot.

    SQLite reads beside a writer with the help of footnote.db-shm, which it has to make; where it
    cannot, the file is read as one that nobody changes, and what only the WAL holds is not in it.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro"
    wal, shared = path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")
    if os.access(path.parent, os.W_OK) or (wal.exists() and shared.exists()):
        return uri
    if wal.exists() and wal.stat().st_size:
        raise ReadOnly(
            f"{wal} holds changes that are not in {path.name} yet, and here they cannot be taken "
            "in: copy the folder to where it can be written, and open the copy",
            code="unfinished",
        )
    return f"{uri}&immutable=1"


def state_of(path: Path) -> tuple[int, int, int]:
    """The state of a file: what is other once somebody has written to it."""
    status, wal = path.stat(), path.with_name(f"{path.name}-wal")
    return status.st_size, status.st_mtime_ns, wal.stat().st_size if wal.exists() else 0
