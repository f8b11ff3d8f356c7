"""A backup: one file that holds a whole corpus, made beside a running service; and its return.

The database is all that is needed: the indexes are made anew from it. A backup is one moment of it,
with its bulk additions that were under way. Cut off at any point, FILE is what it was, or whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import CorpusBroken, InvalidInput, NotFound
from qa.storage import DATABASE, manifest
from qa.storage.disk import no_space, reported
from qa.storage.locks import Lock
from qa.storage.sql.engine import SCHEMA_VERSION
from qa.storage.sqlite import SqliteStore, readable
from qa.storage.sqlite.address import address
from qa.storage.vectors import sha256
from qa.system import sync

# How much is copied at a time, in some milliseconds: in between, the progress is told.
PAGES_AT_ONCE = 1000
BLOCK = 1 << 20
KEPT = f"{DATABASE}.before-restore"

Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file holds."""

    file: Path
    sha256: str
    bytes: int
    generation: int
    articles: int
    jobs: int  # bulk additions that go on after a restore


def back_up(
    folder: Path, file: Path, *, force: bool = False, progress: Progress = _silent
) -> Backup:
    """Writes the corpus in `folder` as it is now to `file`, and its SHA-256 to `file`.sha256.

    Readers and writers go on meanwhile. The copy is read and checked before it takes the name.
    Raises InvalidInput when `file` is there already, unless forced; CorpusBroken when what would be
    in it is damaged.
    """
    if not (folder / DATABASE).exists():
        raise NotFound(f"there is no corpus in {folder}", code="no_corpus")
    _refuse_existing(file, force)
    if not file.parent.is_dir():
        raise NotFound(f"there is no folder {file.parent}")
    with reported(file.parent), _part(file) as part:
        with readable(folder / DATABASE):
            _copy_pages(folder / DATABASE, part, progress)
        found = _inspected(part, part.name)
        sync(part)
        _put_in_place(part, file, digest := sha256(part))
    return Backup(file, digest, file.stat().st_size, *found)


