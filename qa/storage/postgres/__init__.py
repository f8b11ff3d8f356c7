"""PostgreSQL, the truth of a corpus that several servers share; needs the extra `postgres`."""

from qa.storage.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
