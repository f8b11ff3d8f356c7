"""What a disk refuses is told apart from what else may go wrong, and holds nothing afterwards."""

import errno
import gc
import os
import sqlite3
import threading
from typing import Any

import pytest

from qa.errors import NoSpace, StorageError
from qa.storage.disk import refused, reported
from qa.storage.lexical import LexicalIndex
from qa.storage.sqlite import SqliteStore


def of_sqlite(code):
    error = sqlite3.OperationalError("it says")
    error.sqlite_errorcode, error.sqlite_errorname = code, "SQLITE_OF_SOME_KIND"
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "full"), NoSpace),
        (OSError(errno.EDQUOT, "quota"), NoSpace),
        (OSError(errno.EIO, "broken"), StorageError),
        (OSError(errno.EMFILE, "too many"), StorageError),
        (PermissionError(errno.EACCES, "denied"), StorageError),
        (OSError(errno.EROFS, "read-only"), StorageError),
        (FileNotFoundError(errno.ENOENT, "gone"), StorageError),
        (OSError("of no number"), StorageError),
        (of_sqlite(sqlite3.SQLITE_FULL), NoSpace),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), StorageError),
        (of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), StorageError),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), StorageError),
        (of_sqlite(sqlite3.SQLITE_BUSY), StorageError),
        (of_sqlite(sqlite3.SQLITE_CORRUPT), None),
        (of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE), None),
        (sqlite3.ProgrammingError("closed"), None),
        (ConnectionResetError(errno.ECONNRESET, "gone"), None),
        (BrokenPipeError(errno.EPIPE, "gone"), None),
        (TimeoutError("late"), None),
        (IsADirectoryError(errno.EISDIR, "a folder"), None),
        (NotADirectoryError(errno.ENOTDIR, "a file"), None),
        (ValueError("of no disk"), None),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)),
)
def test_what_a_disk_refuses_is_an_error_of_ours(error, kind):
    found = refused(error)
    assert (None if found is None else type(found)) is kind


def test_the_message_names_the_place_and_what_mends_it(tmp_path):
    with pytest.raises(NoSpace) as caught, reported(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.code == "disk_full"
    assert caught.value.message == (
        f"the disk of {tmp_path} is full: make room, and do it again. What was acknowledged is safe"
    )
    with (
        pytest.raises(StorageError, match=r"raise the limit of open files \(ulimit -n\)$"),
        reported(tmp_path),
    ):
        raise OSError(errno.EMFILE, "Too many open files")


@pytest.fixture
def uncollected():
    """Without the garbage collector: what is left to it is never released."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_an_error_holds_nothing_open(tmp_path, uncollected):
    def fails():
        with reported(tmp_path):
            store = SqliteStore(tmp_path / "footnote.db")
            try:
                for _ in store._database.reader.execute("SELECT * FROM meta"):
                    raise OSError(errno.ENOSPC, "full")
            finally:
                store.close()

    with pytest.raises(NoSpace):
        fails()
    held = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    assert [path for path in held if path.startswith(str(tmp_path))] == []


def test_a_writer_of_words_that_fails_lets_the_next_one_in(tmp_path, uncollected):
    index = LexicalIndex(tmp_path / "lexical")
    index.update((), [(1, "A harbour pilot.")])

    def broken():
        yield 2, "Gulls nest."
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full") as caught:
        index.update((), broken())
    index.update((), [(3, "A lamp.")])
    assert caught.value.errno == errno.ENOSPC
    assert [list(index.searcher().best([word], 5).keys) for word in ("pilot", "gull", "lamp")] == [
        [1],
        [],
        [3],
    ]


def test_connections_end_with_their_threads(tmp_path):
    store = SqliteStore(tmp_path / "footnote.db")
    for _ in range(20):
        thread = threading.Thread(target=store.generation)
        thread.start()
        thread.join()
    assert store.generation() == 0
    # The writer's, this thread's, and that of the last one.
    database: Any = store._database
    assert len(database._connections) == 3
    store.close()


def test_a_commit_that_fails_leaves_no_transaction(tmp_path):
    store = SqliteStore(tmp_path / "footnote.db")
    pages = store._database.writer.execute("PRAGMA page_count").fetchone()[0]
    store._database.writer.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(NoSpace), store.changing() as change:
        change.set_meta({"big": "x" * 100_000})
    store._database.writer.execute("PRAGMA max_page_count=1000000")
    with store.changing() as change:
        change.set_meta({"small": "1"})
    assert store.meta()["small"] == "1"
    assert "big" not in store.meta()
    store.close()


def test_a_database_that_cannot_be_opened_is_not_said_to_be_damaged(tmp_path):
    SqliteStore(tmp_path / "footnote.db").close()
    store = SqliteStore(tmp_path / "footnote.db", read_only=True)
    for path in tmp_path.iterdir():
        path.unlink()

    with pytest.raises(StorageError, match="unable to open database file"):
        store.check()
    store.close()