def restore(
    file: Path, folder: Path, *, force: bool = False, progress: Progress = _silent
) -> Backup:
    """Puts the corpus of a backup in the place of the one in `folder`; its indexes are made anew.

    What was there is kept as footnote.db.before-restore. Raises InvalidInput when articles are
    there, unless forced, or when a process has them open; CorpusBroken when the backup is damaged.
    """
    if not file.is_file():
        raise NotFound(f"there is no file {file}", code="no_backup")
    with reported(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with Lock(folder / "lock").held(), _part(folder / DATABASE) as part:
            _refuse_articles(folder / DATABASE, force)
            digest = _copy_bytes(file, part, progress)
            _refuse_other_digest(file, digest)
            found = _inspected(part, str(file))
            sync(part)
            with _nobody_else(folder / DATABASE):
                _swap(part, folder)
    return Backup(file, digest, file.stat().st_size, *found)


# --- making it -------------------------------------------------------------------------------


def _refuse_existing(file: Path, force: bool) -> None:
    if file.is_dir():
        raise InvalidInput(f"{file} is a folder: name a file in it", code="is_folder")
    if file.exists() and not force:
        raise InvalidInput(
            f"{file} is there already: name another file, or replace it with --force",
            code="file_exists",
        )


@contextmanager
def _part(file: Path) -> Iterator[Path]:
    """A file beside `file` that only its owner can read, and that is gone in the end."""
    for old in file.parent.glob(f".{file.name}.*.part*"):  # of one that was killed
        old.unlink(missing_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(number)
    try:
        yield Path(name)
    finally:
        for path in file.parent.glob(f"{Path(name).name}*"):  # with SQLite's journal of it
            path.unlink(missing_ok=True)


def _reading(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(address(database), uri=True, isolation_level=None)


def _copy_pages(database: Path, part: Path, progress: Progress) -> None:
    with (
        closing(_reading(database)) as source,
        closing(sqlite3.connect(part, isolation_level=None)) as target,
    ):
        # One moment: without it, every change of somebody else would begin the copy anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        try:
            source.backup(
                target,
                pages=PAGES_AT_ONCE,
                progress=lambda _, left, total: progress(total - left, total),
            )
            target.execute("PRAGMA journal_mode=DELETE")  # one file, and no WAL beside it
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_FULL:
                raise
            # The disk of the copy, which alone is written: not the corpus's.
            raise no_space(part.parent) from error


def _inspected(part: Path, name: str) -> tuple[int, int, int]:
    """A backup's generation, articles and waiting jobs. Raises CorpusBroken for a damaged one."""
    try:
        with reported(part.parent), closing(_reading(part)) as db:
            wrong = _damage(part, db)
            found = None if wrong else _counted(db)
    except (sqlite3.DatabaseError, CorpusBroken) as error:
        wrong, found = [str(error)], None
    if found is None:
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise CorpusBroken(f"{name} is damaged: {wrong[0]}{more}. Nothing was changed")
    return found


def _damage(part: Path, db: sqlite3.Connection) -> list[str]:
    wrong = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    if wrong:
        return wrong
    [schema] = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() or ("",)
    if not schema.isdecimal() or int(schema) > SCHEMA_VERSION:
        return [f"it has schema {schema}, and this version reads {SCHEMA_VERSION}"]
    if int(schema) < SCHEMA_VERSION:  # of an earlier version, that opening it upgrades
        return []
    with closing(SqliteStore(part, read_only=True)) as store:
        return store.check()


def _counted(db: sqlite3.Connection) -> tuple[int, int, int]:
    queries = (
        "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'generation'",
        "SELECT count(*) FROM articles WHERE removed_in IS NULL",
        "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')",
    )
    generation, articles, jobs = (db.execute(query).fetchone()[0] for query in queries)
    return generation, articles, jobs


def _put_in_place(part: Path, file: Path, digest: str) -> None:
    """Renames backup and digest; until both are new, the digests of old and new are noted."""
    note = _note_of(file)
    before = [sha256(file)] if file.exists() else []
    _write_note(note, [digest, *before], file.name)
    part.replace(file)
    sync(file.parent)
    if before:
        _write_note(note, [digest], file.name)


def _note_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _write_note(note: Path, digests: list[str], name: str) -> None:
    """Writes digests as `sha256sum -c` reads them."""
    with _part(note) as part:
        part.write_text("".join(f"{digest}  {name}\n" for digest in digests), "utf-8")
        sync(part)
        part.replace(note)
    sync(note.parent)


# --- its return ------------------------------------------------------------------------------


def _copy_bytes(file: Path, part: Path, progress: Progress) -> str:
    """Copies a file; gives the SHA-256 of what was copied."""
    digest, total = hashlib.sha256(), file.stat().st_size
    with file.open("rb") as source, part.open("wb") as target:
        while block := source.read(BLOCK):
            digest.update(block)
            target.write(block)
            progress(target.tell(), total)
    return digest.hexdigest()


def _refuse_other_digest(file: Path, digest: str) -> None:
    note = _note_of(file)
    noted = note.read_text("utf-8", "replace").split() if note.exists() else [digest]
    if digest not in noted:
        raise CorpusBroken(
            f"{file} is not what was written: its SHA-256 is {digest[:12]}…, and {note.name} says "
            f"{noted[0][:12] if noted else 'nothing'}…. Take another backup; nothing was changed"
        )


def _refuse_articles(database: Path, force: bool) -> None:
    if not database.exists() or force:
        return
    if said := _what_is_there(database):
        raise InvalidInput(
            f"{said}: name another folder with --data, or replace what is there with --force (it "
            f"is kept as {KEPT})",
            code="not_empty",
        )


def _what_is_there(database: Path) -> str:
    query = "SELECT 1 FROM articles WHERE removed_in IS NULL"
    try:
        with reported(database.parent), closing(_reading(database)) as db:
            there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone()
            found = there and db.execute(query).fetchone()
    except sqlite3.DatabaseError as error:
        return f"{database} cannot be read ({error})"
    return f"there are articles in {database.parent}" if found else ""


@contextmanager
def _nobody_else(database: Path) -> Iterator[None]:
    """Holds a database, all of it in one file: no other process has it open or can open it."""
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, isolation_level=None, timeout=0)) as db:
        try:
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("PRAGMA journal_mode=DELETE")  # nobody else may have it open for that
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            raise InvalidInput(
                f"{database} is in use ({error}): stop the service, and restore again",
                code="in_use",
            ) from error
        except sqlite3.DatabaseError:
            pass  # it cannot be read by anybody
        yield


def _swap(part: Path, folder: Path) -> None:
    """Makes the restored corpus the corpus, in one step; the indexes of the old one go before."""
    database, kept = folder / DATABASE, folder / KEPT
    index = folder / "index"
    (index / manifest.NAME).unlink(missing_ok=True)
    if index.is_dir():
        sync(index)
    for suffix in ("", "-wal", "-shm"):
        kept.with_name(kept.name + suffix).unlink(missing_ok=True)
    if database.exists():
        _keep(database, kept)
        _same_access(database, part)
    # Of a database that could not be read; one that could has none by now.
    for suffix in ("-wal", "-shm"):
        with_it = database.with_name(database.name + suffix)
        if with_it.exists():
            with_it.replace(kept.with_name(kept.name + suffix))
    sync(folder)
    part.replace(database)
    sync(folder)
    shutil.rmtree(index, ignore_errors=True)


def _same_access(database: Path, part: Path) -> None:
    """Lets whoever could open the old database open the new one."""
    status = database.stat()
    part.chmod(stat.S_IMODE(status.st_mode))
    with suppress(PermissionError):
        os.chown(part, status.st_uid, status.st_gid)


def _keep(database: Path, kept: Path) -> None:
    try:
        kept.hardlink_to(database)
    except OSError:  # a file system without links
        shutil.copy2(database, kept)
