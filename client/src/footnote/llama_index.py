"""A retriever for LlamaIndex: pip install 'footnote-client[llama-index]'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from footnote import models
from footnote.async_client import AsyncClient
from footnote.client import Client
from footnote.retrieved import Retrieved, asked, retrieved


class FootnoteRetriever(BaseRetriever):
    """The passages of a service that answer, each a node with its footnote as metadata.

    `only_answered` gives nothing where the service says that the question is not answered.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        k: int = 5,
        filters: Mapping[str, Any] | None = None,
        only_answered: bool = False,
        **options: Any,
    ) -> None:
        self._url, self._key, self._only_answered = url, key, only_answered
        self._asked = asked(k, filters, options)
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with Client(self._url, key=self._key) as client:
            return self._nodes(client.ask(query_bundle.query_str, **self._asked))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        async with AsyncClient(self._url, key=self._key) as client:
            return self._nodes(await client.ask(query_bundle.query_str, **self._asked))

    def _nodes(self, answer: models.AskOut) -> list[NodeWithScore]:
        if self._only_answered and not answer.answered:
            return []
        return [NodeWithScore(node=_node(one), score=one.score) for one in retrieved(answer)]


def _node(found: Retrieved) -> TextNode:
    said = found.metadata
    # A prompt and an embedding get the citation beside the text, and none of the numbers.
    unsaid = [name for name in said if name != "citation"]
    return TextNode(
        id_=found.id,
        text=found.text,
        start_char_idx=found.start,
        end_char_idx=found.end,
        metadata=said,
        excluded_llm_metadata_keys=unsaid,
        excluded_embed_metadata_keys=unsaid,
    )
