"""What brings a database of an earlier version to this one, in place.

Each step is one transaction with its new version number. schema.sql is what they lead to.
"""

from __future__ import annotations

# By the version that a step leads to.
MIGRATIONS: dict[int, tuple[str, ...]] = {
    # Which chunks and articles live, and which articles pass a filter, without reading the texts
    # and vectors that lie between them.
    3: (
        "DROP INDEX chunk_added",
        "CREATE INDEX chunk_life ON chunks (added_in, removed_in)",
        "CREATE INDEX article_by_id ON articles (id, added_in, removed_in)",
        "CREATE INDEX article_life ON articles"
        " (added_in, removed_in, publisher, author, language, published, tags, id)",
    ),
    # How often an input of a job was begun, what cancelling dropped, and finding jobs by state.
    4: (
        "ALTER TABLE jobs ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE job_items ADD COLUMN starts INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX job_state ON jobs (state, created)",
        "CREATE INDEX job_created ON jobs (created)",
    ),
}
