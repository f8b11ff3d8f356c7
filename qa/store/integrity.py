"""Is the store what was written? Asked by `qa status`."""

from __future__ import annotations

import sqlite3

from qa.store.database import Database
from qa.store.records import text_digest


class Integrity(Database):
    """SQLite's own checks, and the spans."""

    def check(self) -> list[str]:
        """What is wrong with the database, sentence by sentence; empty when nothing is."""
        try:
            return self._problems()
        except sqlite3.DatabaseError as error:
            return [f"SQLite: {error}"]

    def _problems(self) -> list[str]:
        problems = [
            f"SQLite: {row[0]}"
            for row in self.reader.execute("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        problems += [
            f"SQLite: row {row[1]} of {row[0]} refers to nothing"
            for row in self.reader.execute("PRAGMA foreign_key_check")
        ]
        unread = self.reader.execute(
            "SELECT count(*) FROM chunks WHERE key NOT IN (SELECT chunk FROM readings)"
        ).fetchone()[0]
        if unread:
            problems.append(
                f"{unread} passages have no token vectors: remove their articles and add them again"
            )
        for row in self.reader.execute("SELECT key, id, digest, text FROM articles"):
            if text_digest(row["text"]) != row["digest"]:
                problems.append(f"article {row['id']}: the text is not the one that was stored")
            problems += self._check_spans(row["key"], row["id"], row["text"])
        return problems

    def _check_spans(self, key: int, id_: str, text: str) -> list[str]:
        rows = self.reader.execute(
            "SELECT p.start, p.end, c.text FROM passages p JOIN chunks c ON c.key = p.chunk"
            " WHERE p.article = ?",
            (key,),
        )
        return [
            f"article {id_}: characters {start}-{end} are not the passage that was stored"
            for start, end, passage in rows
            if text[start:end] != passage
        ]
