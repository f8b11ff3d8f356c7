"""A retriever for Haystack: pip install 'footnote-client[haystack]'."""

from __future__ import annotations

from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict
from haystack.utils import Secret, deserialize_secrets_inplace

from footnote import models
from footnote.async_client import AsyncClient
from footnote.client import Client
from footnote.retrieved import asked, retrieved


@component
class FootnoteRetriever:
    """The passages of a service that answer, each a document with its footnote as meta.

    `only_answered` gives nothing where the service says that the question is not answered.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        key: Secret | None = None,
        top_k: int = 5,
        filters: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
        only_answered: bool = False,
    ) -> None:
        self.url, self.key, self.top_k = url, key, top_k
        self.filters, self.options, self.only_answered = filters, options, only_answered

    def to_dict(self) -> dict[str, Any]:
        """Gives what a pipeline is stored with; of the key, where it comes from."""
        stored: dict[str, Any] = default_to_dict(
            self,
            url=self.url,
            key=self.key.to_dict() if self.key else None,
            top_k=self.top_k,
            filters=self.filters,
            options=self.options,
            only_answered=self.only_answered,
        )
        return stored

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FootnoteRetriever:
        """Makes what `to_dict` gave."""
        deserialize_secrets_inplace(data["init_parameters"], keys=["key"])
        made: FootnoteRetriever = default_from_dict(cls, data)
        return made

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None
    ) -> dict[str, list[Document]]:
        """Gives the documents; `top_k` and `filters` stand before those of the component."""
        with Client(self.url, key=self._key()) as client:
            return self._found(client.ask(query, **self._asked(top_k, filters)))

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None
    ) -> dict[str, list[Document]]:
        """Does the same, awaited."""
        async with AsyncClient(self.url, key=self._key()) as client:
            return self._found(await client.ask(query, **self._asked(top_k, filters)))

    def _key(self) -> str | None:
        return self.key.resolve_value() if self.key else None

    def _asked(self, top_k: int | None, filters: dict[str, Any] | None) -> dict[str, Any]:
        return asked(top_k or self.top_k, filters or self.filters, self.options or {})

    def _found(self, answer: models.AskOut) -> dict[str, list[Document]]:
        if self.only_answered and not answer.answered:
            return {"documents": []}
        documents = [
            Document(id=one.id, content=one.text, meta=one.metadata, score=one.score)
            for one in retrieved(answer)
        ]
        return {"documents": documents}
