"""What the inspector of the Model Context Protocol makes of the service, by its command line.

`make inspector` installs it, where Node is; without it these tests say so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from embeddings import HashEncoder
from qa.corpus import Corpus
from qa.ingest import read_record
from tests.api.conftest import PILOTS, QA, servers_in

ROOT = Path(__file__).resolve().parents[2]
INSPECTOR = ROOT / ".tools" / "inspector" / "node_modules" / ".bin" / "mcp-inspector"
TOOLS = ["ask", "related", "check_quote", "check_text", "get_article"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (INSPECTOR.exists() and shutil.which("node")),
        reason="the inspector is not installed: make inspector (it needs Node)",
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("inspected") / "corpus"
    with Corpus.open(made, encoder=HashEncoder()) as corpus:
        list(corpus.add([read_record(PILOTS)]))
    return made


def inspected(*arguments: str) -> dict[str, Any]:
    """The inspector's answer, which is that of the server once it has held with the protocol."""
    done = subprocess.run(
        [str(INSPECTOR), "--cli", *arguments],
        env={**os.environ, "QA_MODEL": "hash"},
        text=True,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_over_a_pipe_it_lists_calls_and_reads(folder: Path) -> None:
    server = (str(QA), "mcp", "--data", str(folder))
    listed = inspected(*server, "--method", "tools/list")
    assert [tool["name"] for tool in listed["tools"]] == TOOLS
    assert [tool for tool in listed["tools"] if not tool.get("outputSchema")] == []

    given = ("--tool-arg", "quote=A harbour pilot guides trains.", "article_id=pilots")
    called = ("--method", "tools/call", "--tool-name", "check_quote", *given)
    checked = inspected(*server, *called)["structuredContent"]
    assert (checked["verdict"], checked["matches"][0]["article_id"]) == ("altered", "pilots")

    templates = inspected(*server, "--method", "resources/templates/list")["resourceTemplates"]
    assert sorted(one["uriTemplate"] for one in templates) == [
        "footnote://articles/{article_id}",
        "footnote://passages/{passage_id}",
    ]
    uri = ("--method", "resources/read", "--uri", "footnote://articles/pilots")
    [read] = inspected(*server, *uri)["contents"]
    assert read["text"] == PILOTS["text"]


def test_over_http_it_lists_and_asks(folder: Path, tmp_path: Path) -> None:
    with servers_in(tmp_path) as make:
        server = make(QA_MCP="true", QA_DATA=str(folder))
        server.start()
        reached = (f"http://127.0.0.1:{server.port}/mcp", "--transport", "http")

        listed = inspected(*reached, "--method", "tools/list")
        assert [tool["name"] for tool in listed["tools"]] == TOOLS
        asked = ("--tool-name", "ask", "--tool-arg", "question=Who guides ships?")
        found = inspected(*reached, "--method", "tools/call", *asked)["structuredContent"]
        assert found["passages"][0]["article_id"] == "pilots"
        assert server.log().count('"POST /mcp HTTP/1.1" 200') >= 2
