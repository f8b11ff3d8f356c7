"""A client that openapi-python-client writes from the document, on a real service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Server, servers_in

pytestmark = pytest.mark.slow

# Where `make generator` puts it; its own dependencies are not those of the service.
GENERATOR = Path(os.environ.get("GENERATOR", Path(__file__).parents[2] / ".generator"))
# Bodies of lines are bytes to it; of its own accord it leaves them out.
CONFIG = "content_type_overrides:\n  application/x-ndjson: application/octet-stream\n"
SCRIPT = """
import json, sys
from generated import Client
from generated.api.articles import add_article, get_article, list_articles
from generated.api.ask import ask, ask_batch, get_passage
from generated.api.check import check_quote
from generated.models import ArticleIn, AskBatchIn, AskIn, AskInExpandType0, CheckIn, Problem

client = Client(base_url=sys.argv[1])
text = "A harbour pilot guides ships. The pilot boards at dawn."
added = add_article.sync(client=client, body=ArticleIn(id="pilots", title="Pilots", text=text))
question = "Who guides ships?"
expand = AskInExpandType0.PARAGRAPH
answer = ask.sync(client=client, body=AskIn(question=question, expand=expand, max_tokens=100))
(hit,) = answer.passages
body = AskBatchIn(questions=[AskIn(question=question, top_k=1), AskIn(question=" ")])
first, second = ask_batch.sync(client=client, body=body).items
gone = get_article.sync_detailed("nope", client=client)
wrong = get_passage.sync("nope", client=client)
refused = ask.sync_detailed(client=client, body=AskIn(question=question, top_k=1000))
print(json.dumps({
    "added": [added.id, added.status],
    "answer": [answer.answered, answer.answer.text, hit.source.title],
    "expanded": [hit.expanded.text == text, hit.expanded.passage.start],
    "context": [answer.context.tokens, [part.text for part in answer.context.parts]],
    "batch": [first.result.passages[0].id == hit.id, first.problem, second.result],
    "batch problem": [type(second.problem) is Problem, second.problem.code],
    "verdict": check_quote.sync(client=client, body=CheckIn(quote=text[30:-6] + " dusk")).verdict,
    "total": list_articles.sync(client=client).total,
    "gone": [gone.status_code, type(gone.parsed) is Problem, gone.parsed.code],
    "wrong": wrong.code,
    "refused": [refused.status_code, refused.parsed.code, refused.parsed.errors[0].field],
}))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not (GENERATOR / "openapi_python_client").is_dir():
        pytest.skip("openapi-python-client is not there: make generator")
    with servers_in(tmp_path_factory.mktemp("generated")) as make:
        server = make()
        server.start()
        yield server


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={
            **os.environ,
            "PYTHONPATH": f"{folder}{os.pathsep}{GENERATOR}",
            # It has ruff format what it wrote.
            "PATH": f"{GENERATOR / 'bin'}{os.pathsep}{os.environ['PATH']}",
        },
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=250,
    )


def test_a_generated_client_adds_asks_and_reads_errors(server: Server, tmp_path: Path) -> None:
    _, document = server.call("GET", "/openapi.json")
    (tmp_path / "openapi.json").write_text(json.dumps(document), "utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    generate = ("-m", "openapi_python_client", "generate", "--path", "openapi.json")
    options = ("--meta", "none", "--output-path", "generated", "--config", "config.yaml")
    made = run(tmp_path, *generate, *options)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "warning" not in (made.stdout + made.stderr).lower()

    # Every module, also of operations that are not called here.
    modules = [
        ".".join(path.relative_to(tmp_path).with_suffix("").parts)
        for path in (tmp_path / "generated").rglob("*.py")
    ]
    imported = run(tmp_path, "-c", "\n".join(f"import {module}" for module in modules))
    assert imported.returncode == 0, imported.stderr

    talked = run(tmp_path, "-c", SCRIPT, f"http://127.0.0.1:{server.port}")
    assert talked.returncode == 0, talked.stderr
    found: dict[str, Any] = json.loads(talked.stdout)
    assert found == {
        "added": ["pilots", "added"],
        "answer": [True, "A harbour pilot guides ships.", "Pilots"],
        "expanded": [True, 0],
        "context": [12, ["A harbour pilot guides ships. The pilot boards at dawn."]],
        "batch": [True, None, None],
        "batch problem": [True, "empty"],
        "verdict": "altered",
        "total": 1,
        "gone": [404, True, "article_not_found"],
        "wrong": "passage_not_found",
        "refused": [422, "invalid_request", "top_k"],
    }
