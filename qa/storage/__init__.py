"""What a corpus keeps and what is found in it: SQLite is the truth, FAISS and tantivy derive."""

from qa.storage.folder import DATABASE
from qa.storage.storage import Storage
from qa.storage.view import View

__all__ = ["DATABASE", "Storage", "View"]
