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
}
