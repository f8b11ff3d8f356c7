"""A retriever for LangChain: pip install 'footnote-client[langchain]'."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from footnote import models
from footnote.async_client import AsyncClient
from footnote.client import Client
from footnote.retrieved import asked, retrieved


class FootnoteRetriever(BaseRetriever):
    """The passages of a service that answer, each a document with its footnote as metadata.

    `only_answered` gives nothing where the service says that the question is not answered.
    """

    url: str = "http://127.0.0.1:8000"
    key: str | None = Field(default=None, repr=False)
    k: int = 5
    filters: dict[str, Any] | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    only_answered: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        with Client(self.url, key=self.key) as client:
            return self._documents(client.ask(query, **self._asked(k)))

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        async with AsyncClient(self.url, key=self.key) as client:
            return self._documents(await client.ask(query, **self._asked(k)))

    def _asked(self, k: int | None) -> dict[str, Any]:
        return asked(k or self.k, self.filters, self.options)

    def _documents(self, answer: models.AskOut) -> list[Document]:
        if self.only_answered and not answer.answered:
            return []
        return [
            Document(id=one.id, page_content=one.text, metadata=one.metadata)
            for one in retrieved(answer)
        ]
