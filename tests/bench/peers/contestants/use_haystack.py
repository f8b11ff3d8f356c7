"""haystack: the hybrid pipeline of its tutorial: dense and BM25, joined by reciprocal ranks.

Its in-memory store is the one that the library carries itself; it is saved to a JSON file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.document_stores.types import DuplicatePolicy
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import TOP, Contestant, Record, full_text, run

STORE = "store.json"
# Stores of one index share their documents within a process.
INDEX = "race"


def stored(folder: str) -> InMemoryDocumentStore:
    """The store saved in the folder, or an empty one."""
    file = Path(folder) / STORE
    if file.exists():
        return InMemoryDocumentStore.load_from_disk(str(file))
    return InMemoryDocumentStore(index=INDEX)


def indexing(store: InMemoryDocumentStore, model: str) -> Pipeline:
    """Documents -> vectors (batches of 32, the default) -> store."""
    pipeline = Pipeline()
    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(store, policy=DuplicatePolicy.OVERWRITE))
    pipeline.connect("embedder", "writer")
    return pipeline


def asking(store: InMemoryDocumentStore, model: str) -> Pipeline:
    """Question -> dense and BM25 -> one list."""
    pipeline = Pipeline()
    embedder = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=TOP))
    pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=TOP))
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)
    pipeline.add_component("joiner", joiner)
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("bm25", "joiner")
    return pipeline


def answer(pipeline: Pipeline, question: str) -> list[Document]:
    """The best documents, best first."""
    inputs = {"embedder": {"text": question}, "bm25": {"query": question}}
    return pipeline.run(inputs)["joiner"]["documents"]


def documents(passages: list[Record]) -> list[Document]:
    return [Document(id=p["id"], content=full_text(p)) for p in passages]


class Haystack(Contestant):
    def open(self, model: str, **where: Any) -> None:
        self._folder = where["folder"]
        self._store = stored(self._folder)
        self._indexing = indexing(self._store, model)
        self._asking = asking(self._store, model)

    def add(self, passages: list[Record]) -> None:
        self._indexing.run({"embedder": {"documents": documents(passages)}})
        Path(self._folder).mkdir(exist_ok=True)
        self._store.save_to_disk(str(Path(self._folder) / STORE))

    def ask(self, question: str, **options: Any) -> list[str]:
        return [document.id for document in answer(self._asking, question)]


if __name__ == "__main__":
    run(Haystack())
