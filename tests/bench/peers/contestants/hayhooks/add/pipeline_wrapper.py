"""`POST /add/run`: the indexing pipeline into the documents that are asked, held in memory."""

import os

from hayhooks import BasePipelineWrapper
from haystack.document_stores.in_memory import InMemoryDocumentStore
from use_haystack import INDEX, documents, indexing


class PipelineWrapper(BasePipelineWrapper):
    def setup(self) -> None:
        self.pipeline = indexing(InMemoryDocumentStore(index=INDEX), os.environ["RACE_MODEL"])

    def run_api(self, passages: list[dict[str, str]]) -> int:
        written = self.pipeline.run({"embedder": {"documents": documents(passages)}})
        return written["writer"]["documents_written"]
