"""chroma: dense search (HNSW, cosine). Its local index is stored as it grows.

Chroma's server stores and searches vectors and embeds nothing: the embedding function runs in
the client. So over HTTP this process is the client of all: it embeds in the threads that ask.
"""

from __future__ import annotations

from typing import Any

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction
from protocol import TOP, Contestant, Record, full_text, run


class Chroma(Contestant):
    def open(self, model: str, **where: Any) -> None:
        if "port" in where:
            client = chromadb.HttpClient("127.0.0.1", where["port"])
        else:
            client = chromadb.PersistentClient(where["folder"])
        # Encodes in batches of 32, as sentence-transformers does by default.
        embed = SentenceTransformerEmbeddingFunction(model_name=model)
        self._collection = client.get_or_create_collection("race", embedding_function=embed)
        self._most = client.get_max_batch_size()

    def add(self, passages: list[Record]) -> None:
        for start in range(0, len(passages), self._most):
            part = passages[start : start + self._most]
            self._collection.add(
                ids=[p["id"] for p in part], documents=[full_text(p) for p in part]
            )

    def ask(self, question: str, **options: Any) -> list[str]:
        return self._collection.query(query_texts=[question], n_results=TOP)["ids"][0]


if __name__ == "__main__":
    run(Chroma())
