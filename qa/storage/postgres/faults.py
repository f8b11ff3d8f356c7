"""What PostgreSQL refuses, as errors of ours: the one place where these are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from qa.errors import CorpusBroken, FootnoteError, InvalidInput, NoSpace, StorageError

# The connection is gone, or the server takes no work for now: tried again, it may be well.
_AWAY = (
    *(errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow),
    *(errors.DatabaseDropped, errors.IdleInTransactionSessionTimeout, errors.TooManyConnections),
    PoolTimeout,
)
_WAITS = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)

# What a server says of why it lets nobody in, without the name of whom.
_REFUSED = re.compile(r"FATAL:\s+(.+?)(?: for user \".*\")?$", re.MULTILINE)


@contextmanager
def reported(name: str) -> Iterator[None]:
    """Raises errors of ours for what the database `name` refuses within."""
    try:
        yield
    except psycopg.Error as error:
        raise fault(error, name) from error


def is_away(error: psycopg.Error) -> bool:
    """Whether the database cannot be reached, or will not have us for now."""
    if isinstance(error, _AWAY):
        return True
    # Without a state it did not come from the server.
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and (
        error.sqlstate is None or error.sqlstate.startswith("08")
    )


def fault(error: psycopg.Error, name: str) -> FootnoteError:
    """The error of ours that says the same, without what the server says of our address."""
    said = error.diag.message_primary or type(error).__name__
    if is_away(error):
        refused = _REFUSED.search(str(error))
        why = f" ({refused[1]})" if refused else ""
        return StorageError(
            f"the database {name} cannot be reached{why}: see whether it runs, and try again",
            code="database_away",
        )
    if isinstance(error, errors.DiskFull):
        return NoSpace(
            f"the disk of the database {name} is full: make room, and do it again. What was "
            "acknowledged is safe"
        )
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return StorageError(
            f"the database {name} only reads for now: it is a replica, or being moved. Try again",
            code="database_away",
        )
    if isinstance(error, errors.InsufficientPrivilege):
        return StorageError(
            f"the database {name} refuses: {said}. Grant that to the role that Footnote has",
            code="unwritable",
        )
    if isinstance(error, _WAITS):
        return StorageError(f"others write to the database {name} for long: try again")
    if isinstance(error, psycopg.DataError):  # what PostgreSQL cannot keep: a NUL in a text
        return InvalidInput(f"the database cannot keep that: {said}")
    if isinstance(error, psycopg.ProgrammingError):
        return CorpusBroken(
            f"the database {name} is not one of Footnote's: {said}. Give it one of its own"
        )
    return StorageError(f"the database {name} refuses: {said}: see its log, and try again")
