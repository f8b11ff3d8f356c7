"""Brings a database to this version: makes the tables where there are none."""

from __future__ import annotations

from importlib import resources

from qa.errors import CorpusBroken, StorageError
from qa.storage.postgres.connections import PostgresDatabase
from qa.storage.sql.engine import SCHEMA_VERSION


def bring_to_version(database: PostgresDatabase) -> None:
    """Makes the tables, in one transaction, where there are none. Raises CorpusBroken."""
    if _version_of(database) is None:
        script = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
        with database.transaction() as db:
            # Another server may have made them while this one waited for its turn.
            made = db.execute("SELECT to_regclass('meta') IS NOT NULL").fetchone()
            if made is not None and not made[0]:
                for statement in script.split(";\n"):
                    if statement.strip():
                        db.execute(statement)
                database.set_meta({"schema": str(SCHEMA_VERSION), "generation": "0"})
    refuse_another(database)


def refuse_another(database: PostgresDatabase) -> None:
    """Raises CorpusBroken for a database of another version, StorageError for an empty one."""
    version = _version_of(database)
    if version is None:
        raise StorageError(f"there is no corpus in {database.name} to be read", code="no_corpus")
    if version != str(SCHEMA_VERSION):
        raise CorpusBroken(
            f"{database.name} has schema {version}, this version reads {SCHEMA_VERSION}: "
            "use the version of footnote-qa that wrote it, or a newer one"
        )


def _version_of(database: PostgresDatabase) -> str | None:
    """The version of its tables; None where there are none."""
    there = database.reader.execute("SELECT to_regclass('meta') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return None
    row = database.reader.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    return str(row[0]) if row else ""
