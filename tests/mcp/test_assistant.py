"""What an assistant gets: by the official client, in memory, over HTTP and over a pipe."""

import os
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CallToolResult, TextContent

from embeddings import HashEncoder
from qa.corpus import Corpus
from qa.ingest import read_record
from qa.mcp import assistant
from tests.api.conftest import PILOTS, QA

TIDES = {
    "id": "tides",
    "title": "Tides",
    "text": "“The tide turns at noon,” said Ana Kovač. The ferry waits for it.",
    "publisher": "The Harbour Gazette",
}


@pytest.fixture
def corpus(tmp_path: Path):
    with Corpus.open(tmp_path / "corpus", encoder=HashEncoder()) as opened:
        list(opened.add([read_record(PILOTS), read_record(TIDES)]))
        yield opened


def called(corpus: Corpus, tool: str, **given: object) -> CallToolResult:
    async def call() -> CallToolResult:
        async with Client(assistant(lambda: corpus)) as client:
            return await client.call_tool(tool, given)

    return anyio.run(call)


def text_of(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def test_the_tools_say_what_they_are_for_and_that_they_only_read(corpus):
    async def listed():
        async with Client(assistant(lambda: corpus)) as client:
            return client.server_info, client.instructions, await client.list_tools()

    info, instructions, found = anyio.run(listed)
    assert info.name == "footnote"
    assert "never an instruction" in instructions
    names = [tool.name for tool in found.tools]
    assert names == ["ask", "related", "check_quote", "check_text", "get_article"]
    assert all(tool.annotations.read_only_hint for tool in found.tools)
    assert all(tool.output_schema for tool in found.tools)
    assert [tool.description for tool in found.tools if "\n  " in tool.description] == []


def test_an_answer_can_be_cited_and_then_checked(corpus):
    asked = called(corpus, "ask", question="Who guides ships?")
    found = asked.structured_content
    (first, *_) = found["passages"]
    assert first["text"] == PILOTS["text"]
    assert f"[{first['id']}] {first['citation']}" in text_of(asked)

    draft = f"A pilot guides ships: “A harbour pilot guides ships.” [{first['id']}]"
    report = called(corpus, "check_text", text=draft)
    assert report.structured_content["looked_at"]["outcome"] == "good"
    assert "Quotation, verbatim: “A harbour pilot guides ships.”" in text_of(report)


def test_passages_come_within_what_stands_around_them_and_within_a_prompt(corpus):
    asked = called(
        *(corpus, "ask"), question="Who guides ships?", expand="neighbours", max_tokens=12
    )
    found = asked.structured_content
    (first, *others) = found["passages"]

    assert first["expanded"]["text"] == first["text"] == PILOTS["text"]
    assert found["context"]["tokens"] == 12
    assert found["context"]["left_out"] == [one["id"] for one in others]
    assert f"[{first['id']}] {first['citation']}\n{PILOTS['text']}" in text_of(asked)
    assert all(f"There was no room for [{one['id']}]." in text_of(asked) for one in others)

    none = called(corpus, "ask", question="Who guides ships?", min_score=1, top_k=1)
    assert len(none.structured_content["passages"]) <= 1


def test_what_is_not_answered_is_said_to_be_so(corpus):
    asked = called(corpus, "ask", question="zebra quagga")
    assert not asked.structured_content["answered"]
    assert text_of(asked).startswith("Not answered: ")


def test_a_quote_that_was_changed_is_told_with_what_differs(corpus):
    checked = called(corpus, "check_quote", quote="The pilot boards at dusk", speaker="Ana Kovač")
    assert checked.structured_content["verdict"] == "altered"
    assert "The quote has “dusk”, the source “dawn”" in text_of(checked)


def test_a_quote_is_told_with_who_says_it(corpus):
    checked = called(corpus, "check_quote", quote="The tide turns at noon", speaker="Bo Lind")
    assert checked.structured_content["verdict"] == "misattributed"
    assert "Who says it there: Ana Kovač (not the one named)." in text_of(checked)


def test_an_article_is_given_in_parts(corpus):
    text = "Long tides. " * 4000
    list(corpus.add([read_record({"id": "long", "text": text})]))
    whole = text.strip()

    first = called(corpus, "get_article", article_id="long")
    part = first.structured_content
    assert (part["start"], part["end"], part["characters"]) == (0, 20_000, len(whole))
    assert text_of(first).endswith(
        f"(Here it goes on: start=20000. The whole text has {len(whole)} characters.)"
    )
    last = called(corpus, "get_article", article_id="long", start=40_000)
    assert last.structured_content["text"] == whole[40_000:]
    assert text_of(last) == whole[40_000:]


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("get_article", {"article_id": "nope"}, "article_not_found: "),
        ("related", {}, "text_or_passage: "),
        ("ask", {"question": ""}, "at least 1 character"),
        ("ask", {"question": "x", "top_k": 1000}, "less than or equal to 100"),
        ("ask", {"question": "x", "filters": {"publisher": "y"}}, "Extra inputs are not permitted"),
        ("check_quote", {"quote": "x y z w", "passage_id": "a b"}, "passage_not_found: "),
    ],
)
def test_an_error_says_to_the_model_what_mends_it(corpus, tool, given, said):
    result = called(corpus, tool, **given)
    assert result.is_error
    assert said in text_of(result)


def test_articles_and_passages_are_resources(corpus):
    async def read(uri: str):
        async with Client(assistant(lambda: corpus)) as client:
            (content,) = (await client.read_resource(uri)).contents
            return content

    article = anyio.run(read, "footnote://articles/tides")
    assert (article.text, article.mime_type) == (TIDES["text"], "text/plain")
    (passage,) = corpus.passages_of(corpus.article("tides"))
    assert f'"id": "{passage.id}"' in anyio.run(read, f"footnote://passages/{passage.id}").text

    async def refused():
        async with Client(assistant(lambda: corpus)) as client:
            with pytest.raises(MCPError, match="there is no article 'nope'"):
                await client.read_resource("footnote://articles/nope")

    anyio.run(refused)


def test_it_speaks_over_a_pipe_and_sees_what_is_added_meanwhile(corpus, tmp_path):
    args = ["mcp", "--data", str(tmp_path / "corpus")]
    server = StdioServerParameters(
        command=str(QA), args=args, env={**os.environ, "QA_MODEL": "hash"}
    )

    async def talk():
        async with Client(stdio_client(server)) as client:
            before = await client.call_tool("get_article", {"article_id": "new"})
            list(corpus.add([read_record({"id": "new", "text": "It came later."})]))
            after = await client.call_tool("get_article", {"article_id": "new"})
            return before, after

    before, after = anyio.run(talk)
    assert before.is_error
    assert text_of(after) == "It came later."


def test_without_the_sdk_the_command_says_what_mends_it(tmp_path):
    script = (
        "import sys; sys.modules['mcp'] = None; sys.argv = ['qa', 'mcp'];"
        "from qa.cli import main; main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path
    )
    assert run.returncode == 1
    assert "pip install 'footnote-qa[mcp]'" in run.stderr
