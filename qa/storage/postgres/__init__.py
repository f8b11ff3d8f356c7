"""PostgreSQL, the truth of a corpus that several servers share; needs the extra `postgres`."""

from qa.storage.postgres.postgres_store import PostgresStore

__all__ = ["PostgresStore"]
