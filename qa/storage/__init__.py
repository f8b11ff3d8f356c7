"""What a corpus keeps and what is found in it: SQLite is the truth, FAISS and tantivy derive."""
