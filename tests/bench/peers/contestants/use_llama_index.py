"""llama-index: dense search in a flat FAISS index. It brings no server."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import faiss
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import MetadataMode, TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore
from protocol import TOP, Contestant, Record, full_text, run

DIMENSION = 384
# 10 by default; more is faster.
EMBED_BATCH = 32


class LlamaIndex(Contestant):
    def open(self, model: str, **where: Any) -> None:
        self._folder = where["folder"]
        self._model = HuggingFaceEmbedding(model, embed_batch_size=EMBED_BATCH, device="cpu")
        self._index = self._stored() if Path(self._folder).exists() else self._empty()
        self._retriever = self._index.as_retriever(similarity_top_k=TOP)
        # FAISS must not be searched while vectors are added.
        self._lock = threading.Lock()

    def _stored(self) -> VectorStoreIndex:
        vectors = FaissVectorStore.from_persist_dir(self._folder)
        context = StorageContext.from_defaults(vector_store=vectors, persist_dir=self._folder)
        return load_index_from_storage(context, embed_model=self._model)

    def _empty(self) -> VectorStoreIndex:
        # Of unit vectors the nearest are those with the largest product too.
        vectors = FaissVectorStore(faiss.IndexFlatL2(DIMENSION))
        context = StorageContext.from_defaults(vector_store=vectors)
        return VectorStoreIndex([], storage_context=context, embed_model=self._model)

    def add(self, passages: list[Record]) -> None:
        self._index.insert_nodes(_nodes(passages))
        self._index.storage_context.persist(self._folder)

    def add_more(self, passages: list[Record]) -> None:
        nodes = _nodes(passages)
        texts = [node.get_content(MetadataMode.EMBED) for node in nodes]
        # Embedded before: questions wait for the index alone.
        for node, vector in zip(nodes, self._model.get_text_embedding_batch(texts), strict=True):
            node.embedding = vector
        with self._lock:
            self._index.insert_nodes(nodes)

    def ask(self, question: str, **options: Any) -> list[str]:
        with self._lock:
            return [found.node.node_id for found in self._retriever.retrieve(question)]


def _nodes(passages: list[Record]) -> list[TextNode]:
    return [TextNode(id_=p["id"], text=full_text(p)) for p in passages]


if __name__ == "__main__":
    run(LlamaIndex())
