"""The retrievers in the frameworks that they are for, on a real service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from footnote import Client

from tests.api.conftest import Server, servers_in

ARTICLES = [
    {
        "id": f"ferry{n}",
        "text": f"The ferry number {n} sails at nine.",
        "title": f"Ferry {n}",
        "publisher": "The Harbour Gazette",
        "url": f"https://gazette.example/{n}",
    }
    for n in range(4)
]
QUESTION = "When does the ferry sail?"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers_in(tmp_path_factory.mktemp("retrievers")) as make:
        server: Server = make()
        server.start()
        address = f"http://127.0.0.1:{server.port}"
        with Client(address) as client:
            client.wait(client.add_articles(ARTICLES), seconds=0.05)
        yield address


def holds(found: dict[str, Any], text: str, url: str) -> bool:
    """Whether the metadata leads to the exact words."""
    with Client(url) as client:
        article = client.article(found["article_id"])
        passage = client.passage(found["passage_id"])
    same = article.text[found["start"] : found["end"]] == text == passage.text
    return same and found["citation"] == passage.citation and found["url"] == article.url


class TestLangChain:
    """The framework's own standard tests, and the footnotes."""

    @pytest.fixture(autouse=True)
    def framework(self) -> None:
        pytest.importorskip("langchain_core")

    @pytest.fixture
    def standard(self, url: str) -> Any:
        pytest.importorskip("langchain_tests")
        from footnote.langchain import FootnoteRetriever
        from langchain_tests.integration_tests import RetrieversIntegrationTests

        class Standard(RetrieversIntegrationTests):
            retriever_constructor = FootnoteRetriever
            retriever_constructor_params = {"url": url}  # noqa: RUF012
            retriever_query_example = QUESTION

        return Standard()

    def test_the_standard_tests_pass(self, standard: Any) -> None:
        retriever = standard.retriever_constructor(**standard.retriever_constructor_params)
        standard.test_k_constructor_param()
        standard.test_invoke_with_k_kwarg(retriever)
        standard.test_invoke_returns_documents(retriever)
        asyncio.run(standard.test_ainvoke_returns_documents(retriever))

    def test_documents_are_what_goes_into_a_prompt(self, url: str) -> None:
        from footnote.langchain import FootnoteRetriever

        options = {"expand": "neighbours", "max_tokens": 16}
        documents = FootnoteRetriever(url=url, k=4, options=options).invoke(QUESTION)
        assert len(documents) == 2  # of eight tokens each
        for document in documents:
            assert holds(document.metadata, document.page_content, url)

    def test_a_document_has_its_footnote(self, url: str) -> None:
        from footnote.langchain import FootnoteRetriever

        (document,) = FootnoteRetriever(url=url, k=1, filters={"article_ids": ["ferry2"]}).invoke(
            QUESTION
        )
        assert document.id == document.metadata["passage_id"]
        assert holds(document.metadata, document.page_content, url)
        assert FootnoteRetriever(url=url, only_answered=True).invoke("zebra quagga") == []


class TestLlamaIndex:
    @pytest.fixture(autouse=True)
    def framework(self) -> None:
        pytest.importorskip("llama_index.core")

    def test_a_node_has_its_footnote(self, url: str) -> None:
        from footnote.llama_index import FootnoteRetriever

        retriever = FootnoteRetriever(url, k=2)
        nodes = retriever.retrieve(QUESTION)
        assert len(nodes) == 2
        assert all(holds(found.node.metadata, found.node.text, url) for found in nodes)
        again = asyncio.run(retriever.aretrieve(QUESTION))
        assert [found.node_id for found in again] == [found.node_id for found in nodes]

    def test_a_prompt_gets_the_citation_and_none_of_the_numbers(self, url: str) -> None:
        from footnote.llama_index import FootnoteRetriever
        from llama_index.core.schema import MetadataMode

        (found,) = FootnoteRetriever(url, k=1).retrieve(QUESTION)
        said = found.node.get_content(MetadataMode.LLM)
        assert said == f"citation: {found.node.metadata['citation']}\n\n{found.node.text}"


class TestHaystack:
    @pytest.fixture(autouse=True)
    def framework(self) -> None:
        pytest.importorskip("haystack")

    def test_it_runs_in_a_pipeline_that_was_stored(self, url: str, monkeypatch: Any) -> None:
        from footnote.haystack import FootnoteRetriever
        from haystack import Pipeline
        from haystack.utils import Secret

        monkeypatch.setenv("FOOTNOTE_KEY", "read-only-0123456789")
        made = Pipeline()
        key = Secret.from_env_var("FOOTNOTE_KEY")
        made.add_component("retriever", FootnoteRetriever(url, key=key, top_k=3))
        stored = made.dumps()
        assert "read-only-0123456789" not in stored

        # The component's module has to be one that a stored pipeline may load.
        pipeline = Pipeline.loads(stored, allowed_modules=["footnote.*"])
        found = pipeline.run({"retriever": {"query": QUESTION}})["retriever"]["documents"]
        assert len(found) == 3
        assert all(holds(document.meta, document.content, url) for document in found)

    def test_it_is_awaited_too(self, url: str) -> None:
        from footnote.haystack import FootnoteRetriever

        found = asyncio.run(FootnoteRetriever(url).run_async(QUESTION, top_k=1))
        assert [document.id for document in found["documents"]] != []
        assert FootnoteRetriever(url, only_answered=True).run("zebra quagga") == {"documents": []}
