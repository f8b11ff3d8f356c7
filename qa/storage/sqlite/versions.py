"""Brings a database to this version: makes one where there is none, upgrades an earlier one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib import resources

from qa.errors import CorpusBroken, ReadOnly
from qa.storage.sql.engine import SCHEMA_VERSION
from qa.storage.sqlite.database import SqliteDatabase
from qa.storage.sqlite.migrations import MIGRATIONS, PREPARATIONS


def bring_to_version(database: SqliteDatabase) -> None:
    """Makes the tables, or brings those of an earlier version to this one. Raises CorpusBroken."""
    with database.transaction() as db:
        found = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
        if not found:
            script = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
            for statement in _statements(script):
                db.execute(statement)
            database.set_meta({"schema": str(SCHEMA_VERSION), "generation": "0"})
    version = _version_of(database)
    if version.isdecimal() and int(version) < SCHEMA_VERSION:
        version = _migrated(database, int(version))
    _refuse(database, version)


def refuse_another(database: SqliteDatabase) -> None:
    """Raises CorpusBroken, or ReadOnly, for a database of another version."""
    _refuse(database, _version_of(database))


def _version_of(database: SqliteDatabase) -> str:
    """The version of its tables; "" when it says none."""
    row = database.reader.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return str(row["value"]) if row else ""


def _refuse(database: SqliteDatabase, version: str) -> None:
    if database.read_only and version.isdecimal() and int(version) < SCHEMA_VERSION:
        raise ReadOnly(
            f"{database.path} is of an earlier version (schema {version}, this one reads "
            f"{SCHEMA_VERSION}): copy the folder to where it can be written, and open the copy"
        )
    if version != str(SCHEMA_VERSION):
        raise CorpusBroken(
            f"{database.path} has schema {version}, this version reads {SCHEMA_VERSION}: "
            "use the version of footnote-qa that wrote it, or a newer one"
        )


def _migrated(database: SqliteDatabase, version: int) -> str:
    """The version that was reached; cut off, the next opening goes on from there."""
    # Taking a table away would take along what refers to it.
    database.writer.execute("PRAGMA foreign_keys=OFF")
    while statements := MIGRATIONS.get(version + 1):
        if prepare := PREPARATIONS.get(version + 1):
            prepare(database.writer, database.transaction)
        with database.transaction() as db:
            for statement in statements:
                db.execute(statement)
            version += 1
            database.set_meta({"schema": str(version)})
    database.writer.execute("PRAGMA foreign_keys=ON")
    return str(version)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
