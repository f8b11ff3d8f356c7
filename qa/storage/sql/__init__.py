"""What is stored, as tables: the one place in which SQL is written that every engine reads."""

from qa.storage.sql.store import Store

__all__ = ["Store"]
