"""What a command does not need it does not import: torch alone took half of a cold question."""

import subprocess
import sys

import pytest

from embeddings import HASH
from embeddings.minilm.runtime import runs_here
from qa.corpus import Corpus

RUN = """
import sys
sys.argv = {line}
from qa.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
finally:
    print("", *sys.modules, sep="\\n", file=sys.stderr)
"""
MODELS = {"torch", "onnxruntime", "tokenizers", "safetensors"}
SERVER = {"fastapi", "starlette", "uvicorn", "prometheus_client", "mcp"}
READERS = {"lxml", "yaml", "trafilatura", "pypdfium2", "qa.ingest.read", "qa.check.draft.draft"}
REST = {"numpy", "faiss", "tantivy", "pydantic", "rapidfuzz", "qa.corpus"}


def imported(*line):
    """The modules that a command has imported when it is done."""
    code = RUN.format(line=["qa", *map(str, line)])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return set(run.stderr.split())


@pytest.fixture(scope="module")
def hashed(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("hashed")
    with Corpus.open(folder, model=HASH) as corpus:
        corpus.add_batch([document("a", "A harbour pilot guides ships into the port at dawn.")])
    return folder


@pytest.fixture(autouse=True)
def in_hashes(monkeypatch):
    monkeypatch.setenv("QA_MODEL", HASH)


def test_the_list_of_commands_needs_nothing_heavy():
    assert imported("--help") & (MODELS | SERVER | READERS | REST) == set()


@pytest.mark.parametrize(
    "line",
    [
        ("status",),
        ("list",),
        ("ask", "Who guides ships?"),
        ("related", "A pilot guides ships."),
    ],
    ids=" ".join,
)
def test_a_command_imports_no_model_that_it_does_not_use_no_server_and_no_reader(hashed, line):
    name, *rest = line

    found = imported(name, "--data", hashed, *rest)

    assert "qa.corpus" in found
    assert found & (MODELS | SERVER | READERS) == set()


def test_a_quote_is_checked_without_a_model_and_without_a_server(hashed):
    found = imported("check", "--data", hashed, "A harbour pilot guides ships")

    assert "rapidfuzz" in found
    assert found & (MODELS | SERVER) == set()


@pytest.mark.slow
@pytest.mark.skipif(not runs_here(), reason="no ONNX Runtime, or a processor without VNNI")
def test_a_question_is_encoded_and_read_without_torch(tmp_path, document, minilm, monkeypatch):
    monkeypatch.delenv("QA_MODEL")
    with Corpus.open(tmp_path / "corpus", encoder=minilm) as corpus:
        corpus.add_batch([document("a", "A harbour pilot guides ships into the port at dawn.")])

    found = imported("ask", "--data", tmp_path / "corpus", "Who guides ships?")

    assert "onnxruntime" in found
    assert "embeddings.reader.pair_reader" in found
    assert found & {"torch", "sentence_transformers", *SERVER} == set()
